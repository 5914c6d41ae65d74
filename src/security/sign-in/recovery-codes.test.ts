import { expect, test } from 'vitest'
import { newRecoveryCodes } from './recovery-codes.ts'

test('ten recovery codes are ten, each of ten letters out of thirty, and every letter comes in every place', () => {
  expect(newRecoveryCodes()).toHaveLength(10)
  const codes = Array.from({ length: 300 }, newRecoveryCodes).flat()
  for (const code of codes) expect(code).toMatch(/^[2-9a-hjkmnp-tv-z]{5}-[2-9a-hjkmnp-tv-z]{5}$/)
  expect(new Set(codes).size).toBe(codes.length)
  const places = [0, 1, 2, 3, 4, 6, 7, 8, 9, 10]
  for (const at of places) expect(new Set(codes.map((code) => code[at])).size).toBe(30)
})
