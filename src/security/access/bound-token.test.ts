import { expect, test } from 'vitest'
import { newSessionToken } from '#platform/db.ts'

test('a token begins with 256 bits, and each of them is as often one as nought', () => {
  const tokens = Array.from({ length: 400 }, () => Buffer.from(newSessionToken(), 'base64url'))
  expect(new Set(tokens.map((token) => token.length))).toEqual(new Set([32]))
  for (let bit = 0; bit < 256; bit++) {
    const ones = tokens.filter((token) => (token[bit >> 3]! >> (bit & 7)) & 1).length
    // Eight times the deviation of a fair coin: no seed of any run comes near.
    expect(Math.abs(ones - 200)).toBeLessThan(80)
  }
})
