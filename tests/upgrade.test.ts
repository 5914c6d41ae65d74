import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '#database/migrate.ts'
import { openCluster, TEMPLATE } from './support/cluster.ts'

// Of its own: roles belong to the whole server, and other tests alter them at the same time.
let cluster: Awaited<ReturnType<typeof openCluster>>
beforeAll(async () => {
  cluster = await openCluster(process.env.KLUIS_TEST_POSTGRES_BINARIES)
})
afterAll(() => cluster.close())

test('a migration changes rows of a database that is in use, and forced row security is back afterwards', async () => {
  const admin = cluster.postgres.adminConnection(TEMPLATE)
  const client = new pg.Client(admin)
  await client.connect()
  try {
    // As it was before the newest of these.
    await client.query(`
      delete from kluis_migrations.applied where name = '0014_mail.sql';
      delete from kluis.table_opt_out where table_name = 'kluis.notification_mail';
      drop table kluis.notification_mail cascade`)
    expect((await migrate({ admin })).applied).toEqual(['0014_mail.sql'])
    const { rows } = await client.query(
      `select count(*)::int as told, (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname ~ '^kluis(_auth|_ledger)?$' and c.relkind = 'r' and not c.relforcerowsecurity) as lifted
       from kluis.table_opt_out where table_name = 'kluis.notification_mail'`,
    )
    expect(rows).toEqual([{ told: 1, lifted: 0 }])
  } finally {
    await client.end()
  }
})
