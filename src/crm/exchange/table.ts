import { parse } from 'csv-parse/sync'
import { refuse } from '#platform/problem.ts'

export type Table = {
  encoding: string
  separator: string
  headers: string[]
  rows: { line: number; cells: string[] }[]
}

const ROWS_MAX = 100_000

/** Found by looking: a mark at the front, valid UTF-8, otherwise what older Windows programs write. */
export function decode(bytes: Buffer): { encoding: string; text: string } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { encoding: 'utf-16le', text: new TextDecoder('utf-16le').decode(bytes) }
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { encoding: 'utf-16be', text: new TextDecoder('utf-16be').decode(bytes) }
  try {
    return { encoding: 'utf-8', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { encoding: 'windows-1252', text: new TextDecoder('windows-1252').decode(bytes) }
  }
}

/** The one that parts the header most often, outside quotes. */
export function findSeparator(text: string): string {
  const header = text.slice(0, text.indexOf('\n') + 1 || undefined).replace(/"[^"]*"/g, '')
  const counts = [';', ',', '\t', '|'].map((one) => ({ one, count: header.split(one).length - 1 }))
  return counts.sort((a, b) => b.count - a.count)[0]!.one
}

/** Throws Problem file-unreadable when there is no table in it. */
export function readTable(bytes: Buffer): Table {
  if (bytes.includes(0) && bytes[0] !== 0xff && bytes[0] !== 0xfe)
    refuse('file-unreadable', { why: 'not a text file' })
  const { encoding, text } = decode(bytes)
  const separator = findSeparator(text)
  let records: { record: string[]; info: { lines: number } }[]
  try {
    records = (parse as (text: string, options: object) => typeof records)(text, {
      delimiter: separator,
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
      relax_quotes: true,
    })
  } catch (error) {
    return refuse('file-unreadable', { why: (error as Error).message.slice(0, 200) })
  }
  if (records.length < 2) refuse('file-unreadable', { why: 'no rows below the header' })
  if (records.length > ROWS_MAX + 1) refuse('too-large', { rowsMax: ROWS_MAX })
  const [header, ...rows] = records
  return {
    encoding,
    separator,
    headers: header!.record.map((name) => name.trim()),
    rows: rows.map(({ record, info }) => ({
      line: info.lines,
      cells: record.map((cell) => cell.trim()),
    })),
  }
}
