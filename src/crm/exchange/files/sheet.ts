/** One sheet of a workbook, cell by cell. A formula is never run: what it gave when the file was saved is taken. */
import { refuse } from '#platform/problem.ts'
import { type CellFormat, showNumber } from './cell-format.ts'
import { COLUMNS_MAX, ROWS_MAX, type Row } from './table.ts'
import { readXml } from './xml.ts'

/** `errors` counts cells such as #N/A, whose value is left out. */
export type Sheet = { rows: Row[]; errors: number }
type Book = { texts: string[]; formats: CellFormat[]; countsFrom1904: boolean }
type Merged = { top: number; bottom: number; column: number }

// What a cell can hold in any office program.
const CELL_CHARACTERS_MAX = 32_767
// Merged areas may overlap in a made-up file; a real one fills few cells.
const SPREAD_CELLS_MAX = 2_000_000

export async function readSheet(pieces: AsyncIterable<string>, book: Book): Promise<Sheet> {
  const sheet: Sheet = { rows: [], errors: 0 }
  const merged: Merged[] = []
  let line = 0
  let cells: string[] = []
  let column = 0
  let type = ''
  let format: CellFormat = { kind: 'plain' }
  let value = ''
  let isValue = false
  let spreadCells = 0
  await readXml(pieces, {
    open(name, attribute) {
      if (name === 'row') {
        line = Number(attribute('r') ?? line + 1)
        cells = []
        column = 0
      } else if (name === 'c') {
        column = columnOf(attribute('r')) ?? column + 1
        type = attribute('t') ?? 'n'
        format = book.formats[Number(attribute('s') ?? 0)] ?? { kind: 'plain' }
        value = ''
      } else if (name === 'v' || name === 't') isValue = true
      else if (name === 'rPh') isValue = false
      else if (name === 'mergeCell') {
        const one = readMerged(attribute('ref') ?? '')
        if (!one) return
        merged.push(one)
        spreadCells += one.bottom - one.top
        if (spreadCells > SPREAD_CELLS_MAX) refuse('too-large', { why: 'merged cells' })
      }
    },
    text(text) {
      if (isValue) value += text
      if (value.length > CELL_CHARACTERS_MAX)
        refuse('file-unreadable', { why: 'cell-too-long', line })
    },
    close(name) {
      if (name === 'v' || name === 't') isValue = false
      else if (name === 'c') {
        if (type === 'e' && value) sheet.errors++
        const shown = showCell(value, type, format, book)
        if (shown && column <= COLUMNS_MAX) put(cells, column - 1, shown)
      } else if (name === 'row' && cells.some(Boolean)) {
        if (sheet.rows.push({ line, cells }) > ROWS_MAX + 1)
          refuse('too-large', { rowsMax: ROWS_MAX })
      }
    },
  })
  spread(sheet.rows, merged)
  return sheet
}

function showCell(value: string, type: string, format: CellFormat, book: Book): string {
  switch (type) {
    case 's':
      return (book.texts[Number(value)] ?? '').trim()
    case 'b':
      return value === '1' ? 'true' : 'false'
    case 'e':
      return ''
    case 'd':
      return value.replace(/T00:00:00(\.0+)?Z?$/, '')
    case 'n':
      return showNumber(value, format, book.countsFrom1904)
    default:
      return value.trim()
  }
}

function put(cells: string[], at: number, value: string): void {
  while (cells.length < at) cells.push('')
  cells[at] = value
}

function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  return letters
    ? [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
    : undefined
}

/** Only merged downwards: such a cell says the same of each row. One merged sideways says it once. */
function readMerged(reference: string): Merged | undefined {
  const found = /^([A-Z]{1,3})(\d+):[A-Z]{1,3}(\d+)$/.exec(reference)
  if (!found) return undefined
  const [top, bottom] = [Number(found[2]), Number(found[3])]
  const column = columnOf(found[1])!
  return bottom > top && bottom - top <= ROWS_MAX ? { top, bottom, column } : undefined
}

function spread(rows: Row[], merged: Merged[]): void {
  if (merged.length === 0) return
  const byLine = new Map(rows.map((row) => [row.line, row]))
  for (const { top, bottom, column } of merged) {
    const value = byLine.get(top)?.cells[column - 1]
    if (!value) continue
    for (let line = top + 1; line <= bottom; line++) {
      const row = byLine.get(line)
      if (row && !row.cells[column - 1]) put(row.cells, column - 1, value)
    }
  }
}
