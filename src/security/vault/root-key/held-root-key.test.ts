import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { headOf, openKeystore } from '../keystore.ts'
import { type HeldRootKey, openRootKey, readRootKeyFiles, restoreRootKey } from './held-root-key.ts'
import type { AskSecret } from './provider.ts'
import { type ProviderSettings, readProvider } from './settings.ts'

const root = mkdtempSync(join(tmpdir(), 'kluis-root-key-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const PHRASE = 'vijf losse woorden zonder verband'
const never: AskSecret = async (name) => {
  throw new Error(`${name} was asked`)
}
const saying =
  (secret: string): AskSecret =>
  async () =>
    secret

type Given = { asked?: ProviderSettings; secret?: AskSecret; mayCreate?: boolean }
let folders = 0
const newFolder = () => join(root, `${folders++}`)

function open(folder: string, { asked, secret = never, mayCreate = false }: Given = {}) {
  const path = join(folder, 'root.key')
  const files = readRootKeyFiles(path)
  const head = headOf(join(folder, 'keystore'))
  return openRootKey({ path, files, asked, secret, head, mayCreate })
}

/** As at the first start: the key, then the keystore under it. */
async function installed(given: Given = {}): Promise<{ folder: string; held: HeldRootKey }> {
  const folder = newFolder()
  mkdirSync(folder, { mode: 0o700 })
  const held = await open(folder, { ...given, mayCreate: true })
  const { key: rootKey, organisationId } = held
  openKeystore({ directory: join(folder, 'keystore'), rootKey, organisationId, mayCreate: true })
  return { folder, held }
}

test('the root key is made once, readable by its owner alone, and refused when others can read it', async () => {
  const { folder, held } = await installed()
  const path = join(folder, 'root.key')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect((await open(folder, { mayCreate: true })).key.equals(held.key)).toBe(true)
  chmodSync(path, 0o640)
  expect(() => readRootKeyFiles(path)).toThrow('chmod 600')
  chmodSync(path, 0o600)
  writeFileSync(path, held.key.subarray(1))
  expect(() => readRootKeyFiles(path)).toThrow('31 bytes')
  rmSync(path)
  await expect(open(folder)).rejects.toThrow(/is not there[\s\S]*npx kluis vault recover/)
  writeFileSync(path, randomBytes(32), { mode: 0o600 })
  await expect(open(folder)).rejects.toThrow(/does not open with the root key[\s\S]*vault recover/)
})

test('under a passphrase the file opens with that passphrase alone, and holds nothing of the key', async () => {
  const passphrase = readProvider('passphrase')
  const { folder, held } = await installed({ asked: passphrase, secret: saying(PHRASE) })
  const path = join(folder, 'root.key')
  const text = readFileSync(path, 'utf8')
  expect(JSON.parse(text)).toMatchObject({
    keptBy: 'passphrase',
    organisationId: held.organisationId,
  })
  expect(Buffer.from(JSON.parse(text).wrapped, 'base64').includes(held.key)).toBe(false)
  expect(headOf(join(folder, 'keystore'))?.organisationId).toBe(held.organisationId)
  const again = await open(folder, { secret: saying(PHRASE.normalize('NFD')) })
  expect(again.key.equals(held.key)).toBe(true)
  await expect(open(folder, { secret: saying('vijf andere woorden zonder band') })).rejects.toThrow(
    /the passphrase does not open[\s\S]*nothing was changed[\s\S]*vault recover/,
  )
  // Bound to the organisation: the name on the file can't be changed for another's.
  const other = randomUUID()
  writeFileSync(path, text.replace(held.organisationId, other))
  await expect(open(folder, { secret: saying(PHRASE) })).rejects.toThrow('another organisation')
  rmSync(join(folder, 'keystore'), { recursive: true })
  await expect(open(folder, { secret: saying(PHRASE) })).rejects.toThrow('does not open')
})

test('a short passphrase makes no root key', async () => {
  const asked = readProvider('passphrase')
  await expect(installed({ asked, secret: saying('kort') })).rejects.toThrow('at least 16 letters')
})

test('what keeps the root key can change: the old way in is gone, and the key is the same', async () => {
  const { folder, held } = await installed()
  const path = join(folder, 'root.key')
  await held.changeProvider(readProvider('passphrase'), saying(PHRASE))
  expect(readFileSync(path).includes(held.key)).toBe(false)
  const opened = await open(folder, { secret: saying(PHRASE) })
  expect(opened.key.equals(held.key)).toBe(true)
  await expect(open(folder, { asked: readProvider('file') })).rejects.toThrow(
    /is kept by passphrase, and --root-key[\s\S]*vault root-key --to/,
  )
  await opened.changeProvider(readProvider('file'), never)
  expect(readFileSync(path).equals(held.key)).toBe(true)
  expect(existsSync(`${path}.next`)).toBe(false)
})

test('a root key that was staged counts once the keystore is written under it, and never before', async () => {
  const { folder, held } = await installed()
  const old = held.key
  const path = join(folder, 'root.key')
  const next = randomBytes(32)
  await held.stage(next)
  // Killed before the head was written: the old one, and the staged one is cleared away.
  const reopened = await open(folder)
  expect(reopened.key.equals(old)).toBe(true)
  expect(existsSync(`${path}.next`)).toBe(false)

  const staged = await reopened.stage(next)
  // One at a time: two would write one file, and what is committed could be of neither.
  await expect(reopened.changeProvider(readProvider('file'), never)).rejects.toThrow(
    'being changed already',
  )
  const { organisationId } = held
  rmSync(join(folder, 'keystore'), { recursive: true })
  openKeystore({
    directory: join(folder, 'keystore'),
    rootKey: next,
    organisationId,
    mayCreate: true,
  })
  // Killed after the head and before the commit: the staged one takes its place.
  expect((await open(folder)).key.equals(next)).toBe(true)
  expect(readFileSync(path).equals(next)).toBe(true)
  expect(() => staged.commit()).toThrow('ENOENT')
})

test('while the keystore opens with the old and the next root key, both stay, and the rotation goes on', async () => {
  const { folder, held } = await installed()
  const path = join(folder, 'root.key')
  const old = held.key
  const next = randomBytes(32)
  await held.stage(next)
  const { organisationId } = held
  const opensWith = (key: Buffer) => key.equals(next) || key.equals(old)
  const again = () =>
    openRootKey({
      ...{ path, files: readRootKeyFiles(path), asked: undefined, secret: never },
      ...{ head: { organisationId, opensWith }, mayCreate: false },
    })
  const killed = await again()
  expect(killed.key.equals(old)).toBe(true)
  const left = await killed.staged()
  expect(left?.key.equals(next)).toBe(true)
  left?.commit()
  expect(killed.key.equals(next)).toBe(true)
  expect(await killed.staged()).toBeUndefined()
  expect((await again()).key.equals(next)).toBe(true)
})

test('a change of keeper that was cut off leaves no second copy of the key', async () => {
  const asked = readProvider('passphrase')
  const { folder, held } = await installed({ asked, secret: saying(PHRASE) })
  const path = join(folder, 'root.key')
  // Killed after the plain key was written beside the wrapped one.
  writeFileSync(`${path}.next`, held.key, { mode: 0o600 })
  await open(folder, { secret: saying(PHRASE) })
  expect(existsSync(`${path}.next`)).toBe(false)
})

test('a root key put back leaves what stood there under another name', async () => {
  const { folder, held } = await installed()
  const path = join(folder, 'root.key')
  const foreign = randomBytes(32)
  writeFileSync(path, foreign)
  const { key, organisationId } = held
  const now = new Date('2026-11-26T10:00:00Z')
  const aside = await restoreRootKey(
    { path, key, organisationId },
    readProvider('passphrase'),
    saying(PHRASE),
    now,
  )
  expect(aside).toBe(`${path}.before-20261126100000`)
  expect(readFileSync(aside!).equals(foreign)).toBe(true)
  expect((await open(folder, { secret: saying(PHRASE) })).key.equals(key)).toBe(true)
})

test('killed at any moment of changing what keeps it, the root key opens the keystore at the next start', async () => {
  const { folder, held } = await installed()
  const program = `
    const { openRootKey, readRootKeyFiles } = await import(${JSON.stringify(new URL('held-root-key.ts', import.meta.url).href)})
    const { headOf } = await import(${JSON.stringify(new URL('../keystore.ts', import.meta.url).href)})
    const path = ${JSON.stringify(join(folder, 'root.key'))}
    const secret = async () => ${JSON.stringify(PHRASE)}
    const head = headOf(${JSON.stringify(join(folder, 'keystore'))})
    const held = await openRootKey({ path, files: readRootKeyFiles(path), asked: undefined, secret, head, mayCreate: false })
    process.stdout.write('opened')
    if (process.argv[1] === 'slow') await held.changeProvider({ kind: 'passphrase' }, secret)
    for (;;) await held.changeProvider({ kind: 'file' }, secret)`
  for (let round = 0; round < 8; round++) {
    const child: ChildProcess = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--input-type=module',
        '-e',
        program,
        round % 2 ? 'slow' : 'fast',
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
      },
    )
    const ended = once(child, 'exit')
    await once(child.stdout!, 'data')
    await wait(Math.random() * (round % 2 ? 900 : 60))
    child.kill('SIGKILL')
    await ended
    const opened = await open(folder, { secret: saying(PHRASE) })
    expect(opened.key.equals(held.key)).toBe(true)
  }
})
