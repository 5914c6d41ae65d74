/**
 * What Kluis is compared with: Fastify and `pg` over plaintext tables with the usual indexes, the same fields, no
 * sign-in, no row security, no sealing, no ledger, no trace. node bench/load/bare-server.ts PEOPLE
 * Prints its port when ready; ends with its input.
 */
import { randomUUID } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import Fastify from 'fastify'
import pg from 'pg'
import { openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { makeDemoPeople } from '../../src/demo-people.ts'
import { unprivilegedUser } from '../../src/unprivileged-user.ts'

const SEED = 20_261_124
const CHUNK = 1000
// As many connections as Kluis opens for the same work.
const CONNECTIONS = 10

const directory = mkdtempSync(join(tmpdir(), 'kluis-bare-'))
const runAs = unprivilegedUser(directory)
if (runAs) chownSync(directory, runAs.uid, runAs.gid)
const postgres = await openEmbeddedPostgres({
  dataDirectory: join(directory, 'postgres'),
  ...(runAs ? { runAs } : {}),
})
const pool = new pg.Pool({ ...postgres.adminConnection('postgres'), max: CONNECTIONS })
// At the end PostgreSQL is stopped under it.
pool.on('error', () => {})
await pool.query(`
  create table person (
    id uuid primary key, given_name text not null, family_name text not null, emails jsonb not null,
    phones jsonb not null, addresses jsonb not null, language text not null, birthday text not null,
    tags jsonb not null, ibans jsonb not null, stage text not null, owner_id uuid not null, team_id uuid not null,
    created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
    row_version integer not null default 1);
  create index on person (lower(family_name), lower(given_name), id);
  create index on person (created_at desc, id);
  create index on person ((emails -> 0 ->> 'value'));
  create index on person ((phones -> 0 ->> 'value'))`)

type Fields = Record<string, unknown>
const owner = randomUUID()
const team = randomUUID()
const insert = `insert into person (id, given_name, family_name, emails, phones, addresses, language, birthday, tags,
  ibans, stage, owner_id, team_id) `

await fill(Number(process.argv[2] ?? 1000))

async function fill(count: number): Promise<void> {
  const made = await makeDemoPeople(count, SEED)
  const rows = parse([made.header, ...made.rows].join('\n'), {
    columns: true,
    delimiter: ';',
    bom: true,
  }) as Record<string, string>[]
  for (let from = 0; from < rows.length; from += CHUNK) {
    const part = rows.slice(from, from + CHUNK).map((row) => ({
      id: randomUUID(),
      given_name: row.voornaam,
      family_name: row.achternaam,
      emails: row.email ? [{ value: row.email }] : [],
      phones: row.telefoon ? [{ value: row.telefoon }] : [],
      addresses: [
        { street: row.straat, postalCode: row.postcode, city: row.gemeente, country: row.land },
      ],
      language: row.taal,
      birthday: row.geboortedatum,
      tags: (row.labels ?? '').split(',').filter(Boolean),
      ibans: row.iban ? [row.iban] : [],
      stage: 'customer',
      owner_id: owner,
      team_id: team,
    }))
    await pool.query(
      `${insert} select id, given_name, family_name, emails, phones, addresses, language, birthday, tags, ibans, stage,
       owner_id, team_id from jsonb_populate_recordset(null::person, $1)`,
      [JSON.stringify(part)],
    )
  }
  await pool.query('analyze')
}

const shown = (row: Fields) => ({
  id: row.id,
  displayName: `${row.given_name} ${row.family_name}`,
  givenName: row.given_name,
  familyName: row.family_name,
  emails: row.emails,
  phones: row.phones,
  addresses: row.addresses,
  language: row.language,
  birthday: row.birthday,
  tags: row.tags,
  ibans: row.ibans,
  stage: row.stage,
  ownerId: row.owner_id,
  teamId: row.team_id,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  rowVersion: row.row_version,
})

const app = Fastify()
const named = (name: string, text: string, values: unknown[]) => pool.query({ name, text, values })
app.get<{ Querystring: { limit?: string; sort?: string } }>('/api/people', async ({ query }) => {
  const order =
    query.sort === '-createdAt'
      ? 'created_at desc, id'
      : 'lower(family_name), lower(given_name), id'
  const { rows } = await named(`list ${order}`, `select * from person order by ${order} limit $1`, [
    Number(query.limit ?? 50),
  ])
  return { items: rows.map(shown), nextCursor: rows.at(-1)?.id ?? null }
})
app.get<{ Params: { id: string } }>('/api/people/:id', async ({ params }, reply) => {
  const { rows } = await named('one', 'select * from person where id = $1', [params.id])
  return rows[0] ? shown(rows[0]) : reply.status(404).send({ code: 'not-found' })
})
app.post<{ Body: Fields }>('/api/people', async ({ body }, reply) => {
  const { rows } = await named(
    'insert',
    `${insert} values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning *`,
    [
      randomUUID(),
      body.givenName,
      body.familyName,
      ...['emails', 'phones', 'addresses'].map((name) => JSON.stringify(body[name] ?? [])),
      body.language ?? '',
      body.birthday ?? '',
      ...['tags', 'ibans'].map((name) => JSON.stringify(body[name] ?? [])),
      'lead',
      owner,
      team,
    ],
  )
  return reply.status(201).send(shown(rows[0]!))
})
app.patch<{ Params: { id: string }; Body: Fields }>(
  '/api/people/:id',
  async ({ params, body }, reply) => {
    const { rows } = await named(
      'update',
      `update person set phones = $3, updated_at = now(), row_version = row_version + 1
       where id = $1 and row_version = $2 returning *`,
      [params.id, body.rowVersion, JSON.stringify(body.phones)],
    )
    return rows[0] ? shown(rows[0]) : reply.status(409).send({ code: 'changed-meanwhile' })
  },
)
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ port: (app.server.address() as { port: number }).port }))

process.stdin.resume()
process.stdin.on('end', async () => {
  await app.close()
  await pool.end()
  await postgres.stop()
  rmSync(directory, { recursive: true, force: true })
  process.exit(0)
})
