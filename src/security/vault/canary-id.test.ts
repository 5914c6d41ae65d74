import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCanaryId, newCanaryId } from './canary-id.ts'

const tokenOf = (key: Buffer) => (text: string) =>
  createHmac('sha256', key).update(text).digest().subarray(0, 16)
const token = tokenOf(randomBytes(32))

test('a canary is known by its id to whoever has the key, in either spelling, and to nobody else', () => {
  const other = tokenOf(randomBytes(32))
  for (let i = 0; i < 200; i++) {
    const id = newCanaryId(token)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(isCanaryId(id, token)).toBe(true)
    expect(isCanaryId(id.toUpperCase(), token)).toBe(true)
    expect(isCanaryId(id, other)).toBe(false)
  }
})

test('its id takes every variant a random id takes, and no two are alike', () => {
  const ids = Array.from({ length: 500 }, () => newCanaryId(token))
  expect(new Set(ids).size).toBe(500)
  expect(new Set(ids.map((id) => id[19])).size).toBe(4)
  expect(new Set(ids.map((id) => id[15])).size).toBe(16)
  for (const at of [0, 9, 20, 24, 35])
    expect(new Set(ids.map((id) => id[at])).size, `place ${at}`).toBe(16)
})

test('no other id is a canary: one digit changed, random ones, and what is no id', () => {
  const id = newCanaryId(token)
  for (const [at, digit] of [...id].entries()) {
    if (digit === '-') continue
    const changed = digit === '0' ? '1' : '0'
    expect(isCanaryId(id.slice(0, at) + changed + id.slice(at + 1), token), `place ${at}`).toBe(
      false,
    )
  }
  for (let i = 0; i < 1_000; i++) expect(isCanaryId(randomUUID(), token)).toBe(false)
  for (const text of ['', 'abc', id.slice(0, 12), id.slice(0, -1), `${id}0`])
    expect(isCanaryId(text, token), text).toBe(false)
  fc.assert(fc.property(fc.string(), (text) => !isCanaryId(text, token)))
})
