import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureDatabase } from '#database/ensure.ts'
import { fitKeySlots } from '#database/key-slots.ts'
import { migrate } from '#database/migrate.ts'
import { type AdminConnection, runReadOnly } from '#platform/admin-connection.ts'
import type { Connection } from '#platform/db.ts'
import {
  type EmbeddedPostgres,
  type OsUser,
  openEmbeddedPostgres,
} from '#platform/embedded-postgres.ts'
import { externalConnection, findObstacle } from '#platform/external-postgres.ts'
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
import {
  type HeldRootKey,
  type RootKeyFiles,
  readRootKeyFiles,
} from '#security/vault/root-key/held-root-key.ts'
import type { AskSecret } from '#security/vault/root-key/provider.ts'
import { openRecovery } from '#security/vault/root-key/recovery.ts'
import { secretFrom } from '#security/vault/root-key/secret.ts'
import { type Config, WrongUse } from './config.ts'
import { type OpenKeeper, openKeeper } from './keeper.ts'
import { recordRecovery } from './recover.ts'
import { rootKeyOf } from './root-key-of.ts'
import { dropPrivileges, handOver, unprivilegedUser } from './unprivileged-user.ts'
import type { WaitingRoom } from './waiting-room.ts'

export type Running = OpenKeeper & {
  inNameOf: InNameOf
  adminConnection: AdminConnection
  rootKey: HeldRootKey
  /** As this start put them into the database: what `check` compares with. */
  definitions: Definitions | undefined
  operator: OperatorSocket
  /** The migrations that opening applied, in order. */
  migrated: string[]
  /** Where the sockets lie. */
  runDirectory: string
  close(): Promise<void>
  setUpLink(): Promise<URL | undefined>
}
type Say = (line: string) => void

/** What only root could settle before the keeper began. */
export type Settled = {
  files?: RootKeyFiles
  secret?: AskSecret
  /** Where one waits for a root key that can not be had now; without, that is an Error. */
  room?: WaitingRoom
  /** The user that the web process runs as, where it is another one. */
  webUser?: OsUser | undefined
}

/** The directories there must be, given to whoever Kluis runs as when it was started as root. */
export function makeDirectories(config: Config): OsUser | undefined {
  const { dataDirectory, keystoreDirectory, keystoreMirror } = config
  const directories = [dataDirectory, keystoreDirectory, keystoreMirror ?? []].flat()
  const runAs = unprivilegedUser(...directories)
  for (const directory of directories) {
    // A keystore that is away is said to be; an empty directory in its place would be in the way of its return.
    if (directory === keystoreDirectory && hasData(config) && !existsSync(directory)) continue
    makeDirectory(directory)
    if (runAs) handOver(directory, runAs)
  }
  return runAs
}

/**
 * Opens everything that has a key: what the keeper and every verb of the command line begin with. Holds the
 * data until it is closed: `doing` is what another command is told meanwhile.
 */
export async function openKluis(
  config: Config,
  say: Say,
  doing: string,
  settled: Settled = {},
): Promise<Running> {
  const { webUser } = settled
  const { keystoreDirectory, keystoreMirror } = config
  const runAs = makeDirectories(config)
  const runDirectory = openRunDirectory(config.dataDirectory, {
    ...(runAs ? { owner: runAs } : {}),
    ...(webUser ? { group: webUser.gid } : {}),
  })
  const operator = await claimOperatorSocket(operatorSocketPath(runDirectory), doing, runAs)
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
          ...(webUser ? { appUser: webUser } : {}),
        })
    if (postgres) closing.unshift(() => postgres.stop())
    // What only root may read is read while we are root.
    const files = rootKeyFiles(config, settled.files)
    const secret = settled.secret ?? secretFrom(config.rootKeySecret)
    // From here on nothing needs root any more, and nothing runs as root.
    if (runAs) dropPrivileges(runAs)
    const mayCreate = isFirstStart(config)
    const rootKey = await rootKeyOf(config, { files, secret, mayCreate }, settled.room)
    const keystore = openKeystore({
      directory: keystoreDirectory,
      rootKey: rootKey.key,
      organisationId: rootKey.organisationId,
      mayCreate,
      ...(keystoreMirror ? { mirror: keystoreMirror } : {}),
    })
    const keys = { rootKey, keystore }
    const { app, admin, definitions, migrated } = await openApp(config, say, postgres, keys)
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
      runDirectory,
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

/** As they are now; where only root may read them, as they were when root did. */
function rootKeyFiles({ rootKeyPath }: Config, read: RootKeyFiles | undefined): RootKeyFiles {
  try {
    return readRootKeyFiles(rootKeyPath)
  } catch (error) {
    if (!read?.current) throw error
    return read
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
): Promise<{
  app: OpenKeeper
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
  const app = await openKeeper({
    connection,
    keystore,
    origin: config.origin,
    ledgerDirectory: join(config.dataDirectory, 'ledger'),
    placesDirectory: join(config.dataDirectory, 'places'),
    recovery: openRecovery(rootKey, join(config.dataDirectory, 'recovery-shares.json')),
    rootKey,
    mail: config.mailServer && openMail(config.mailServer),
    mayReachLoopback: config.mayReachLoopback,
    isIndexOff: config.isIndexOff,
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
