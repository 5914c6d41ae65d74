/**
 * PostgreSQL itself writes down the plan of every statement the product sends while a salesperson of one team among
 * many works in a database of 100,000 customers. No plan may read a large table from end to end.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listByNames } from '#crm/store.ts'
import { Hidden } from '#platform/hidden.ts'
import { askedPrefixes } from '#security/search/name-prefixes.ts'
import { nameColumn } from '#security/vault/name-prefixes/name-tokens.ts'
import { openCluster } from './support/cluster.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'
import { tinyPng } from './support/pictures.ts'

const PEOPLE = 100_000
const LARGE_ROWS = 10_000

let cluster: Awaited<ReturnType<typeof openCluster>>
let kluis: TestKluis
let sales: Caller
let logFile: string
let readFrom = 0
let large: Set<string>
let secret: string
let otherTeam: string

beforeAll(async () => {
  // Of its own: what it tells PostgreSQL to write down concerns nobody else.
  cluster = await openCluster(process.env.KLUIS_TEST_POSTGRES_BINARIES)
  const { socketDirectory: host, port } = cluster.postgres
  kluis = await openTestKluis({ postgres: { host, port } })
  const administrator = await kluis.setUp('team')
  const teams: string[] = []
  for (let at = 0; at < 50; at++) teams.push(await kluis.newTeam(`Team ${at}`))
  otherTeam = teams[1]!
  sales = await kluis.colleague(administrator, 'manager', teams[0]!)
  const model = await sales.call('POST', '/api/people', { familyName: 'Model' })
  const company = await sales.call('POST', '/api/companies', { name: 'Model NV' })
  secret = (
    await administrator.call('POST', '/api/fields', {
      recordKind: 'person',
      kind: 'text',
      sensitivity: 'confidential',
      search: 'exact',
      label: { nl: 'Geheim', en: '' },
    })
  ).json().id
  await fill(model.json().id, company.json().id, administrator.userId, teams)
  const { rows } = await kluis.admin.query(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.reltuples >= $1 and n.nspname like 'kluis%'`,
    [LARGE_ROWS],
  )
  large = new Set(rows.map((row) => row.name))
  const { data_directory } = (await kluis.admin.query('show data_directory')).rows[0]
  logFile = [
    join(data_directory, 'postgres.log'),
    join(dirname(data_directory), 'postgres.log'),
  ].find(existsSync)!
  // What a start does once.
  await kluis.app.clearMergeRemains()
  await kluis.app.keys.names.catchUp()
  await explainFromNowOn()
}, 180_000)
afterAll(async () => {
  await kluis.close()
  await cluster.close()
})

/** Rows that look like real ones to the planner: what they hold never opens, and nobody here asks it to. */
async function fill(
  modelId: string,
  companyId: string,
  ownerId: string,
  teams: string[],
): Promise<void> {
  const ask = (sql: string, values: unknown[] = []) => kluis.admin.query(sql, values)
  await ask(`set session_replication_role = 'replica'`)
  const like = (table: string, id: string, count: number) =>
    ask(
      `insert into kluis.${table} (id, owner_id, team_id, stage, key_slot, contact_sealed, created_at)
       select gen_random_uuid(), $2, ($3::uuid[])[1 + n % cardinality($3::uuid[])], 'customer', 1000000 + n,
         m.contact_sealed, now() - n * interval '1 minute'
       from kluis.${table} m, generate_series(1, ${count}) n where m.id = $1`,
      [id, ownerId, teams],
    )
  await like('person', modelId, PEOPLE)
  await like('company', companyId, PEOPLE / 4)
  await ask(`insert into kluis.person_lookup (person_id, kind, token)
    select id, kind, substr(sha256((id || kind)::bytea), 1, 16) from kluis.person, unnest(array['email', 'phone']) kind`)
  await ask(`insert into kluis.company_lookup (company_id, kind, token)
    select id, 'email', substr(sha256(id::text::bytea), 1, 16) from kluis.company`)
  for (const [table, more, values] of [
    ['note', '', ''],
    ['task', ', assignee_id, due_on', `, p.owner_id, current_date + (random() * 100)::int`],
  ])
    await ask(`insert into kluis.${table} (id, person_id, content_sealed, created_at${more})
      select gen_random_uuid(), p.id, p.contact_sealed, p.created_at${values} from kluis.person p`)
  // Every fifth has a joint dossier with the one before.
  await ask(`insert into kluis.joint_dossier (id, key_slot, content_sealed, created_at)
    select id, key_slot, contact_sealed, created_at from (select *, row_number() over (order by id) n from kluis.person) p where n % 5 = 0`)
  await ask(`insert into kluis.joint_party (joint_dossier_id, person_id, content_sealed)
    select p.id, one, p.contact_sealed from (select id, lag(id) over (order by id), contact_sealed, row_number() over (order by id) n from kluis.person) p,
      unnest(array[p.id, p.lag]) one where p.n % 5 = 0`)
  for (const table of ['note', 'task'])
    await ask(`insert into kluis.${table} (id, joint_dossier_id, content_sealed, created_at)
      select gen_random_uuid(), d.id, d.content_sealed, d.created_at from kluis.joint_dossier d`)
  await ask(`insert into kluis.note_version (note_id, person_id, content_sealed, written_at)
    select id, person_id, content_sealed, created_at from kluis.note where person_id is not null limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.file (person_id, photo_of, import_id, content_sealed, key_sealed, frame_count, completed_at, created_at)
    select id, id, gen_random_uuid(), contact_sealed, contact_sealed, 1, created_at, created_at from kluis.person limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.record_change (person_id, what, created_at)
    select id, '{stage}', created_at from kluis.person`)
  await ask(`insert into kluis.record_change (person_id, what, other_person_id, created_at)
    select id, '{tie-added}', lag, created_at from (select id, created_at, lag(id) over (order by id) from kluis.person) p where lag is not null`)
  await ask(`insert into kluis.follow (user_id, person_id)
    select owner_id, id from kluis.person limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.notification (user_id, kind, person_id)
    select owner_id, 'change', id from kluis.person limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.reveal (person_id, content_sealed)
    select id, contact_sealed from kluis.person limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.confidential_value (field_id, person_id, confidential_sealed, exact_token)
    select f.id, p.id, p.contact_sealed, substr(sha256(p.id::text::bytea), 1, 16)
    from kluis.person p, kluis.field_definition f where f.sensitivity = 'confidential' limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.affiliation (person_id, company_id)
    select p.id, c.id from (select id, row_number() over () n from kluis.person) p
    join (select id, row_number() over () n from kluis.company) c on c.n = p.n`)
  await ask(`insert into kluis.relation (person_id, other_person_id, content_sealed)
    select id, lag, contact_sealed from (select id, lag(id) over (order by id), contact_sealed from kluis.person) p where lag is not null`)
  await ask(`insert into kluis.relation (company_id, other_company_id, is_parent, content_sealed)
    select id, top, true, contact_sealed from (
      select id, contact_sealed, first_value(id) over (partition by n / 50 order by n) top
      from (select id, contact_sealed, row_number() over (order by id) n from kluis.company) c) c
    where id <> top`)
  await ask(`insert into kluis.merge (person_id, kept_id, merged_id, merged_owner_id, merged_team_id, key_slot)
    select id, id, gen_random_uuid(), owner_id, team_id, 1000000 from kluis.person limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.not_duplicate (first_person_id, second_person_id)
    select id, lag from (select id, lag(id) over (order by id desc) from kluis.person) p where lag is not null limit ${LARGE_ROWS * 2}`)
  await ask(`insert into kluis.opening (user_id, session_id, purpose, kind, table_name, subject_ids)
    select owner_id, gen_random_uuid(), 'dossier', 'dossier', 'person', array[id] from kluis.person`)
  await ask(
    `insert into kluis.client_id (user_id, client_id, table_name, row_id)
    select owner_id, gen_random_uuid(), 'person', id from kluis.person`,
  )
  await ask(
    `insert into kluis_auth.session (id, user_id, kind, token_hash, factor, idle_seconds, expires_at)
     select gen_random_uuid(), $1, 'user', sha256(n::text::bytea), 'totp', 3600, now() + interval '1 day'
     from generate_series(1, ${LARGE_ROWS * 2}) n`,
    [ownerId],
  )
  await ask(
    `insert into kluis.record_share (person_id, team_id, ends_at) select id, ($1::uuid[])[2 + n % 40], now() + interval '9 days'
     from (select id, row_number() over () n from kluis.person limit ${LARGE_ROWS * 2}) p`,
    [teams],
  )
  await keepNames(teams)
  await ask(`set session_replication_role = 'origin'`)
  await ask('vacuum analyze')
}

/** Three beginnings of each name, of which one is "pee"; under the keys that the keeper has for these teams. */
async function keepNames(teams: string[]): Promise<void> {
  await kluis.admin.query(
    'update kluis.search_setting set name_prefixes = true, row_version = row_version + 1',
  )
  for (const kind of ['person', 'company'] as const) {
    const words = teams.flatMap((team) =>
      Array.from({ length: 300 }, (_, n) => {
        const word = n === 0 ? 'pee' : `w${n}`
        return { team, n, token: kluis.app.vault.blindToken(nameColumn(kind, team), word) }
      }),
    )
    await kluis.admin.query(
      `insert into kluis.name_prefix (${kind}_id, team_id, seal_counter, token)
       select r.id, r.team_id, r.contact_seal_counter, w.token from kluis.${kind} r, unnest(array['a', 'b', 'c']) more
       join unnest($1::uuid[], $2::int[], $3::bytea[]) as w(team_id, n, token) on true
       where w.team_id = r.team_id and w.n = abs(hashtext(r.id::text || more) % 300) on conflict do nothing`,
      [words.map(({ team }) => team), words.map(({ n }) => n), words.map(({ token }) => token)],
    )
  }
}

/** From the next connection on, each plan stands in the server's log. */
async function explainFromNowOn(): Promise<void> {
  for (const setting of [
    `session_preload_libraries = 'auto_explain'`,
    'auto_explain.log_min_duration = 0',
    'auto_explain.log_nested_statements = on',
    `auto_explain.log_format = 'json'`,
  ])
    await kluis.admin.query(`alter database ${kluis.databaseName} set ${setting}`)
  await kluis.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and usename like 'kluis%'`,
  )
  // Pools notice at their next turn.
  await sales.call('GET', '/api/session')
  readFrom = readFileSync(logFile).length
}

type Plan = { 'Node Type': string; 'Relation Name'?: string; Schema?: string; Plans?: Plan[] }

/** What was read from end to end since the last call, and by which statement. */
async function scans(): Promise<{ statements: number; found: string[] }> {
  await new Promise((resolve) => setTimeout(resolve, 200))
  const log = readFileSync(logFile).subarray(readFrom).toString('utf8')
  readFrom = readFileSync(logFile).length
  const explained = [...log.matchAll(/@(\S+) [^\n]*plan:\n([\s\S]*?\n\t?\})\s*(?=\n|$)/g)].filter(
    ([, database]) => database === kluis.databaseName,
  )
  const found = new Set<string>()
  for (const [, , json] of explained) {
    const { 'Query Text': text, Plan: plan } = JSON.parse(json!.replaceAll('\n\t', '\n')) as {
      'Query Text': string
      Plan: Plan
    }
    for (const relation of relationsScanned(plan))
      if (large.has(`kluis.${relation}`) || large.has(`kluis_auth.${relation}`))
        found.add(`${relation}: ${text.replace(/\s+/g, ' ').slice(0, 160)}`)
  }
  return { statements: explained.length, found: [...found] }
}

function relationsScanned(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : []
  return [...own, ...(plan.Plans ?? []).flatMap(relationsScanned)]
}

const call = async (...asked: Parameters<Caller['call']>) => {
  const answer = await sales.call(...asked)
  expect([200, 201], `${asked[0]} ${asked[1]}: ${answer.body}`).toContain(answer.statusCode)
  return answer
}

test('the large tables are large', () => {
  expect([...large].sort()).toEqual(
    expect.arrayContaining(
      'affiliation client_id company company_lookup confidential_value joint_dossier joint_party merge not_duplicate note opening name_prefix person person_lookup record_share relation reveal task'
        .split(' ')
        .map((name) => `kluis.${name}`),
    ),
  )
})

test('names that are found by their beginning in the database are found without reading all of them', async () => {
  const tx = kluis.app.db.reader(new Hidden(sales.token), 'search')
  for (const [kind, text] of [
    ['person', 'pee'],
    ['person', 'pee w17'],
    ['company', 'pee'],
  ] as const) {
    const words = (await kluis.app.vault.nameTokens(tx, kind, askedPrefixes(kind, text)))!
    const place = { isInTrash: false, limit: 51 }
    const [last] = (await listByNames(tx, kind, words, { ...place, before: undefined })).slice(-1)
    if (text === 'pee') expect(last).toBeDefined()
    if (last)
      await listByNames(tx, kind, words, { ...place, before: { at: last.position, id: last.id } })
  }
  const { statements, found } = await scans()
  expect(statements).toBeGreaterThan(6)
  expect(found).toEqual([])
})

test('a day of work scans no large table', async () => {
  const person = (
    await call('POST', '/api/people', {
      givenName: 'An',
      familyName: 'Maes',
      emails: [{ value: 'an@maes.example' }],
      ibans: ['BE68539007547034'],
      custom: { [secret]: 'Kwikzilver' },
    })
  ).json()
  const company = (await call('POST', '/api/companies', { name: 'Maes NV' })).json()
  for (const [kind, id] of [
    ['people', person.id],
    ['companies', company.id],
  ]) {
    await call('POST', `/api/${kind}/${id}/follow`)
    const note = (
      await call('POST', `/api/${kind}/${id}/notes`, { body: `<@${sales.userId}> belde` })
    ).json()
    await call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'Belde over de offerte' })
    await call('POST', `/api/notes/${note.id}/pin`, { rowVersion: 2, isPinned: true })
    await call('GET', `/api/notes/${note.id}/versions`)
    for (const part of [
      '',
      '/openings',
      '/affiliations',
      '/relations',
      '/notes',
      '/files',
      '/trash',
      '/follow',
    ])
      await call('GET', `/api/${kind}/${id}${part}`)
    for (const query of [
      '',
      '?kind=note',
      '?kind=import',
      `?by=${sales.userId}`,
      '?search=offerte',
    ])
      await call('GET', `/api/${kind}/${id}/timeline${query}`)
    const file = (
      await call('POST', `/api/${kind}/${id}/files`, { name: 'leeg.txt', size: 0 })
    ).json()
    const url = `/api/files/${file.id}/pieces/0`
    const piece = { method: 'PUT', url, cookies: { kluis: sales.token } } as const
    expect((await kluis.app.http.inject(piece)).statusCode).toBe(200)
    await call('GET', `/api/files/${file.id}/upload`)
    await call('POST', `/api/files/${file.id}/complete`)
    await call('GET', `/api/files/${file.id}/content`)
    await call('PATCH', `/api/files/${file.id}`, { rowVersion: 2, name: 'niets.txt' })
    for (const [method, path] of [
      ['DELETE', `files/${file.id}`],
      ['DELETE', `files/${file.id}/for-good`],
      ['DELETE', `notes/${note.id}`],
      ['DELETE', `notes/${note.id}/for-good`],
    ] as const)
      await call(method, `/api/${path}`)
    if (kind === 'people') await showPhoto(id)
    for (const query of ['', '?search=maes', '?sort=-createdAt', '?deleted=true', '?stage=lead'])
      await call('GET', `/api/${kind}${query}`)
    await call('GET', `/api/${kind}/facets`)
    await call('POST', `/api/${kind}/duplicates`, { emails: ['an@maes.example'], name: 'Maes' })
    await call('PATCH', `/api/${kind}/${id}`, { rowVersion: 1, tags: ['vip'] })
    // What it is found by changes too: other lookups come, the old ones go.
    for (const rowVersion of [2, 3])
      await call('PATCH', `/api/${kind}/${id}`, {
        rowVersion,
        emails: [{ value: `an${rowVersion}@maes.example` }],
      })
    await call('POST', `/api/${kind}/bulk`, {
      ids: [id],
      change: { kind: 'stage', stage: 'customer' },
    })
    await call('DELETE', `/api/${kind}/${id}`)
    await call('POST', `/api/${kind}/${id}/restore`)
  }
  await call('POST', `/api/people/${person.id}/affiliations`, { companyId: company.id })
  const second = (await call('POST', '/api/people', { familyName: 'Maes' })).json()
  const parent = (await call('POST', '/api/companies', { name: 'Maes Groep' })).json()
  for (const [path, otherId, kind] of [
    [`people/${person.id}`, second.id, 'partner'],
    [`companies/${company.id}`, parent.id, 'parent-company'],
  ] as const) {
    const body = { otherId, kind, livesTogether: kind === 'partner' }
    const { id } = (await call('POST', `/api/${path}/relations`, body)).json()
    await call('GET', `/api/${path}/relations`)
    await call('GET', `/api/${path}/timeline`)
    await call('PATCH', `/api/${path}/relations/${id}`, { rowVersion: 1, until: '2020-01-01' })
    await call('DELETE', `/api/${path}/relations/${id}`)
  }
  await call('POST', `/api/people/${person.id}/reveal`, { reason: 'Terugbetaling factuur' })
  const exact = { field: `custom.${secret}`, operator: 'is', values: ['kwikzilver'] }
  expect((await call('POST', '/api/people/list', { filter: exact })).json().total).toBe(1)
  await call('GET', '/api/fields')
  const task = (
    await call('POST', '/api/tasks', {
      subject: { kind: 'person', id: person.id },
      title: 'Nabellen',
      dueOn: '2027-01-05',
    })
  ).json()
  for (const query of [
    '',
    '?mine=true&done=false',
    '?done=true',
    '?dueUntil=2027-01-01',
    `?personId=${person.id}`,
    `?companyId=${company.id}`,
  ])
    await call('GET', `/api/tasks${query}`)
  await call('PATCH', `/api/tasks/${task.id}`, { rowVersion: 1, isDone: true })
  const { rowVersion } = (await call('GET', `/api/people/${person.id}`)).json()
  const given = { rowVersion, ownerId: sales.userId, teamId: sales.teamId, note: 'Voor jou' }
  await call('POST', `/api/people/${person.id}/hand-over`, given)
  await call('GET', '/api/notifications')
  await call('GET', '/api/notifications/unread')
  for (const repeats of ['weekly', null])
    await call('PATCH', `/api/tasks/${task.id}`, {
      rowVersion: repeats ? 2 : 3,
      repeats,
      remindAt: '2027-01-05T08:00:00Z',
    })
  const filter = { field: 'city', operator: 'is', values: ['Gent'] }
  for (const kind of ['people', 'companies']) {
    await call('POST', `/api/${kind}/list`, { filter, from: 10 })
    await call('POST', `/api/${kind}/groups`, { by: 'stage' })
    await call('GET', `/api/views?list=${kind}`)
  }
  await call('POST', '/api/favourites', {
    subject: { kind: 'person', id: person.id },
    isFavourite: true,
  })
  for (const path of ['favourites', 'recent', 'activity']) await call('GET', `/api/${path}`)
  await call('POST', '/api/notifications/read', {})
  await call('GET', '/api/sessions')
  await call('GET', '/api/imports')
  const { statements, found } = await scans()
  expect(statements).toBeGreaterThan(150)
  expect(found).toEqual([])
}, 120_000)

test('sharing, and work with a thousand records that others shared, scan no large table', async () => {
  const { rows } = await kluis.admin.query(
    `with foreign_people as (select id from kluis.person where team_id <> $2 and owner_id <> $1 limit 1000)
     insert into kluis.record_share (person_id, user_id, may_edit, ends_at) select id, $1, true, now() + interval '9 days' from foreign_people returning person_id`,
    [sales.userId, sales.teamId],
  )
  kluis.app.who.forgetAll()
  const lent = rows[0].person_id
  for (const part of ['follow', 'notes', 'shares', 'viewers', 'relations', 'timeline'])
    await call('GET', `/api/people/${lent}/${part}`)
  await call('GET', '/api/people?sort=-createdAt')
  await call('POST', '/api/people/list', { from: 0 })
  await call('GET', '/api/tasks?mine=true')
  const own = (await call('POST', '/api/people', { familyName: 'Deel' })).json()
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const { id } = (
    await call('POST', `/api/people/${own.id}/shares`, { teamId: otherTeam, until })
  ).json()
  await call('DELETE', `/api/shares/${id}`)
  const { statements, found } = await scans()
  expect(statements).toBeGreaterThan(40)
  expect(found).toEqual([])
}, 120_000)

test('a joint dossier, what hangs on it, what moves out of it and its end scan no large table', async () => {
  const people: { id: string }[] = []
  for (const familyName of ['Een', 'Twee', 'Drie'])
    people.push((await call('POST', '/api/people', { familyName })).json())
  const [first, second, third] = people
  const parties = [first!, second!].map(({ id }) => ({ personId: id, role: 'partner' }))
  const made = (await call('POST', '/api/joint-dossiers', { parties })).json()
  const at = `/api/joint-dossiers/${made.id}`
  const joined = await call('POST', `${at}/parties`, { personId: third!.id, role: 'child' })
  const last = joined.json().parties.at(-1).id
  await call('PATCH', `${at}/parties/${last}`, { rowVersion: 1, since: '2020-01-01' })
  await call('PATCH', at, { rowVersion: 1, name: 'Samen' })
  await call('POST', `/api/people/${first!.id}/follow`)
  const note = (await call('POST', `${at}/notes`, { body: `<@${sales.userId}> getekend` })).json()
  await call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'Getekend' })
  const subject = { kind: 'joint_dossier', id: made.id }
  const remindAt = '2026-01-05T08:00:00Z'
  const task = (await call('POST', '/api/tasks', { subject, title: 'Akte', remindAt })).json()
  await call('POST', `${at}/files`, { name: 'akte.pdf', size: 0 })
  for (const part of ['', '/notes', '/files', '/trash', '/revision', '/timeline'])
    await call('GET', `${at}${part}`)
  for (const { id } of people) {
    await call('GET', `/api/people/${id}/joint-dossiers`)
    for (const query of ['', '?kind=note', '?search=akte'])
      await call('GET', `/api/people/${id}/timeline${query}`)
    await call('GET', `/api/people/${id}/openings`)
  }
  await call('GET', `/api/tasks?jointDossierId=${made.id}`)
  for (const path of ['activity', 'notifications', 'tasks?mine=true'])
    await call('GET', `/api/${path}`)
  await call('POST', '/api/notifications/read', {})
  const there = { kind: 'person', id: first!.id }
  await call('POST', `/api/notes/${note.id}/move`, { rowVersion: 2, to: there })
  await call('POST', `/api/notes/${note.id}/move`, { rowVersion: 3, to: subject })
  await call('POST', `/api/tasks/${task.id}/move`, { rowVersion: 1, to: there })
  await call('DELETE', `/api/notes/${note.id}`)
  await call('DELETE', `/api/notes/${note.id}/for-good`)
  await call('DELETE', `${at}/parties/${last}`)
  await call('POST', `${at}/end`, { rowVersion: 2 })
  await call('POST', `${at}/reopen`, { rowVersion: 3 })
  const { statements, found } = await scans()
  expect(statements).toBeGreaterThan(100)
  expect(found).toEqual([])
}, 120_000)

test('looking for duplicates, telling apart, merging and undoing scan no large table', async () => {
  const pair = async (kind: string, given: object) => {
    const made: { id: string; rowVersion: number }[] = []
    for (let n = 0; n < 2; n++)
      made.push(
        (
          await call('POST', `/api/${kind}`, {
            ...given,
            emails: [{ value: 'dubbel@dubbel.example' }],
          })
        ).json(),
      )
    return [made[0]!, made[1]!] as const
  }
  for (const [kind, given] of [
    ['people', { familyName: 'Dubbel' }],
    ['companies', { name: 'Dubbel NV' }],
  ] as const) {
    const [kept, other] = await pair(kind, given)
    await call('POST', `/api/${kind}/${other.id}/notes`, { body: 'dubbel' })
    if (kind === 'people') await kluis.app.lookForDuplicates()
    const page = (await call('GET', `/api/${kind}/likely-duplicates`)).json()
    expect(page.items.length).toBe(kind === 'people' ? 1 : 0)
    const told = await call('POST', `/api/${kind}/not-duplicates`, { ids: [kept.id, other.id] })
    await call('DELETE', `/api/${kind}/not-duplicates/${told.json().id}`)
    await call('POST', `/api/${kind}/merges/preview`, { keptId: kept.id, otherId: other.id })
    const merged = await call('POST', `/api/${kind}/merges`, {
      keptId: kept.id,
      otherId: other.id,
      keptVersion: 1,
      otherVersion: 1,
    })
    await call('GET', `/api/${kind}/${other.id}/openings`)
    await call('GET', `/api/${kind}/${kept.id}/merges`)
    await call('POST', `/api/${kind}/merges/${merged.json().id}/undo`)
  }
  await kluis.app.clearMergeRemains()
  const { statements, found } = await scans()
  expect(statements).toBeGreaterThan(150)
  expect(found).toEqual([])
}, 120_000)

test('while the search index is away, lists come from the database by an index too', async () => {
  await kluis.app.index.close()
  for (const kind of ['people', 'companies']) {
    const page = (await call('GET', `/api/${kind}?limit=20`)).json()
    expect(page.items).toHaveLength(20)
    if (page.nextCursor)
      await call('GET', `/api/${kind}?limit=20&cursor=${encodeURIComponent(page.nextCursor)}`)
  }
  expect((await scans()).found).toEqual([])
})

test('without the index of notes, this test would have failed', async () => {
  const [person] = (await call('GET', '/api/people?limit=1')).json().items
  await kluis.admin.query('drop index kluis.note_person')
  await call('GET', `/api/people/${person.id}/timeline`)
  expect((await scans()).found).toEqual([expect.stringMatching(/^note: /)])
})

async function showPhoto(personId: string): Promise<void> {
  const photo = tinyPng([20, 80, 83])
  const given = { name: 'foto.png', size: photo.length, isPhoto: true }
  const { id } = (await sales.call('POST', `/api/people/${personId}/files`, given)).json()
  await kluis.app.http.inject({
    method: 'PUT',
    url: `/api/files/${id}/pieces/0`,
    cookies: { kluis: sales.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: photo,
  })
  expect((await sales.call('POST', `/api/files/${id}/complete`)).statusCode).toBe(200)
  expect((await sales.call('GET', `/api/files/${id}/photo`)).statusCode).toBe(200)
}
