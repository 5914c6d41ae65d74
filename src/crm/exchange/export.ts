/** Export: the vault opens what row security shows, recorded as an export, and every cell is plain text. */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { RecordKind } from './duplicates.ts'
import { BYTE_ORDER_MARK, csvLine, csvShape } from './files/csv-lines.ts'
import { type ExportedRow, listForExport, recordExport } from './store.ts'

const BATCH_ROWS = 2_000
// More than a spreadsheet opens comfortably; a whole database leaves by a backup.
const ROWS_MAX = 250_000
const FIRST = '00000000-0000-0000-0000-000000000000'
// A file has columns, a record has lists: so many of each get one of their own.
const EMAILS = 3
const PHONES = 3

export type ExportAsking = { tx: ReadTx; who: Who }
export type Exported = { csv: Buffer; rows: number }

type Confidential = { ibans: string[] }
type Columns<T> = [name: { nl: string; en: string }, of: (one: T) => string][]
type Line<T> = { row: ExportedRow; contact: T; ibans: string[] }

/** All people the caller sees. Account numbers in full only for those who may reveal them. */
export function exportPeople(vault: Vault, asking: ExportAsking): Promise<Exported> {
  return exportRecords<Contact>(vault, asking, 'person', peopleColumns)
}

export function exportCompanies(vault: Vault, asking: ExportAsking): Promise<Exported> {
  return exportRecords<CompanyContact>(vault, asking, 'company', companyColumns)
}

async function exportRecords<T>(
  vault: Vault,
  { tx, who }: ExportAsking,
  kind: RecordKind,
  columns: Columns<Line<T>>,
): Promise<Exported> {
  const shape = csvShape(who.language)
  const header = csvLine(
    columns.map(([name]) => name[who.language]),
    shape,
  )
  const parts = [BYTE_ORDER_MARK, header]
  const maySeeIbans = who.permissions.has('people:reveal')
  let rows = 0
  for (let after = FIRST; ; ) {
    const page = await listForExport(tx, kind, after, BATCH_ROWS)
    if (page.length === 0) break
    rows += page.length
    if (rows > ROWS_MAX) refuse('too-large', { rowsMax: ROWS_MAX })
    const ask = { table: kind, ids: page.map((row) => row.id), purpose: 'export' as const }
    const [contacts, confidentials] = await Promise.all([
      vault.open<T>(tx, { ...ask, sealedClass: 'contact', record: 'export' }),
      vault.open<Confidential>(tx, { ...ask, sealedClass: 'confidential', record: 'none' }),
    ])
    for (const row of page) {
      const outcome = contacts.get(row.id)
      // Erased a moment ago: no line for it. Whatever else does not open stops the export, so that none is short unseen.
      if (!outcome || (outcome.kind === 'closed' && outcome.why === 'erased')) continue
      const confidential = confidentials.get(row.id)
      const ibans = confidential ? openedOrRefuse(confidential).ibans : []
      const line = {
        row,
        contact: openedOrRefuse(outcome),
        ibans: maySeeIbans ? ibans : ibans.map(mask),
      }
      parts.push(
        csvLine(
          columns.map(([, of]) => of(line)),
          shape,
        ),
      )
    }
    after = page.at(-1)!.id
  }
  await recordExport(tx, kind, rows)
  return { csv: Buffer.from(parts.join('')), rows }
}

function mask(iban: string): string {
  return `${iban.slice(0, 4)} •••• ${iban.slice(-4)}`
}

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
  ]
}

const peopleColumns: Columns<Line<Contact>> = [
  [{ nl: 'Klantnummer', en: 'Customer number' }, ({ contact }) => contact.reference ?? ''],
  [{ nl: 'Aanspreking', en: 'Salutation' }, ({ contact }) => contact.salutation ?? ''],
  [{ nl: 'Voornaam', en: 'First name' }, ({ contact }) => contact.givenName],
  [{ nl: 'Achternaam', en: 'Last name' }, ({ contact }) => contact.familyName],
  [{ nl: 'Bedrijf', en: 'Company' }, ({ contact }) => contact.company ?? ''],
  [{ nl: 'Geboortedatum', en: 'Date of birth' }, ({ contact }) => contact.birthday ?? ''],
  ...shared<Contact>(),
]

const companyColumns: Columns<Line<CompanyContact>> = [
  [{ nl: 'Klantnummer', en: 'Customer number' }, ({ contact }) => contact.reference],
  [{ nl: 'Bedrijf', en: 'Company' }, ({ contact }) => contact.name],
  [{ nl: 'Ondernemingsnummer', en: 'VAT number' }, ({ contact }) => contact.enterpriseNumber],
  [{ nl: 'Sector', en: 'Industry' }, ({ contact }) => contact.industry],
  [
    { nl: 'Aantal werknemers', en: 'Number of employees' },
    ({ contact }) => String(contact.employeeCount ?? ''),
  ],
  ...shared<CompanyContact>(),
]
