import { normaliseEmail, normaliseIban, normalisePhone } from '#platform/normalise.ts'
import { refuse } from '#platform/problem.ts'
import { filterColumns, typedWords } from '#security/search/declared-filters.ts'
import type { IndexDocument } from '#security/search/index-types.ts'
import type { SealedTable } from '#security/vault/catalogue.ts'
import type { SealTarget, Vault } from '#security/vault/vault.ts'
import { type Lookup, lookupsFrom } from '../lookups.ts'
import type { ValueParts } from '../record-values.ts'
import type { IndexRow } from '../store.ts'
import type { Contact } from './contract.ts'
import type * as store from './store.ts'

export function displayName(
  contact: Pick<Contact, 'givenName' | 'familyName' | 'company'>,
): string {
  return [contact.givenName, contact.familyName].filter(Boolean).join(' ') || contact.company
}

/** What is typed becomes what is kept: e-mails and accounts are checked, phones made E.164 where they can be. */
export function normaliseContact(contact: Contact): Contact {
  const country = contact.addresses.find((address) => address.country)?.country ?? 'BE'
  const wrong = contact.emails.findIndex((email) => !normaliseEmail(email.value))
  if (wrong >= 0)
    refuse('invalid-fields', { fields: [{ field: `emails.${wrong}`, problem: 'email' }] })
  return {
    ...contact,
    emails: contact.emails.map((email) => ({ ...email, value: normaliseEmail(email.value)! })),
    phones: contact.phones
      .filter((phone) => phone.value)
      .map((phone) => ({ ...phone, value: normalisePhone(phone.value, country) })),
  }
}

export function normaliseIbans(ibans: string[]): string[] {
  return ibans.map(
    (iban, i) =>
      normaliseIban(iban) ??
      refuse('invalid-fields', { fields: [{ field: `ibans.${i}`, problem: 'iban' }] }),
  )
}

/** What finds a person again by an exact value, without telling the database which; `from` says whether to write or look. */
export async function lookupsOf(
  vault: Vault,
  contact: { emails: string[]; phones: string[]; reference: string },
  ibans: string[],
  from = lookupsFrom<store.LookupKind>,
): Promise<store.Lookup[]> {
  const of = (kind: store.LookupKind, values: string[]) =>
    values.filter(Boolean).map((value) => ({ kind, value }))
  const all = await from(vault, [
    ...of('email', contact.emails),
    ...of('phone', contact.phones),
    ...of('iban', ibans),
    ...of('reference', [contact.reference]),
  ])
  return [
    ...new Map(
      all.map((lookup) => [`${lookup.kind} ${lookup.token.toString('hex')}`, lookup]),
    ).values(),
  ]
}

export async function contactLookups(
  { vault, fields }: ValueParts,
  contact: Contact,
  ibans: string[],
): Promise<Lookup[]> {
  const lookups = await Promise.all([
    lookupsOf(
      vault,
      {
        emails: contact.emails.map((email) => email.value),
        phones: contact.phones.map((phone) => phone.value),
        reference: contact.reference,
      },
      ibans,
    ),
    fields.lookupsOf(vault, 'person', contact.custom),
  ])
  return lookups.flat()
}

export function contactTarget(
  row: { id: string; key_slot: number },
  sealCounter: number,
  sealedClass: 'contact' | 'confidential' = 'contact',
): SealTarget {
  return {
    table: 'person',
    sealedClass,
    rowId: row.id,
    subjectId: row.id,
    keySlot: row.key_slot,
    sealCounter,
  }
}

/** What the search index holds of a person; `table` says what is kept of people now. */
export function describePerson(row: IndexRow, contact: Contact, table: SealedTable): IndexDocument {
  const address = contact.addresses[0]
  return {
    kind: 'person',
    id: row.id,
    rowVersion: row.row_version,
    names: [displayName(contact)],
    sortName: contact.familyName
      ? { given: contact.givenName, family: contact.familyName }
      : { family: contact.givenName || contact.company },
    fragments: [
      contact.company,
      contact.reference,
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
