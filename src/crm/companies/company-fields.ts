import { normaliseEmail, normalisePhone } from '#platform/normalise.ts'
import { refuse } from '#platform/problem.ts'
import { filterColumns, typedWords } from '#security/search/declared-filters.ts'
import type { IndexDocument } from '#security/search/index-types.ts'
import type { SealedTable } from '#security/vault/catalogue.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { IndexRow } from '../store.ts'
import type { CompanyContact } from './contract.ts'
import type { Lookup, LookupKind } from './store.ts'

const LOOKUP_KINDS: LookupKind[] = ['email', 'phone', 'enterprise-number', 'reference']

/** What is typed becomes what is kept: e-mails are checked, phones made E.164 where they can be. */
export function normaliseCompany(contact: CompanyContact): CompanyContact {
  const country = contact.addresses.find((address) => address.country)?.country ?? 'BE'
  return {
    ...contact,
    enterpriseNumber: normaliseEnterpriseNumber(contact.enterpriseNumber),
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
  }
}

/** 'BE 0403.170.701', '0403170701' and 'be403170701' are one number; other countries' keep their signs. */
export function normaliseEnterpriseNumber(typed: string): string {
  const plain = typed.toUpperCase().replace(/[\s./-]/g, '')
  const digits = /^(?:BE)?0?([01]?\d{9})$/.exec(plain)?.[1]?.padStart(10, '0')
  // Source: Crossroads Bank for Enterprises; the last two digits are 97 less the remainder of the first eight.
  const isBelgian =
    digits !== undefined &&
    /^[01]/.test(digits) &&
    97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8))
  return isBelgian ? `BE${digits}` : plain
}

export function lookupsOf(
  vault: Vault,
  given: { emails: string[]; phones: string[]; enterpriseNumber: string; reference: string },
): Lookup[] {
  const values: Record<LookupKind, string[]> = {
    email: given.emails,
    phone: given.phones,
    'enterprise-number': [given.enterpriseNumber],
    reference: [given.reference],
  }
  return LOOKUP_KINDS.flatMap((kind) =>
    [...new Set(values[kind].filter(Boolean).map((value) => value.toLowerCase()))].map((value) => ({
      kind,
      token: vault.blindToken(kind, value),
    })),
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
      contact.enterpriseNumber,
      contact.reference,
      contact.website,
      ...contact.emails.map((email) => email.value),
      ...contact.phones.map((phone) => phone.value),
      ...contact.addresses.flatMap(({ city, postalCode }) => [city, postalCode]),
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
