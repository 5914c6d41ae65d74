import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { migrate } from '#database/migrate.ts'
import { Hidden } from '#platform/hidden.ts'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// The injection is assumed: any SQL as kluis_app, in the request of a colleague of another team.
let kluis: TestKluis
let ana: Caller
let ben: Caller
let app: pg.Client

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  ben = await kluis.colleague(ana, 'sales', await kluis.newTeam('Andere ploeg'))
  await ana.call('POST', '/api/people', {
    givenName: 'Jan',
    familyName: 'Peeters',
    emails: [{ value: 'jan@klant.example' }],
  })
  const { host, port } = inject('postgres')
  app = new pg.Client({ host, port, user: 'kluis_app', database: kluis.databaseName })
  await app.connect()
})
afterAll(async () => {
  await app.end()
  await kluis.close()
})

async function asBen(sql: string): Promise<pg.QueryResult | string> {
  await app.query('begin')
  try {
    await app.query(`select set_config('kluis.session', $1, true)`, [ben.token])
    return await app.query(sql)
  } catch (error) {
    return (error as Error).message
  } finally {
    await app.query('rollback')
  }
}

test.each([
  'person',
  'company',
  'person_lookup',
  'company_lookup',
  'affiliation',
  'relation',
  'note',
  'task',
  'client_id',
])('reads no foreign row of kluis.%s', async (table) => {
  expect(((await asBen(`select * from kluis.${table}`)) as pg.QueryResult).rows).toEqual([])
})

test.each([
  'select * from kluis_auth.session',
  'select * from kluis_auth.password',
  'select * from kluis_auth.identity_provider',
  'select * from kluis_auth.federated_identity',
  'select * from kluis_auth.scim_token',
  'select * from kluis_auth.provisioned_user',
  'select * from kluis_ledger.outbox',
  'select * from kluis.opening',
  'set local role kluis_owner',
  'set local session authorization kluis_admin',
  'alter table kluis.person no force row level security',
  'alter table kluis.person disable trigger all',
  'drop policy seen on kluis.person',
  'create table kluis.mine (x int)',
  'create temporary table person (x int)',
  'create function kluis.uid2() returns int language sql as $$select 1$$',
  `select pg_read_file('/etc/passwd')`,
  `copy kluis.person to program 'cat'`,
  'select * from pg_authid',
  `insert into kluis_ledger.outbox (action) values ('event')`,
  'select kluis.draw_key_slots(100000)',
  `update kluis.user_account set role_id = 'administrator'`,
  `insert into kluis_auth.session (token_hash, user_id, kind, factor, idle_seconds, expires_at) values ('\\x00', null, 'user', 'x', 1, now())`,
])('is refused: %s', async (sql) => {
  expect(await asBen(sql)).toMatch(
    /permission denied|must be owner|must be (able to SET ROLE|superuser)|can only|cannot|not allowed|row-level security|between 1 and/,
  )
})

test('row security off is an error, not a way round', async () => {
  await app.query('set row_security = off')
  expect(await asBen('select * from kluis.person')).toMatch(/row-level security/)
  await app.query('reset row_security')
})

test('SQL text run from inside a query is under the same row security', async () => {
  const result = (await asBen(
    `select query_to_xml('select * from kluis.person', true, true, '')::text as xml`,
  )) as pg.QueryResult
  expect(result.rows[0].xml).not.toContain('owner_id')
})

test('no identity can be forged: a user id, a guessed token and an empty one are nobody', async () => {
  for (const forged of [ana.userId, 'x'.repeat(43), '']) {
    await app.query('begin')
    await app.query(
      `select set_config('kluis.session', $1, true), set_config('kluis.uid', $2, true)`,
      [forged, ana.userId],
    )
    expect(
      (await app.query('select kluis.uid() as uid, (select count(*)::int from kluis.person) as n'))
        .rows,
    ).toEqual([{ uid: null, n: 0 }])
    await app.query('rollback')
  }
})

test('nothing of a session is left on the connection for the next request', async () => {
  await asBen('select 1')
  expect((await app.query('select kluis.uid() as uid')).rows[0].uid).toBeNull()
})

test('a foreign person can not be written, moved or taken, not even by id', async () => {
  const { rows } = await kluis.admin.query('select id from kluis.person')
  for (const sql of [
    `update kluis.person set owner_id = kluis.uid(), row_version = row_version + 1 where id = '${rows[0].id}' returning id`,
    `delete from kluis.person where id = '${rows[0].id}' returning id`,
  ])
    expect(((await asBen(sql)) as pg.QueryResult).rows).toEqual([])
  expect(
    await asBen(
      `insert into kluis.note (person_id, content_sealed) select '${rows[0].id}', '\\x4b5301'::bytea || decode(repeat('00', 100), 'hex')`,
    ),
  ).toMatch(/row-level security/)
  expect(
    await asBen(
      `insert into kluis.person_lookup values ('${rows[0].id}', 'email', decode(repeat('00', 16), 'hex'))`,
    ),
  ).toMatch(/row-level security/)
})

test("nothing can be left on a connection that reads the next request's token", async () => {
  const inBensRequest = (text: string) =>
    kluis.app.db
      .reader(new Hidden(ben.token))
      .run(sql<Record<string, string | null>>([text] as unknown as TemplateStringsArray))
      .catch((): Record<string, string | null>[] => [])
  await ana.call('GET', '/api/people')
  const listed = await inBensRequest(
    `select name from pg_prepared_statements where statement like 'select set_config%'`,
  )
  const names = ['k0', ...listed.map((row) => row.name)]
  for (const name of names)
    await inBensRequest(
      `do $do$ begin
         execute 'deallocate "${name}"';
         execute $$prepare "${name}" (text, text) as select set_config('kluis.session', $1, true), set_config('kluis.kept', coalesce(current_setting('kluis.kept', true), '') || ' ' || $1, false)$$;
       end $do$`,
    )
  for (let i = 0; i < 5; i++) expect((await ana.call('GET', '/api/people')).statusCode).toBe(200)
  const kept = await inBensRequest(`select current_setting('kluis.kept', true) as kept`)
  expect(kept).toHaveLength(1)
  expect(String(kept[0]!.kept)).not.toContain(ana.token)
})

test('settings that injected SQL leaves to its role for later connections are gone after the next start', async () => {
  const left = async () =>
    (
      await kluis.admin.query(
        `select setconfig from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where d.datname = $1`,
        [kluis.databaseName],
      )
    ).rows
  await app.query(`alter role kluis_app in database "${kluis.databaseName}" set lock_timeout = 1`)
  expect(await left()).toHaveLength(1)
  const { host, port } = inject('postgres')
  await migrate({ admin: { host, port, user: 'kluis_admin', database: kluis.databaseName } })
  expect(await left()).toEqual([])
})

test('plaintext does not fit in a sealed column', async () => {
  expect(await asBen(`select repeat('Jan Peeters ', 20)::bytea::kluis.sealed`)).toMatch(
    /violates check constraint/,
  )
})
