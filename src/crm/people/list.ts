import type { ReadTx } from '#platform/db.ts'
import { normaliseEmail, normaliseIban, normalisePhone } from '#platform/normalise.ts'
import type { Who } from '#security/access/who.ts'
import type { OpenOutcome } from '#security/vault/vault.ts'
import type { RecordQuery } from '../contract.ts'
import { searchedFrom } from '../lookups.ts'
import { findPage, findPlace, openPage, scopeOf } from '../record-list.ts'
import { customOf, namesFor, namesIn } from '../record-values.ts'
import { LINE_COLUMNS, type LineRow } from '../store.ts'
import type { ListQuestion } from '../views/contract.ts'
import { displayName, lookupsOf } from './contact.ts'
import { Contact, type DuplicateQuestion, type PersonLine } from './contract.ts'
import type { PeopleParts } from './people.ts'
import * as store from './store.ts'

/** A page of the list. The index proposes, row security decides, the vault opens what it let through. */
export async function listPeople(
  parts: PeopleParts,
  asking: { tx: ReadTx; who: Who },
  query: RecordQuery,
) {
  const page = await findPage(
    parts.index,
    'person',
    parts.filtering,
    asking,
    query,
    (before, limit) => store.listNewest(asking.tx, query.deleted === 'true', before, limit),
  )
  const purpose = query.search ? 'search' : 'list'
  return openPage(page, (ids) => openLines(parts, asking.tx, ids, purpose))
}

/** The rows at a place of the list, as a filter and an order make it. */
export async function listPeopleAt(
  parts: PeopleParts,
  asking: { tx: ReadTx; who: Who; now: Date },
  question: ListQuestion,
) {
  const page = await findPlace(
    parts.index,
    'person',
    parts.filtering,
    asking,
    question,
    (before, limit) => store.listNewest(asking.tx, question.deleted, before, limit),
  )
  const purpose = question.search || question.filter ? 'search' : 'list'
  return openPage(page, (ids) => openLines(parts, asking.tx, ids, purpose))
}

export async function openLines(
  parts: Pick<PeopleParts, 'vault' | 'fields'>,
  tx: ReadTx,
  ids: string[],
  purpose: 'search' | 'list' | 'edit',
): Promise<PersonLine[]> {
  const found = await parts.vault.openRecords<LineRow, { contact: Contact }>(tx, {
    table: 'person',
    classes: ['contact'],
    also: LINE_COLUMNS,
    ids,
    purpose,
    record: 'list',
  })
  const names = await namesIn(parts, tx, 'person', customOf(found.values()))
  return ids.flatMap((id) => {
    const record = found.get(id)
    return record ? [line(record.row, record.opened.contact, names)] : []
  })
}

/** One row that does not open is shown as closed and does not take the page with it. */
function line(
  row: LineRow,
  outcome: OpenOutcome<Contact> | undefined,
  names: ReadonlyMap<string, string>,
): PersonLine {
  const contact = outcome?.kind === 'open' ? outcome.value : Contact.parse({})
  return {
    id: row.id,
    displayName: displayName(contact),
    givenName: contact.givenName,
    familyName: contact.familyName,
    salutation: contact.salutation,
    birthday: contact.birthday,
    company: contact.company,
    email: contact.emails[0]?.value ?? '',
    phone: contact.phones[0]?.value ?? '',
    street: contact.addresses[0]?.street ?? '',
    postalCode: contact.addresses[0]?.postalCode ?? '',
    city: contact.addresses[0]?.city ?? '',
    country: contact.addresses[0]?.country ?? '',
    website: contact.website,
    language: contact.language,
    reference: contact.reference,
    tags: contact.tags,
    custom: contact.custom ?? {},
    customNames: namesFor(contact.custom, names),
    stage: row.stage as PersonLine['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

const SIMILAR_MAX = 5

/** Before a person is made: whom the caller may see that shares a value, or has a similar name. */
export async function findDuplicates(
  { vault, index }: PeopleParts,
  { tx, who }: { tx: ReadTx; who: Who },
  asked: DuplicateQuestion,
) {
  // Who sees an account number masked could else try those that fit the mask, and would be told which it is.
  const ibans = who.permissions.has('people:reveal') ? asked.ibans : []
  const lookups = await lookupsOf(
    vault,
    {
      emails: asked.emails.flatMap((email) => normaliseEmail(email) ?? []),
      phones: asked.phones.map((phone) => normalisePhone(phone)),
      reference: asked.reference,
    },
    ibans.flatMap((iban) => normaliseIban(iban) ?? []),
    searchedFrom,
  )
  const [matches, similar] = await Promise.all([
    lookups.length === 0
      ? []
      : store.listTokenMatches(
          tx,
          lookups.map((lookup) => lookup.token),
        ),
    asked.name
      ? index.similar({
          kind: 'person',
          names: [asked.name],
          scope: scopeOf(who, 'person'),
          limit: SIMILAR_MAX,
        })
      : [],
  ])
  const on = new Map<string, Set<string>>()
  const add = (id: string, why: string) => on.set(id, (on.get(id) ?? new Set()).add(why))
  for (const match of matches) add(match.person_id, match.kind)
  for (const { id } of similar) add(id, 'name')
  if (asked.exceptId) on.delete(asked.exceptId)
  const found = await vault.openRecords<store.PersonRow, { contact: Contact }>(tx, {
    table: 'person',
    classes: ['contact'],
    also: store.COLUMNS,
    ids: [...on.keys()],
    purpose: 'duplicates',
    record: 'list',
  })
  return {
    items: [...on].flatMap(([id, why]) => {
      const { row, opened } = found.get(id) ?? {}
      if (!row || row.deleted_at || opened?.contact?.kind !== 'open') return []
      const contact = opened.contact.value
      return [
        {
          id,
          displayName: displayName(contact),
          email: contact.emails[0]?.value ?? '',
          city: contact.addresses[0]?.city ?? '',
          ownerId: row.owner_id,
          on: [...why] as never[],
        },
      ]
    }),
  }
}
