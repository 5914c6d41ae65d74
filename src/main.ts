import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Server as TlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { ensureDatabase } from '#database/ensure.ts'
import { fitKeySlots } from '#database/key-slots.ts'
import { migrate } from '#database/migrate.ts'
import { type AdminConnection, runReadOnly } from '#platform/admin-connection.ts'
import {
  type Certificate,
  CertificateRefused,
  readCertificate,
  redirectServer,
  watchCertificate,
} from '#platform/certificate.ts'
import type { Connection } from '#platform/db.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { externalConnection, findObstacle } from '#platform/external-postgres.ts'
import { CONNECTIONS_MAX, connectionLimits } from '#platform/http.ts'
import { openMail } from '#platform/mail.ts'
import {
  claimOperatorSocket,
  type OperatorSocket,
  operatorSocketPath,
} from '#platform/operator-socket.ts'
import { openRunDirectory } from '#platform/run-directory.ts'
import { type Definitions, readDefinitions } from '#security/programme/definitions.ts'
import { actingFor, type InNameOf } from '#security/sign-in/verbs.ts'
import { type Keystore, openKeystore, SEGMENT_SLOTS } from '#security/vault/keystore.ts'
import { type HeldRootKey, readRootKeyFiles } from '#security/vault/root-key/held-root-key.ts'
import { openRecovery } from '#security/vault/root-key/recovery.ts'
import { secretFrom } from '#security/vault/root-key/secret.ts'
import { type App, buildApp } from './app.ts'
import { type Config, type TlsConfig, WrongUse } from './config.ts'
import { recordRecovery } from './recover.ts'
import { rootKeyOf } from './root-key-of.ts'
import { dropPrivileges, handOver, unprivilegedUser } from './unprivileged-user.ts'
import { operatorVerbs } from './verbs.ts'
import { openWaitingRoom, type WaitingRoom } from './waiting-room.ts'

export type Running = App & {
  inNameOf: InNameOf
  adminConnection: AdminConnection
  rootKey: HeldRootKey
  /** As this start put them into the database: what `check` compares with. */
  definitions: Definitions | undefined
  operator: OperatorSocket
  /** The migrations that opening applied, in order. */
  migrated: string[]
  close(): Promise<void>
  setUpLink(): Promise<URL | undefined>
  /** Where TLS is our own: looks now whether the certificate was renewed. */
  lookAtCertificate?: () => void
}
type Say = (line: string) => void

const LOOK_AT_CERTIFICATE_MS = 60_000

const webRoot = fileURLToPath(new URL('../web/dist', import.meta.url))

/**
 * Opens everything but does not listen: what `start` and every verb of the command line begin with. Holds the
 * data until it is closed: `doing` is what another command is told meanwhile.
 */
export async function openKluis(
  config: Config,
  say: Say,
  doing: string,
  tls?: Certificate,
  /** Where one waits for a root key that can not be had now; without, that is an Error. */
  room?: WaitingRoom,
): Promise<Running> {
  const { dataDirectory, keystoreDirectory, keystoreMirror } = config
  const directories = [dataDirectory, keystoreDirectory, keystoreMirror ?? []].flat()
  const runAs = unprivilegedUser(...directories)
  for (const directory of directories) {
    // A keystore that is away is said to be; an empty directory in its place would be in the way of its return.
    if (directory === keystoreDirectory && hasData(config) && !existsSync(directory)) continue
    makeDirectory(directory)
    if (runAs) handOver(directory, runAs)
  }
  const operator = await claimOperatorSocket(
    operatorSocketPath(openRunDirectory(config.dataDirectory, runAs)),
    doing,
    runAs,
  )
  if (operator === 'taken')
    throw new WrongUse(
      `another Kluis works with the data in ${config.dataDirectory}; end it first, or choose other data with --data`,
    )
  const closing: (() => Promise<void>)[] = [() => operator.close()]
  try {
    const postgres = config.databaseUrl
      ? undefined
      : await openEmbeddedPostgres({
          dataDirectory: join(config.dataDirectory, 'postgres'),
          ...(runAs ? { runAs } : {}),
        })
    if (postgres) closing.unshift(() => postgres.stop())
    // What only root may read is read while we are root.
    const files = readRootKeyFiles(config.rootKeyPath)
    const secret = secretFrom(config.rootKeySecret)
    // From here on nothing needs root any more, and nothing runs as root.
    if (runAs) dropPrivileges(runAs)
    const mayCreate = isFirstStart(config)
    const rootKey = await rootKeyOf(config, { files, secret, mayCreate }, room)
    const keystore = openKeystore({
      directory: keystoreDirectory,
      rootKey: rootKey.key,
      organisationId: rootKey.organisationId,
      mayCreate,
      ...(keystoreMirror ? { mirror: keystoreMirror } : {}),
    })
    const keys = { rootKey, keystore }
    const { app, admin, definitions, migrated } = await openApp(config, say, postgres, keys, tls)
    closing.unshift(() => app.close())
    await recordRecovery(config, app.keyEvent)
    return {
      ...app,
      inNameOf: actingFor(app),
      adminConnection: admin,
      rootKey,
      definitions,
      operator,
      migrated,
      async setUpLink() {
        return (await app.signIn.isSetUp())
          ? undefined
          : app.signIn.makeInvite(null, null, new Date())
      },
      close: () => closeInTurn(closing),
    }
  } catch (error) {
    await closeInTurn(closing)
    throw error
  }
}

/** The data are let go of last: whoever waits for them finds nothing of ours running. */
async function closeInTurn(closing: (() => Promise<void>)[]): Promise<void> {
  for (const close of closing.splice(0)) await close()
}

/** Something was written with keys that must be there: none is made anew. */
function hasData(config: Config): boolean {
  return existsSync(join(config.dataDirectory, 'ledger'))
}

function isFirstStart(config: Config): boolean {
  return !existsSync(join(config.keystoreDirectory, 'head.json')) && !hasData(config)
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is a file' : 'not allowed'
    throw new WrongUse(`the directory ${path} can not be made: ${why}`, { cause })
  }
}

async function openApp(
  config: Config,
  say: Say,
  postgres: EmbeddedPostgres | undefined,
  { rootKey, keystore }: { rootKey: HeldRootKey; keystore: Keystore },
  tls: Certificate | undefined,
): Promise<{
  app: App
  admin: AdminConnection
  definitions: Definitions | undefined
  migrated: string[]
}> {
  const outside = config.databaseUrl
    ? externalConnection(config.databaseUrl, keystore.namedKey('database-passwords'))
    : undefined
  const obstacle = outside && (await findObstacle(outside.admin))
  if (obstacle) throw new WrongUse(obstacle)
  if (postgres) await ensureDatabase(postgres.adminConnection('postgres'), 'kluis')
  const admin = outside?.admin ?? postgres!.adminConnection()
  const { applied: migrated } = await migrate({
    admin,
    ...(outside ? { passwordOf: outside.connection.passwordOf! } : {}),
    say,
  })
  const definitions = await readDefinitions(admin)
  await requireSameOrganisation(admin, keystore.organisationId)
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
    placesDirectory: join(config.dataDirectory, 'places'),
    recovery: openRecovery(rootKey, join(config.dataDirectory, 'recovery-shares.json')),
    rootKey,
    mail: config.mailServer && openMail(config.mailServer),
    tls,
    trustProxy: config.trustProxy,
    mayReachLoopback: config.mayReachLoopback,
    log: (event) =>
      process.stderr.write(`${new Date().toISOString()} ${event.level} ${event.what}\n`),
  })
  try {
    await requireOwnKeys(admin, keystore, await app.ledger.isRolledBack(), say)
    const again = await app.keys.erasing.reapply()
    if (again > 0) say(`${again} erasures that a copy had undone were done again`)
  } catch (error) {
    await app.close()
    throw error
  }
  return { app, admin, definitions, migrated }
}

/** Keys of one installation and data of another would show every dossier as damaged. */
async function requireSameOrganisation(admin: AdminConnection, keysOf: string): Promise<void> {
  const [answer] = await runReadOnly<{ id: string }>(admin, ['select id from kluis.organisation'])
  const dataOf = answer?.kind === 'rows' ? answer.rows[0]?.id : undefined
  if (dataOf !== undefined && dataOf !== keysOf)
    throw new WrongUse(
      `these keys belong to the organisation ${keysOf} and the database to ${dataOf}; give the keystore and root key that belong to the database`,
    )
}

/** Keys and data that were put back from copies of different days. */
async function requireOwnKeys(
  admin: AdminConnection,
  keystore: Keystore,
  isRolledBack: boolean,
  say: Say,
): Promise<void> {
  const highestSlot = keystore.highestSlot()
  const slots = await fitKeySlots(admin, { highestSlot, segmentSlots: SEGMENT_SLOTS }, isRolledBack)
  if (slots.kind === 'keystore-older')
    throw new Error(
      `the keystore is older than the database: it ends at key ${highestSlot}, and there are records up to key ${slots.slot}\nstate: nothing was changed, and no key was made in the place of a lost one\ntry: the newest copy of the keystore or its mirror, or a copy of the database of the keystore's day`,
    )
  if (slots.kind === 'raised')
    say(
      `the database is older than what was written before, as after a restore: new records take keys from ${slots.from} on; npx kluis ledger verify names what differs`,
    )
}

/** Listens on loopback, or with a certificate of its own on a network; plain HTTP never leaves the machine. */
export async function startKluis(
  config: Config,
  say: Say,
  /** False for the demo, which sets itself up. */
  isLinkShown = true,
): Promise<Running> {
  const started = Date.now()
  // While we may still be root, whose alone the key may be.
  const tls = config.tls && ownCertificate(config.tls, config.origin)
  const room = openWaitingRoom(config, tls, say)
  const running = await openKluis(config, say, 'start', tls, room)
  try {
    if (config.tls && tls) await listenWithTls(running, config, config.tls, tls, say)
    else await listenOnLoopback(running, config.port)
  } catch (error) {
    await running.close()
    throw whyNotListening(error, config)
  }
  running.operator.serve(operatorVerbs(running))
  const link = isLinkShown ? await running.setUpLink() : undefined
  say(
    `Kluis is ready after ${((Date.now() - started) / 1000).toFixed(1)} s: ${config.origin.origin}`,
  )
  say(`data: ${config.dataDirectory}`)
  if (config.origin.protocol === 'https:' && !tls && config.trustProxy.length === 0)
    say(
      'no proxy is trusted: every request seems to come from this machine, and limits of sign-in count all as one; for a proxy on this machine say --trust-proxy loopback',
    )
  if (link) say(`Set up your organisation with this link, once: ${link.href}`)
  running
    .startWork()
    .catch((error: Error) => say(`the search index did not load: ${error.message}`))
  return running
}

function ownCertificate(files: TlsConfig, origin: URL): Certificate {
  try {
    return readCertificate(files, origin.hostname, new Date())
  } catch (error) {
    if (error instanceof CertificateRefused) throw new WrongUse(error.message, { cause: error })
    throw error
  }
}

async function listenWithTls(
  running: Running,
  { port, origin }: Config,
  files: TlsConfig,
  first: Certificate,
  say: Say,
): Promise<void> {
  const everywhere = async () => {
    try {
      await running.http.listen({ host: '::', port })
    } catch (error) {
      // No IPv6 on this machine.
      if (!/EAFNOSUPPORT|EADDRNOTAVAIL/.test((error as { code?: string }).code ?? '')) throw error
      await running.http.listen({ host: '0.0.0.0', port })
    }
  }
  await (files.listen ? running.http.listen({ host: files.listen, port }) : everywhere())
  const watch = watchCertificate([running.http.server as unknown as TlsServer], files, {
    hostname: origin.hostname,
    first,
    everyMs: LOOK_AT_CERTIFICATE_MS,
    say,
  })
  const redirect = files.redirectPort === undefined ? undefined : redirectServer(origin)
  const { close } = running
  running.lookAtCertificate = watch.look
  running.close = async () => {
    watch.close()
    redirect?.closeAllConnections()
    redirect?.close()
    await close()
  }
  if (!redirect) return
  await new Promise<void>((resolve, reject) => {
    redirect.once('error', reject)
    redirect.listen(files.redirectPort, files.listen, resolve)
  })
}

async function listenOnLoopback(running: Running, port: number): Promise<void> {
  await running.http.listen({ host: '127.0.0.1', port })
  // Browsers may try either for the name localhost.
  await alsoOnIpv6(running, port)
}

function whyNotListening(error: unknown, { port, tls }: Config): unknown {
  const { code, port: asked = port } = error as { code?: string; port?: number }
  const flag = asked === tls?.redirectPort ? '--redirect-port' : '--port'
  if (code === 'EADDRINUSE')
    return new WrongUse(`port ${asked} is in use; choose another with ${flag}`, { cause: error })
  if (code === 'EACCES')
    return new WrongUse(
      `port ${asked} is for root alone, and Kluis does not run as root; choose one from 1024 on with ${flag}, or allow it with: sysctl net.ipv4.ip_unprivileged_port_start=${asked}`,
      { cause: error },
    )
  if (code === 'EADDRNOTAVAIL')
    return new WrongUse(`--listen: ${tls?.listen} is no address of this machine`, { cause: error })
  return error
}

async function alsoOnIpv6(running: Running, port: number): Promise<void> {
  const { createServer } = await import('node:http')
  const server = createServer(connectionLimits, (request, response) =>
    running.http.routing(request, response),
  )
  server.maxConnections = CONNECTIONS_MAX
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
