import { readCompanyNumber, readSiteNumber } from '#platform/company-number.ts'
import { normaliseEmail, normalisePhone } from '#platform/normalise.ts'
import { refuse } from '#platform/problem.ts'
import { filterColumns, typedWords } from '#security/search/declared-filters.ts'
import type { IndexDocument } from '#security/search/index-types.ts'
import type { SealedTable } from '#security/vault/catalogue.ts'
import type { Vault } from '#security/vault/vault.ts'
import { lookupsFrom } from '../lookups.ts'
import { readSector } from '../sectors.ts'
import type { IndexRow } from '../store.ts'
import type { CompanyContact } from './contract.ts'
import type { Lookup, LookupKind } from './store.ts'

const LOOKUP_KINDS: LookupKind[] = ['email', 'phone', 'enterprise-number', 'reference']

type Numbered = Pick<CompanyContact, 'enterpriseNumber' | 'otherNumbers' | 'addresses' | 'sector'>

/** What is typed becomes what is kept: e-mails are checked, phones made E.164 where they can be. */
export function normaliseCompany(contact: CompanyContact): CompanyContact {
  const country = contact.addresses.find((address) => address.country)?.country ?? 'BE'
  return {
    ...contact,
    enterpriseNumber: readCompanyNumber(contact.enterpriseNumber).value,
    otherNumbers: [...new Set(contact.otherNumbers.map((one) => readCompanyNumber(one).value))],
    sector: readSector(contact.sector) ?? contact.sector,
    emails: contact.emails.map((email, i) => ({
      ...email,
      value:
        normaliseEmail(email.value) ??
        refuse('invalid-fields', { fields: [{ field: `emails.${i}`, problem: 'email' }] }),
    })),
    phones: contact.phones.map((phone) => ({
      ...phone,
      value: normalisePhone(phone.value, country),
    })),
    addresses: contact.addresses.map(({ siteNumber, phone, ...address }) => ({
      ...address,
      ...(siteNumber ? { siteNumber: readSiteNumber(siteNumber).value } : {}),
      ...(phone ? { phone: normalisePhone(phone, address.country || country) } : {}),
    })),
  }
}

/**
 * Refuses a number or sector that breaks its own rule, saying which. What stood there before is left alone: an old
 * mistake must not stop somebody from changing the phone.
 */
export function requireRightNumbers(typed: Numbered, before?: Numbered): void {
  const known = new Set(before ? numbersOf(before) : [])
  const fields = (
    [
      ['enterpriseNumber', typed.enterpriseNumber],
      ...typed.otherNumbers.map((one, i) => [`otherNumbers.${i}`, one] as const),
      ...typed.addresses.map((one, i) => [`addresses.${i}`, one.siteNumber ?? ''] as const),
    ] as const
  ).flatMap(([field, text]) => {
    if (text === '') return []
    const isOfSite = field.startsWith('addresses')
    const { value, kind, problem, expected } = (isOfSite ? readSiteNumber : readCompanyNumber)(text)
    if (known.has(value)) return []
    const isSite = kind === 'be-site' || kind === 'nl-site'
    const wrong = problem ?? (isSite && !isOfSite ? 'is-site' : undefined)
    return wrong ? [{ field, problem: wrong, ...(expected ? { expected } : {}) }] : []
  })
  if (typed.sector !== '' && typed.sector !== before?.sector && !readSector(typed.sector))
    refuse('invalid-fields', { fields: [...fields, { field: 'sector', problem: 'sector' }] })
  if (fields.length > 0) refuse('invalid-fields', { fields })
}

/** By all of these a company is known. What was stored before there were other numbers has none. */
function numbersOf(contact: Numbered): string[] {
  return [
    contact.enterpriseNumber,
    ...(contact.otherNumbers ?? []),
    ...contact.addresses.map(({ siteNumber }) => siteNumber ?? ''),
  ].filter(Boolean)
}

/**
 * As a search box gets it: a number in any writing is asked for in the one that is kept. Digits alone are found as they
 * are, and may be a phone number.
 */
export function searchText(typed: string): string {
  if (!/[a-z]/i.test(typed)) return typed
  const read = readCompanyNumber(typed)
  return read.kind === 'other' || read.problem === 'be-length' ? typed : read.value
}

export function ownLookups(vault: Vault, contact: CompanyContact): Promise<Lookup[]> {
  return lookupsOf(vault, {
    emails: contact.emails.map((email) => email.value),
    phones: contact.phones.map((phone) => phone.value),
    numbers: numbersOf(contact),
    reference: contact.reference,
  })
}

export function lookupsOf(
  vault: Vault,
  given: { emails: string[]; phones: string[]; numbers: string[]; reference: string },
  from = lookupsFrom<LookupKind>,
): Promise<Lookup[]> {
  const values: Record<LookupKind, string[]> = {
    email: given.emails,
    phone: given.phones,
    'enterprise-number': given.numbers,
    reference: [given.reference],
  }
  return from(
    vault,
    LOOKUP_KINDS.flatMap((kind) =>
      [...new Set(values[kind].filter(Boolean).map((value) => value.toLowerCase()))].map(
        (value) => ({ kind, value }),
      ),
    ),
  )
}

/** What the search index holds of a company; `table` says what is kept of companies now. */
export function describeCompany(
  row: IndexRow,
  contact: CompanyContact,
  table: SealedTable,
): IndexDocument {
  const address = contact.addresses[0]
  return {
    kind: 'company',
    id: row.id,
    rowVersion: row.row_version,
    names: [contact.name],
    sortName: { family: contact.name },
    fragments: [
      ...numbersOf(contact),
      contact.reference,
      contact.website,
      ...contact.emails.map((email) => email.value),
      ...contact.phones.map((phone) => phone.value),
      ...contact.addresses.flatMap(({ city, postalCode, label = '', phone = '' }) => [
        city,
        postalCode,
        label,
        phone,
      ]),
      ...typedWords(table, contact),
    ].filter(Boolean),
    addresses: address?.street ? [{ street: address.street, city: address.city }] : [],
    ...filterColumns(table, contact, { stage: row.stage }),
    ownerId: row.owner_id,
    teamId: row.team_id,
    isDeleted: row.deleted_at !== null,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  }
}
