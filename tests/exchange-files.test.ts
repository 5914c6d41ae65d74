import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Imported, Preview } from '../src/crm/exchange/contract.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'
import { tinyJpeg } from './support/pictures.ts'
import { makeWorkbook, rowOf, STYLES, withMistakes } from './support/workbooks.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

async function send(bytes: Buffer | string, query = '', address = '/api/imports') {
  return kluis.app.http.inject({
    method: 'POST',
    url: address + query,
    cookies: { kluis: ana.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: bytes,
  })
}
async function importBytes(bytes: Buffer | string, query = ''): Promise<Imported> {
  const response = await send(bytes, query)
  if (response.statusCode >= 300) throw new Error(response.body)
  return response.json()
}
const look = async (bytes: Buffer | string, query = '') =>
  (await send(bytes, query, '/api/imports/preview')).json() as Preview & {
    code?: string
    detail?: { why?: string }
  }
const open = async (search: string) => {
  const found = await ana.call('GET', `/api/people?search=${encodeURIComponent(search)}`)
  return (await ana.call('GET', `/api/people/${found.json().items[0].id}`)).json()
}
const notesOf = async (id: string) =>
  (await ana.call('GET', `/api/people/${id}/notes`))
    .json()
    .items.map((note: { body: string }) => note.body)

test('a workbook with a title, merged headers, lost zeros, formulas and errors comes in as it looked', async () => {
  const result = await importBytes(await withMistakes())
  expect(result).toMatchObject({
    kind: 'xlsx',
    sheets: ['Info', 'Klanten 2026', 'Verborgen'],
    sheet: 'Klanten 2026',
    read: 4,
    created: 3,
    refused: 1,
    people: 3,
    companies: 1,
    notices: [{ notice: 'cell-error-left-out', count: 1 }],
  })
  expect(await open('an maes')).toMatchObject({
    reference: 'K-1',
    birthday: '1978-09-03',
    phones: [{ value: '+32475123456' }],
    company: 'Maes & Zonen BV',
    addresses: [{ street: 'Kerkstraat 1', postalCode: '9000', city: 'Gent', country: 'BE' }],
  })
  // The company's cell is merged over both rows; the city is a formula.
  expect(await open('piet')).toMatchObject({
    company: 'Maes & Zonen BV',
    birthday: '1980-03-01',
    phones: [{ value: '+32475123457' }],
    addresses: [{ city: 'Gent' }],
  })
  expect(await open('petit')).toMatchObject({
    birthday: '',
    addresses: [{ postalCode: '01000', country: 'FR' }],
  })
  expect(
    result.rows.map(({ line, problems }) => [line, problems.map((one) => one.problem)]),
  ).toEqual([
    [6, ['likely-in-file']],
    [8, ['leading-zero-restored']],
    [9, ['no-name']],
  ])
})

test('another sheet can be chosen, and one that is not there is said so', async () => {
  expect(await look(await withMistakes(), '?sheet=Verborgen')).toMatchObject({
    read: 1,
    sheet: 'Verborgen',
  })
  expect((await look(await withMistakes(), '?sheet=Weg')).code).toBe('invalid-fields')
})

test('a formula in a workbook is kept as the value it had, never as a formula', async () => {
  const bytes = await makeWorkbook([
    {
      name: 'Blad1',
      rows:
        rowOf(1, ['Voornaam', 'Naam', 'Opmerkingen']) +
        rowOf(2, [
          'Jan',
          'Peeters',
          { v: '=cmd', t: 'str', f: 'HYPERLINK("http://evil.example")' },
        ]),
    },
  ])
  const result = await importBytes(bytes)
  expect(result.rows[0]!.problems[0]!.problem).toBe('formula-kept-as-text')
  expect(await notesOf((await open('peeters')).id)).toEqual(['=cmd'])
})

test('days count from 1904 where the workbook says so', async () => {
  const rows =
    rowOf(1, ['Voornaam', 'Naam', 'Geboortedatum']) +
    rowOf(2, ['Jan', 'Peeters', { v: '27274', s: 1 }])
  const bytes = await makeWorkbook([{ name: 'Blad1', rows }], {
    styles: STYLES,
    workbookPr: '<workbookPr date1904="1"/>',
  })
  await importBytes(bytes)
  expect(await open('peeters')).toMatchObject({ birthday: '1978-09-03' })
})

const PHOTO = tinyJpeg().toString('base64')
const CARDS = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'N:Van den Broeck;Anneleen;Maria;Mevr.;',
  'FN:Anneleen Van den Broeck',
  'ORG:Bakkerij De Korenaar BV;Verkoop',
  'TITLE:Zaakvoerder',
  'item1.EMAIL;TYPE=INTERNET,WORK:Anneleen@dekorenaar.example',
  'item1.X-ABLabel:_$!<Work>!$_',
  'EMAIL;TYPE=HOME,pref:thuis@mail.example',
  'TEL;TYPE=CELL:0475 12 34 56',
  'TEL;TYPE=WORK,FAX:03/226 14 16',
  'TEL;TYPE=WORK:03/226 14 15',
  'ADR;TYPE=WORK:;bus 3;Grote Steenweg 12;Berchem;Antwerpen;2600;België',
  'BDAY:19780903',
  'CATEGORIES:klant,nieuwsbrief',
  'NOTE:Belt liefst\\, vóór 9u\\nNiet op ',
  ' vrijdag',
  `PHOTO;ENCODING=b;TYPE=JPEG:${PHOTO.slice(0, 40)}`,
  ` ${PHOTO.slice(40)}`,
  'NICKNAME:Anne',
  'END:VCARD',
  'BEGIN:VCARD',
  'VERSION:2.1',
  'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=96zt=C3=BCrk;=C3=87a=C4=9Flar',
  'TEL;CELL;PREF:+32486001122',
  'NOTE;ENCODING=QUOTED-PRINTABLE:eerste regel=0D=0Atweede =',
  'regel',
  'BDAY:--0229',
  'END:VCARD',
  'BEGIN:VCARD',
  'VERSION:4.0',
  'KIND:org',
  'FN:Notariaat Peeters & Zonen',
  'ORG:Notariaat Peeters & Zonen',
  'TEL;VALUE=uri;TYPE="voice,work":tel:+32-9-233-00-00;ext=12',
  'URL:https://notariaatpeeters.example',
  'END:VCARD',
  'BEGIN:VCARD',
  'VERSION:3.0',
  'N:;;;;',
  'FN:',
  'TEL:0475000000',
  'END:VCARD',
  '',
].join('\r\n')

test('vCards of all three versions come in, many in one file', async () => {
  const result = await importBytes(CARDS)
  expect(result).toMatchObject({
    kind: 'vcard',
    read: 4,
    created: 3,
    refused: 1,
    people: 2,
    companies: 2,
    notices: [],
  })
  const anneleen = await open('broeck')
  expect(anneleen).toMatchObject({
    givenName: 'Anneleen Maria',
    familyName: 'Van den Broeck',
    salutation: 'ms',
    company: 'Bakkerij De Korenaar BV',
    emails: [
      { value: 'thuis@mail.example', label: 'thuis' },
      { value: 'anneleen@dekorenaar.example', label: 'werk' },
    ],
    phones: [
      { value: '+3232261415', label: 'werk' },
      { value: '+32475123456', label: 'gsm' },
    ],
    addresses: [
      { street: 'Grote Steenweg 12 bus 3', postalCode: '2600', city: 'Berchem', country: 'BE' },
    ],
    birthday: '1978-09-03',
    tags: ['klant', 'nieuwsbrief'],
  })
  const [note] = await notesOf(anneleen.id)
  expect(note).toContain('Belt liefst, vóór 9u\nNiet op vrijdag')
  expect(note).toContain('NICKNAME: Anne')
  expect(note).toContain('FAX: 03/226 14 16')
  expect(note).not.toContain(PHOTO.slice(0, 20))
  const caglar = await open('ozturk')
  expect(caglar).toMatchObject({
    givenName: 'Çağlar',
    phones: [{ value: '+32486001122', label: 'gsm' }],
    birthday: '',
  })
  expect(await notesOf(caglar.id)).toEqual(['eerste regel\r\ntweede regel\nBDAY: --0229'])
  const [notary] = (await ana.call('GET', '/api/companies?search=notariaat')).json().items
  expect((await ana.call('GET', `/api/companies/${notary.id}`)).json()).toMatchObject({
    phones: [{ value: '+3292330000;ext=12' }],
    website: 'https://notariaatpeeters.example',
  })
  expect(result.rows.flatMap(({ problems }) => problems.map((one) => one.problem))).toEqual([
    'day-unreadable',
    'no-name',
  ])
})
