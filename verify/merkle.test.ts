import { generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { checkpointText, Frontier, keyId, leafHash, openNote } from './merkle.ts'

// Source: the reference test vectors of Certificate Transparency (RFC 6962).
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

test('the tree has the published roots at every size', () => {
  const frontier = new Frontier()
  const roots = [frontier.root().toString('hex')]
  for (const leaf of LEAVES) {
    frontier.add(leafHash(Buffer.from(leaf, 'hex')))
    roots.push(frontier.root().toString('hex'))
  }
  expect(roots).toEqual(ROOTS)
})

test('a frontier taken up again goes on as if it had never stopped', () => {
  for (let stop = 0; stop <= LEAVES.length; stop++) {
    let frontier = new Frontier()
    for (const [at, leaf] of LEAVES.entries()) {
      if (at === stop) frontier = new Frontier(frontier.size, frontier.edges)
      frontier.add(leafHash(Buffer.from(leaf, 'hex')))
    }
    expect(frontier.root().toString('hex')).toBe(ROOTS.at(-1))
  }
})

test('a note opens under its own key only, and not when a letter of it was changed', () => {
  const make = () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    return { privateKey, raw: Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url') }
  }
  const [ours, other] = [make(), make()]
  const root = Buffer.from(ROOTS[3]!, 'hex')
  const text = checkpointText({ origin: 'kluis/organisation', size: 3, root })
  const signature = Buffer.concat([
    keyId('kluis', ours.raw),
    sign(null, Buffer.from(text), ours.privateKey),
  ])
  const note = `${text}\n— kluis ${signature.toString('base64')}\n`
  expect(openNote(note, 'kluis', ours.raw)).toEqual({ origin: 'kluis/organisation', size: 3, root })
  expect(openNote(note, 'kluis', other.raw)).toBeUndefined()
  expect(openNote(note.replace('\n3\n', '\n4\n'), 'kluis', ours.raw)).toBeUndefined()
})
