/**
 * The same people in plaintext, in a PostgreSQL of its own with `pg_trgm` and a GIN index: what most programs search with.
 * It is asked for a page alone, without the total that the memory index gives with it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { handOver, unprivilegedUser } from '../../src/unprivileged-user.ts'

export type PlainPerson = {
  id: string
  team: string
  name: string
  words: string
  sortName: string
}
export type PlainKind = 'prefix' | 'substring' | 'typo' | 'exact'
export type PlainSearch = {
  version: string
  fillSeconds: number
  sizeMb: number
  ask(kind: PlainKind, text: string, team: string | undefined): Promise<string[]>
  close(): Promise<void>
}

const BATCH = 5_000
const PAGE = 20

export async function openPlainSearch(people: readonly PlainPerson[]): Promise<PlainSearch> {
  const folder = mkdtempSync(join(tmpdir(), 'kluis-bench-'))
  const runAs = unprivilegedUser(folder)
  if (runAs) handOver(folder, runAs)
  const postgres = await openEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    ...(runAs ? { runAs } : {}),
    settings: { shared_buffers: '512MB', maintenance_work_mem: '512MB', fsync: 'off' },
  })
  const client = new pg.Client(postgres.adminConnection('postgres'))
  await client.connect()
  const startedMs = performance.now()
  await client.query(`create extension pg_trgm;
    create unlogged table person (id uuid, team text, words text, sort_name text collate "C")`)
  for (let at = 0; at < people.length; at += BATCH) {
    const part = people.slice(at, at + BATCH)
    await client.query(
      'insert into person select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])',
      [
        part.map(({ id }) => id),
        part.map(({ team }) => team),
        part.map(({ words }) => words),
        part.map(({ sortName }) => sortName),
      ],
    )
  }
  await client.query(`create index on person using gin (words gin_trgm_ops);
    create index on person (team, sort_name);
    create index on person (sort_name)`)
  await client.query('vacuum analyze person')
  const fillSeconds = Number(((performance.now() - startedMs) / 1000).toFixed(1))
  const { rows } = await client.query<{ version: string; size: string }>(
    `select version(), pg_total_relation_size('person') as size`,
  )
  const inTeam = (team: string | undefined) => (team === undefined ? '' : 'and team = $2')
  const statements = (team: string | undefined): Record<PlainKind, string> => {
    const like = `select id from person where words like $1 ${inTeam(team)} order by sort_name limit ${PAGE}`
    return {
      prefix: like,
      substring: like,
      exact: like,
      typo: `select id from person where $1 <% words ${inTeam(team)} order by $1 <<-> words limit ${PAGE}`,
    }
  }
  const patternOf: Record<PlainKind, (text: string) => string> = {
    prefix: (text) => `% ${text}%`,
    substring: (text) => `%${text}%`,
    exact: (text) => `% ${text} %`,
    typo: (text) => text,
  }
  return {
    version: rows[0]!.version.split(' ').slice(0, 2).join(' '),
    fillSeconds,
    sizeMb: Math.round(Number(rows[0]!.size) / 1048576),
    async ask(kind, text, team) {
      const pattern = patternOf[kind](text)
      const found = await client.query<{ id: string }>({
        name: `${kind} ${team === undefined ? 'all' : 'team'}`,
        text: statements(team)[kind],
        values: team === undefined ? [pattern] : [pattern, team],
      })
      return found.rows.map(({ id }) => id)
    },
    async close() {
      await client.end()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
