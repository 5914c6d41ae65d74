import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { listChecks, runChecks } from '#security/programme/checks.ts'
import { compareDefinitions, readDefinitions } from '#security/programme/definitions.ts'
import { sealedTables } from '../src/sealed-tables.ts'
import { copyDatabase } from './support/cluster.ts'

let admin: pg.Client
let config: pg.ClientConfig
beforeAll(async () => {
  const { host, port } = inject('postgres')
  config = (await copyDatabase(host, port)).admin
  admin = new pg.Client(config)
  await admin.connect()
})
afterAll(() => admin.end())

const checks = listChecks()

/** What breaks each rule. Planted in a transaction that is rolled back, so the next starts clean. */
const faults: Record<string, string> = {
  R01: 'create role planted superuser login',
  R02: 'alter role kluis_app createrole',
  R03: 'alter role kluis_app bypassrls',
  R04: 'grant kluis_owner to kluis_app',
  R05: 'create table kluis.planted (id int); alter table kluis.planted owner to kluis_app',
  R06: 'alter role kluis_owner login',
  R07: `create role planted password 'md53175bce1d3201d16594cebf9d7eb3f9d'`,
  R08: `set local password_encryption = 'md5'`,
  R09: 'alter role kluis_app connection limit -1',
  R10: 'create role planted login',
  R11: `alter role kluis_app set row_security = off`,
  R12: 'grant create on schema kluis to public',
  R13: `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`,
  R14: 'grant execute on function kluis.uid() to public',
  R15: 'grant execute on function pg_catalog.pg_read_file(text) to kluis_app',
  R16: 'grant set on parameter log_statement to kluis_app',
  R17: 'select lo_create(0)',
  L01: 'alter table kluis.person disable row level security',
  L02: 'alter table kluis.person no force row level security',
  L03: 'grant select on kluis.opening to kluis_worker',
  L04: 'create policy planted on kluis.person to kluis_app using (true) with check (true)',
  L05: 'create policy planted on kluis.person to public using (owner_id = (select kluis.uid()))',
  L06: `create policy planted on kluis.person to kluis_app using (owner_id::text = current_setting('kluis.user'))`,
  L07: 'create policy planted on kluis.person to kluis_app using (owner_id = kluis.uid())',
  L08: 'create view kluis.planted as select id from kluis.person',
  L09: 'create materialized view kluis.planted as select id from kluis.person',
  L10: `create function kluis.planted() returns int language sql security definer as 'select 1'`,
  L11: `create function kluis.planted(int) returns boolean language sql leakproof as 'select true'`,
  L12: 'create table kluis.planted (id int) partition by list (id); create table kluis.planted_1 partition of kluis.planted for values in (1); grant select on kluis.planted_1 to kluis_app',
  L13: 'create unique index planted on kluis.person (stage)',
  L14: 'alter table kluis.person disable trigger z_ledger_update',
  L15: 'create publication planted for table kluis.person',
  L16: 'drop index kluis.person_team_created',
  L17: 'grant select on pg_catalog.pg_statistic to kluis_app',
  L20: `insert into kluis.organisation (id) values (gen_random_uuid()); insert into kluis.user_account (email_token, profile_sealed, role_id, status, rights_reviewed_at) values (decode(repeat('00', 16), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 'sales', 'active', now() - interval '107 days')`,
  L19: 'alter table kluis.task add column remarks text',
  L24: `set local session_replication_role = replica; insert into kluis.file (person_id, content_sealed, key_sealed, frame_count, completed_at, key_slot, retention_rule, retained_from, retained_until) select gen_random_uuid(), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 1, now(), 64, 'NL-ADV-1', current_date - 500, current_date - 100; set local session_replication_role = origin`,
  L25: `insert into kluis.organisation (id) values (gen_random_uuid()); insert into kluis.team (id, name) values ('00000000-0000-4000-8000-000000000025', 'Noord'); set local session_replication_role = replica; insert into kluis.name_prefix (person_id, team_id, token, seal_counter) values (gen_random_uuid(), '00000000-0000-4000-8000-000000000025', decode(repeat('25', 16), 'hex'), 1); set local session_replication_role = origin`,
  L26: 'update kluis.search_setting set name_prefixes = true, row_version = row_version + 1',
  L23: `alter table kluis.person_lookup disable trigger user; set local session_replication_role = replica; insert into kluis.person_lookup (person_id, kind, token) select gen_random_uuid(), 'phone', decode(lpad(to_hex(n % 90), 32, '0'), 'hex') from generate_series(1, 200) n`,
  L22: `insert into kluis.user_account (id, email_token, profile_sealed, role_id, status) values ('00000000-0000-4000-8000-000000000020', decode(repeat('20', 16), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 'manager', 'active'); insert into kluis.break_glass (id, user_id, session_id, content_sealed, opened_at, ends_at) values (gen_random_uuid(), '00000000-0000-4000-8000-000000000020', gen_random_uuid(), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), now() - interval '5 days', now() - interval '5 days' + interval '1 hour')`,
  L21: `insert into kluis.organisation (id) values (gen_random_uuid()); insert into kluis.user_account (email_token, profile_sealed, role_id, status) values (decode(repeat('00', 16), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 'sales', 'active'); alter table kluis.alarm disable trigger user; insert into kluis.alarm (kind, user_id, created_at) select 'hard-limit', id, now() - interval '4 days' from kluis.user_account`,
  L18: `insert into kluis.organisation (id) values (gen_random_uuid()); insert into kluis.user_account (email_token, profile_sealed, role_id, status) values (decode(repeat('00', 16), 'hex'), '\\x4b5301'::bytea || decode(repeat('00', 60), 'hex'), 'sales', 'active'); update kluis_auth.standing set permissions = permissions || 'people:export'::text`,
}

test('every check has a planted fault, and every fault a check', () => {
  expect(checks.map((check) => check.id).sort()).toEqual(Object.keys(faults).sort())
})

test('a database as delivered has no finding', async () => {
  const report = await runChecks(config)
  expect(report.checks.filter((check) => check.outcome !== 'pass')).toEqual([])
  expect(report.exitCode).toBe(0)
})

test.each(checks.map((check) => [check.id, check.title, check]))(
  '%s finds its planted fault: %s',
  async (id, _title, check) => {
    await admin.query('begin')
    try {
      expect((await admin.query(check.sql)).rows).toEqual([])
      await admin.query(faults[id]!)
      const { rows } = await admin.query(check.sql)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows[0]).toMatchObject({ object: expect.any(String), detail: expect.any(String) })
    } finally {
      await admin.query('rollback')
    }
  },
)

test('every sealed column is one of the catalogue, but for what belongs to sign-in and the frames of files', async () => {
  const { rows } = await admin.query<{ name: string }>(
    `select format('%s.%s', c.relname, a.attname) as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     join pg_type t on t.oid = a.atttypid
     where c.relkind in ('r', 'p') and not a.attisdropped and t.typnamespace = 'kluis'::regnamespace and t.typname like 'sealed%'`,
  )
  const declared = sealedTables.flatMap(({ table, classes }) =>
    Object.values(classes).map(({ column }) => `${table}.${column}`),
  )
  const elsewhere = [
    'password.hash_sealed',
    'totp.secret_sealed',
    'invite.reason_sealed',
    'session.place_sealed',
    'recovery.reason_sealed',
    'recovery.code_sealed',
    'file_frame.sealed',
  ]
  expect(rows.map(({ name }) => name).sort()).toEqual([...declared, ...elsewhere].sort())
})

test('a critical finding ends with exit code 1, and what can not be seen never counts as passed', async () => {
  await admin.query('alter table kluis.task no force row level security')
  expect((await runChecks(config)).exitCode).toBe(1)
  await admin.query('alter table kluis.task force row level security')
  const blind = await runChecks(config, [{ ...checks[0]!, sql: 'select * from kluis.not_there' }])
  expect([blind.exitCode, blind.checks[0]!.outcome]).toEqual([3, 'not visible'])
})

test.each<[string, string, string]>([
  [
    'one more policy',
    'create policy extra on kluis.person for select to kluis_app using ((select kluis.uid()) is not null)',
    'drop policy extra on kluis.person',
  ],
  [
    'another body of a function',
    `alter function kluis.may(text) rename to may_before; create function kluis.may(wanted text) returns boolean language sql stable parallel safe security definer set search_path = pg_catalog begin atomic select true; end; alter function kluis.may(text) owner to kluis_identity`,
    'drop function kluis.may(text); alter function kluis.may_before(text) rename to may',
  ],
  [
    'a trigger switched off',
    'alter table kluis.person disable trigger z_ledger_update',
    'alter table kluis.person enable trigger z_ledger_update',
  ],
  [
    'one more grant',
    'grant select on kluis.opening to kluis_app',
    'revoke select on kluis.opening from kluis_app',
  ],
])(
  'a definition that is no longer as it was installed is named: %s',
  async (_what, fault, undo) => {
    const installed = await readDefinitions(config)
    expect(installed!.size).toBeGreaterThan(100)
    await admin.query(fault)
    try {
      const found = compareDefinitions(installed, await readDefinitions(config))
      expect(found.outcome).toBe('fail')
      const report = await runChecks(config, checks, [found])
      expect(report.exitCode).toBe(1)
    } finally {
      await admin.query(undo)
    }
    expect(compareDefinitions(installed, await readDefinitions(config)).findings).toEqual([])
  },
)

test('definitions that can not be read are never taken for unchanged', () => {
  const nothing = new Map<string, string>()
  expect(compareDefinitions(nothing, undefined).outcome).toBe('not visible')
  expect(compareDefinitions(undefined, nothing).outcome).toBe('not visible')
})
