import { refuse } from '#platform/problem.ts'
import type { ImportField } from '../contract.ts'

/** Its bytes, or why it stays out. */
export type RowPhoto = Uint8Array | 'photo-too-large' | 'photo-unknown'
export type FileKind = 'csv' | 'xlsx' | 'vcard'
export type Row = {
  line: number
  cells: string[]
  /** As it stood in the file, where cells are not that already. */
  original?: string
  photo?: RowPhoto
}
/** What a reader had to leave out of the file as a whole, with how often. */
export type Notice = {
  notice: 'logo-left-out' | 'cell-error-left-out' | 'footer-left-out'
  count: number
}
/** A file of any kind as one table. */
export type Table = {
  kind: FileKind
  encoding: string
  separator: string
  headers: string[]
  rows: Row[]
  /** Of a workbook: all its sheets, and the one that was read. */
  sheets: string[]
  sheet: string
  /** A format that says itself what its columns are. */
  fields?: ImportField[]
  notices: Notice[]
}

// More goes in parts; a screen that waits longer for one file is taken for a broken one.
export const ROWS_MAX = 200_000
export const COLUMNS_MAX = 400

export function requireRows(table: Table): Table {
  if (table.headers.length === 0 || table.rows.length === 0)
    refuse('file-unreadable', { why: 'no-rows' })
  return table
}
