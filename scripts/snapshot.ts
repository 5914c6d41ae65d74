/** `npm run snapshot`: writes database/schema.sql and database/tables.ts from a freshly migrated database. */
import { writeFileSync } from 'node:fs'
import pg from 'pg'
import { schemaSource, tablesSource } from '#database/snapshot.ts'
import { openCluster, TEMPLATE } from '../tests/support/cluster.ts'

const cluster = await openCluster()
const client = new pg.Client(cluster.postgres.adminConnection(TEMPLATE))
try {
  await client.connect()
  writeFileSync(new URL('../database/tables.ts', import.meta.url), await tablesSource(client))
  writeFileSync(new URL('../database/schema.sql', import.meta.url), await schemaSource(client))
} finally {
  await client.end()
  await cluster.close()
}
