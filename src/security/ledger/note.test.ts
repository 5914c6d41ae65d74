import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { openNote, openSigner, verifierKey } from './note.ts'

const seed = createHash('sha256').update('a seed for tests').digest()
const signer = openSigner('kluis/test', seed)
const checkpoint = { origin: 'kluis/test', size: 7, root: createHash('sha256').digest() }
const postQuantumAt = new Date('2026-11-24T12:00:00Z')

test('a key is written as other programs write it', () => {
  const known = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const key = Buffer.from(known.split('+').slice(2).join('+'), 'base64').subarray(1)
  expect(verifierKey('PeterNeumann', 'ed25519', key)).toBe(known)
})

test('a checkpoint reads as three lines and a signature, and opens again', () => {
  const note = signer.sign(checkpoint, {})
  expect(note).toMatch(/^kluis\/test\n7\n[A-Za-z0-9+/]{43}=\n\n— kluis\/test [A-Za-z0-9+/=]+\n$/)
  expect(openNote(note, signer.keys)).toEqual({ kind: 'signed', checkpoint, isPostQuantum: false })
})

test('with ML-DSA-44 there is a second signature, and either that is bad refuses the note', () => {
  const note = signer.sign(checkpoint, { postQuantumAt })
  expect(openNote(note, signer.keys)).toEqual({ kind: 'signed', checkpoint, isPostQuantum: true })
  const lines = note.trimEnd().split('\n')
  expect(lines).toHaveLength(6)
  for (const at of [4, 5]) {
    const spoiled = [...lines]
    spoiled[at] = spoiled[at]!.replace(
      /.(.{5})$/,
      (all, rest) => (all[0] === 'A' ? 'B' : 'A') + rest,
    )
    expect(openNote(`${spoiled.join('\n')}\n`, signer.keys)).toEqual({
      kind: 'refused',
      why: 'bad-signature',
    })
  }
})

test('any change of the text, and any foreign key, refuses the note', () => {
  const note = signer.sign(checkpoint, { postQuantumAt })
  expect(openNote(note.replace('\n7\n', '\n8\n'), signer.keys).kind).toBe('refused')
  expect(openNote(note.replaceAll('kluis/test', 'kluis/other'), signer.keys)).toEqual({
    kind: 'refused',
    why: 'other-origin',
  })
  const other = openSigner('kluis/test', createHash('sha256').update('other').digest())
  expect(openNote(note, other.keys)).toEqual({ kind: 'refused', why: 'not-signed' })
  expect(openNote('', signer.keys)).toEqual({ kind: 'refused', why: 'not-a-checkpoint' })
  expect(openNote(note.slice(0, 40), signer.keys).kind).toBe('refused')
})
