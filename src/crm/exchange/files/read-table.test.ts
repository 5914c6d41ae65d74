import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Problem } from '#platform/problem.ts'
import { makeWorkbook, rowOf, WORKBOOK_PARTS, zipOf } from '../../../../tests/support/workbooks.ts'
import { readTable } from './read-table.ts'
import { writeWorkbook } from './workbook-writer.ts'

const LINES =
  'Voornaam;Naam;E-mail\r\nZoë;D’Hondt;zoe@mail.example\r\nÇağlar;Öztürk;caglar@mail.example\r\n'
const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(text, 'utf16le')
  return isBig ? bytes.swap16() : bytes
}
const tabs = LINES.replaceAll(';', '\t')
test.each([
  ['UTF-8', Buffer.from(LINES), 'utf-8', ';'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${LINES}`), 'utf-8', ';'],
  ['UTF-16 LE with a mark', utf16(`\ufeff${LINES}`, false), 'utf-16le', ';'],
  ['UTF-16 LE without', utf16(LINES, false), 'utf-16le', ';'],
  ['UTF-16 BE with a mark', utf16(`\ufeff${LINES}`, true), 'utf-16be', ';'],
  ['UTF-16 BE without', utf16(LINES, true), 'utf-16be', ';'],
  ['what Excel calls "Unicode text"', utf16(`\ufeff${tabs}`, false), 'utf-16le', '\t'],
  ['tabs', Buffer.from(tabs), 'utf-8', '\t'],
  ['commas', Buffer.from(LINES.replaceAll(';', ',')), 'utf-8', ','],
  ['pipes', Buffer.from(LINES.replaceAll(';', '|')), 'utf-8', '|'],
  [
    'a first line that says it',
    Buffer.from(`sep=|\r\n${LINES.replaceAll(';', '|')}`),
    'utf-8',
    '|',
  ],
])('%s: encoding and separator are found by looking', async (_, bytes, encoding, separator) => {
  const table = await readTable(bytes)
  expect(table).toMatchObject({ encoding, separator, headers: ['Voornaam', 'Naam', 'E-mail'] })
  expect(table.rows.map(({ cells }) => cells[1])).toEqual(['D’Hondt', 'Öztürk'])
})

test('Windows-1252 is found by looking', async () => {
  const url = new URL('../../../../tests/fixtures/klanten-export-windows1252.csv', import.meta.url)
  const table = await readTable(readFileSync(url))
  expect(table.encoding).toBe('windows-1252')
  expect(table.rows[2]!.cells[2]).toBe('Zoë')
})

test('what our own writer makes is read back cell by cell, formulas as the text they are', async () => {
  const rows = [
    ['Voornaam', 'Naam', 'Telefoon'],
    ['=1+1', 'Peeters & <Zonen>', '0475123456'],
    ['', 'met "tekens"\u0001', '+32 475'],
  ]
  const table = await readTable(await writeWorkbook('Blad', rows))
  expect([table.headers, ...table.rows.map(({ cells }) => cells)]).toEqual([
    rows[0],
    rows[1],
    ['', 'met "tekens"', '+32 475'],
  ])
})

/** The size that the directory of the zip claims for its last entry. */
async function claiming(bytes: number): Promise<Buffer> {
  const zip = await zipOf({
    ...WORKBOOK_PARTS,
    'xl/worksheets/sheet1.xml': Buffer.alloc(2 * 1024 * 1024, 32),
  })
  zip.writeUInt32LE(bytes, zip.lastIndexOf('PK\x01\x02') + 24)
  return zip
}
const bookOf =
  (rows: string, before = '') =>
  () =>
    makeWorkbook([{ name: 'A', rows }], { before })
const endless = `<row r="1"><c t="inlineStr"><is><t>${' '.repeat(8 * 1024 * 1024)}</t></is></c></row>`
const growing = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
const reaching = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'

test.each<[string, () => Buffer | Promise<Buffer>, string, string | undefined]>([
  ['a zip bomb', () => claiming(600 * 1024 * 1024), 'too-large', undefined],
  ['a zip that claims less than it holds', () => claiming(10), 'file-unreadable', 'broken-archive'],
  ['a text without end', bookOf(endless), 'file-unreadable', 'broken-xml'],
  [
    'a cell longer than any',
    bookOf(rowOf(1, ['a'.repeat(40_000)])),
    'file-unreadable',
    'cell-too-long',
  ],
  ['entities that grow', bookOf('', growing), 'file-unreadable', 'document-type'],
  ['an entity that reads a file', bookOf('', reaching), 'file-unreadable', 'document-type'],
  ['an undeclared entity', bookOf(rowOf(1, ['Naam', '&xxe;'])), 'file-unreadable', 'broken-xml'],
  [
    'half a workbook',
    async () => (await bookOf('')()).subarray(0, 900),
    'file-unreadable',
    'broken-archive',
  ],
  [
    'a zip of something else',
    () => zipOf({ 'klanten.csv': LINES }),
    'file-unreadable',
    'no-workbook',
  ],
  ['a workbook without rows', bookOf(''), 'file-unreadable', 'no-rows'],
  ['an old workbook', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'file-unreadable', 'old-excel'],
  ['a pdf', () => Buffer.from('%PDF-1.7\n'), 'file-unreadable', 'pdf'],
])('%s is refused with its reason', async (_, make, code, why) => {
  const refusal = await readTable(await make()).catch((error: Problem) => error)
  expect(refusal).toMatchObject({ code })
  expect((refusal as Problem).detail?.why).toBe(why)
})
