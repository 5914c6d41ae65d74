import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { combine } from 'shamir-secret-sharing'
import { expect, test } from 'vitest'
import { passphraseProvider } from './passphrase.ts'
import { readRecoverySheet } from './recovery-sheet.ts'
import { readShareText } from './share-text.ts'
import { combineShares, installationName, makeShares } from './shares.ts'

const organisationId = randomUUID()
const key = randomBytes(32)
const now = new Date('2026-11-26T10:00:00Z')
const made = await makeShares(key, organisationId, now)
const [one, two, three] = made.shares.map(({ text }) => text) as [string, string, string]

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

test('any two of the three shares give the root key, in whichever order', async () => {
  for (const pair of [
    [one, two],
    [three, one],
    [two, three],
  ] as const) {
    const combined = await combineShares(pair, organisationId)
    expect(combined).toMatchObject({ kind: 'key', label: { day: '2026-11-26', set: made.set } })
    expect(combined.kind === 'key' && combined.key.equals(key)).toBe(true)
  }
})

test('a share is read as typed: in rows, with hyphens, in small letters, with O, I and l', async () => {
  fc.assert(
    fc.property(
      fc.constantFrom(one, two, three),
      fc.constantFrom(' ', '-', '\n', ''),
      (text, gap) => {
        const typed = text.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll(' ', gap)
        expect(readShareText(typed.toLowerCase())).toEqual(readShareText(text))
      },
    ),
  )
  expect(one).toMatch(/^([0-9A-Z]{5} ){17}[0-9A-Z]{5}$/)
})

test('each wrong letter and each two neighbours swapped are found, and their group is named', () => {
  const groups = one.split(' ')
  for (let at = 0; at < 90; at++) {
    const letters = one.replaceAll(' ', '')
    const group = Math.floor(at / 5) + 1
    for (const letter of LETTERS) {
      if (letter === letters[at]) continue
      const typed = letters.slice(0, at) + letter + letters.slice(at + 1)
      expect(readShareText(typed)).toEqual({ kind: 'wrong-groups', groups: [group] })
    }
    if (at % 5 === 4 || letters[at] === letters[at + 1]) continue
    const typed = letters.slice(0, at) + letters[at + 1] + letters[at] + letters.slice(at + 2)
    expect(readShareText(typed)).toEqual({ kind: 'wrong-groups', groups: [group] })
  }
  for (let a = 0; a < groups.length; a++)
    for (let b = a + 1; b < groups.length; b++) {
      const swapped = groups.with(a, groups[b]!).with(b, groups[a]!)
      expect(readShareText(swapped.join(' '))).toEqual({
        kind: 'wrong-groups',
        groups: [a + 1, b + 1],
      })
    }
})

test('letters that are missing or too many are counted', () => {
  expect(readShareText(one.slice(1))).toEqual({ kind: 'wrong-length', letters: 89, wanted: 90 })
  expect(readShareText(`${one} 7`)).toMatchObject({ letters: 91 })
  expect(readShareText('')).toMatchObject({ letters: 0 })
})

test('mistakes that make each group right again are still found', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 17 }),
      fc.integer({ min: 1, max: 31 }),
      (group, change) => {
        // One letter changed and the check letter worked out anew, as no hand would.
        const letters = [...one.replaceAll(' ', '')]
        const at = group * 5
        letters[at] = LETTERS[LETTERS.indexOf(letters[at]!) ^ change]!
        for (const last of LETTERS) {
          letters[at + 4] = last
          expect(readShareText(letters.join('')).kind).not.toBe('content')
        }
      },
    ),
  )
})

test('which share is wrong, of which installation and of which day is said', async () => {
  const typo = one.replace(/^./, one[0] === '7' ? '8' : '7')
  expect(await combineShares([two, typo], organisationId)).toEqual({
    kind: 'wrong-groups',
    which: 2,
    groups: [1],
  })
  const other = randomUUID()
  const theirs = await makeShares(key, other, now)
  expect(await combineShares([one, theirs.shares[0]!.text], organisationId)).toEqual({
    kind: 'other-installation',
    which: 2,
    installation: installationName(other),
    wanted: installationName(organisationId),
  })
  const later = await makeShares(key, organisationId, new Date('2027-01-02T00:00:00Z'))
  expect(await combineShares([one, later.shares[1]!.text], organisationId)).toEqual({
    kind: 'other-set',
    days: ['2026-11-26', '2027-01-02'],
  })
  expect(await combineShares([two, two], organisationId)).toEqual({ kind: 'same-share', number: 2 })
})

test('one share fits with every root key there is, so it tells nothing of which one it is', async () => {
  const share = secretOf(one)
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (anyKey) => {
      // For whatever key: the second share that would give it with the first. Nothing in the first tells them apart.
      const x = share[32]!
      const otherX = x === 1 ? 2 : 1
      const second = Uint8Array.from([
        ...anyKey.map((byte, i) => byte ^ times(otherX, over(byte ^ share[i]!, x))),
        otherX,
      ])
      expect(await combine([share, second])).toEqual(anyKey)
    }),
    { numRuns: 50 },
  )
})

test('the vectors in docs/formats open: what was printed or written by an earlier release is still read', async () => {
  const vectors = JSON.parse(
    readFileSync(
      new URL('../../../../docs/formats/vectors/root-key.json', import.meta.url),
      'utf8',
    ),
  )
  const { organisationId: organisation, shares, passphrase, recoverySheet } = vectors
  for (const [a, b] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const) {
    const combined = await combineShares([shares[a], shares[b]], organisation)
    expect(combined).toMatchObject({
      kind: 'key',
      label: { installation: vectors.installation, set: vectors.set, day: vectors.day },
    })
    expect(combined.kind === 'key' && combined.key.toString('hex')).toBe(vectors.rootKey)
  }
  const provider = passphraseProvider(async () => passphrase.passphrase)
  const opened = await provider.unwrap(Buffer.from(passphrase.wrapped, 'base64'), organisation)
  expect(opened.toString('hex')).toBe(vectors.rootKey)
  expect(readRecoverySheet(recoverySheet)?.toString('hex')).toBe(vectors.rootKey)
})

test('a recovery sheet printed before there were shares is still read, and a wrong letter on it is found', () => {
  const sheet = '000G 40R4 0M30 E209 185G R38E 1W81 24GK 2GAH C5RR 34D1 P70X 3RFQ STRF'
  expect(readRecoverySheet(sheet.toLowerCase())).toEqual(Buffer.from([...Array(32).keys()]))
  const letters = sheet.replaceAll(' ', '')
  for (let at = 0; at < 56; at++)
    expect(
      readRecoverySheet(
        letters.slice(0, at) + (letters[at] === '7' ? '8' : '7') + letters.slice(at + 1),
      ),
    ).toBeUndefined()
  expect(readRecoverySheet(letters.slice(1))).toBeUndefined()
})

const secretOf = (text: string): Uint8Array => {
  const read = readShareText(text)
  if (read.kind !== 'content') throw new Error('not read')
  return new Uint8Array(read.content.subarray(9))
}

// The field of the shares: bytes modulo x⁸ + x⁴ + x³ + x + 1, worked out the long way.
function times(a: number, b: number): number {
  let product = 0
  for (let i = 0; i < 8; i++) {
    if ((b >> i) & 1) product ^= a << i
  }
  for (let bit = 15; bit >= 8; bit--) if ((product >> bit) & 1) product ^= 0x11b << (bit - 8)
  return product
}
function over(a: number, b: number): number {
  for (let quotient = 0; quotient < 256; quotient++) if (times(quotient, b) === a) return quotient
  throw new Error('no quotient')
}
