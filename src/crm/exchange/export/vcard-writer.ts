/** vCard 4.0 (RFC 6350). What it has no place for — stage, account numbers, who may see it — stays out of it. */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import { photoTypeOf } from '../../photos.ts'
import type { Line } from './export.ts'

// In octets, the line break not counted (3.2).
const LINE_OCTETS_MAX = 75

export function personCard({ row, contact }: Line<Contact>, photo?: Buffer): string {
  const { givenName, familyName, salutation, company, birthday } = contact
  return cardOf(row, contact, [
    ['FN', escaped([givenName, familyName].filter(Boolean).join(' ') || company)],
    ['N', [familyName, givenName, '', salutation, ''].map(escaped).join(';')],
    ...(company ? [['ORG', escaped(company)] as Property] : []),
    ...(birthday ? [['BDAY', birthday.replaceAll('-', '')] as Property] : []),
    ...photoLine(photo),
  ])
}

function photoLine(photo: Buffer | undefined): Property[] {
  const kind = photo && photoTypeOf(photo)
  return kind ? [['PHOTO', `data:${kind.type};base64,${photo.toString('base64')}`]] : []
}

export function companyCard({ row, contact }: Line<CompanyContact>): string {
  const { name } = contact
  return cardOf(row, contact, [
    ['KIND', 'org'],
    ['FN', escaped(name)],
    ['ORG', escaped(name)],
  ])
}

type Property = [name: string, value: string]
type Reachable = Pick<
  CompanyContact,
  'emails' | 'phones' | 'addresses' | 'tags' | 'website' | 'language'
>

function cardOf(
  row: { id: string; updated_at: Date },
  contact: Reachable,
  own: Property[],
): string {
  const revised = row.updated_at.toISOString().replace(/[-:]|\.\d+/g, '')
  const properties: Property[] = [
    ['BEGIN', 'VCARD'],
    ['VERSION', '4.0'],
    ['PRODID', '-//Kluis//NONSGML Kluis//EN'],
    ['UID', `urn:uuid:${row.id}`],
    ...own,
    ...contact.emails.map((one): Property => [`EMAIL${typeOf(one)}`, escaped(one.value)]),
    ...contact.phones.map(phoneOf),
    ...contact.addresses.map(
      ({ street, city, postalCode, country }): Property => [
        'ADR',
        ['', '', street, city, '', postalCode, country].map(escaped).join(';'),
      ],
    ),
    ...(contact.website ? [['URL', escaped(contact.website)] as Property] : []),
    ...(/^[a-z]{2}(-|$)/i.test(contact.language) ? [['LANG', contact.language] as Property] : []),
    ...(contact.tags.length > 0
      ? [['CATEGORIES', contact.tags.map(escaped).join(',')] as Property]
      : []),
    ['REV', revised],
    ['END', 'VCARD'],
  ]
  return properties.map(([name, value]) => folded(`${name}:${value}`)).join('')
}

type Labelled = { value: string; label?: string | undefined }

// A label is a free word; these have a type of their own, in Dutch and English.
const TYPES: [label: RegExp, type: string][] = [
  [/^(gsm|mobiel|mobile)$/i, 'cell'],
  [/^(werk|work)$/i, 'work'],
  [/^(thuis|privé|home)$/i, 'home'],
]

function typeOf({ label = '' }: Labelled): string {
  const known = TYPES.find(([word]) => word.test(label))
  return known ? `;TYPE=${known[1]}` : ''
}

/** An E.164 number is a tel: address; one kept as typed is a text. */
function phoneOf(one: Labelled): Property {
  const { value } = one
  const type = typeOf(one)
  return value.startsWith('+')
    ? [`TEL${type};VALUE=uri`, `tel:${value}`]
    : [`TEL${type}`, escaped(value)]
}

function escaped(text: string): string {
  return text.replace(/[\\,;]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n')
}

/** Never in the middle of a character. */
function folded(line: string): string {
  // A photo is long, and a sign of it is one octet.
  if (line.startsWith('PHOTO:')) return `${line.match(/.{1,74}/g)!.join('\r\n ')}\r\n`
  const lines: string[] = ['']
  let octets = 0
  for (const sign of line) {
    const size = Buffer.byteLength(sign)
    if (octets + size > LINE_OCTETS_MAX) {
      lines.push(' ')
      octets = 1
    }
    lines.push(lines.pop()! + sign)
    octets += size
  }
  return `${lines.join('\r\n')}\r\n`
}
