/**
 * Any SQL, by chance, as each role of the database that the program signs in with and in the session of each role of
 * another team: for every table and every verb. No row that another team made is read, changed, removed or hung upon.
 *
 * `KLUIS_TEST_SEED` repeats a run, `KLUIS_TEST_TRIES` makes it longer. A statement that gets through is made as small as it goes and named. That the search
 * finds what is there is shown with holes that are planted.
 */
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  Chance,
  type Row,
  readTables,
  type Statement,
  Statements,
  type Table,
  textOf,
  type Verb,
  verbs,
} from '../support/fuzz-sql.ts'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'
import { type Kind, Records } from '../support/records.ts'

const TRIES = Number(process.env.KLUIS_TEST_TRIES ?? 10_000)
const TRIES_AT_A_HOLE = 600
// The same each time, so that a build does not fail by chance on what it did not change; others are for a longer look.
const seed = process.env.KLUIS_TEST_SEED ?? 'kluis'

const kinds: Kind[] = [
  ...(['person', 'company', 'note', 'task', 'upload', 'file', 'photo', 'affiliation'] as const),
  ...(['relation', 'companies told apart', 'told apart', 'merge', 'view', 'import'] as const),
  ...(['passkey', 'notification', 'revealed account', 'edited note'] as const),
  ...([
    'followed favourite',
    'import that changes',
    'company merge',
    'company relation',
    'joint note',
    'joint task',
    'joint file',
    'share',
  ] as const),
]
// What columns of a file mean is for every importer; what a colleague is called, for every colleague.
// How much a colleague opened is for whoever watches over budgets, whatever their team.
const shared = new Set([
  'kluis.import_mapping',
  'kluis.alarm',
  'kluis.budget',
  'kluis.budget_raise',
  'kluis.budget_seen',
  'kluis.budget_use',
  'kluis.erasure',
  'kluis.retained_opening',
  'kluis.freeze',
])
// Of the role that signs people in: it has all of these, and no customers.
const ofSignIn = /^kluis_auth\./
// Of the role that keeps the log: hashes of changes, and no values.
const ofLedger = /^kluis_ledger\./

/**
 * A merge carries over that a record was told apart from one that its caller does not see, so the role that merges may
 * write that of any two of which its caller sees one. It tells nothing, and whoever sees the other learns nothing of it.
 */
const isCarriedOver = (as: As, { verb, table }: Statement) =>
  as.role === 'kluis_worker' && verb === 'insert' && table === 'kluis.not_duplicate'

type As = { role: string; who: string; token: string }
type Found = { as: As; statement: Statement; what: string }

let kluis: TestKluis
let admin: pg.Client
let tables: Table[]
let asking: As[]
let foreignWords: string[]
let patterns: string[]

beforeAll(async () => {
  kluis = await openTestKluis()
  admin = kluis.admin
  const bea = await kluis.setUp('team')
  const ours = await kluis.newTeam('Onze ploeg')
  const ana = await kluis.colleague(bea, 'manager', await kluis.newTeam('Andere ploeg'))
  const callers: [string, Caller][] = []
  for (const role of ['administrator', 'manager', 'sales', 'support'])
    callers.push([role, await kluis.colleague(bea, role, ours)])
  await bea.call('POST', '/api/fields', {
    ...{ recordKind: 'person', kind: 'text', label: { nl: 'Geheim', en: 'Secret' } },
    ...{ sensitivity: 'confidential', roles: ['manager', 'sales'] },
  })
  tables = await readTables(admin)
  await admin.query(
    'update kluis.search_setting set name_prefixes = true, row_version = row_version + 1',
  )
  const before = await rowsOfAll()
  await fill(callers[1]![1])
  await kluis.app.keys.names.catchUp()
  const between = await rowsOfAll()
  await fill(ana)
  await kluis.app.keys.names.catchUp()
  const after = await rowsOfAll()
  for (const table of tables) {
    const made = (from: Map<string, string[]>, to: Map<string, string[]>): Row[] => {
      const known = new Set(from.get(table.name))
      return to
        .get(table.name)!
        .filter((row) => !known.has(row))
        .map((row) => JSON.parse(row) as Row)
    }
    table.own = made(before, between)
    table.foreign = shared.has(table.name) ? [] : made(between, after)
  }
  // By these a row of theirs is known in an answer: what stands in its key and in no row of anybody else.
  const others = JSON.stringify([...between.values()])
  foreignWords = [
    ...new Set(
      tables
        .filter(({ name }) => name.startsWith('kluis.'))
        .flatMap(({ key, foreign }) =>
          foreign.flatMap((row) => key.map((one) => String(row[one]))),
        ),
    ),
  ].filter((word) => word.length === 36 && !others.includes(word))
  patterns = foreignWords.map((word) => `%${word}%`)
  const nobody: [string, string] = ['nobody', '']
  const tokens = [...callers.map(([role, { token }]): [string, string] => [role, token]), nobody]
  asking = [
    ...tokens.map(([who, token]) => ({ role: 'kluis_app', who, token })),
    ...[
      ...(['kluis_worker', 'kluis_keeper', 'kluis_rotation', 'kluis_sign_in'] as const),
      ...(['kluis_ledger', 'kluis_monitor'] as const),
    ].map((role) => ({ role, who: 'manager', token: callers[1]![1].token })),
  ]
}, 120_000)
afterAll(() => kluis.close())

async function fill(caller: Caller): Promise<void> {
  const records = new Records(kluis, caller, 'mark')
  for (const kind of kinds) await records.make(kind, caller)
  await fillBelow(caller)
}

/** What is there only while an import runs, and what needs a field of a sensitive kind first. */
async function fillBelow(caller: Caller): Promise<void> {
  const sealed = `'\\x4b5301'::bytea || decode(repeat('00', 100), 'hex')`
  const { rows } = await admin.query(
    `select r.id as run, p.id as person from kluis.import_run r, kluis.person p
     where r.created_by = $1 and p.created_by = $1 and p.merged_into is null limit 1`,
    [caller.userId],
  )
  const { run, person } = rows[0]
  await admin.query(`
    insert into kluis.import_file (id, import_id, part, content_sealed) values (gen_random_uuid(), '${run}', 7, ${sealed});
    insert into kluis.import_batch (id, import_id, first_row, content_sealed) values (gen_random_uuid(), '${run}', 70, ${sealed});
    insert into kluis.import_change (id, import_id, person_id, record_version, content_sealed) values (gen_random_uuid(), '${run}', '${person}', 2, ${sealed});
    insert into kluis.confidential_value (field_id, person_id, confidential_sealed) select id, '${person}', ${sealed} from kluis.field_definition`)
}

async function rowsOfAll(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const { name } of tables) {
    const { rows } = await admin.query(`select to_jsonb(t)::text as row from ${name} t`)
    found.set(
      name,
      rows.map(({ row }) => row),
    )
  }
  return found
}

/** A statement of several, so that a try is one round trip; what follows an error is not done. */
async function tried(
  as: As,
  statement: Statement,
  onAnswer: () => void = () => {},
): Promise<string | undefined> {
  const text = textOf(statement)
  const mayRead =
    (as.role === 'kluis_sign_in' && ofSignIn.test(statement.table)) ||
    (as.role === 'kluis_ledger' && ofLedger.test(statement.table))
  let results: pg.QueryResult[]
  try {
    results = (await admin.query(`begin;
      select set_config('kluis.session', '${as.token}', true), set_config('statement_timeout', '10s', true);
      set local role ${as.role}; ${text}; reset role`)) as unknown as pg.QueryResult[]
  } catch (error) {
    await admin.query('rollback')
    return foundIn((error as { detail?: string }).detail ?? '', text)
  }
  onAnswer()
  try {
    const { rows } = results[3]!
    if (statement.verb === 'count' && !mayRead) {
      const { foreign, name } = tables.find((one) => one.name === statement.table)!
      const all = await admin.query(`select count(*)::int as n from ${name}`)
      if (foreign.length > 0 && rows[0].n > all.rows[0].n - foreign.length)
        return `counted ${rows[0].n} of ${all.rows[0].n} rows, ${foreign.length} of them theirs`
    }
    if (!mayRead && !/^(insert|update)/.test(text)) {
      const read = foundIn(JSON.stringify(rows), text)
      if (read) return read
    }
    const isLooked = isWriting(statement.verb) && !mayRead && !isCarriedOver(as, statement)
    return isLooked ? await whatWasDone() : undefined
  } finally {
    await admin.query('rollback')
  }
}

const isWriting = (verb: Verb) => verb !== 'select' && verb !== 'count'

/** What one wrote oneself tells nothing. */
function foundIn(answer: string, asked: string): string | undefined {
  const word = foreignWords.find((one) => answer.includes(one) && !asked.includes(one))
  return word && `it was told of ${word}`
}

/**
 * In the same transaction, seen by whoever sees everything: rows written in it that name theirs, and theirs that are
 * gone. Of which import a row says to come is its maker's word: nothing is done by it to the import of another.
 */
async function whatWasDone(): Promise<string | undefined> {
  const { rows } = await admin.query({ name: 'what-was-done', text: doneSql(), values: [patterns] })
  return rows[0] && `${rows[0].what}: ${rows[0].row}`
}

const doneSql = () =>
  tables
    // What somebody called their own by such an id says nothing of it, and is their own.
    .filter(({ name }) => name.startsWith('kluis.') && name !== 'kluis.client_id')
    .map(({ name, key, foreign }) => {
      const keys = foreign.map((row) => `'${key.map((one) => row[one]).join(' ')}'`)
      const keyed = key.map((one) => `(to_jsonb(t) ->> '${one}')`).join(` || ' ' || `)
      const gone = keys.length
        ? `union all (select 'removed from ${name}', '' where
            (select count(*) from ${name} t where ${keyed} in (${keys})) < ${keys.length})`
        : ''
      return `(select 'written in ${name}' as what, t::text as row from ${name} t
        where t.xmin = pg_current_xact_id()::xid and (to_jsonb(t) - 'import_id')::text like any ($1) limit 1) ${gone}`
    })
    .join(' union all ')

/** Leaves out what it can and still gets through. */
async function smaller({ as, statement, what }: Found): Promise<Found> {
  for (let i = 0; i < statement.may.length; i++) {
    const less = { ...statement, may: statement.may.filter((_, at) => at !== i) }
    const still = await tried(as, less)
    if (still) return smaller({ as, statement: less, what: still })
  }
  return { as, statement, what }
}

async function search(
  tries: number,
  from: { seed: string; only?: { table: string; verbs: Verb[] } },
): Promise<{ found?: string; answered: Record<Verb, number> }> {
  const chance = new Chance(from.seed)
  const statements = new Statements(tables, chance)
  const places = tables
    .filter(({ name }) => !from.only || name === from.only.table)
    // What customers hang on comes round most often; of the rest nearly all is refused at the door.
    .flatMap((table) => (table.name.startsWith('kluis.') ? [table, table, table] : [table]))
    .flatMap(({ name }) =>
      (from.only?.verbs ?? verbs).flatMap((verb) => asking.map((as) => ({ name, verb, as }))),
    )
  const answered = { select: 0, count: 0, insert: 0, update: 0, delete: 0 }
  for (let i = 0; i < tries; i++) {
    // Each in turn, so that none is left out.
    const { name, verb, as } = places[i % places.length]!
    const statement = statements.make(verb, name)
    const what = await tried(as, statement, () => answered[verb]++)
    if (!what) continue
    const found = await smaller({ as, statement, what })
    return {
      answered,
      found: `${found.what}\nas ${as.role} in the session of ${as.who} (seed ${from.seed}, try ${i}):\n${textOf(found.statement)}`,
    }
  }
  return { answered }
}

test('there are rows of both teams in every table that customers hang on', () => {
  const empty = tables
    .filter(
      ({ name, columns }) =>
        !shared.has(name) &&
        columns.some(({ name }) => /^(person|company|note|file|import)_id$/.test(name)),
    )
    .filter(({ own, foreign }) => own.length === 0 || foreign.length === 0)
    .map(({ name }) => name)
  expect(empty).toEqual([])
})

test(`${TRIES} statements for every table, verb and role get at no row of another team (seed ${seed})`, async () => {
  const { found, answered } = await search(TRIES, { seed })
  expect(found).toBeUndefined()
  // Most are refused, as they should be; of every verb enough went through to have been able to do harm.
  for (const verb of verbs) expect([verb, answered[verb] > TRIES / 300]).toEqual([verb, true])
}, 600_000)

test.each<[string, string, Verb[], string]>([
  ['read', 'note', ['select', 'count'], 'parent_seen'],
  ['change', 'person', ['update'], 'changed'],
  ['remove', 'task', ['delete'], 'parent_removed'],
  ['hang upon', 'note', ['insert'], 'parent_noted'],
])('a planted hole to %s is found, in kluis.%s', async (_what, table, only, policy) => {
  const { rows } = await admin.query(
    `select polcmd, pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as check
     from pg_policy where polname = $1 and polrelid = ('kluis.' || $2)::regclass`,
    [policy, table],
  )
  const clauses = (using: string, check: string) =>
    `${rows[0].using ? `using (${using})` : ''} ${rows[0].check ? `with check (${check})` : ''}`
  await admin.query(`alter policy ${policy} on kluis.${table} ${clauses('true', 'true')}`)
  // Changing and removing need to see the row first.
  const isSeen = rows[0].polcmd === 'r' || rows[0].polcmd === 'a'
  if (!isSeen)
    await admin.query(`create policy lifted on kluis.${table} for select to kluis_app using (true)`)
  try {
    const { found } = await search(TRIES_AT_A_HOLE, {
      seed: 'planted',
      only: { table: `kluis.${table}`, verbs: only },
    })
    expect(found).toContain(`kluis.${table}`)
  } finally {
    if (!isSeen) await admin.query(`drop policy lifted on kluis.${table}`)
    await admin.query(
      `alter policy ${policy} on kluis.${table} ${clauses(rows[0].using, rows[0].check)}`,
    )
  }
})
