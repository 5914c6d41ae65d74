import type { ImportField } from '../contract.ts'
import { decoded, findEncoding } from './csv-table.ts'
import { type Row, requireRows, type Table } from './table.ts'
import { type Card, type Property, parseCards } from './vcard.ts'
import { photoOf } from './vcard-photo.ts'

/** Which field each column of the table is; the header is the property's own name. */
const columns = [
  ['FN', 'fullName'],
  ['N given', 'givenName'],
  ['N family', 'familyName'],
  ['N prefix', 'salutation'],
  ['ORG', 'company'],
  ['TITLE', 'jobTitle'],
  ['EMAIL', 'email'],
  ['TEL', 'phone'],
  ['TEL cell', 'mobile'],
  ['ADR street', 'street'],
  ['ADR code', 'postalCode'],
  ['ADR locality', 'city'],
  ['ADR country', 'country'],
  ['BDAY', 'birthday'],
  ['LANG', 'language'],
  ['URL', 'website'],
  ['CATEGORIES', 'tag'],
  ['NOTE', 'note'],
] as const satisfies [header: string, field: ImportField][]
type Header = (typeof columns)[number][0]

// Of the file and the program that wrote it, not of the person.
const NOISE =
  /^(VERSION|PRODID|REV|UID|SOURCE|PROFILE|CLASS|MAILER|SORT-STRING|KIND|XML|CLIENTPIDMAP|LABEL|KEY|X-AB.*|X-ANDROID-CUSTOM|X-SOCIALPROFILE|X-KLUIS-REFUSED)$/
const BINARY = /^(PHOTO|LOGO|SOUND)$/

/** Undefined when this is no file of vCards. */
export function readVcards(bytes: Uint8Array): Table | undefined {
  const encoding = findEncoding(bytes)
  const start = new TextDecoder(encoding).decode(bytes.subarray(0, 64))
  if (!/^[\ufeff\s]*BEGIN:VCARD/i.test(start)) return undefined
  const cards = parseCards([...decoded(bytes, encoding)].join(''))
  const leftOut = cards.filter((card) =>
    card.properties.some(({ name }) => BINARY.test(name) && (name !== 'PHOTO' || isCompany(card))),
  )
  return requireRows({
    kind: 'vcard',
    encoding,
    separator: '',
    headers: columns.map(([header]) => header),
    fields: columns.map(([, field]) => field),
    rows: cards.map((card) => ({
      line: card.line,
      cells: cellsOf(card),
      original: card.original,
      ...photoIn(card),
    })),
    sheets: [],
    sheet: '',
    notices: leftOut.length > 0 ? [{ notice: 'logo-left-out', count: leftOut.length }] : [],
  })
}

function photoIn(card: Card): Pick<Row, 'photo'> {
  const [photo] = all(card, 'PHOTO')
  return photo && !isCompany(card) ? { photo: photoOf(photo) } : {}
}

/** Of one name, the preferred first. */
function all({ properties }: Card, name: string): Property[] {
  return properties
    .filter((one) => one.name === name && one.text)
    .sort((a, b) => preference(a) - preference(b))
}

function isCompany(card: Card): boolean {
  const first = (name: string) => all(card, name)[0]
  const [org = ''] = (first('ORG')?.parts ?? []).map((part) => part.join(', ')).filter(Boolean)
  return (
    /^org/i.test(first('KIND')?.text ?? '') ||
    /company/i.test(first('X-ABSHOWAS')?.text ?? '') ||
    (!first('N')?.text.replaceAll(';', '') && org !== '' && org === first('FN')?.text)
  )
}

function cellsOf(card: Card): string[] {
  const { properties } = card
  const cells = new Map<Header, string[]>()
  const put = (header: Header, value: string | undefined) => {
    if (value) cells.set(header, [...(cells.get(header) ?? []), value])
  }
  const first = (name: string) => all(card, name)[0]
  const org = (first('ORG')?.parts ?? []).map((part) => part.join(', ')).filter(Boolean)
  const fullName = first('FN')?.text ?? ''
  if (isCompany(card)) put('ORG', org[0] ?? fullName)
  else {
    const [family, given, additional, prefix, suffix] = first('N')?.parts ?? []
    put('FN', fullName)
    put('N given', [...(given ?? []), ...(additional ?? [])].filter(Boolean).join(' '))
    put('N family', [...(family ?? []), ...(suffix ?? [])].filter(Boolean).join(' '))
    put('N prefix', prefix?.join(' '))
    put('ORG', org[0])
  }
  // A department is said after the organisation.
  put('TITLE', first('TITLE')?.text ?? first('ROLE')?.text)
  for (const one of all(card, 'EMAIL')) put('EMAIL', placed(one, one.text))
  for (const one of all(card, 'TEL')) {
    const number = one.text.replace(/^tel:/i, '').replace(/;ext=/i, ' x')
    if (one.types.some((type) => /^(fax|pager)$/.test(type)))
      put('NOTE', `${one.types.includes('fax') ? 'FAX' : 'PAGER'}: ${number}`)
    else if (one.types.some((type) => /^(cell|iphone)$/.test(type))) put('TEL cell', number)
    else put('TEL', placed(one, number))
  }
  const [home, ...otherHomes] = all(card, 'ADR')
  const [box, extended, street, locality, region, code, country] = (home?.parts ?? []).map((part) =>
    part.join(', '),
  )
  put('ADR street', [street, extended, box].filter(Boolean).join(' '))
  put('ADR code', code)
  put('ADR locality', locality || region)
  put('ADR country', country)
  put('BDAY', dayOf(first('BDAY')?.text))
  put('LANG', first('LANG')?.text)
  put('URL', first('URL')?.text)
  for (const one of all(card, 'CATEGORIES'))
    for (const tag of one.parts.flat()) put('CATEGORIES', tag)
  const notes = [
    ...all(card, 'NOTE').map(({ text }) => text),
    ...(org.length > 1 ? [`ORG: ${org.slice(1).join(', ')}`] : []),
    ...otherHomes.map(({ parts }) => `ADR: ${parts.flat().filter(Boolean).join(', ')}`),
    ...all(card, 'URL')
      .slice(1)
      .map(({ text }) => `URL: ${text}`),
    ...properties.filter(isUnknown).map(({ name, text }) => `${name}: ${text}`),
  ]
  cells.set('NOTE', [...notes, ...(cells.get('NOTE') ?? [])])
  return columns.map(([header]) => (cells.get(header) ?? []).join('\n'))
}

/** At work or at home, where the card says one of them: before the value, so that the preferred one stays first. */
function placed({ types }: Property, value: string): string {
  const where = ['work', 'home'].filter((one) => types.includes(one))
  return where.length === 1 && value ? `${where[0]}: ${value}` : value
}

const used = new Set('N FN ORG TITLE ROLE EMAIL TEL ADR BDAY LANG URL CATEGORIES NOTE'.split(' '))

/** What has no column of its own is kept in the note, under its name. */
function isUnknown({ name, text }: Property): boolean {
  return text !== '' && !used.has(name) && !NOISE.test(name) && !BINARY.test(name)
}

/** 4.0 counts from 1, best first; 3.0 has one word. */
function preference(property: Property): number {
  return property.types.includes('pref') ? 0 : Number(property.params.get('PREF') ?? 101)
}

/** 19780903 and 1978-09-03T00:00:00Z are days; one without a year is told, not guessed. */
function dayOf(text: string | undefined): string | undefined {
  const plain = /^(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?$/.exec(text ?? '')
  return plain ? `${plain[1]}-${plain[2]}-${plain[3]}` : text
}
