import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

// Merging works as a role of its own, which sees what was merged away and moves what its caller may not read. Each of
// its policies is weakened in turn: a colleague of another team, or one who may only read, must then get through.
let kluis: TestKluis
let ana: Caller
let strangers: Caller[]
let client: pg.Client
let ids: Record<'person' | 'gone' | 'company' | 'third', string>
let policies: { table: string; name: string; using: string | null; check: string | null }[]

const SEALED = `'\\x4b5301'::bytea || decode(repeat('00', 100), 'hex')`
const TOKEN = `decode(repeat('00', 16), 'hex')`
const inOrder = (a: string, b: string) => (a < b ? `'${a}', '${b}'` : `'${b}', '${a}'`)

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  strangers = [
    await kluis.colleague(ana, 'sales', await kluis.newTeam('Andere ploeg')),
    await kluis.colleague(ana, 'privacy-officer', ana.teamId),
  ]
  const insert = async (sql: string) =>
    (await kluis.admin.query(`${sql} returning id`)).rows[0].id as string
  const place = `'${ana.userId}', '${ana.teamId}', 64, ${SEALED}`
  const record = (table: string) =>
    insert(
      `insert into kluis.${table} (owner_id, team_id, key_slot, contact_sealed) values (${place})`,
    )
  const person = await record('person')
  ids = {
    person,
    gone: await record('person'),
    company: await record('company'),
    third: await record('person'),
  }
  const company = await record('company')
  await kluis.admin.query(`
    insert into kluis.affiliation (person_id, company_id) values ('${person}', '${company}');
    insert into kluis.relation (person_id, other_person_id, content_sealed) values ('${person}', '${ids.third}', ${SEALED});
    with joint as (insert into kluis.joint_dossier (key_slot, content_sealed) values (64, ${SEALED}) returning id)
      insert into kluis.joint_party (joint_dossier_id, person_id, content_sealed) select id, '${person}', ${SEALED} from joint;
    insert into kluis.note (person_id, content_sealed) values ('${person}', ${SEALED});
    insert into kluis.note_version (note_id, person_id, content_sealed, written_at) select id, person_id, content_sealed, now() from kluis.note;
    insert into kluis.file (person_id, content_sealed, key_sealed, frame_count) values ('${person}', ${SEALED}, ${SEALED}, 1);
    insert into kluis.record_change (person_id, what) values ('${person}', '{name}');
    insert into kluis.follow (user_id, person_id) values ('${ana.userId}', '${person}');
    insert into kluis.favourite (user_id, person_id) values ('${ana.userId}', '${person}');
    insert into kluis.notification (user_id, person_id, kind) values ('${ana.userId}', '${person}', 'change');
    insert into kluis.task (company_id, content_sealed) values ('${company}', ${SEALED});
    insert into kluis.reveal (person_id, content_sealed) values ('${person}', ${SEALED});
    insert into kluis.field_definition (record_kind, kind, sensitivity, content_sealed) values ('person', 'text', 'confidential', ${SEALED});
    insert into kluis.confidential_value (field_id, person_id, confidential_sealed) select id, '${person}', ${SEALED} from kluis.field_definition;
    insert into kluis.person_lookup values ('${person}', 'email', ${TOKEN});
    insert into kluis.company_lookup values ('${company}', 'email', ${TOKEN});
    insert into kluis.merge (person_id, kept_id, merged_id, merged_owner_id, merged_team_id)
      values ('${person}', '${person}', '${ids.gone}', '${ana.userId}', '${ana.teamId}');
    insert into kluis.not_duplicate (first_person_id, second_person_id) values (${inOrder(person, ids.third)});
    update kluis.person set merged_into = '${person}', merged_at = now(), row_version = 2 where id = '${ids.gone}'`)
  client = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_worker',
    database: kluis.databaseName,
  })
  await client.connect()
  policies = (
    await kluis.admin.query(
      `select polrelid::regclass::text as table, polname as name, pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check
       from pg_policy where polname ~ '^merge_' and 'kluis_worker'::regrole = any (polroles)`,
    )
  ).rows
})
afterAll(async () => {
  await client.end()
  await kluis.close()
})

const VERSIONED =
  'person company affiliation relation joint_party note note_version file task reveal merge confidential_value'.split(
    ' ',
  )
const PLAIN = ['record_change', 'follow', 'favourite', 'notification']
const READ = [...VERSIONED, ...PLAIN, 'person_lookup', 'company_lookup', 'not_duplicate']

function attemptsOf(): string[] {
  return [
    ...READ.map((table) => `select from kluis.${table}`),
    ...VERSIONED.map((table) => `update kluis.${table} set row_version = row_version + 1`),
    ...PLAIN.map((table) => `update kluis.${table} set person_id = person_id`),
    ...['person_lookup', 'company_lookup', 'not_duplicate', 'confidential_value'].map(
      (table) => `delete from kluis.${table}`,
    ),
    `insert into kluis.person_lookup values ('${ids.person}', 'phone', ${TOKEN})`,
    `insert into kluis.company_lookup values ('${ids.company}', 'phone', ${TOKEN})`,
    `insert into kluis.not_duplicate (first_person_id, second_person_id) values (${inOrder(ids.gone, ids.third)})`,
    `insert into kluis.merge (person_id, kept_id, merged_id, merged_owner_id, merged_team_id)
      values ('${ids.person}', '${ids.person}', '${ids.gone}', '${ana.userId}', '${ana.teamId}')`,
  ]
}

async function reached(callers: Caller[]): Promise<number[]> {
  const counts: number[] = []
  for (const { token } of callers)
    for (const sql of attemptsOf()) {
      await client.query('begin')
      await client.query(`select set_config('kluis.session', $1, true)`, [token])
      counts.push(
        await client.query(sql).then(
          ({ rowCount }) => rowCount ?? 0,
          (error: Error) => (/row-level security/.test(error.message) ? 0 : -1),
        ),
      )
      await client.query('rollback')
    }
  return counts
}

test('as delivered, a colleague of another team and one who may only read reach nothing as the role that merges', async () => {
  expect(new Set(await reached(strangers))).toEqual(new Set([0]))
  // Whoever may edit both reaches all of it: the attempts are attempts.
  expect((await reached([ana])).filter((count) => count < 1)).toEqual([])
})

test('every policy of the role that merges, weakened, lets an attempt through', async () => {
  expect(policies.length).toBeGreaterThan(20)
  const useless: string[] = []
  for (const { table, name, using, check } of policies) {
    const alter = (open: boolean) =>
      kluis.admin.query(
        `alter policy ${name} on ${table}${using ? ` using (${open ? 'true' : using})` : ''}${check ? ` with check (${open ? 'true' : check})` : ''}`,
      )
    // A write needs to see the row first: reading is opened too, and what that alone lets through does not count.
    if (name !== 'merge_sees')
      await kluis.admin.query(
        `create policy lifted on ${table} for select to kluis_worker using (true)`,
      )
    const before = await reached(strangers)
    await alter(true)
    const after = await reached(strangers)
    await alter(false)
    if (name !== 'merge_sees') await kluis.admin.query(`drop policy lifted on ${table}`)
    if (!after.some((count, at) => count > Math.max(0, before[at]!)))
      useless.push(`${name} on ${table}`)
  }
  expect(useless).toEqual([])
}, 120_000)

test('the app sees nothing of what was merged away, and can not merge by itself', async () => {
  const app = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_app',
    database: kluis.databaseName,
  })
  await app.connect()
  const asAna = async (sql: string) => {
    await app.query('begin')
    await app.query(`select set_config('kluis.session', $1, true)`, [ana.token])
    const result = await app.query(sql).catch((error: Error) => error)
    await app.query('rollback')
    return result instanceof Error ? result.message : result.rowCount
  }
  expect(await asAna(`select from kluis.person where id = '${ids.gone}'`)).toBe(0)
  expect(await asAna(`update kluis.person set row_version = 3 where id = '${ids.gone}'`)).toBe(0)
  expect(await asAna(`delete from kluis.person where id = '${ids.gone}'`)).toBe(0)
  expect(
    await asAna(
      `update kluis.person set merged_into = '${ids.person}', merged_at = now(), row_version = 2 where id = '${ids.third}'`,
    ),
  ).toMatch(/row-level security/)
  expect(
    await asAna(
      `insert into kluis.note (person_id, content_sealed) values ('${ids.gone}', ${SEALED})`,
    ),
  ).toMatch(/row-level security/)
  await app.end()
})

test('every table that hangs on a person or a company moves with it, or says why not', async () => {
  const { rows } = await kluis.admin.query(`
    select c.conrelid::regclass::text as table, c.confrelid::regclass::text as parent
    from pg_constraint c
    where c.contype = 'f' and c.confrelid in ('kluis.person'::regclass, 'kluis.company'::regclass)`)
  // Lookups are written anew from the values; the others are what a merge itself is made of.
  const ownWay = ['person_lookup', 'company_lookup', 'not_duplicate', 'person', 'company']
  const { vault, duplicates } = kluis.app
  const left = rows
    .map(({ table, parent }) => [table.replace('kluis.', ''), parent.replace('kluis.', '')])
    .filter(
      ([table, kind]) =>
        !ownWay.includes(table) &&
        !duplicates.staying.includes(table) &&
        !vault.sealedOf(kind).hanging.includes(table) &&
        !duplicates.links.some((link) => link.table === table && link.kind === kind),
    )
  expect(left).toEqual([])
})
