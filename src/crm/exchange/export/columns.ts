/** What a table of people or companies has as columns; our own import knows each of them again. */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import { writeSector } from '../../sectors.ts'
import type { Line } from './export.ts'

// A file has columns, a record has lists: so many of each get one of their own.
const EMAILS = 3
const PHONES = 3

export type Columns<T> = [name: { nl: string; en: string }, of: (one: T) => string][]

const day = (instant: Date) => instant.toISOString().slice(0, 10)
const nth = (list: { value: string }[] | undefined, at: number) => list?.[at]?.value ?? ''

function several<
  T extends { contact: { emails: { value: string }[]; phones: { value: string }[] } },
>(nl: string, en: string, of: (one: T) => { value: string }[], most: number): Columns<T> {
  return Array.from({ length: most }, (_, at) => [
    { nl: at === 0 ? nl : `${nl} ${at + 1}`, en: at === 0 ? en : `${en} ${at + 1}` },
    (one: T) => nth(of(one), at),
  ])
}

type Reachable = Pick<
  Contact,
  'emails' | 'phones' | 'addresses' | 'tags' | 'website' | 'language' | 'reference'
>

function shared<T extends Reachable>(): Columns<Line<T>> {
  return [
    ...several<Line<T>>('E-mail', 'E-mail', ({ contact }) => contact.emails, EMAILS),
    ...several<Line<T>>('Telefoon', 'Phone', ({ contact }) => contact.phones, PHONES),
    [{ nl: 'Straat', en: 'Street' }, ({ contact }) => contact.addresses[0]?.street ?? ''],
    [
      { nl: 'Postcode', en: 'Postal code' },
      ({ contact }) => contact.addresses[0]?.postalCode ?? '',
    ],
    [{ nl: 'Gemeente', en: 'City' }, ({ contact }) => contact.addresses[0]?.city ?? ''],
    [{ nl: 'Land', en: 'Country' }, ({ contact }) => contact.addresses[0]?.country ?? ''],
    [{ nl: 'IBAN', en: 'IBAN' }, ({ ibans }) => ibans.join('; ')],
    [{ nl: 'Taal', en: 'Language' }, ({ contact }) => contact.language ?? ''],
    [{ nl: 'Website', en: 'Website' }, ({ contact }) => contact.website ?? ''],
    [{ nl: 'Labels', en: 'Tags' }, ({ contact }) => (contact.tags ?? []).join('; ')],
    [{ nl: 'Fase', en: 'Stage' }, ({ row }) => row.stage],
    [{ nl: 'Toegevoegd op', en: 'Added on' }, ({ row }) => day(row.created_at)],
    [{ nl: 'Gewijzigd op', en: 'Changed on' }, ({ row }) => day(row.updated_at)],
    // Whoever corrects this file in a spreadsheet brings it back by this.
    [{ nl: 'Kluis-id', en: 'Kluis id' }, ({ row }) => row.id],
  ]
}

export const peopleColumns: Columns<Line<Contact>> = [
  [{ nl: 'Klantnummer', en: 'Customer number' }, ({ contact }) => contact.reference ?? ''],
  [{ nl: 'Aanspreking', en: 'Salutation' }, ({ contact }) => contact.salutation ?? ''],
  [{ nl: 'Voornaam', en: 'First name' }, ({ contact }) => contact.givenName],
  [{ nl: 'Achternaam', en: 'Last name' }, ({ contact }) => contact.familyName],
  [{ nl: 'Bedrijf', en: 'Company' }, ({ contact }) => contact.company ?? ''],
  [{ nl: 'Geboortedatum', en: 'Date of birth' }, ({ contact }) => contact.birthday ?? ''],
  ...shared<Contact>(),
]

const writtenSector = (code = '') => writeSector(code)

export const companyColumns: Columns<Line<CompanyContact>> = [
  [{ nl: 'Klantnummer', en: 'Customer number' }, ({ contact }) => contact.reference],
  [{ nl: 'Bedrijf', en: 'Company' }, ({ contact }) => contact.name],
  [{ nl: 'Ondernemingsnummer', en: 'VAT number' }, ({ contact }) => contact.enterpriseNumber],
  [{ nl: 'Ander nummer', en: 'Other number' }, ({ contact }) => contact.otherNumbers?.[0] ?? ''],
  [
    { nl: 'Vestigingsnummer', en: 'Establishment number' },
    ({ contact }) => contact.addresses[0]?.siteNumber ?? '',
  ],
  [{ nl: 'Activiteit', en: 'Industry' }, ({ contact }) => contact.industry],
  [{ nl: 'Sector (NACE)', en: 'Sector (NACE)' }, ({ contact }) => writtenSector(contact.sector)],
  [
    { nl: 'Aantal werknemers', en: 'Number of employees' },
    ({ contact }) => String(contact.employeeCount ?? ''),
  ],
  [{ nl: 'Eenmanszaak', en: 'Sole trader' }, ({ contact }) => (contact.isSoleTrader ? 'x' : '')],
  [{ nl: 'Persoonsgegevens', en: 'Personal data' }, ({ isOfPerson }) => (isOfPerson ? 'x' : '')],
  ...shared<CompanyContact>(),
]
