import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { ensureDatabase } from '#database/ensure.ts'
import { migrate } from '#database/migrate.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { unprivilegedUser } from '../../src/unprivileged-user.ts'

export const TEMPLATE = 'kluis_template'

/** A PostgreSQL of the tests' own, with one migrated database to copy from. Durability is not what most tests test. */
export async function openCluster(
  binaryDirectory?: string,
): Promise<{ postgres: EmbeddedPostgres; close(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'kluis-test-'))
  const runAs = unprivilegedUser(directory)
  if (runAs) (await import('node:fs')).chownSync(directory, runAs.uid, runAs.gid)
  const postgres = await openEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    ...(binaryDirectory ? { binaryDirectory } : {}),
    ...(runAs ? { runAs } : {}),
    settings: { fsync: 'off' },
  })
  await ensureDatabase(postgres.adminConnection('postgres'), TEMPLATE)
  await migrate({ admin: postgres.adminConnection(TEMPLATE) })
  return {
    postgres,
    async close() {
      await postgres.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

let made = 0
/** A copy of the template for one test file: quick, and nobody else's rows in it. */
export async function copyDatabase(
  host: string,
  port: number,
): Promise<{ name: string; admin: pg.ClientConfig }> {
  const client = new pg.Client({ host, port, user: 'kluis_admin', database: 'postgres' })
  await client.connect()
  const name = `kluis_t${process.pid}_${made++}`
  await client.query(`create database ${name} template ${TEMPLATE}`)
  // A copy brings the tables but not the grants on the database itself.
  await client.query(
    `revoke all on database ${name} from public; grant connect on database ${name} to kluis_app, kluis_sign_in, kluis_keeper, kluis_worker, kluis_ledger, kluis_monitor, kluis_migrate, kluis_backup`,
  )
  await client.end()
  return { name, admin: { host, port, user: 'kluis_admin', database: name } }
}
