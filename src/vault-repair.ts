import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type AdminConnection, runReadOnly } from '#platform/admin-connection.ts'
import { openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { externalConnection } from '#platform/external-postgres.ts'
import {
  claimOperatorSocket,
  operatorSocketPath,
  type VerbAnswer,
} from '#platform/operator-socket.ts'
import { openRunDirectory } from '#platform/run-directory.ts'
import { openKeystore } from '#security/vault/keystore.ts'
import { type RepairReport, repairKeystore, type SlotRange } from '#security/vault/repair.ts'
import { readRootKeyFiles } from '#security/vault/root-key/held-root-key.ts'
import { secretFrom } from '#security/vault/root-key/secret.ts'
import { type Config, WrongUse } from './config.ts'
import { rootKeyOf } from './root-key-of.ts'
import { dropPrivileges, unprivilegedUser } from './unprivileged-user.ts'

type Wanted = { isDryRun: boolean; isGivingUp: boolean }

/** `kluis vault repair`: with Kluis stopped, since it alone may write to its keystore. The database is only asked who is lost. */
export async function repairVault(config: Config, wanted: Wanted): Promise<VerbAnswer> {
  const { dataDirectory, keystoreDirectory, keystoreMirror: mirror } = config
  const runAs = unprivilegedUser(dataDirectory, keystoreDirectory, ...(mirror ? [mirror] : []))
  const socket = await claimOperatorSocket(
    operatorSocketPath(openRunDirectory(dataDirectory, runAs ? { owner: runAs } : {})),
    'vault repair',
    runAs,
  )
  if (socket === 'taken')
    throw new WrongUse(
      `Kluis works with the data in ${dataDirectory}, and it alone writes to its keystore; end it first`,
    )
  try {
    // What only root may read is read while we are root.
    const files = readRootKeyFiles(config.rootKeyPath)
    const secret = secretFrom(config.rootKeySecret)
    if (runAs) dropPrivileges(runAs)
    const { key: rootKey } = await rootKeyOf(config, { files, secret, mayCreate: false })
    const report = repairKeystore({ directory: keystoreDirectory, mirror, rootKey, ...wanted })
    const missing = [...report.lost, ...report.givenUp]
    const records = missing.length > 0 ? await countRecords(config, rootKey, missing) : []
    return answerOf(report, records, wanted)
  } finally {
    await socket.close()
  }
}

type Count = { what: string; count: number }

async function countRecords(
  config: Config,
  rootKey: Buffer,
  missing: SlotRange[],
): Promise<Count[]> {
  if (config.databaseUrl) {
    const directory = config.keystoreDirectory
    const keystore = openKeystore({ directory, rootKey, mayCreate: false })
    const passwords = keystore.namedKey('database-passwords')
    return askRecords(externalConnection(config.databaseUrl, passwords).admin, missing)
  }
  const postgres = join(config.dataDirectory, 'postgres')
  if (!existsSync(postgres)) return []
  const running = await openEmbeddedPostgres({ dataDirectory: postgres })
  try {
    return await askRecords(running.adminConnection(), missing)
  } finally {
    await running.stop()
  }
}

async function askRecords(admin: AdminConnection, missing: SlotRange[]): Promise<Count[]> {
  const ranges = missing.map(({ from, to }) => `(${Number(from)}, ${Number(to)})`).join(', ')
  const answers = await runReadOnly<{ count: number }>(
    admin,
    ['person', 'company', 'joint_dossier'].map(
      (table) =>
        `select count(*)::int as count from kluis.${table} t join (values ${ranges}) as lost(a, b) on t.key_slot between lost.a and lost.b`,
    ),
  )
  return answers.flatMap((answer, i) => {
    if (answer.kind === 'refused') throw new Error(`the database did not count: ${answer.why}`)
    return [{ what: ['people', 'companies', 'joint dossiers'][i]!, count: answer.rows[0]!.count }]
  })
}

function answerOf(
  report: RepairReport,
  records: Count[],
  { isDryRun, isGivingUp }: Wanted,
): VerbAnswer {
  const { segments, putBack, lost, givenUp, lostNamed } = report
  const text = (ranges: SlotRange[]) =>
    ranges.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ')
  const isLost = lost.length > 0 || lostNamed.length > 0
  const lines = [
    `${segments} segments looked at`,
    ...putBack.map((path) => `${isDryRun ? 'would put back' : 'put back'} ${path}`),
    ...(lost.length > 0 ? [`LOST keys that no copy holds: ${text(lost)}`] : []),
    ...(givenUp.length > 0 ? [`given up before: ${text(givenUp)}`] : []),
    ...lostNamed.map((name) => `LOST the key "${name}"`),
    ...records.map(({ what, count }) => `${count} ${what} have such a key, and do not open`),
    ...(isLost && !isGivingUp
      ? [
          'no key was made in the place of a lost one; put the segment of a backup of the keystore in the mirror and repair again, or give them up with --give-up',
        ]
      : []),
    ...(putBack.length === 0 && !isLost ? ['whole: nothing to repair'] : []),
  ]
  return { exitCode: isLost ? 1 : 0, result: { ...report, records }, lines }
}
