import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'

/** A workbook of one sheet, all but the sheet. */
export const WORKBOOK_PARTS = {
  '[Content_Types].xml': '<Types/>',
  'xl/workbook.xml':
    '<workbook xmlns:r="r"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
  'xl/_rels/workbook.xml.rels':
    '<Relationships><Relationship Id="rId1" Type="r/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}

/** Parts of a workbook as Excel lays them out, each replaceable: for what our own writer would never write. */
export function makeWorkbook(
  sheets: { name: string; rows: string; merged?: string; state?: string }[],
  { styles = '', texts = '', workbookPr = '', before = '' } = {},
): Promise<Buffer> {
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const relations = (list: [string, string, string][]) =>
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`
  return zipOf({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relations([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `${before}<workbook xmlns="${main}" xmlns:r="${office}">${workbookPr}<sheets>${sheets.map(({ name, state }, i) => `<sheet name="${name}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, i): [string, string, string] => [
        `rId${i + 1}`,
        'worksheet',
        `worksheets/sheet${i + 1}.xml`,
      ]),
      ['rId90', 'styles', '/xl/styles.xml'],
      ['rId91', 'sharedStrings', 'sharedStrings.xml'],
    ]),
    'xl/styles.xml': `<styleSheet xmlns="${main}">${styles}</styleSheet>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${texts}</sst>`,
    ...Object.fromEntries(
      sheets.map(({ rows, merged = '' }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<x:worksheet xmlns:x="${main}"><x:sheetData>${rows.replace(/<(\/?)(row|c|v|is|t|f)\b/g, '<$1x:$2')}</x:sheetData>${merged && `<x:mergeCells>${merged}</x:mergeCells>`}</x:worksheet>`,
      ]),
    ),
  })
}

export function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content as string), name)
  zip.end()
  return buffer(zip.outputStream)
}

/** A row of texts and numbers: strings become inline texts, `{ v, s, t }` is written as it is. */
export function rowOf(
  line: number,
  cells: (string | { v: string; s?: number; t?: string; f?: string })[],
) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const written = cells.map((cell, i) => {
    const at = `r="${letters[i]}${line}"`
    if (cell === '') return ''
    if (typeof cell === 'string') return `<c ${at} t="inlineStr"><is><t>${cell}</t></is></c>`
    return `<c ${at} s="${cell.s ?? 0}"${cell.t ? ` t="${cell.t}"` : ''}>${cell.f ? `<f>${cell.f}</f>` : ''}<v>${cell.v}</v></c>`
  })
  return `<row r="${line}">${written.join('')}</row>`
}

// What a customer hands over: a title above, merged headers, numbers where texts should be, a formula, an error.
export const STYLES = `<numFmts><numFmt numFmtId="164" formatCode="0000\\ 00\\ 00\\ 00"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy;@"/><numFmt numFmtId="166" formatCode="&quot;K-&quot;0000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>`
export const withMistakes = () =>
  makeWorkbook(
    [
      { name: 'Info', rows: '' },
      {
        name: 'Klanten 2026',
        merged: '<x:mergeCell ref="A1:J1"/><x:mergeCell ref="E5:E6"/><x:mergeCell ref="G3:J3"/>',
        rows: [
          rowOf(1, ['Klantenlijst, afgedrukt op 3 november']),
          rowOf(3, ['', '', '', '', '', 'Geboortedatum', 'Adres']),
          rowOf(4, [
            'Klantnr',
            'Voornaam',
            'Naam',
            'GSM',
            'Bedrijf',
            '',
            'Straat',
            'Postcode',
            'Gemeente',
            'Land',
          ]),
          rowOf(5, [
            { v: '0', t: 's' },
            { v: '1', t: 's' },
            'Maes',
            { v: '475123456', s: 2 },
            'Maes &amp; Zonen BV',
            { v: '28736', s: 1 },
            'Kerkstraat 1',
            { v: '9000' },
            'Gent',
            'België',
          ]),
          rowOf(6, [
            'K-2',
            'Piet',
            'Maes',
            { v: '32475123457' },
            '',
            { v: '29281', s: 3 },
            'Kerkstraat 1',
            { v: '9000' },
            { v: 'Gent', t: 'str', f: 'I5' },
            'België',
          ]),
          rowOf(8, [
            'K-3',
            'Léa',
            'Petit',
            { v: '475123458' },
            '',
            { v: '#N/A', t: 'e' },
            'rue de Rivoli 12',
            { v: '1000' },
            'Bourg',
            'Frankrijk',
          ]),
          rowOf(9, ['', '', '', { v: '475123459' }]),
        ].join(''),
      },
      {
        name: 'Verborgen',
        state: 'hidden',
        rows: rowOf(1, ['Naam', 'E-mail']) + rowOf(2, ['Hidde Hof', 'h@mail.example']),
      },
    ],
    {
      styles: STYLES,
      texts: '<si><r><t>K-</t></r><r><t>1</t></r><rPh><t>no</t></rPh></si><si><t>An</t></si>',
    },
  )

/**
 * The list a bookkeeper keeps: an empty first row, a group header merged over its columns, wrong days, a space in an
 * e-mail address, somebody twice, numbers as text, formulas, rows without a name, a total below, and last year's sheet.
 */
export const bookkeepersList = () =>
  makeWorkbook(
    [
      {
        name: '2026',
        merged: '<x:mergeCell ref="A2:C2"/><x:mergeCell ref="D2:G2"/>',
        rows: [
          rowOf(1, []),
          rowOf(2, ['Klant', '', '', 'Gegevens']),
          rowOf(3, [
            'Klantnr',
            'Voornaam',
            'Naam',
            'E-mail',
            'GSM',
            'Geboortedatum',
            'Postcode',
            'Gemeente',
            'Omzet',
          ]),
          rowOf(4, [
            '0001',
            'An',
            'Peeters',
            'an @mail.example',
            '0475 12 34 01',
            '03/09/1978',
            '9000',
            'Gent',
            { v: '1200' },
          ]),
          rowOf(5, [
            '0002',
            'Bram',
            'Claes',
            'bram@mail.example',
            { v: '475123402' },
            '31/02/1980',
            { v: '0', t: 's' },
            'Antwerpen',
            { v: '300' },
          ]),
          rowOf(6, [
            '0003',
            'Chris',
            'Maes',
            'chris.mail.example',
            '0475 12 34 03',
            'vorig jaar',
            '8000',
            { v: 'Brugge', t: 'str', f: 'PROPER(&quot;brugge&quot;)' },
            { v: '450' },
          ]),
          rowOf(7, [
            '0001',
            'An',
            'Peeters',
            'an@mail.example',
            '',
            '',
            '9000',
            'Gent',
            { v: '80' },
          ]),
          rowOf(8, [
            '0004',
            '',
            '',
            'bestelling@mail.example',
            '0475 12 34 04',
            '',
            '3000',
            'Leuven',
            { v: '90' },
          ]),
          rowOf(9, ['', '', '', '', '', '', '1000', 'Brussel', { v: '#N/A', t: 'e' }]),
          rowOf(10, [
            '0005',
            'Dirk',
            '=1+1',
            'dirk@mail.example',
            '0475 12 34 05',
            '12/12/2099',
            '9000',
            'Gent',
            { v: '60' },
          ]),
          rowOf(12, [
            'Totaal',
            '',
            '',
            '',
            '',
            '',
            '',
            '',
            { v: '2195', t: 'n', f: 'SUM(I4:I10)' },
          ]),
        ].join(''),
      },
      { name: '2025', rows: rowOf(1, ['Voornaam', 'Naam']) + rowOf(2, ['Oud', 'Nieuws']) },
    ],
    { texts: '<si><t>2000</t></si>' },
  )
