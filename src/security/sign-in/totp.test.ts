import { Secret } from 'otpauth'
import { expect, test } from 'vitest'
import { newTotpSecret, totpStep, totpUri } from './totp.ts'

// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
const rfcSecret = new Secret({
  buffer: new TextEncoder().encode('12345678901234567890').buffer,
}).base32

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1234567890, '005924'],
  [20000000000, '353130'],
])('at %i seconds the code of RFC 6238 is right, for its own step', (seconds, code) => {
  expect(totpStep(rfcSecret, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30))
})

test('a clock may be one step off, and the step given is the one the code was made for', () => {
  const at = (seconds: number) => totpStep(rfcSecret, '005924', new Date(seconds * 1000))
  const step = Math.floor(1234567890 / 30)
  expect([at(1234567890 - 30), at(1234567890), at(1234567890 + 30)]).toEqual([step, step, step])
  expect([at(1234567890 - 60), at(1234567890 + 60)]).toEqual([undefined, undefined])
})

test('spaces between the digits do not matter, other lengths do', () => {
  const now = new Date(59_000)
  expect(totpStep(rfcSecret, ' 287 082 ', now)).toBe(1)
  for (const code of ['', '28708', '2870820', '94287082', 'aaaaaa'])
    expect(totpStep(rfcSecret, code, now)).toBeUndefined()
})

test('a secret has 160 bits, and the address for the app names product and person', () => {
  const [first, second] = [newTotpSecret(), newTotpSecret()]
  expect(Secret.fromBase32(first).bytes).toHaveLength(20)
  expect(first).not.toBe(second)
  const uri = new URL(totpUri(first, 'an@bureau.example'))
  expect(uri.protocol).toBe('otpauth:')
  expect(decodeURIComponent(uri.pathname)).toContain('Kluis:an@bureau.example')
  expect(uri.searchParams.get('secret')).toBe(first)
})
