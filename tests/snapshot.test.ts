import { readFileSync } from 'node:fs'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { schemaSource, tablesSource } from '#database/snapshot.ts'
import { TEMPLATE } from './support/cluster.ts'

const file = (name: string) => readFileSync(new URL(`../database/${name}`, import.meta.url), 'utf8')

test('the snapshots show the database as the migrations make it (otherwise: npm run snapshot)', async () => {
  const client = new pg.Client({ ...inject('postgres'), user: 'kluis_admin', database: TEMPLATE })
  await client.connect()
  try {
    expect(await tablesSource(client)).toBe(file('tables.ts'))
    // How PostgreSQL prints an expression differs a little between releases; the names and columns do not.
    const isNewest =
      Number((await client.query('show server_version_num')).rows[0].server_version_num) >= 180000
    if (isNewest) expect(await schemaSource(client)).toBe(file('schema.sql'))
  } finally {
    await client.end()
  }
})
