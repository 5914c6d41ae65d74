import { execFileSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureDatabase } from '#database/ensure.ts'
import { migrate } from '#database/migrate.ts'
import type { AdminConnection } from '#platform/admin-connection.ts'
import type { Connection } from '#platform/db.ts'
import { type OsUser, openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { externalConnection } from '#platform/external-postgres.ts'
import { openKeystore } from '#security/vault/keystore.ts'
import { openRootKey, recoverySheetText } from '#security/vault/root-key.ts'
import { type App, buildApp } from './app.ts'
import { type Config, WrongUse } from './config.ts'

export type Running = App & {
  adminConnection: AdminConnection
  close(): Promise<void>
  setUpLink(): Promise<URL | undefined>
}
type Say = (line: string) => void

const webRoot = fileURLToPath(new URL('../web/dist', import.meta.url))

/** Opens everything but does not listen: what `start` and every verb of the command line begin with. */
export async function openKluis(config: Config, say: Say): Promise<Running> {
  const runAs = unprivilegedUser(config)
  mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 })
  if (runAs) handOver(config.dataDirectory, runAs)
  const postgres = config.databaseUrl
    ? undefined
    : await openEmbeddedPostgres({
        dataDirectory: join(config.dataDirectory, 'postgres'),
        ...(runAs ? { runAs } : {}),
      })
  // From here on nothing needs root any more, and nothing runs as root.
  if (runAs) dropPrivileges(runAs)
  try {
    const isFirst = !existsSync(join(config.keystoreDirectory, 'head.json'))
    const hasData = existsSync(join(config.dataDirectory, 'ledger'))
    const rootKey = openRootKey(config.rootKeyPath, isFirst && !hasData)
    const keystore = openKeystore({
      directory: config.keystoreDirectory,
      rootKey,
      mayCreate: isFirst && !hasData,
    })
    const outside = config.databaseUrl
      ? externalConnection(config.databaseUrl, keystore.namedKey('database-passwords'))
      : undefined
    if (postgres) await ensureDatabase(postgres.adminConnection('postgres'), 'kluis')
    const admin = outside?.admin ?? postgres!.adminConnection()
    await migrate({
      admin,
      ...(outside ? { passwordOf: outside.connection.passwordOf! } : {}),
      say,
    })
    const connection: Connection = outside?.connection ?? {
      host: postgres!.socketDirectory,
      port: postgres!.port,
      database: 'kluis',
    }
    const app = await buildApp({
      connection,
      keystore,
      origin: config.origin,
      webRoot,
      ledgerDirectory: join(config.dataDirectory, 'ledger'),
      recoverySheet: () => recoverySheetText(rootKey),
      log: (event) =>
        process.stderr.write(`${new Date().toISOString()} ${event.level} ${event.what}\n`),
    })
    return {
      ...app,
      adminConnection: admin,
      async setUpLink() {
        return (await app.signIn.isSetUp())
          ? undefined
          : app.signIn.makeInvite(null, null, new Date())
      },
      async close() {
        await app.close()
        await postgres?.stop()
      },
    }
  } catch (error) {
    await postgres?.stop()
    throw error
  }
}

/** Listens on loopback only; whoever wants it on a network puts a TLS proxy in front. */
export async function startKluis(config: Config, say: Say): Promise<Running> {
  const started = Date.now()
  const running = await openKluis(config, say)
  try {
    await running.http.listen({ host: '127.0.0.1', port: config.port })
    // Browsers may try either for the name localhost.
    await alsoOnIpv6(running, config.port)
  } catch (error) {
    await running.close()
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new WrongUse(`port ${config.port} is in use; choose another with --port`)
    throw error
  }
  const link = await running.setUpLink()
  say(
    `Kluis is ready after ${((Date.now() - started) / 1000).toFixed(1)} s: ${config.origin.origin}`,
  )
  say(`data: ${config.dataDirectory}`)
  if (link) say(`Set up your organisation with this link, once: ${link.href}`)
  running
    .startWork()
    .catch((error: Error) => say(`the search index did not load: ${error.message}`))
  return running
}

async function alsoOnIpv6(running: Running, port: number): Promise<void> {
  const { createServer } = await import('node:http')
  const server = createServer((request, response) => running.http.routing(request, response))
  await new Promise<void>((resolve) => {
    // No IPv6 on this machine is no reason not to start.
    server.on('error', () => resolve())
    server.listen(port, '::1', resolve)
  })
  const { close } = running
  running.close = async () => {
    server.closeAllConnections()
    server.close()
    await close()
  }
}

function unprivilegedUser(config: Config): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const name = 'kluis'
  const find = () =>
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[0] === name)
  if (!find())
    execFileSync(
      'useradd',
      ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
      { stdio: 'pipe' },
    )
  const fields = find()
  if (!fields)
    throw new Error(
      'started as root, and the user "kluis" can not be made\nstate: nothing was changed\ntry: useradd --system kluis, or start as an ordinary user',
    )
  const clone = fileURLToPath(new URL('..', import.meta.url))
  for (const path of [clone, config.dataDirectory]) requireReachable(path)
  return { name, uid: Number(fields[2]), gid: Number(fields[3]) }
}

/** Below a folder that only root may enter, the unprivileged user finds nothing. */
function requireReachable(path: string): void {
  const parts = path.split('/').slice(0, -1)
  for (let i = 1; i < parts.length; i++) {
    const folder = parts.slice(0, i + 1).join('/')
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0 && statSync(folder).uid === 0) {
      throw new WrongUse(
        `started as root, Kluis runs as the user "kluis", which can not enter ${folder}; move it elsewhere or start as an ordinary user`,
      )
    }
  }
}

/** Gives the data root to the user once; links are not followed. */
function handOver(directory: string, { uid, gid }: OsUser): void {
  if (statSync(directory).uid === uid) return
  chownSync(directory, uid, gid)
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(directory, entry), uid, gid)
}

function dropPrivileges({ uid, gid }: OsUser): void {
  process.setgroups!([gid])
  process.setgid!(gid)
  process.setuid!(uid)
}
