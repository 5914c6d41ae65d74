import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openMirror } from './mirror.ts'
import { openSigner } from './note.ts'

const signer = openSigner('kluis/test', Buffer.alloc(32, 1))
const noteOf = (size: number) =>
  signer.sign({ origin: 'kluis/test', size, root: Buffer.alloc(32) }, {})
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kluis-mirror-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test('what was written is read by the next program, with the largest tree', () => {
  const first = openMirror(directory)
  expect(first.read()).toBeUndefined()
  expect(first.newestSize()).toBe(0)
  first.append(noteOf(3))
  first.append(noteOf(9))
  const second = openMirror(directory)
  expect(second.read()).toEqual([noteOf(3), noteOf(9)])
  expect(second.newestSize()).toBe(9)
})

test('a line that a crash cut short is dropped, and the next one stands on its own', () => {
  const mirror = openMirror(directory)
  mirror.append(noteOf(3))
  appendFileSync(mirror.path, JSON.stringify(noteOf(5)).slice(0, 40))
  expect(openMirror(directory).read()).toEqual([noteOf(3)])
  openMirror(directory).append(noteOf(7))
  expect(openMirror(directory).read()).toEqual([noteOf(3), noteOf(7)])
  expect(readFileSync(mirror.path, 'utf8')).toMatch(/\n$/)
})

test('a line somebody spoiled is kept as it is, so that its signature is asked for', () => {
  const mirror = openMirror(directory)
  mirror.append(noteOf(3))
  appendFileSync(mirror.path, 'no note\n')
  expect(openMirror(directory).read()).toEqual([noteOf(3), 'no note'])
})
