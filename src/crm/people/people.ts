import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { normaliseEmail, normaliseIban, normalisePhone } from '#platform/normalise.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { fold, sortKey } from '#security/search/folding.ts'
import type { MemoryIndex, SearchDocument } from '#security/search/memory-index.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import {
  type Confidential,
  Contact,
  type NewPerson,
  type PeopleQuery,
  type Person,
  type PersonChange,
  type PersonLine,
} from './contract.ts'
import * as store from './store.ts'

export type PeopleParts = { vault: Vault; index: MemoryIndex }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who }

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

export function lookupsOf(vault: Vault, contact: Contact, ibans: string[]): store.Lookup[] {
  const of = (kind: store.LookupKind, values: string[]) =>
    values.filter(Boolean).map((value) => ({ kind, token: vault.blindToken(kind, value) }))
  const all = [
    ...of(
      'email',
      contact.emails.map((e) => e.value),
    ),
    ...of(
      'phone',
      contact.phones.map((p) => p.value),
    ),
    ...of('iban', ibans),
    ...of('reference', [contact.reference]),
  ]
  return [
    ...new Map(
      all.map((lookup) => [`${lookup.kind} ${lookup.token.toString('hex')}`, lookup]),
    ).values(),
  ]
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

export function searchDocument(row: store.PersonRow, contact: Contact): SearchDocument {
  return {
    id: row.id,
    names: displayName(contact),
    others: [
      contact.company,
      contact.reference,
      ...contact.emails.map((e) => e.value),
      ...contact.phones.map((p) => p.value),
      ...contact.addresses.map((a) => `${a.city} ${a.postalCode}`),
    ].join(' '),
    sortKey: sortKey(contact.familyName || contact.company, contact.givenName),
    ownerId: row.owner_id,
    teamId: row.team_id,
    stage: row.stage,
    tags: contact.tags,
    city: contact.addresses[0]?.city ?? '',
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    isInTrash: row.deleted_at !== null,
    rowVersion: row.row_version,
  }
}

/** A page of the list. The index proposes, row security decides, the vault opens what it let through. */
export async function listPeople(
  { vault, index }: PeopleParts,
  { tx, who }: Asking,
  query: PeopleQuery,
) {
  const offset = Number(query.cursor ?? 0)
  const isDescending = query.sort.startsWith('-')
  const found = index.isReady
    ? index.query({
        text: query.search,
        sort: query.sort.replace('-', '') as 'name',
        isDescending,
        filters: {
          stage: query.stage,
          ownerId: query.owner,
          tag: query.tag,
          city: query.city,
          isInTrash: query.deleted === 'true',
        },
        scope: who,
        offset,
        limit: query.limit,
      })
    : { ids: (await store.listNewest(tx, query.limit, offset)).map((row) => row.id), total: null }
  const ids = found.ids
  const [rows, opened] = await Promise.all([
    store.listPeople(tx, ids),
    vault.open<Contact>(tx, {
      table: 'person',
      sealedClass: 'contact',
      ids,
      purpose: query.search ? 'search' : 'list',
      record: 'list',
    }),
  ])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const items = ids.flatMap((id) => {
    const row = byId.get(id)
    return row ? [line(row, openedOrRefuse(opened.get(id)))] : []
  })
  const nextCursor = ids.length === query.limit ? String(offset + query.limit) : null
  return { items, nextCursor, total: found.total, isIndexReady: index.isReady }
}

function line(row: store.PersonRow, contact: Contact): PersonLine {
  return {
    id: row.id,
    displayName: displayName(contact),
    company: contact.company,
    email: contact.emails[0]?.value ?? '',
    phone: contact.phones[0]?.value ?? '',
    city: contact.addresses[0]?.city ?? '',
    tags: contact.tags,
    stage: row.stage as PersonLine['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
  }
}

/** A client-made id means something to the one who made it only. */
async function ownId(tx: ReadTx, who: Who, id: string): Promise<string> {
  return (await store.findClientId(tx, who.userId, id)) ?? refuse('not-found')
}

type OpenedPerson = { row: store.PersonRow; contact: Contact; ibans: string[] }

async function openPerson(
  { vault }: PeopleParts,
  { tx, who }: Asking,
  id: string,
  purpose: 'dossier' | 'edit' | 'reveal',
): Promise<OpenedPerson> {
  const ask = async (personId: string) => {
    const [row, contacts, confidentials] = await Promise.all([
      store.findPerson(tx, personId),
      vault.open<Contact>(tx, {
        table: 'person',
        sealedClass: 'contact',
        ids: [personId],
        purpose,
        record: purpose === 'reveal' ? 'reveal' : 'dossier',
      }),
      vault.open<Confidential>(tx, {
        table: 'person',
        sealedClass: 'confidential',
        ids: [personId],
        purpose,
        record: 'none',
      }),
    ])
    const confidential = confidentials.get(personId)
    return (
      row && {
        row,
        contact: openedOrRefuse(contacts.get(personId)),
        ibans: confidential ? openedOrRefuse(confidential).ibans : [],
      }
    )
  }
  return (await ask(id)) ?? (await ask(await ownId(tx, who, id))) ?? refuse('not-found')
}

function mask(iban: string): string {
  return `${iban.slice(0, 4)} •••• ${iban.slice(-4)}`
}

function reply({ row, contact, ibans }: OpenedPerson): Person {
  return {
    ...Contact.parse(contact),
    id: row.id,
    displayName: displayName(contact),
    stage: row.stage as Person['stage'],
    ownerId: row.owner_id,
    teamId: row.team_id,
    ibans: ibans.map(mask),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    isInTrash: row.deleted_at !== null,
  }
}

export async function showPerson(parts: PeopleParts, asking: Asking, id: string): Promise<Person> {
  return reply(await openPerson(parts, asking, id, 'dossier'))
}

export async function revealPerson(
  parts: PeopleParts,
  asking: Asking,
  id: string,
): Promise<{ ibans: string[] }> {
  return { ibans: (await openPerson(parts, asking, id, 'reveal')).ibans }
}

export async function createPerson(
  parts: PeopleParts,
  asking: Asking,
  given: NewPerson,
  writeAtOnce: WriteAtOnce,
): Promise<Person> {
  const { vault, index } = parts
  const { tx, who } = asking
  const known = given.id && (await store.findClientId(tx, who.userId, given.id))
  if (known) return showPerson(parts, asking, known)
  const contact = normaliseContact(Contact.parse(given))
  const ibans = normaliseIbans(given.ibans ?? [])
  const teamId = given.teamId ?? who.teamIds[0] ?? refuse('not-allowed')
  const [keySlot] = await vault.drawKeySlots(tx, 1)
  const id = randomUUID()
  const place = { id, key_slot: keySlot! }
  const [contactSealed, confidentialSealed] = await vault.seal([
    { target: contactTarget(place, 1), value: contact },
    ...(ibans.length
      ? [{ target: contactTarget(place, 1, 'confidential'), value: { ibans } }]
      : []),
  ])
  const row = {
    ...place,
    owner_id: given.ownerId ?? who.userId,
    team_id: teamId,
    stage: given.stage ?? ('lead' as const),
    contact_sealed: contactSealed!,
    confidential_sealed: confidentialSealed ?? null,
    confidential_seal_counter: ibans.length ? 1 : 0,
  }
  try {
    await writeAtOnce((write) =>
      Promise.all([
        given.id
          ? store.insertClientId(write, { user_id: who.userId, client_id: given.id, row_id: id })
          : undefined,
        store.insertPeople(
          write,
          [row],
          lookupsOf(vault, contact, ibans).map((lookup) => ({ ...lookup, person_id: id })),
        ),
      ]),
    )
  } catch (error) {
    // The same client-made id arrived twice at once: the other request won, and both get its record.
    const winner =
      (error as { code?: string }).code === '23505' && given.id
        ? await store.findClientId(tx, who.userId, given.id)
        : undefined
    if (!winner) throw error
    return showPerson(parts, asking, winner)
  }
  const made = (await store.findPerson(tx, id)) ?? refuse('not-found')
  index.put(searchDocument(made, contact))
  return reply({ row: made, contact, ibans })
}

export async function editPerson(
  parts: PeopleParts,
  asking: Asking,
  id: string,
  change: PersonChange,
  writeAtOnce: WriteAtOnce,
): Promise<Person> {
  const { vault, index } = parts
  const before = await openPerson(parts, asking, id, 'edit')
  const { rowVersion, stage, ownerId, teamId, ibans, ...fields } = change
  if (rowVersion !== before.row.row_version) refuseStale(before, change)
  const contact = normaliseContact(Contact.parse({ ...before.contact, ...fields }))
  const after = ibans ? normaliseIbans(ibans) : before.ibans
  const [contactSealed, confidentialSealed] = await vault.seal([
    { target: contactTarget(before.row, before.row.contact_seal_counter + 1), value: contact },
    {
      target: contactTarget(before.row, before.row.confidential_seal_counter + 1, 'confidential'),
      value: { ibans: after },
    },
  ])
  const patch: store.PersonPatch = {
    ...(stage && { stage }),
    ...(ownerId && { owner_id: ownerId }),
    ...(teamId && { team_id: teamId }),
    ...(Object.keys(fields).length > 0 && {
      contact_sealed: contactSealed!,
      contact_seal_counter: before.row.contact_seal_counter + 1,
    }),
    ...(ibans && {
      confidential_sealed: confidentialSealed!,
      confidential_seal_counter: before.row.confidential_seal_counter + 1,
    }),
  }
  try {
    await writeAtOnce((tx) =>
      Promise.all([
        store.changePerson(tx, before.row.id, rowVersion, patch),
        store.replaceLookups(tx, before.row.id, lookupsOf(vault, contact, after)),
      ]),
    )
  } catch (error) {
    if (error instanceof Problem && error.code === 'changed-meanwhile')
      refuseStale(await openPerson(parts, asking, id, 'edit'), change)
    throw error
  }
  const row = (await store.findPerson(asking.tx, before.row.id)) ?? refuse('not-found')
  index.put(searchDocument(row, contact))
  return reply({ row, contact, ibans: after })
}

/** The second of two editors learns what the record is now and which of their fields it differs in. */
function refuseStale(current: OpenedPerson, change: PersonChange): never {
  const person = reply(current)
  const { rowVersion: _, ibans: __, ...wanted } = change
  const changedFields = Object.entries(wanted)
    .filter(
      ([name, value]) => JSON.stringify(person[name as keyof Person]) !== JSON.stringify(value),
    )
    .map(([name]) => name)
  refuse('changed-meanwhile', {
    current: person,
    changedFields,
    changedBy: current.row.updated_by,
    changedAt: person.updatedAt,
  })
}

export async function moveToTrash(
  parts: PeopleParts,
  asking: Asking,
  id: string,
  to: 'trash' | 'list',
  now: Date,
  writeAtOnce: WriteAtOnce,
): Promise<void> {
  const { row, contact } = await openPerson(parts, asking, id, 'edit')
  const patch =
    to === 'trash'
      ? { deleted_at: now, deleted_by: asking.who.userId }
      : { deleted_at: null, deleted_by: null }
  await writeAtOnce((tx) => store.changePerson(tx, row.id, row.row_version, patch))
  parts.index.put(
    searchDocument(
      { ...row, deleted_at: patch.deleted_at, row_version: row.row_version + 1 },
      contact,
    ),
  )
}

/** Likely the same person: the same name in the same place. Only a proposal, never merged by itself. */
export function similarKey(contact: Contact): string {
  return fold(
    `${displayName(contact)} ${contact.addresses[0]?.street ?? ''} ${contact.addresses[0]?.postalCode ?? ''}`,
  )
}
