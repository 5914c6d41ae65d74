/** An XLSX workbook (ECMA-376): which sheets it has, and one of them as a table. */
import { refuse } from '#platform/problem.ts'
import { nameOfField } from '../mapping.ts'
import { Archive } from './archive.ts'
import { type CellFormat, readFormat } from './cell-format.ts'
import { readSheet, type Sheet } from './sheet.ts'
import { COLUMNS_MAX, type Row, requireRows, type Table } from './table.ts'
import { readXml } from './xml.ts'

type Book = {
  sheets: { name: string; path: string; isHidden: boolean }[]
  texts: string[]
  formats: CellFormat[]
  countsFrom1904: boolean
}

// All texts of a workbook are held at once.
const TEXTS_CHARACTERS_MAX = 200 * 1024 * 1024

export async function readWorkbook(bytes: Uint8Array, sheet: string): Promise<Table> {
  const archive = await Archive.open(bytes)
  if (!archive.has('[Content_Types].xml')) refuse('file-unreadable', { why: 'no-workbook' })
  const book = await readBook(archive)
  const names = book.sheets.map(({ name }) => name)
  if (sheet !== '' && !names.includes(sheet))
    refuse('invalid-fields', {
      fields: [{ field: 'sheet', problem: 'unknown-sheet' }],
      known: names,
    })
  const asked = sheet
    ? book.sheets.filter(({ name }) => name === sheet)
    : [...book.sheets].sort((a, b) => Number(a.isHidden) - Number(b.isHidden))
  // Unless one was asked for, the first that has rows: many workbooks begin with an empty or a title sheet.
  for (const { name, path } of asked) {
    const table = asTable(await readSheet(archive.text(path), book), names, name)
    if (table.rows.length > 0) return table
  }
  return requireRows(asTable({ rows: [], errors: 0 }, names, sheet))
}

async function readBook(archive: Archive): Promise<Book> {
  const root = await relations(archive, '_rels/.rels', '')
  const main =
    root.find(({ type }) => type.endsWith('/officeDocument'))?.target ?? 'xl/workbook.xml'
  if (!archive.has(main)) refuse('file-unreadable', { why: 'no-workbook' })
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const file = main.slice(folder.length)
  const parts = await relations(archive, `${folder}_rels/${file}.rels`, folder)
  const pathOf = new Map(parts.map(({ id, target }) => [id, target]))
  const byType = (type: string) => parts.find((part) => part.type.endsWith(type))?.target ?? ''
  const book: Book = { sheets: [], texts: [], formats: [], countsFrom1904: false }
  await readXml(archive.text(main), {
    open(name, attribute) {
      if (name === 'workbookPr')
        book.countsFrom1904 = /^(1|true)$/.test(attribute('date1904') ?? '')
      if (name !== 'sheet') return
      const path = pathOf.get(attribute('r:id') ?? attribute('id') ?? '')
      // Sheets that hold a chart or a macro have no cells.
      if (path?.includes('/worksheets/') && archive.has(path))
        book.sheets.push({
          name: attribute('name') ?? '',
          path,
          isHidden: (attribute('state') ?? 'visible') !== 'visible',
        })
    },
    text() {},
    close() {},
  })
  book.texts = await readTexts(archive, byType('/sharedStrings'))
  book.formats = await readFormats(archive, byType('/styles'))
  return book
}

type Relation = { id: string; type: string; target: string }

async function relations(archive: Archive, name: string, folder: string): Promise<Relation[]> {
  const found: Relation[] = []
  await readXml(archive.has(name) ? archive.text(name) : ['<none/>'], {
    open(tag, attribute) {
      const target = attribute('Target')
      // What lies outside the file is never fetched.
      if (tag !== 'Relationship' || !target || attribute('TargetMode') === 'External') return
      const path = target.startsWith('/') ? target.slice(1) : folder + target
      found.push({
        id: attribute('Id') ?? '',
        type: attribute('Type') ?? '',
        target: withoutSteps(path),
      })
    },
    text() {},
    close() {},
  })
  return found
}

async function readTexts(archive: Archive, path: string): Promise<string[]> {
  const texts: string[] = []
  if (!archive.has(path)) return texts
  let characters = 0
  let current = ''
  let isText = false
  // How a word is read aloud, in Japanese, is no part of it.
  let isPhonetic = false
  await readXml(archive.text(path), {
    open(name) {
      if (name === 'si') current = ''
      isPhonetic ||= name === 'rPh'
      isText = name === 't' && !isPhonetic
    },
    text(text) {
      if (isText) current += text
    },
    close(name) {
      if (name === 't') isText = false
      if (name === 'rPh') isPhonetic = false
      if (name !== 'si') return
      characters += current.length
      if (characters > TEXTS_CHARACTERS_MAX) refuse('too-large', { why: 'too much text' })
      texts.push(current)
    },
  })
  return texts
}

async function readFormats(archive: Archive, path: string): Promise<CellFormat[]> {
  const declared = new Map<number, string>()
  const used: number[] = []
  let isOfCells = false
  if (!archive.has(path)) return []
  await readXml(archive.text(path), {
    open(name, attribute) {
      if (name === 'numFmt')
        declared.set(Number(attribute('numFmtId')), attribute('formatCode') ?? '')
      if (name === 'cellXfs') isOfCells = true
      if (name === 'xf' && isOfCells) used.push(Number(attribute('numFmtId') ?? 0))
    },
    text() {},
    close(name) {
      if (name === 'cellXfs') isOfCells = false
    },
  })
  return used.map((id) => readFormat(id, declared))
}

// A title, a date of printing, an empty line: more than this stands above no table.
const HEADER_LOOK_ROWS = 20

function asTable({ rows, errors }: Sheet, sheets: string[], sheet: string): Table {
  const at = findHeader(rows)
  const above = rows[at - 1]?.cells ?? []
  const headers = (rows[at]?.cells ?? []).map(
    // A header over two rows stands in the upper one.
    (cell, i) => cell || above[i] || '',
  )
  while (headers.length > 0 && headers.at(-1) === '') headers.pop()
  return {
    kind: 'xlsx',
    encoding: 'xlsx',
    separator: '',
    headers: headers.slice(0, COLUMNS_MAX),
    rows: rows.slice(at + 1),
    sheets,
    sheet,
    notices: errors > 0 ? [{ notice: 'cell-error-left-out', count: errors }] : [],
  }
}

/** The row with most names we know; else the first that has more than a title in it. */
function findHeader(rows: Row[]): number {
  const look = rows.slice(0, HEADER_LOOK_ROWS)
  const scores = look.map(
    ({ cells }) => cells.filter((cell) => nameOfField(cell) !== undefined).length,
  )
  const best = Math.max(0, ...scores)
  if (best >= 2) return scores.indexOf(best)
  const wide = look.findIndex(({ cells }) => cells.filter(Boolean).length >= 2)
  return Math.max(0, wide)
}

/** `a/../b` and `./b` are b. */
function withoutSteps(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  return parts.join('/')
}
