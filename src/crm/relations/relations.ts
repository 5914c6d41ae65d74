import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { isPast, requireOrder, today } from '../periods.ts'
import { nameChangedFields } from '../store.ts'
import { openNames } from '../subject-names.ts'
import {
  type CompanyRelations,
  type NewRelation,
  type PersonRelations,
  type Relation,
  RelationContent,
  type RelationEdit,
} from './contract.ts'
import { inverse, isKindOf } from './kinds.ts'
import * as store from './store.ts'

export type RelationParts = { vault: Vault }
type Asking = { tx: ReadTx; now: Date }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Opened = { row: store.RelationRow; content: RelationContent }

// A household is no village: who is tied to the tied of the tied still counts, and no more than these.
const HOUSEHOLD_STEPS = 3
const HOUSEHOLD_MAX = 20

async function openRows(
  { vault }: RelationParts,
  tx: ReadTx,
  rows: store.RelationRow[],
  purpose: 'dossier' | 'edit',
): Promise<Opened[]> {
  if (rows.length === 0) return []
  const opened = await vault.open<RelationContent>(tx, {
    table: 'relation',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose,
    record: 'none',
  })
  // One that does not open still ties two records: it is shown without what it says.
  return rows.map((row) => {
    const outcome = opened.get(row.id)
    const said = outcome?.kind === 'open' ? outcome.value : { kind: 'other' }
    return { row, content: RelationContent.parse(said) }
  })
}

/** As the record sees it of which it is asked. */
function shown({ row, content }: Opened, of: string, day: string): Omit<Relation, 'otherName'> {
  const isFirst = row.first_id === of
  return {
    ...(isFirst ? content : inverse(content)),
    id: row.id,
    otherId: isFirst ? row.other_id : row.first_id,
    isPast: isPast(content, day),
    rowVersion: row.row_version,
  }
}

async function namesOf(
  { vault }: RelationParts,
  tx: ReadTx,
  side: store.Side,
  ids: readonly string[],
): Promise<(id: string) => string> {
  const names = await openNames(
    vault,
    tx,
    [...new Set(ids)].map((id) => ({ kind: side, id })),
  )
  return (id) => names.get(id) ?? ''
}

export async function showPersonRelations(
  parts: RelationParts,
  { tx, now }: Asking,
  id: string,
): Promise<PersonRelations> {
  const [there, rows] = await Promise.all([
    store.listThere(tx, 'person', [id]),
    store.listRelations(tx, 'person', [id]),
  ])
  if (!there.has(id)) refuse('not-found')
  const day = today(now)
  const opened = await openRows(parts, tx, rows, 'dossier')
  const items = opened.map((one) => shown(one, id, day))
  const household = await findHousehold(parts, tx, id, opened, day)
  const nameOf = await namesOf(parts, tx, 'person', [
    ...items.map((one) => one.otherId),
    ...household,
  ])
  return {
    items: items.map((one) => ({ ...one, otherName: nameOf(one.otherId) })),
    household: household.map((member) => ({ id: member, name: nameOf(member) })),
  }
}

/** Those who live with this person, and with those in turn: a child of one is of the household of both. */
async function findHousehold(
  parts: RelationParts,
  tx: ReadTx,
  id: string,
  own: Opened[],
  day: string,
): Promise<string[]> {
  const members = new Set([id])
  let around = own
  for (let step = 0; step < HOUSEHOLD_STEPS; step++) {
    const found = around
      .filter(({ content }) => content.livesTogether && !isPast(content, day))
      .flatMap(({ row }) => [row.first_id, row.other_id])
      .filter((one) => !members.has(one))
    if (found.length === 0 || members.size > HOUSEHOLD_MAX) break
    for (const one of found) members.add(one)
    around = await openRows(
      parts,
      tx,
      await store.listRelations(tx, 'person', [...new Set(found)]),
      'dossier',
    )
  }
  members.delete(id)
  return [...members].slice(0, HOUSEHOLD_MAX)
}

export async function showCompanyRelations(
  parts: RelationParts,
  { tx, now }: Asking,
  id: string,
): Promise<CompanyRelations> {
  const [there, rows, edges] = await Promise.all([
    store.listThere(tx, 'company', [id]),
    store.listRelations(tx, 'company', [id]),
    store.listGroup(tx, id),
  ])
  if (!there.has(id)) refuse('not-found')
  const day = today(now)
  const [opened, openedEdges] = await Promise.all([
    openRows(parts, tx, rows, 'dossier'),
    openRows(parts, tx, edges, 'dossier'),
  ])
  const items = opened.map((one) => shown(one, id, day))
  const ties = openedEdges.filter(({ content }) => !isPast(content, day)).map(({ row }) => row)
  const nameOf = await namesOf(parts, tx, 'company', [
    ...items.map((one) => one.otherId),
    ...ties.flatMap((one) => [one.first_id, one.other_id]),
  ])
  return {
    items: items.map((one) => ({ ...one, otherName: nameOf(one.otherId) })),
    group: treeOf(id, ties, nameOf).map((one) => ({ ...one, name: nameOf(one.id) })),
  }
}

type Edge = Pick<store.RelationRow, 'first_id' | 'other_id'>

/** Each company once, behind the one above it, by name; the topmost first. Empty when there is no group. */
function treeOf(
  id: string,
  edges: readonly Edge[],
  nameOf: (id: string) => string,
): { id: string; depth: number }[] {
  const above = (one: string) =>
    edges.filter((edge) => edge.first_id === one).map((edge) => edge.other_id)
  const below = (one: string) =>
    edges
      .filter((edge) => edge.other_id === one)
      .map((edge) => edge.first_id)
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'nl'))
  const tops = new Set<string>()
  const climbed = new Set<string>()
  const climb = (one: string) => {
    if (climbed.has(one)) return
    climbed.add(one)
    const parents = above(one)
    if (parents.length === 0) tops.add(one)
    for (const parent of parents) climb(parent)
  }
  climb(id)
  const tree: { id: string; depth: number }[] = []
  const placed = new Set<string>()
  const place = (one: string, depth: number) => {
    if (placed.has(one)) return
    placed.add(one)
    tree.push({ id: one, depth })
    for (const child of below(one)) place(child, depth + 1)
  }
  for (const top of tops) place(top, 0)
  return tree.length > 1 ? tree : []
}

function target(
  { id, firstId, keySlot }: { id: string; firstId: string; keySlot: number },
  sealCounter: number,
): SealTarget {
  return {
    table: 'relation',
    sealedClass: 'content',
    rowId: id,
    subjectId: firstId,
    keySlot,
    sealCounter,
  }
}

function requireFitting(side: store.Side, content: RelationContent): void {
  if (!isKindOf(side, content.kind))
    refuse('invalid-fields', { fields: [{ field: 'kind', problem: 'kind' }] })
  if (content.kind === 'other' && content.label === '')
    refuse('invalid-fields', { fields: [{ field: 'label', problem: 'needed' }] })
  requireOrder(content)
}

/** A group tie hangs on the company that is owned, whichever of the two it was made from. */
function placed(of: string, otherId: string, content: RelationContent) {
  return content.kind === 'subsidiary'
    ? { firstId: otherId, otherId: of, content: inverse(content) }
    : { firstId: of, otherId, content }
}

const standsAbove = (content: RelationContent, day: string) =>
  content.kind === 'parent-company' && !isPast(content, day)

export async function relate(
  parts: RelationParts,
  asking: Asking,
  side: store.Side,
  of: string,
  { otherId: given, ...typed }: NewRelation,
  writeAtOnce: WriteAtOnce,
): Promise<Relation> {
  const { tx, now } = asking
  if (of === given) refuse('invalid-fields', { fields: [{ field: 'otherId', problem: 'same' }] })
  requireFitting(side, typed)
  const [there, rows] = await Promise.all([
    store.listThere(tx, side, [of, given]),
    store.listRelations(tx, side, [of]),
  ])
  if (there.size !== 2) refuse('not-found')
  const known = (await openRows(parts, tx, rows, 'edit')).map((one) => shown(one, of, today(now)))
  const isThere = known.some(
    (one) =>
      one.otherId === given && one.kind === typed.kind && one.label === typed.label && !one.isPast,
  )
  if (isThere && !isPast(typed, today(now))) refuse('already-done')
  const { firstId, otherId, content } = placed(of, given, typed)
  const place = { id: randomUUID(), firstId, keySlot: there.get(firstId)! }
  const [sealed] = await parts.vault.seal([{ target: target(place, 1), value: content }])
  await writeAtOnce((write) =>
    store.insertRelation(write, side, {
      id: place.id,
      firstId,
      otherId,
      isParent: standsAbove(content, today(now)),
      content: sealed!,
    }),
  )
  return showOne(parts, asking, side, of, place.id)
}

async function showOne(
  parts: RelationParts,
  { tx, now }: Asking,
  side: store.Side,
  of: string,
  id: string,
): Promise<Relation> {
  const row = (await store.findRelation(tx, side, id)) ?? refuse('not-found')
  const [opened] = await openRows(parts, tx, [row], 'dossier')
  const one = shown(opened ?? refuse('record-damaged'), of, today(now))
  return { ...one, otherName: (await namesOf(parts, tx, side, [one.otherId]))(one.otherId) }
}

export async function changeRelation(
  parts: RelationParts,
  asking: Asking,
  side: store.Side,
  { id: of, relationId }: { id: string; relationId: string },
  { rowVersion, ...change }: RelationEdit,
  writeAtOnce: WriteAtOnce,
): Promise<Relation> {
  const { tx, now } = asking
  const row = await store.findRelation(tx, side, relationId)
  if (!row || (row.first_id !== of && row.other_id !== of)) refuse('not-found')
  const outcome = (
    await parts.vault.open<RelationContent>(tx, {
      table: 'relation',
      sealedClass: 'content',
      ids: [relationId],
      purpose: 'edit',
      record: 'none',
    })
  ).get(relationId)
  const before = RelationContent.parse(openedOrRefuse(outcome))
  const isFirst = row.first_id === of
  const seen = { ...(isFirst ? before : inverse(before)), ...change }
  requireFitting(side, seen)
  const content = isFirst ? seen : inverse(seen)
  // Who stands above whom is turned round by making another relation: this one is sealed under the key of its first.
  if (content.kind === 'subsidiary')
    refuse('invalid-fields', { fields: [{ field: 'kind', problem: 'turned' }] })
  const counter = row.content_seal_counter + 1
  const place = { id: relationId, firstId: row.first_id, keySlot: row.key_slot }
  const [sealed] = await parts.vault.seal([{ target: target(place, counter), value: content }])
  await writeAtOnce((write) =>
    Promise.all([
      nameChangedFields(write, before.until === '' && content.until !== '' ? ['tie-ended'] : []),
      store.changeRelation(write, relationId, rowVersion, {
        content: sealed!,
        counter,
        isParent: standsAbove(content, today(now)),
      }),
    ]),
  )
  return showOne(parts, asking, side, of, relationId)
}
