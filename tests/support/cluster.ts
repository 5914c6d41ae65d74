import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { ensureDatabase } from '#database/ensure.ts'
import { migrate } from '#database/migrate.ts'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { unprivilegedUser } from '../../src/unprivileged-user.ts'

export const TEMPLATE = 'kluis_template'

const MEMORY = '/dev/shm'
const MEMORY_BYTES_MIN = 4 * 1024 ** 3

/** Where files lie that need not outlive a test: in memory, where Linux has a place for that and room in it. */
export function passingPlace(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    if (bavail * bsize >= MEMORY_BYTES_MIN) return MEMORY
  } catch {
    // Another system, or none given to this container.
  }
  return tmpdir()
}

/** A PostgreSQL of the tests' own, with one migrated database to copy from. Durability is not what most tests test. */
export async function openCluster(
  binaryDirectory?: string,
): Promise<{ postgres: EmbeddedPostgres; close(): Promise<void> }> {
  const directory = mkdtempSync(join(passingPlace(), 'kluis-test-'))
  const runAs = unprivilegedUser(directory)
  if (runAs) (await import('node:fs')).chownSync(directory, runAs.uid, runAs.gid)
  const postgres = await openEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    ...(binaryDirectory ? { binaryDirectory } : {}),
    ...(runAs ? { runAs } : {}),
    settings: { fsync: 'off', full_page_writes: 'off' },
  })
  await ensureDatabase(postgres.adminConnection('postgres'), TEMPLATE)
  await migrate({ admin: postgres.adminConnection(TEMPLATE) })
  await widenLimits(postgres.adminConnection('postgres'))
  return {
    postgres,
    async close() {
      await postgres.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * A server made for tests: its first superuser is kluis_admin and it asks no password of connections from here. What
 * the tests made goes again, but for the roles, which belong to the whole server.
 */
export async function openGivenServer(
  url: URL,
): Promise<{ host: string; port: number; close(): Promise<void> }> {
  const host = url.searchParams.get('host') ?? url.hostname
  const port = Number(url.port || url.searchParams.get('port') || 5432)
  const admin = { host, port, user: 'kluis_admin' }
  const dropAll = async () => {
    const client = new pg.Client({ ...admin, database: 'postgres' })
    await client.connect().catch((error: Error) => {
      throw new Error(
        `KLUIS_TEST_DATABASE_URL must name a server made with initdb -U kluis_admin -A trust (${error.message})`,
      )
    })
    const { rows } = await client.query(
      `select datname from pg_database where datname ~ '^kluis_t'`,
    )
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`)
    await client.end()
  }
  await dropAll()
  await ensureDatabase({ ...admin, database: 'postgres' }, TEMPLATE)
  await migrate({ admin: { ...admin, database: TEMPLATE } })
  await widenLimits({ ...admin, database: 'postgres' })
  return { host, port, close: dropAll }
}

/** A limit is of the whole server, on which one Kluis runs; here there are as many as tests at once. */
async function widenLimits(admin: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(admin)
  await client.connect()
  await client.query(`do $$ declare one record; begin
    for one in select rolname, rolconnlimit from pg_roles where rolname ~ '^kluis_' and rolcanlogin and rolconnlimit > 0 loop
      execute format('alter role %I connection limit %s', one.rolname, one.rolconnlimit * 4);
    end loop; end $$`)
  await client.end()
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
  // Files are copied as they lie: what goes through the log instead is written twice.
  await client.query(`create database ${name} template ${TEMPLATE} strategy file_copy`)
  // A copy brings the tables but not the grants on the database itself.
  await client.query(
    `revoke all on database ${name} from public; grant connect on database ${name} to kluis_app, kluis_sign_in, kluis_keeper, kluis_rotation, kluis_worker, kluis_ledger, kluis_monitor, kluis_migrate, kluis_backup`,
  )
  await client.end()
  return { name, admin: { host, port, user: 'kluis_admin', database: name } }
}

/** Without it a run of all tests leaves gigabytes. */
export async function dropDatabase({ host, port, user, database }: pg.ClientConfig): Promise<void> {
  const client = new pg.Client({ host, port, user, database: 'postgres' })
  await client.connect()
  await client.query(`drop database ${database} with (force)`)
  await client.end()
}
