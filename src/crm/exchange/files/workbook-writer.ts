/** A workbook of one sheet in which every cell is text: no number loses a zero and nothing is ever a formula. */
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { zipOf } from './zip-writer.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const around: [path: string, xml: string][] = [
  [
    '[Content_Types].xml',
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ],
  [
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="r1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  ],
  // Format 49 is text: what is typed into such a cell later stays text too. The second is the header's.
  [
    'xl/styles.xml',
    `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
  ],
]

/** The first row is the header. */
export function writeWorkbook(sheetName: string, rows: string[][]): Promise<Buffer> {
  return buffer(workbookStream(sheetName, [rows]))
}

/** The same for more rows than are held at once: page by page, the header first. */
export function workbookStream(
  sheetName: string,
  pages: AsyncIterable<string[][]> | Iterable<string[][]>,
): Readable {
  const book = `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${escaped(sheetName)}" sheetId="1" r:id="r1"/></sheets></workbook>`
  return zipOf([
    ...[...around, ['xl/workbook.xml', book]].map(([path, xml]) => ({
      path: path!,
      content: () => [Buffer.from(XML + xml)],
    })),
    { path: 'xl/worksheets/sheet1.xml', content: () => sheetXml(pages) },
  ])
}

async function* sheetXml(
  pages: AsyncIterable<string[][]> | Iterable<string[][]>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(
    `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="60" width="18" style="1" customWidth="1"/></cols><sheetData>`,
  )
  let line = 0
  for await (const rows of pages) {
    const written = rows.map((cells) => {
      const style = ++line === 1 ? 2 : 1
      const inRow = cells.map((cell) =>
        cell === ''
          ? '<c/>'
          : `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`,
      )
      return `<row r="${line}">${inRow.join('')}</row>`
    })
    yield Buffer.from(written.join(''))
  }
  yield Buffer.from('</sheetData></worksheet>')
}

// Excel refuses a whole workbook for one longer cell or one sign that XML does not know.
const CELL_CHARACTERS_MAX = 32_767
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come in
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function escaped(text: string): string {
  return text
    .slice(0, CELL_CHARACTERS_MAX)
    .toWellFormed()
    .replace(NO_XML, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
