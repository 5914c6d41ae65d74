/** The bytes of a leaf, and the pseudonyms in it. docs/formats/ledger.md. */
import { createHmac } from 'node:crypto'
import type { OutboxRow } from './store.ts'

export type Names = {
  /** The same row has the same name in every leaf; who lacks the key can't get back to the row. */
  record(table: string, rowId: string): string
  person(userId: string): string
}

/** `key`: from the keystore; it never enters the database. */
export function openNames(key: Buffer): Names {
  const name = (text: string) =>
    createHmac('sha256', key).update(text).digest().subarray(0, 16).toString('base64')
  return {
    record: (table, rowId) => name(`${table} ${rowId}`),
    person: (userId) => name(`user ${userId}`),
  }
}

export type Leaf = {
  changeId: number
  action: string
  table: string | null
  record: string | null
  hashVersion: number | null
  rowHash: string | null
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

// An array, so that the order of the fields is fixed without saying more.
export function leafBody(row: OutboxRow, names: Names): Buffer {
  return Buffer.from(
    JSON.stringify([
      'kluis-leaf/1',
      row.id,
      row.at.toISOString(),
      row.actor_id && names.person(row.actor_id),
      row.actor_kind,
      row.action,
      row.table_name,
      row.row_id &&
        (row.table_name ? names.record(row.table_name, row.row_id) : names.person(row.row_id)),
      row.row_version,
      row.hash_version,
      row.row_hash?.toString('base64') ?? null,
      row.purpose,
      row.event,
      withoutIds(row.detail, names),
    ]),
  )
}

/** Undefined when these bytes are no leaf this release knows. */
export function parseLeaf(body: Buffer): Leaf | undefined {
  const fields = parseJson(body.toString())
  if (!Array.isArray(fields) || fields[0] !== 'kluis-leaf/1' || fields.length !== 14)
    return undefined
  const [, changeId, , , , action, table, record, , hashVersion, rowHash] = fields
  return { changeId, action, table, record, hashVersion, rowHash }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An event's detail may name a colleague by id; the leaf names them as it does every actor. */
function withoutIds(detail: unknown, names: Names): unknown {
  if (typeof detail !== 'object' || detail === null) return detail ?? null
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [
      key,
      typeof value === 'string' && UUID.test(value) ? names.person(value) : value,
    ]),
  )
}
