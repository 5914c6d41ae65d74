/**
 * What whoever holds the database sees. Nothing of this is written down twice: kinds come from types, constraints and comments of the
 * live database, which check L19 holds complete, and what is sealed from the catalogue.
 */
import type { ReadTx } from '#platform/db.ts'
import type { SealedTable } from '../vault/catalogue.ts'
import type { Kind, Leakage, Table } from './contract.ts'
import { type ColumnRow, listColumns } from './store.ts'

const byType: Record<string, Kind> = {
  sealed: 'sealed',
  sealed_frame: 'sealed',
  boolean: 'yes-no',
  uuid: 'id',
  date: 'moment',
  'timestamp with time zone': 'moment',
  interval: 'number',
  smallint: 'number',
  integer: 'number',
  bigint: 'number',
  'double precision': 'number',
  oid: 'number',
  xid8: 'number',
}

function kindOf({ table, column, type, comment, is_bound: isBound }: ColumnRow): Kind {
  const [, said] = /^(readable|token|hash|key): ./.exec(comment ?? '') ?? []
  const kind = (said as Kind | undefined) ?? byType[type] ?? (isBound ? 'words' : undefined)
  // As check L19 would: what nobody declared is not passed over in silence.
  if (!kind) throw new Error(`${table}.${column}: nobody declared what it shows`)
  return kind
}

function statementOf(rows: readonly ColumnRow[], sealed: readonly SealedTable[]): Leakage {
  const tables = new Map<string, Table>()
  for (const row of rows) {
    const table = tables.get(row.table) ?? { name: row.table, columns: [], isOfCustomers: false }
    tables.set(row.table, table)
    const declared = sealed.find((one) => `kluis.${one.table}` === row.table)
    const [sealedClass] =
      Object.entries(declared?.classes ?? {}).find(([, { column }]) => column === row.column) ?? []
    table.columns.push({
      name: row.column,
      kind: kindOf(row),
      shows: row.comment?.replace(/^\w+: /, '') ?? null,
      holds: (declared?.fields ?? [])
        .filter((field) => field.sealedClass === sealedClass)
        .map(({ label }) => label),
    })
    if (/^(person|company)_id$/.test(row.column) || /^kluis\.(person|company)$/.test(row.table))
      table.isOfCustomers = true
  }
  return { tables: [...tables.values()] }
}

export async function showLeakage(tx: ReadTx, sealed: readonly SealedTable[]): Promise<Leakage> {
  return statementOf(await listColumns(tx), sealed)
}
