/** What kind of file it is, is seen in its bytes; its name says nothing. */
import { refuse } from '#platform/problem.ts'
import { readCsv } from './csv-table.ts'
import type { Table } from './table.ts'
import { readVcards } from './vcard-table.ts'
import { readWorkbook } from './workbook.ts'

// What is certainly no customer list is better called by its name than "unreadable".
const foreign: [why: string, bytes: number[]][] = [
  ['old-excel', [0xd0, 0xcf, 0x11, 0xe0]],
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
  ['gzip', [0x1f, 0x8b]],
]
const ZIP = [0x50, 0x4b, 0x03, 0x04]

/** Throws Problem file-unreadable or too-large when there is no table in it that we can take. */
export async function readTable(bytes: Uint8Array, sheet = ''): Promise<Table> {
  const begins = (signs: number[]) => signs.every((sign, at) => bytes[at] === sign)
  const why = foreign.find(([, signs]) => begins(signs))?.[0]
  if (why) refuse('file-unreadable', { why })
  if (begins(ZIP)) return readWorkbook(bytes, sheet)
  return readVcards(bytes) ?? (await readCsv(bytes))
}
