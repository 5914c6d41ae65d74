import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { headOf, type Keystore, openKeystore } from '../keystore.ts'
import { type HeldRootKey, openRootKey, readRootKeyFiles } from '../root-key/held-root-key.ts'
import { replaceRootKey } from './replace-root-key.ts'

let folder: string
let keystore: Keystore
let held: HeldRootKey
let old: Buffer
const path = () => join(folder, 'root.key')
const directory = () => join(folder, 'keystore')

/** As a start does it. */
async function start(): Promise<void> {
  held = await openRootKey({
    path: path(),
    files: readRootKeyFiles(path()),
    asked: undefined,
    secret: async () => '',
    head: headOf(directory()),
    mayCreate: true,
  })
  const { key: rootKey, organisationId } = held
  keystore = openKeystore({ directory: directory(), rootKey, organisationId, mayCreate: true })
}
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kluis-test-'))
  await start()
  old = held.key
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function isReplaced(): Promise<void> {
  await replaceRootKey(keystore, held)
  const now = readFileSync(path())
  expect(now.equals(old)).toBe(false)
  expect(headOf(directory())?.opensWith(now)).toBe(true)
  expect(headOf(directory())?.opensWith(old)).toBe(false)
  await start()
  expect(keystore.state()).toBe('there')
}

test('the root key is replaced, and the one of before opens nothing', isReplaced)

test('stopped once the head opens with both, the next one takes its place', async () => {
  const next = await held.stage(randomBytes(32))
  keystore.rotate.beginRootKey(next.key)
  await start()
  await isReplaced()
  expect(readFileSync(path()).equals(next.key)).toBe(true)
})

test('stopped behind the commit, the key of before is let go of and no third one is made', async () => {
  const next = await held.stage(randomBytes(32))
  keystore.rotate.beginRootKey(next.key)
  next.commit()
  await start()
  expect(headOf(directory())?.opensWith(old)).toBe(true)
  await isReplaced()
  expect(readFileSync(path()).equals(next.key)).toBe(true)
})

test('where the next one was lost before it took its place, another is made: the old one does not stay and pass for new', async () => {
  const next = await held.stage(randomBytes(32))
  keystore.rotate.beginRootKey(next.key)
  rmSync(`${path()}.next`)
  await start()
  await isReplaced()
  expect(readFileSync(path()).equals(next.key)).toBe(false)
})

test('a try that failed after the next one was written is made again without a restart', async () => {
  const staged = await held.stage(randomBytes(32))
  await isReplaced()
  expect(readFileSync(path()).equals(staged.key)).toBe(true)
})

test('the same key on its way to another place is not taken for the next one', async () => {
  writeFileSync(`${path()}.next`, held.key, { mode: 0o600 })
  await isReplaced()
})
