import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTransitServer } from '../support/transit-server.ts'

const cli = fileURLToPath(new URL('../../bin/kluis.mjs', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'kluis-lost-key-'))
const data = join(root, 'data')
const rootKey = join(data, 'root.key')
const PHRASE = 'negen losse woorden zonder enig verband'
let server: ChildProcess | undefined
let port = 0

type Made = { installation: string; shares: { number: number; text: string }[] }
let made: Made
let texts: string[]
let before: string[]

function kluis(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, '--data', data], {
    encoding: 'utf8',
    input,
  })
  return { status, stdout, stderr, answer: () => JSON.parse(stdout.trim().split('\n').at(-1)!) }
}

/** Until it says that it is ready, or ends. */
async function start(verb: string[], secret?: string): Promise<string> {
  const stdio = ['ignore', 'ignore', 'pipe', secret === undefined ? 'ignore' : 'pipe'] as const
  const child = spawn(
    process.execPath,
    [
      cli,
      ...verb,
      '--data',
      data,
      '--port',
      `${port}`,
      ...(secret === undefined ? [] : ['--root-key-fd', '3']),
    ],
    { stdio: [...stdio] },
  )
  if (secret !== undefined) (child.stdio[3] as NodeJS.WritableStream).end(secret)
  let said = ''
  const isReady = await new Promise<boolean>((resolve) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (/sign in as one of|Kluis is ready/.test(said) && verb[0] !== 'demo') resolve(true)
      if (said.includes('sign in as one of')) resolve(true)
    })
    child.once('exit', () => resolve(false))
  })
  if (isReady) server = child
  return said
}

async function stop(): Promise<void> {
  if (!server) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
  server = undefined
}

const administrator = () =>
  JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8'))[0].email as string
const everybody = () => {
  const { stdout } = kluis(['export', 'people', '--as', administrator()])
  return stdout.split('\n').filter(Boolean).sort()
}
/** Of all files of the keys and the ledger. */
const fingerprint = () =>
  ['keystore', 'ledger'].flatMap((folder) =>
    readdirSync(join(data, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(data, folder, name)).isFile())
      .sort()
      .map(
        (name) =>
          `${name} ${createHash('sha256')
            .update(readFileSync(join(data, folder, name)))
            .digest('hex')}`,
      ),
  )

beforeAll(async () => {
  // Started as root, the program runs as another user, who must be able to enter.
  chmodSync(root, 0o711)
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  port = (probe.address() as { port: number }).port
  probe.close()
  await once(probe, 'close')
  await start(['demo', '--people', '20'])
  made = kluis(['vault', 'shares', '--json']).answer()
  texts = made.shares.map(({ text }) => text)
  before = everybody()
  await stop()
  renameSync(rootKey, join(root, 'kept.key'))
}, 120_000)
afterAll(async () => {
  await stop()
  rmSync(root, { recursive: true, force: true })
})

test('without its root key Kluis does not start, says what to do, and changes nothing', async () => {
  expect(before.length).toBe(21)
  const untouched = fingerprint()
  const said = await start(['start'])
  expect(said).toContain(`the root key ${rootKey} is not there`)
  expect(said).toContain('npx kluis vault recover')
  expect(said).toContain('nothing was changed')
  expect(existsSync(rootKey)).toBe(false)
  expect(fingerprint()).toEqual(untouched)
})

test('one share is refused, alone or twice, and nothing is put back', () => {
  for (const input of [`${texts[0]}\n`, `${texts[0]}\n${texts[0]}\n`]) {
    const { status, stderr } = kluis(['vault', 'recover'], input)
    expect(status).toBe(1)
    expect(stderr).toMatch(/one alone opens nothing|another one of the three is needed/)
  }
  expect(existsSync(rootKey)).toBe(false)
})

test('a typing mistake is told by share and group, and a share of another house by its installation', () => {
  const typo = texts[1]!.replace(/.$/, (letter) => (letter === '7' ? '8' : '7'))
  const mistyped = kluis(['vault', 'recover'], `${texts[0]}\n${typo}\n`)
  expect(mistyped.stderr).toContain('share 2: a typing mistake in group 18')
  // Of the installation with the all-zero name, made by hand; its checks are right.
  const foreign = foreignShare(texts[1]!)
  const other = kluis(['vault', 'recover'], `${texts[0]}\n${foreign}\n`)
  expect(other.stderr).toMatch(/share 2: it is of installation \S+, and this is/)
  expect(other.stderr).toContain(made.installation)
  expect([mistyped.status, other.status]).toEqual([1, 1])
  expect(existsSync(rootKey)).toBe(false)
})

test('two shares put the root key back, every record opens, and the ledger is whole', async () => {
  const { status, stderr, stdout } = kluis(['vault', 'recover'], `${texts[2]}\n${texts[0]}\n`)
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toContain('opens the keystore')
  expect(readFileSync(rootKey).equals(readFileSync(join(root, 'kept.key')))).toBe(true)
  await start(['start'])
  expect(everybody()).toEqual(before)
  const { answer } = kluis(['ledger', 'verify', '--json'])
  expect(answer().findings).toEqual([])
  expect(kluis(['vault', 'recover'], `${texts[2]}\n${texts[0]}\n`).stderr).toContain('is not lost')
})

test('under a passphrase Kluis starts with it and without it not; neither arguments nor environment hold it', async () => {
  const secret = join(root, 'phrase')
  writeFileSync(secret, `${PHRASE}\n`, { mode: 0o600 })
  const changed = kluis(['vault', 'root-key', '--to', 'passphrase', '--new-secret', secret])
  expect([changed.status, changed.stderr]).toEqual([0, ''])
  expect(readFileSync(rootKey).includes(readFileSync(join(root, 'kept.key')))).toBe(false)
  await stop()
  expect(await start(['start'], 'een heel andere wachtzin dan die')).toContain(
    'the passphrase does not open the root key',
  )
  await start(['start'], PHRASE)
  const listed = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((id) =>
      ['cmdline', 'environ'].map((file) => {
        try {
          return readFileSync(`/proc/${id}/${file}`, 'utf8')
        } catch {
          return ''
        }
      }),
    )
  expect(listed.join('\0')).toContain('--root-key-fd')
  expect(listed.filter((text) => text.includes(PHRASE))).toEqual([])
  expect(everybody()).toEqual(before)
})

test('a lost passphrase is replaced with two shares; what stood there is kept under another name', async () => {
  await stop()
  const { status, stdout } = kluis(['vault', 'recover', '--json'], `${texts[1]}\n${texts[2]}\n`)
  expect(status).toBe(0)
  const { aside } = JSON.parse(stdout.trim().split('\n').at(-1)!)
  expect(readFileSync(aside, 'utf8')).toContain('"keptBy": "passphrase"')
  await start(['start'])
  expect(everybody()).toEqual(before)
})

test('while what keeps the root key is away Kluis says so and waits; back, it opens by itself', async () => {
  const transit = await openTransitServer()
  const secret = join(root, 'token')
  // Readable by the user that Kluis runs as, as an agent that renews it would leave it.
  writeFileSync(secret, 'hvs.first\n', { mode: 0o640 })
  const to = `transit:http://127.0.0.1:${transit.port}/transit/kluis`
  // Not in this process, which answers as the transit server meanwhile.
  const change = spawn(
    process.execPath,
    [cli, 'vault', 'root-key', '--to', to, '--new-secret', secret, '--data', data],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  expect((await once(change, 'exit'))[0]).toBe(0)
  expect(JSON.parse(readFileSync(rootKey, 'utf8')).keptBy).toBe(to)
  await stop()

  transit.state.isSealed = true
  const child = spawn(
    process.execPath,
    [cli, 'start', '--data', data, '--port', `${port}`, '--root-key-secret', secret],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  const hears = (words: RegExp) =>
    new Promise<void>((resolve) => {
      child.stderr!.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (words.test(said)) resolve()
      })
    })
  const ready = hears(/Kluis is ready/)
  await hears(/trying again by itself/)
  expect(said).toContain('answers 503: Vault is sealed')
  const page = await fetch(`http://127.0.0.1:${port}/people`)
  expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('nog gesloten')])
  const asked = await fetch(`http://127.0.0.1:${port}/api/people`)
  expect([asked.status, ((await asked.json()) as { code: string }).code]).toEqual([
    503,
    'keystore-unavailable',
  ])
  const health = await fetch(`http://127.0.0.1:${port}/api/health`)
  expect(((await health.json()) as { status: string }).status).toBe('keystore-away')
  transit.state.isSealed = false
  await ready
  server = child
  expect(everybody()).toEqual(before)

  await stop()
  transit.state.isSealed = true
  const waiting = spawn(
    process.execPath,
    [cli, 'start', '--data', data, '--port', `${port}`, '--root-key-secret', secret],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await once(waiting.stderr!, 'data')
  const ended = once(waiting, 'exit')
  waiting.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
  await transit.close()
})

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The same share with another installation's name, its checks worked out anew. */
function foreignShare(text: string): string {
  const values = [...text.replaceAll(' ', '')].map((letter) => LETTERS.indexOf(letter))
  const four = values.filter((_, i) => i % 5 !== 4)
  let bits = 0n
  for (const value of four) bits = (bits << 5n) | BigInt(value)
  const bytes = Buffer.from(bits.toString(16).padStart(90, '0'), 'hex')
  bytes[1]! ^= 1
  const sum = createHash('sha256')
    .update('kluis recovery share')
    .update(bytes.subarray(0, 42))
    .digest()
  sum.copy(bytes, 42, 0, 3)
  const again = BigInt(`0x${bytes.toString('hex')}`)
  const fives = Array.from({ length: 72 }, (_, i) => Number((again >> BigInt(5 * (71 - i))) & 31n))
  return Array.from({ length: 18 }, (_, group) => {
    const part = fives.slice(group * 4, group * 4 + 4)
    const check = part.reduce((sum, value, place) => {
      let product = value
      for (let i = 0; i <= place; i++) {
        product <<= 1
        if (product & 32) product ^= 37
      }
      return sum ^ product
    }, group + 1)
    return [...part, check].map((value) => LETTERS[value]).join('')
  }).join(' ')
}
