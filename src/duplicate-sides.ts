import { lookupsOfContact } from '#crm/companies/companies.ts'
import { CompanyContact } from '#crm/companies/contract.ts'
import type { DuplicateParts, Side } from '#crm/duplicates/records.ts'
import type { Describe } from '#crm/index-loader.ts'
import { lookupsFrom } from '#crm/lookups.ts'
import { contactLookups, displayName } from '#crm/people/contact.ts'
import { Contact } from '#crm/people/contract.ts'
import type { ValueParts } from '#crm/record-values.ts'

/** What of a person and of a company says whether another is the same; their modules know, and never each other. */
export function duplicateSides(
  parts: ValueParts,
  describe: Describe,
): Record<'person' | 'company', Side> {
  const { vault } = parts
  const values = (list: { value: string }[]) => list.map(({ value }) => value)
  return {
    person: {
      kind: 'person',
      identityOf: (contact: Contact) => ({
        ...contact,
        kind: 'person',
        emails: values(contact.emails),
        phones: values(contact.phones),
        numbers: [],
      }),
      nameOf: (contact: Contact) => displayName(contact),
      contact: Contact,
      lookupsOf: (contact: Contact, ibans) => contactLookups(parts, contact, ibans),
      describe: describe.person,
    },
    company: {
      kind: 'company',
      identityOf: (contact: CompanyContact) => ({
        ...contact,
        kind: 'company',
        givenName: '',
        familyName: contact.name,
        birthday: '',
        emails: values(contact.emails),
        phones: values(contact.phones),
        numbers: [contact.enterpriseNumber, ...(contact.otherNumbers ?? [])],
      }),
      nameOf: (contact: CompanyContact) => contact.name,
      contact: CompanyContact,
      lookupsOf: async (contact: CompanyContact, ibans) => [
        ...(await lookupsOfContact(parts, contact)),
        ...(await lookupsFrom(
          vault,
          ibans.map((value) => ({ kind: 'iban' as const, value })),
        )),
      ],
      describe: describe.company,
    },
  }
}

/** What hangs on a record beside what is sealed under its key, and goes with it. */
export const duplicateLinks: DuplicateParts['links'] = [
  { table: 'affiliation', kind: 'company', key: ['person_id', 'stint'], isVersioned: true },
  // Of a joint dossier of which both are a party the kept record's own stays.
  { table: 'joint_party', kind: 'person', key: ['joint_dossier_id'], isVersioned: true },
  ...(['person', 'company'] as const).flatMap((kind) => [
    { table: 'record_change', kind, key: ['id'], isVersioned: false },
    {
      table: 'record_change',
      kind,
      column: `other_${kind}_id`,
      key: ['id'],
      isVersioned: false,
    },
    { table: 'relation', kind, column: `other_${kind}_id`, key: ['id'], isVersioned: true },
    { table: 'follow', kind, key: ['user_id'], isVersioned: false },
    { table: 'favourite', kind, key: ['user_id'], isVersioned: false },
    // Of one kind a colleague is told once, and of each note and task.
    {
      table: 'notification',
      kind,
      key: ['kind', 'user_id', 'note_id', 'task_id'],
      isVersioned: false,
    },
  ]),
]
