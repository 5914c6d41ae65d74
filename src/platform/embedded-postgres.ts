/**
 * PostgreSQL 18 from npm, started by ourselves on a Unix socket and nothing else: the npm build carries an
 * old OpenSSL, so it never listens on a network.
 *
 * Trusts: the operating system's users (peer sign-in). If lost: the data directory is the database.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { npmBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { openRunDirectory } from './run-directory.ts'

export type OsUser = { uid: number; gid: number; name: string }

export type EmbeddedPostgres = {
  socketDirectory: string
  port: number
  /** Connects as the superuser of this cluster, by peer sign-in. */
  adminConnection(database?: string): pg.ClientConfig
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  dataDirectory: string
  /** Where initdb and postgres lie; the npm package's by default. */
  binaryDirectory?: string
  /** Started as root, PostgreSQL runs as this user: it refuses root. */
  runAs?: OsUser
  settings?: Record<string, string>
}

const PORT = 5432
const START_MS_MAX = 60_000
const LOG_BYTES_MAX = 20_000_000

const ROLES = [
  'kluis_admin',
  'kluis_migrate',
  'kluis_app',
  'kluis_sign_in',
  'kluis_keeper',
  'kluis_rotation',
  'kluis_worker',
  'kluis_ledger',
  'kluis_monitor',
  'kluis_backup',
]

type Prepared = {
  binaries: PostgresBinaries
  dataDirectory: string
  dataRoot: string
  as: { uid?: number; gid?: number }
  env: NodeJS.ProcessEnv
}

/**
 * Starts PostgreSQL on `dataDirectory`, made when it is not there; its parent holds sockets and log. The caller
 * makes sure that no other Kluis uses the same data: a server found running is taken for an orphan.
 */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDirectory, runAs } = options
  const dataRoot = dirname(dataDirectory)
  const binaries = options.binaryDirectory
    ? { binaryDirectory: options.binaryDirectory }
    : npmBinaries(join(dataRoot, 'postgres-libraries'))
  const prepared: Prepared = {
    binaries,
    dataDirectory,
    dataRoot,
    as: runAs ? { uid: runAs.uid, gid: runAs.gid } : {},
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      ...(binaries.libraryPath ? { LD_LIBRARY_PATH: binaries.libraryPath } : {}),
    },
  }
  if (mkdirSync(dataRoot, { recursive: true, mode: 0o700 }) && runAs)
    chownSync(dataRoot, runAs.uid, runAs.gid)
  if (!existsSync(join(dataDirectory, 'PG_VERSION'))) initialise(prepared, runAs)
  writeFiles(dataDirectory, runAs)
  await stopLeftOver(dataDirectory)

  const socketDirectory = openRunDirectory(dataRoot, runAs)
  const settings = settingsFor(socketDirectory, options.settings)
  const log = openLog(dataRoot, runAs)
  const started = Date.now()
  for (;;) {
    const server = await tryStart(prepared, settings, log, started + START_MS_MAX)
    if (server) {
      closeSync(log.descriptor)
      return { socketDirectory, port: PORT, ...handleOf(server, socketDirectory) }
    }
    const said = log.sinceLast()
    // After a kill -9 the old server's children, or its zombie, hold the lock for a moment.
    const isHeld = said.includes('lock file') || said.includes('shared memory block')
    if (!isHeld || Date.now() - started > START_MS_MAX) {
      throw new Error(
        `PostgreSQL did not start\nstate: the data in ${dataDirectory} was not changed\nit said: ${said.trim().split('\n').slice(-3).join(' / ')}\ntry: ${log.path} tells more`,
      )
    }
    await sleep(300)
  }
}

type Server = { process: ChildProcess; ended: Promise<void> }

function handleOf(
  server: Server,
  socketDirectory: string,
): Pick<EmbeddedPostgres, 'adminConnection' | 'stop'> {
  return {
    adminConnection: (database = 'kluis') => ({
      host: socketDirectory,
      port: PORT,
      user: 'kluis_admin',
      database,
    }),
    async stop() {
      // Fast shutdown: sessions end, everything is written, the next start needs no recovery.
      if (server.process.exitCode === null) server.process.kill('SIGINT')
      await server.ended
    },
  }
}

/** The running server once it is ready; undefined when it ended instead. */
async function tryStart(
  { binaries, dataDirectory, as, env }: Prepared,
  settings: Record<string, string>,
  log: PostgresLog,
  untilAt: number,
): Promise<Server | undefined> {
  const child = spawn(
    join(binaries.binaryDirectory, 'postgres'),
    ['-D', dataDirectory, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    // In a group of its own: Ctrl-C in a terminal must not reach it before the app has let go.
    { ...as, env, cwd: dataDirectory, stdio: ['ignore', 'ignore', log.descriptor], detached: true },
  )
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve())
    child.on('error', () => resolve())
  }).then(() => {
    hasEnded = true
  })
  while (!hasEnded && !isReady(dataDirectory, child.pid) && Date.now() < untilAt) await sleep(15)
  if (hasEnded) return undefined
  if (isReady(dataDirectory, child.pid)) return { process: child, ended }
  child.kill('SIGINT')
  await ended
  return undefined
}

type PostgresLog = { path: string; descriptor: number; sinceLast(): string }

/** PostgreSQL writes its log to a file, not to us: so it goes on writing when we are killed. */
function openLog(dataRoot: string, runAs?: OsUser): PostgresLog {
  const path = join(dataRoot, 'postgres.log')
  if (existsSync(path) && statSync(path).size > LOG_BYTES_MAX) renameSync(path, `${path}.1`)
  const descriptor = openSync(path, 'a', 0o600)
  if (runAs) chownSync(path, runAs.uid, runAs.gid)
  let from = statSync(path).size
  return {
    path,
    descriptor,
    sinceLast() {
      const bytes = readFileSync(path).subarray(from)
      from += bytes.length
      return bytes.toString()
    },
  }
}

/** Made beside its place and then renamed: an initdb that was killed leaves nothing that looks finished. */
function initialise({ binaries, dataDirectory, as, env }: Prepared, runAs?: OsUser): void {
  const { binaryDirectory } = binaries
  const asked = execFileSync(join(binaryDirectory, 'postgres'), ['--version'], {
    ...as,
    env,
    encoding: 'utf8',
    cwd: '/',
  })
  const version = Number(/(\d+)/.exec(asked)![1])
  // The builtin collation is the same for ever; before 17 plain C is.
  const locale =
    version >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8']
      : ['--locale=C.UTF-8', '--lc-collate=C']
  const unfinished = `${dataDirectory}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  if (runAs) chownSync(unfinished, runAs.uid, runAs.gid)
  execFileSync(
    join(binaryDirectory, 'initdb'),
    [
      '-D',
      unfinished,
      '-U',
      'kluis_admin',
      '--auth=peer',
      '--data-checksums',
      '--encoding=UTF8',
      ...locale,
      ...(version >= 17 ? ['--no-instructions'] : []),
    ],
    { ...as, env, cwd: '/', stdio: 'pipe' },
  )
  // An empty directory made by the operator is in order; one with other files in it is refused by rename.
  renameSync(unfinished, dataDirectory)
}

/** Whoever owns the data directory may connect as each of our roles; nobody else as any. */
function writeFiles(dataDirectory: string, runAs?: OsUser): void {
  const names = [...new Set([runAs?.name ?? userInfo().username, userInfo().username])]
  writeFileSync(join(dataDirectory, 'pg_hba.conf'), 'local all all peer map=kluis\n', {
    mode: 0o600,
  })
  writeFileSync(
    join(dataDirectory, 'pg_ident.conf'),
    `${names.flatMap((name) => ROLES.map((role) => `kluis ${name} ${role}`)).join('\n')}\n`,
    { mode: 0o600 },
  )
  if (runAs)
    for (const name of ['pg_hba.conf', 'pg_ident.conf'])
      chownSync(join(dataDirectory, name), runAs.uid, runAs.gid)
}

function settingsFor(
  socketDirectory: string,
  more: Record<string, string> = {},
): Record<string, string> {
  return {
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: socketDirectory,
    unix_socket_permissions: '0700',
    shared_buffers: '128MB',
    max_connections: '100',
    jit: 'off',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %u@%d %a ',
    log_statement: 'ddl',
    // Values of people never reach the log, not even of a statement that fails.
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_connections: 'on',
    log_disconnections: 'off',
    idle_in_transaction_session_timeout: '60s',
    wal_level: 'replica',
    row_security: 'on',
    ...more,
  }
}

function isReady(dataDirectory: string, pid: number | undefined): boolean {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

/** A server whose parent was killed goes on; it is shut down cleanly, so that settings and socket are ours again. */
async function stopLeftOver(dataDirectory: string): Promise<void> {
  const path = join(dataDirectory, 'postmaster.pid')
  if (!existsSync(path)) return
  const pid = Number(readFileSync(path, 'utf8').split('\n')[0])
  if (!isPostgresOf(pid, dataDirectory)) return
  process.kill(pid, 'SIGINT')
  const until = Date.now() + 20_000
  while (isPostgresOf(pid, dataDirectory) && Date.now() < until) await sleep(20)
}

/** A number in a file may belong to another program by now: only a server on this very directory counts. */
function isPostgresOf(pid: number, dataDirectory: string): boolean {
  try {
    process.kill(pid, 0)
    if (process.platform !== 'linux') return true
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDirectory)
  } catch {
    return false
  }
}
