import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
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
import { unprivilegedUser } from '../src/unprivileged-user.ts'
import { importResults } from './support/import-results.ts'

const cli = fileURLToPath(new URL('../bin/kluis.mjs', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'kluis-test-'))
const data = join(root, 'data')
let server: ChildProcess
let port: number
let said = ''

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

beforeAll(async () => {
  // Started as root, the program runs as another user, who must be able to enter.
  chmodSync(root, 0o711)
  port = await freePort()
  server = spawn(
    process.execPath,
    [cli, 'demo', '--data', data, '--port', `${port}`, '--people', '20'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  await new Promise<void>((resolve, reject) => {
    server.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('sign in as one of')) resolve()
    })
    server.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)))
  })
})
afterAll(async () => {
  if (server.exitCode === null) {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
  rmSync(root, { recursive: true, force: true })
})

function kluis(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr, lastLine: stdout.trim().split('\n').at(-1) ?? '' }
}
const administrator = () =>
  JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8'))[0].email as string

test.each([
  [['start', '--port', 'http', '--data', data]],
  [['start', '--data', fileURLToPath(new URL('..', import.meta.url))]],
  [['check', '--data', join(root, 'nothing-here')]],
  [['import', 'people', join(root, 'no-such.csv'), '--as', 'an@demo.example', '--data', data]],
  [['start', '--data', data]],
  [['demo', '--people', 'many', '--data', join(root, 'other')]],
])('%j ends with one sentence and exit code 2', (args) => {
  const { status, stdout, stderr } = kluis(...args)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toMatch(/^kluis: /)
  expect(stdout).toBe('')
  expect(status).toBe(2)
})

test('an unknown verb and a missing option are wrong use', () => {
  expect(kluis('frobnicate').status).toBe(2)
  expect(kluis('users', 'invite', 'bo@demo.example', '--data', data).status).toBe(2)
})

test.each(['start', 'demo', 'migrate', 'import people', 'ledger verify', 'check', 'users invite'])(
  'the help of %s shows an example and the exit codes',
  (verb) => {
    const { status, stdout } = kluis(...verb.split(' '), '--help')
    expect(status).toBe(0)
    expect(stdout).toContain('Example:')
    expect(stdout).toContain('2 wrong use')
  },
)

test('a mistyped data directory is not made', () => {
  kluis('check', '--data', join(root, 'mistyped'))
  expect(existsSync(join(root, 'mistyped'))).toBe(false)
})

test('verbs are done by the running server, with one JSON object on the last line', () => {
  const checked = kluis('check', '--json', '--data', data)
  expect(checked.stderr).toBe('')
  expect(JSON.parse(checked.lastLine).exitCode).toBe(checked.status)
  const listed = kluis('users', 'list', '--json', '--data', data)
  expect(JSON.parse(listed.lastLine).items).toHaveLength(4)
  expect(listed.status).toBe(0)
  expect(server.exitCode).toBeNull()
})

test('a file of root alone is imported by the server that may not read it', () => {
  const file = join(root, 'klanten.csv')
  writeFileSync(file, 'voornaam;achternaam;email\nEls;Import;els@import.example\n', { mode: 0o600 })
  const args = ['import', 'people', file, '--as', administrator(), '--json', '--data', data]
  expect(JSON.parse(kluis(...args, '--dry-run').lastLine)).toMatchObject({ read: 1, created: 1 })
  expect(JSON.parse(kluis(...args).lastLine)).toMatchObject({ read: 1, created: 1, refused: 0 })
  expect(JSON.parse(kluis(...args).lastLine)).toMatchObject({ read: 1, created: 0, skipped: 1 })
})

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
test.each(importResults())('$name is looked at by command line as on the screen', (one) => {
  const { lastLine, status } = kluis(
    'import',
    'people',
    one.path,
    '--as',
    administrator(),
    '--dry-run',
    '--json',
    '--data',
    data,
  )
  expect(JSON.parse(lastLine)).toMatchObject({ preset: one.preset, ...one.counts })
  expect(status).toBe(0)
})

test('an import is listed, taken back and exported by command line', () => {
  const as = ['--as', administrator(), '--json', '--data', data]
  const done = JSON.parse(
    kluis('import', 'people', fixture('presets/hubspot-contacts.csv'), ...as).lastLine,
  )
  expect(done).toMatchObject({ created: 3, preset: 'hubspot' })
  const [first] = JSON.parse(kluis('import', 'list', ...as).lastLine).items
  expect(first).toMatchObject({ id: done.importId, state: 'done', read: 3, total: 3 })
  const out = join(root, 'alles.zip')
  const taken = JSON.parse(kluis('export', 'everything', '--out', out, ...as).lastLine)
  expect(taken.files[0]).toMatchObject({ file: 'people.ndjson' })
  expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK')
  expect(statSync(out).mode & 0o777).toBe(0o600)
  const cards = kluis(
    'export',
    'companies',
    '--format',
    'vcf',
    ...as.filter((one) => one !== '--json'),
  )
  expect(cards.stdout).toContain('KIND:org')
  expect(kluis('export', 'people', '--format', 'doc', ...as).status).toBe(2)
  expect(kluis('import', 'people', fixture('leads-100.csv'), '--key', 'iban', ...as).status).toBe(2)
  const preview = kluis('import', 'revert', done.importId, ...as)
  expect(JSON.parse(preview.lastLine)).toMatchObject({
    people: 3,
    companies: 1,
    changedSinceCount: 0,
  })
  const reverted = kluis('import', 'revert', done.importId, '--yes', ...as)
  expect(JSON.parse(reverted.lastLine)).toMatchObject({ removed: 3, removedCompanies: 1 })
  expect(kluis('import', 'resume', done.importId, ...as).stderr).toContain('already done')
})

test.each([
  [
    ['users', 'invite', 'an', '--name', 'An', '--role', 'sales'],
    2,
    /e-mail address must look like/,
  ],
  [
    ['users', 'invite', 'a@b.be', '--name', 'An', '--role', 'boss', '--team', 'Verkoop'],
    2,
    /--role must be the id of a role/,
  ],
  [['users', 'reset-factor', 'a@b.be', '--reason', 'lost'], 2, /--reason must have 10/],
  [['users', 'set-up-link'], 1, /set up already/],
  [['export', 'people', '--as', 'nobody@demo.example'], 1, /nobody here signs in as nobody@demo/],
  [['users', 'list', '--data', join(root, 'mistyped')], 2, /there is no Kluis in/],
])('%j is told in words and as an object, with exit code %i', (args, code, words) => {
  const { status, stderr, stdout } = kluis(
    ...args,
    ...(args.includes('--data') ? [] : ['--data', data]),
    '--json',
  )
  expect(stderr).toMatch(/^kluis: /)
  expect(stderr).toMatch(words)
  expect(JSON.parse(stdout).failed).toMatch(words)
  expect(status).toBe(code)
})

test('migrate names what opening applied', () => {
  const { status, stdout, lastLine } = kluis('migrate', '--json', '--data', data)
  expect(JSON.parse(lastLine).migrated[0]).toBe('0001_core.sql')
  expect(stdout).toContain('applied 0001_core.sql')
  expect(status).toBe(0)
})

test('secrets are readable by their owner alone', () => {
  for (const name of ['demo-users.json', 'root.key'])
    expect(statSync(join(data, name)).mode & 0o777).toBe(0o600)
})

test.runIf(process.getuid?.() === 0)(
  'a folder that root closed to others is handed over, keystore and all',
  () => {
    const closed = join(root, 'closed-to-others')
    mkdirSync(closed, { mode: 0o700 })
    expect(unprivilegedUser(closed, join(closed, 'keystore'))?.name).toBe('kluis')
  },
)

test.runIf(process.getuid?.() === 0)('started as root, no part of it runs as root', () => {
  const launched = spawnSync('ps', ['-eo', 'pid=,ppid=,uid=,args='], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const below = (parent: string): string[][] =>
    launched.filter(([, ppid]) => ppid === parent).flatMap((found) => [found, ...below(found[0]!)])
  const parts = below(String(server.pid))
  expect(parts.length).toBeGreaterThan(5)
  expect(parts.filter(([, , uid]) => uid === '0')).toEqual([])
})

test.runIf(process.getuid?.() === 0)(
  'a keystore below a folder only root may enter is refused before it is made',
  () => {
    const closed = join(root, 'closed')
    mkdirSync(closed, { mode: 0o700 })
    const keys = join(closed, 'keys')
    const { status, stderr } = kluis('start', '--data', join(root, 'new'), '--keystore', keys)
    expect(stderr).toMatch(/can not enter .*closed/)
    expect(status).toBe(2)
    expect(existsSync(keys)).toBe(false)
  },
)

/** Of all that the server started, the process that keeps the keys. */
function keeperPid(of = server.pid!): number | undefined {
  const children = readFileSync(`/proc/${of}/task/${of}/children`, 'utf8').trim().split(' ')
  for (const child of children.filter(Boolean).map(Number)) {
    if (readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('keeper-process.ts')) return child
    const below = keeperPid(child)
    if (below) return below
  }
  return undefined
}

test.runIf(process.platform === 'linux')(
  'a verb whose keeper is killed in the middle is incomplete: not done, and not failed either',
  async () => {
    const rotate = spawn(
      process.execPath,
      [cli, 'vault', 'rotate', '--what', 'records', '--rate', '5', '--data', data],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let told = ''
    rotate.stderr!.on('data', (chunk: Buffer) => {
      told += chunk.toString()
    })
    const status = () => kluis('vault', 'status', '--data', data).stdout
    await expect.poll(status, { timeout: 30_000 }).toMatch(/records: (draw|reseal)/)
    process.kill(keeperPid()!, 'SIGKILL')
    const [code] = await once(rotate, 'exit')
    expect([code, told.includes('stopped before it answered')]).toEqual([3, true])
    // It is started again, and goes on.
    await expect.poll(status, { timeout: 60_000 }).toContain('records:')
  },
)

test('asked to stop it ends with 0, and a verb then opens the data for itself', async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  expect(server.exitCode).toBe(0)
  expect(existsSync(join(data, 'run/operator.sock'))).toBe(false)
  const listed = kluis('users', 'list', '--json', '--data', data)
  expect(JSON.parse(listed.lastLine).items).toHaveLength(4)
  expect(existsSync(join(data, 'postgres/postmaster.pid'))).toBe(false)
})

test('an export is written where its caller may write, and a place where they may not is told before the work', () => {
  const args = ['export', 'people', '--as', administrator(), '--json', '--data', data, '--out']
  const file = join(root, 'mensen.csv')
  const { lastLine, status } = kluis(...args, file)
  expect(JSON.parse(lastLine)).toMatchObject({ file })
  expect(readFileSync(file, 'utf8').trim().split('\n').length).toBeGreaterThan(20)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(status).toBe(0)
  const refused = kluis(...args, join(root, 'nowhere/mensen.csv'))
  expect(refused.stderr).toMatch(/^kluis: the file .* can not be written/)
  expect(refused.status).toBe(2)
})

test('a database that was put back from a copy is told when it is opened', () => {
  const later = `kluis/x\n${10 ** 9}\nroot\n\n— kluis x`
  appendFileSync(join(data, 'ledger/checkpoints'), `${JSON.stringify(later)}\n`)
  const { status, stderr } = kluis('users', 'list', '--data', data)
  expect(stderr).toMatch(/^the database is older than what was written before/)
  expect(status).toBe(0)
})

test('a keystore that is away is said to be, and nothing is put in its place', () => {
  renameSync(join(data, 'keystore'), join(root, 'keystore-away'))
  const { status, stderr } = kluis('users', 'list', '--data', data)
  expect(stderr).toMatch(/^kluis: the keystore .* is not there/)
  expect(status).toBe(1)
  expect(existsSync(join(data, 'keystore'))).toBe(false)
  renameSync(join(root, 'keystore-away'), join(data, 'keystore'))
  expect(kluis('users', 'list', '--data', data).status).toBe(0)
})
