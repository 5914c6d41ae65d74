import { expect, test } from 'vitest'
import { secondsLeft } from './pace.ts'

test('the time left goes by the pace of this run alone, and is not told before there is one', () => {
  expect(secondsLeft(999, 100_000, 0, 5)).toBeNull()
  expect(secondsLeft(20_000, 100_000, 0, 10)).toBe(40)
  // Went on at row 90,000 after a night: the night counts for nothing.
  expect(secondsLeft(90_500, 100_000, 90_000, 1)).toBeNull()
  expect(secondsLeft(92_000, 100_000, 90_000, 4)).toBe(16)
  expect(secondsLeft(100_000, 100_000, 90_000, 20)).toBe(0)
})
