import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { refuse } from '#platform/problem.ts'
import { COLUMNS_MAX, ROWS_MAX, type Row, requireRows, type Table } from './table.ts'

// Enough to see quotes and line breaks in cells; looking further changes nothing.
const LOOK_CHARACTERS = 64 * 1024
const LOOK_RECORDS = 30
const CHUNK_BYTES = 256 * 1024
const SEPARATORS = [';', ',', '\t', '|']

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

/** Found by looking: a mark at the front, the zeros of UTF-16, valid UTF-8, otherwise what older Windows programs write. */
export function findEncoding(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const look = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  look.forEach((byte, i) => {
    if (byte === 0) zeros[i % 2]!++
  })
  // Western text in UTF-16 has a zero in nearly every second byte.
  if (zeros[1]! > look.length / 4 && zeros[0]! < look.length / 40) return 'utf-16le'
  if (zeros[0]! > look.length / 4 && zeros[1]! < look.length / 40) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** The one that parts most records into the same number of columns; quotes are respected. */
export function findSeparator(text: string): string {
  // Excel's own way of saying it.
  const said = /^sep=(.)\r?\n/i.exec(text)?.[1]
  if (said && SEPARATORS.includes(said)) return said
  const look = text.slice(0, LOOK_CHARACTERS)
  let best = { separator: ',', score: 0 }
  for (const separator of SEPARATORS) {
    const widths = countColumns(look, separator)
    const width = widths[0] ?? 1
    const agreeing = widths.filter((one) => one === width).length / Math.max(1, widths.length)
    const score = width > 1 ? agreeing * 100 + Math.min(width, 50) : 0
    if (score > best.score) best = { separator, score }
  }
  return best.separator
}

/** How many columns each of the first records has. */
function countColumns(text: string, separator: string): number[] {
  const widths: number[] = []
  let width = 1
  let isQuoted = false
  let isAtStart = true
  for (const sign of text) {
    if (sign === '"' && (isQuoted || isAtStart)) isQuoted = !isQuoted
    else if (!isQuoted && sign === separator) width++
    else if (!isQuoted && sign === '\n') {
      widths.push(width)
      if (widths.length >= LOOK_RECORDS) return widths
      width = 1
    }
    // A quote right after a closing one is a quote in the text: it opens again.
    isAtStart = sign === separator || sign === '\n' || sign === '"'
  }
  return widths.length > 0 ? widths : [width]
}

/** Text with a separator, in whatever encoding it was written. */
export async function readCsv(bytes: Uint8Array): Promise<Table> {
  const encoding = findEncoding(bytes)
  if (!encoding.startsWith('utf-16') && bytes.subarray(0, 4096).includes(0))
    refuse('file-unreadable', { why: 'not-text' })
  const start = new TextDecoder(encoding).decode(bytes.subarray(0, LOOK_CHARACTERS), {
    stream: true,
  })
  const separator = findSeparator(start)
  const hasSeparatorLine = /^sep=.\r?\n/i.test(start)
  const parser = Readable.from(decoded(bytes, encoding)).pipe(
    parse({
      delimiter: separator,
      bom: true,
      from_line: hasSeparatorLine ? 2 : 1,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
      max_record_size: 1024 * 1024,
    }),
  )
  let headers: string[] | undefined
  const rows: Row[] = []
  // A quoted cell may hold line breaks, so a row is known by the line it begins on.
  let line = 1
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      const cells = record.map((cell) => cell.trim())
      if (!headers) headers = cells.slice(0, COLUMNS_MAX)
      else if (cells.some(Boolean)) rows.push({ line, cells })
      line = info.lines + 1
      if (rows.length > ROWS_MAX) refuse('too-large', { rowsMax: ROWS_MAX })
    }
  } catch (error) {
    const { code, lines } = error as { code?: string; lines?: number }
    if (!code?.startsWith('CSV_')) throw error
    refuse('file-unreadable', { why: code, line: lines })
  }
  return requireRows({
    kind: 'csv',
    encoding,
    separator,
    headers: headers ?? [],
    rows,
    sheets: [],
    sheet: '',
    notices: [],
  })
}

type Parsed = { record: string[]; info: { lines: number } }

/** Piece by piece: a file in UTF-16 would otherwise be held twice. */
export function* decoded(bytes: Uint8Array, encoding: Encoding): Iterable<string> {
  const decoder = new TextDecoder(encoding)
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
    yield decoder.decode(bytes.subarray(at, at + CHUNK_BYTES), { stream: true })
  yield decoder.decode()
}
