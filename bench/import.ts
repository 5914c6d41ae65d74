/**
 * How long a customer file takes from its first byte to the last person found by search; and how that compares with
 * COPY of the same plaintext into a table with as many indexes.
 * node bench/import.ts [--large] [--json]
 */
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openEmbeddedPostgres } from '#platform/embedded-postgres.ts'
import { makeDemoPeople } from '../src/demo-people.ts'
import { unprivilegedUser } from '../src/unprivileged-user.ts'
import { openSecured } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const SIZES = values.large ? [10_000, 100_000] : [10_000]
const SEED = 7

async function importTakes(csv: string): Promise<{ seconds: number; counts: object }> {
  const secured = await openSecured(1)
  try {
    const began = performance.now()
    const answer = await fetch(`http://127.0.0.1:${secured.port}/api/imports?fileName=bench.csv`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv', cookie: secured.cookie },
      body: csv,
      signal: AbortSignal.timeout(600_000),
    })
    const counts = (await answer.json()) as Record<string, number>
    if (answer.status !== 201) throw new Error(`the import said ${JSON.stringify(counts)}`)
    const seconds = Number(((performance.now() - began) / 1000).toFixed(2))
    const { read, created, updated, skipped, refused } = counts
    return { seconds, counts: { read, created, updated, skipped, refused } }
  } finally {
    await secured.close()
  }
}

async function copyTakes(csv: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'kluis-copy-'))
  const runAs = unprivilegedUser(directory)
  if (runAs) chownSync(directory, runAs.uid, runAs.gid)
  const file = join(directory, 'people.csv')
  writeFileSync(file, `${csv}\n`)
  if (runAs) chownSync(file, runAs.uid, runAs.gid)
  const postgres = await openEmbeddedPostgres({
    dataDirectory: join(directory, 'postgres'),
    ...(runAs ? { runAs } : {}),
  })
  const client = new pg.Client({ ...postgres.adminConnection('postgres') })
  await client.connect()
  try {
    const columns = csv.slice(0, csv.indexOf('\n')).replaceAll('"', '').split(';')
    await client.query(
      `create table person (id uuid primary key default gen_random_uuid(), created_at timestamptz default now(),
       ${columns.map((name) => `${name} text`).join(', ')});
       create index on person (achternaam, voornaam); create index on person (email); create index on person (telefoon);
       create index on person (iban); create index on person (created_at desc, id)`,
    )
    const began = performance.now()
    await client.query(
      `copy person (${columns.join(', ')}) from '${file}' with (format csv, header true, delimiter ';')`,
    )
    return Number(((performance.now() - began) / 1000).toFixed(2))
  } finally {
    await client.end()
    await postgres.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const runs = []
for (const people of SIZES) {
  const { header, rows } = await makeDemoPeople(people, SEED)
  const csv = [header, ...rows].join('\n')
  const { seconds, counts } = await importTakes(csv)
  const copySeconds = await copyTakes(csv)
  const ratio = Number((copySeconds / seconds).toFixed(3))
  runs.push({
    people,
    seconds,
    perSecond: Math.round(people / seconds),
    copySeconds,
    ratio,
    counts,
  })
  if (!values.json)
    console.log(
      `${people} rows: ${seconds} s, ${Math.round(people / seconds)} a second; COPY of the plaintext ${copySeconds} s (${ratio})`,
    )
}
console.log(JSON.stringify({ bench: 'import', runs }))
