/**
 * What a thief of the database gets, measured: a demo of its own is filled, and everything PostgreSQL keeps of it (each table as rows, its
 * files, its write-ahead log, its log) is read by somebody without a key, who has public statistics of names beside it. What they
 * find is compared with the truth, and docs/assurance/leakage.md is written from it.
 *
 * `npm run drill -- leakage [--people N]`. Exit 1 where plaintext was found. Last line: JSON.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import type { Leakage } from '#security/leakage/contract.ts'
import { makeDemoPeople } from '../../src/demo-people.ts'
import { openProgram } from '../support/program.ts'
import { leakageDocument, prefixLeakSource } from './parts/leakage-document.ts'
import { measurePrefixLeak } from './parts/name-prefix-leak.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '4000' },
    seed: { type: 'string', default: 'leakage' },
    rounds: { type: 'string' },
    out: { type: 'string' },
  },
})
const document =
  values.out ?? fileURLToPath(new URL('../../docs/assurance/leakage.md', import.meta.url))
// What the settings show before somebody chooses it.
const figures = fileURLToPath(new URL('../../src/security/search/prefix-leak.ts', import.meta.url))
// The demo's own; statistics come from another draw of the same lists of names, as public statistics would.
const OTHER_SEED = 1

type Person = {
  id: string
  givenName: string
  familyName: string
  emails: string[]
  phones: string[]
  city: string
  birthday: string
  hasAccount: boolean
}
export type Guessed = {
  what: string
  records: number
  different: number
  most: number
  /** Right guesses of whoever knows how often each value comes, but not whose it is. */
  right: number
  /** What a guess of the commonest value for everybody would get right. */
  byChance: number
}

// Ties are broken the same way in each run.
const order = (text: string) => createHash('sha256').update(`${values.seed} ${text}`).digest('hex')

function counted(list: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (order(a[0]) < order(b[0]) ? -1 : 1))
}

/**
 * Frequency analysis: the commonest token is taken for the commonest value, the next for the next. `known` is what the attacker has of
 * public statistics of the column.
 */
function guessByFrequency(
  what: string,
  rows: { token: string; value: string }[],
  known: readonly string[],
): Guessed {
  const [tokens, guesses] = [counted(rows.map(({ token }) => token)), counted(known)]
  const guessOf = new Map(tokens.map(([token], rank) => [token, guesses[rank]?.[0]]))
  const commonest = guesses[0]?.[0]
  return {
    what,
    records: rows.length,
    different: tokens.length,
    most: tokens[0]?.[1] ?? 0,
    right: rows.filter(({ token, value }) => guessOf.get(token) === value).length,
    byChance: rows.filter(({ value }) => value === commonest).length,
  }
}

/** Spearman's rank correlation: 1 where both orders are the same, 0 where they have nothing to do with each other. */
function likeness(pairs: { a: number; b: number }[]): number {
  const ranks = (of: (pair: { a: number; b: number }) => number) => {
    const sorted = pairs
      .map((pair, i) => ({ i, value: of(pair) }))
      .sort((x, y) => x.value - y.value)
    const at = new Array<number>(pairs.length)
    for (const [rank, { i }] of sorted.entries()) at[i] = rank
    return at
  }
  const [a, b] = [ranks((pair) => pair.a), ranks((pair) => pair.b)]
  const n = pairs.length
  const squares = a.reduce((sum, rank, i) => sum + (rank - b[i]!) ** 2, 0)
  return 1 - (6 * squares) / (n * (n * n - 1))
}

/** Bits that a length tells: the entropy of how rows are spread over lengths. */
function bits(lengths: readonly number[]): number {
  return counted(lengths.map(String)).reduce((sum, [, n]) => {
    const share = n / lengths.length
    return sum - share * Math.log2(share)
  }, 0)
}

/** How often the best guess from a length is right. */
function guessByLength(rows: { length: number; value: string }[]): number {
  const groups = Map.groupBy(rows, ({ length }) => length)
  let right = 0
  for (const group of groups.values()) right += counted(group.map(({ value }) => value))[0]![1]
  return right / rows.length
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** Which of these stand somewhere in these files, in UTF-8. */
function found(needles: string[], files: string[], work: string): Set<string> {
  const list = join(work, 'needles')
  writeFileSync(list, `${needles.join('\n')}\n`)
  const done = spawnSync('grep', ['-aohFf', list, '--', ...files], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, LC_ALL: 'C' },
  })
  if (done.status !== 0 && done.status !== 1) throw new Error(`grep: ${done.stderr}`)
  return new Set(done.stdout.split('\n').filter(Boolean))
}

const program = await openProgram()
let exitCode = 0
try {
  await program.start('demo', 'the demo is filled', ['--people', values.people])
  const cookie = await program.signIn('administrator')
  const { tables } = (await program.call('GET', '/api/leakage', cookie)).body as unknown as Leakage
  const admin = new pg.Client({ ...program.postgres, user: 'kluis_admin', database: 'kluis' })
  await admin.connect()
  const ask = async <T extends object>(text: string): Promise<T[]> => (await admin.query(text)).rows

  // The truth, which the attacker does not have.
  const exported = JSON.parse(await program.exported('people', 'administrator')) as Record<
    string,
    unknown
  >[]
  const people = exported.map(personOf)
  const truth = new Map(people.map((person) => [person.id, person]))

  // The dump, the files, the write-ahead log and the logs.
  await ask('checkpoint')
  const dump = join(program.root, 'dump.txt')
  const lines: string[] = []
  for (const { name } of tables)
    lines.push(
      ...(await ask<{ row: string }>(`select t::text as row from ${name} t`)).map(({ row }) => row),
    )
  writeFileSync(dump, lines.join('\n'))
  const files = [
    dump,
    ...filesUnder(program.data).filter((path) => /\/(postgres|ledger|log)\b|\.log$/.test(path)),
  ]
  const wanted: Record<string, string[]> = {
    'first names': people.map(({ givenName }) => givenName).filter((name) => name.length >= 7),
    'last names': people.map(({ familyName }) => familyName).filter((name) => name.length >= 7),
    'e-mail addresses': people.flatMap(({ emails }) => emails),
    'phone numbers': people.flatMap(({ phones }) => phones),
    cities: people.map(({ city }) => city).filter((name) => name.length >= 7),
  }
  // PostgreSQL itself names languages and countries, some of which are names of people too: what an empty database has is no leak.
  const ofPostgres = files.filter((path) => /\/base\/[145]\/|\.conf$/.test(path))
  const plain = Object.entries(wanted).map(([what, list]) => {
    const different = [...new Set(list)]
    const empty = found(different, ofPostgres, program.root)
    const hits = [...found(different, files, program.root)].filter((hit) => !empty.has(hit))
    return { what, sought: different.length - empty.size, found: hits }
  })
  // What is not there must be findable: a name that stands readable by design.
  const control = found(['Verkoop'], files, program.root).size

  // Equality and frequency, with what the column's values are as public statistics: more than an attacker has.
  const lookups = await ask<{ id: string; kind: string; token: string }>(
    `select person_id as id, kind, encode(token, 'hex') as token from kluis.person_lookup`,
  )
  const valuesOf: Record<string, (person: Person) => string[]> = {
    email: ({ emails }) => emails,
    phone: ({ phones }) => phones,
  }
  const indexed = [...new Set(lookups.map(({ kind }) => kind))].sort().map((kind) => {
    const rows = lookups.filter((one) => one.kind === kind)
    const withValue = rows.flatMap(({ id, token }) => {
      const known = valuesOf[kind]?.(truth.get(id)!) ?? []
      return known.length === 1 ? [{ token, value: known[0]! }] : []
    })
    const judged =
      withValue.length > 0 ? withValue : rows.map(({ token }) => ({ token, value: token }))
    const guessed = guessByFrequency(
      kind,
      judged,
      judged.map(({ value }) => value),
    )
    // Of values this drill does not export, only what equality shows is known.
    return withValue.length > 0 ? guessed : { ...guessed, right: -1, byChance: -1 }
  })
  const shared = counted(lookups.map(({ kind, token }) => `${kind} ${token}`)).filter(
    ([, n]) => n > 1,
  )

  // The same attack on what the registry refuses, were it indexed: why it does.
  const other = await makeDemoPeople(people.length, OTHER_SEED)
  const cells = other.rows.map((row) => row.slice(1, -1).split('";"'))
  const columnOf = (name: string) => {
    const at = other.header.slice(1, -1).split('";"').indexOf(name)
    return cells.map((row) => row[at]!).filter(Boolean)
  }
  const refused = (
    [
      ['first name', 'voornaam', (person: Person) => person.givenName],
      ['last name', 'achternaam', (person: Person) => person.familyName],
      ['city', 'gemeente', (person: Person) => person.city],
    ] as const
  ).map(([what, column, of]) => {
    const values = people.map(of).filter(Boolean)
    const rows = values.map((value) => ({ token: `t${value}`, value }))
    const withOwn = guessByFrequency(what, rows, values)
    return { ...guessByFrequency(what, rows, columnOf(column)), rightWithOwn: withOwn.right }
  })

  // Order, times, sizes.
  const rows = await ask<{
    id: string
    slot: number
    at: string
    length: number
    has_account: boolean
    stage: string
  }>(`select id, key_slot::int as slot, extract(epoch from created_at)::text as at, octet_length(contact_sealed) as length,
      confidential_sealed is not null as has_account, stage from kluis.person where merged_into is null`)
  const placed = rows.flatMap(({ id, slot, at }) => {
    const line = /(\d+)@/.exec(truth.get(id)?.emails[0] ?? '')?.[1]
    return line ? [{ slot, at: Number(at), line: Number(line) }] : []
  })
  const lengths = rows.map(({ length }) => length)
  const ofLength = (value: (person: Person) => string) =>
    rows.flatMap(({ id, length }) => {
      const person = truth.get(id)
      return person ? [{ length, value: value(person) }] : []
    })
  const base = (list: { value: string }[]) =>
    counted(list.map(({ value }) => value))[0]![1] / list.length
  const told = (
    [
      ['whether there is a phone number', ({ phones }: Person) => String(phones.length > 0)],
      ['whether there is an e-mail address', ({ emails }: Person) => String(emails.length > 0)],
      ['whether there is a date of birth', ({ birthday }: Person) => String(birthday !== '')],
      ['the first name', ({ givenName }: Person) => givenName],
      ['the city', ({ city }: Person) => city],
    ] as const
  ).map(([what, of]) => {
    const list = ofLength(of)
    return { what, byLength: guessByLength(list), byChance: base(list) }
  })
  const notes = (
    await ask<{ length: number }>('select octet_length(content_sealed) as length from kluis.note')
  ).map(({ length }) => length)
  const works = await ask<{ company: string; n: number }>(
    'select company_id as company, count(*)::int as n from kluis.affiliation group by 1',
  )
  const sizes = counted(works.map(({ n }) => String(n)))
  const [totals] = await ask<{ openings: number; changes: number }>(
    'select (select count(*)::int from kluis.opening) as openings, (select count(*)::int from kluis.record_change) as changes',
  )

  // Last: what would be there besides, had the organisation chosen to keep the beginnings of names.
  await ask('update kluis.search_setting set name_prefixes = true, row_version = row_version + 1')
  for (let isWritten = false; !isWritten; ) {
    await sleep(500)
    const { names } = (await program.call('GET', '/api/search', cookie)).body as unknown as {
      names: { isWriting: boolean; records: number; found: number }
    }
    isWritten = !names.isWriting && names.found === names.records
  }
  const kept = await ask<{ id: string; team: string; tokens: string[] }>(
    `select person_id as id, team_id as team, array_agg(encode(token, 'hex') order by token) as tokens
     from kluis.name_prefix where person_id is not null group by 1, 2`,
  )
  const statistics = cells.map((row, at) => ({
    id: String(at),
    givenName: row[other.header.slice(1, -1).split('";"').indexOf('voornaam')]!,
    familyName: row[other.header.slice(1, -1).split('";"').indexOf('achternaam')]!,
  }))
  const prefixes = measurePrefixLeak(kept, people, statistics)

  const result = {
    prefixes,
    people: rows.length,
    bytesRead: files.reduce((sum, path) => sum + statSync(path).size, 0),
    plain: plain.map(({ what, sought, found: hits }) => ({ what, sought, found: hits.length })),
    indexed,
    shared: shared.length,
    refused,
    slots: {
      withFile: likeness(placed.map(({ slot, line }) => ({ a: slot, b: line }))),
      withTime: likeness(placed.map(({ slot, at }) => ({ a: slot, b: at }))),
    },
    accounts: {
      guessed:
        rows.filter(({ id, has_account: has }) => truth.get(id)?.hasAccount === has).length /
        rows.length,
    },
    lengths: {
      different: new Set(lengths).size,
      bits: bits(lengths),
      rarest: Math.min(...counted(lengths.map(String)).map(([, n]) => n)),
      told,
    },
    notes: { rows: notes.length, different: new Set(notes).size },
    employers: {
      companies: works.length,
      links: works.reduce((sum, { n }) => sum + n, 0),
      onlyOneOfItsSize: sizes.filter(([, n]) => n === 1).length,
    },
    traces: totals!,
  }
  await admin.end()
  if (control === 0) throw new Error('the search found nothing at all, not even the name of a team')
  const leaked = plain.filter(({ found: hits }) => hits.length > 0)
  for (const { what, found: hits } of leaked)
    for (const hit of hits.slice(0, 10)) {
      const where = spawnSync('grep', ['-alF', hit, '--', ...files], { encoding: 'utf8' }).stdout
      console.log(`readable: ${what}: ${hit} in ${where.trim().split('\n').join(', ')}`)
    }
  writeFileSync(document, leakageDocument(result, tables))
  if (!values.out) writeFileSync(figures, prefixLeakSource(prefixes))
  exitCode = leaked.length > 0 ? 1 : 0
  console.log(JSON.stringify(result))
} finally {
  await program.kill()
  rmSync(program.root, { recursive: true, force: true })
}
process.exit(exitCode)

function personOf(line: Record<string, unknown>): Person {
  const list = (key: string) => ((line[key] ?? []) as { value: string }[]).map(({ value }) => value)
  return {
    id: String(line.id),
    givenName: String(line.givenName ?? ''),
    familyName: String(line.familyName ?? ''),
    emails: list('emails'),
    phones: list('phones'),
    city: ((line.addresses ?? []) as { city?: string }[])[0]?.city ?? '',
    birthday: String(line.birthday ?? ''),
    hasAccount: ((line.ibans ?? []) as unknown[]).length > 0,
  }
}
