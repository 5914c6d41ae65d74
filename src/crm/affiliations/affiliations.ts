import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { isPast, overlap, requireOrder, today } from '../periods.ts'
import { nameChangedFields } from '../store.ts'
import {
  type Affiliation,
  AffiliationContent,
  type AffiliationEdit,
  type NewAffiliation,
} from './contract.ts'
import * as store from './store.ts'

export type AffiliationParts = {
  vault: Vault
  /** What each side is called; the modules of people and companies know how. */
  nameOf: Record<store.Side, (contact: never) => string>
}
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Row = { id: string; person_id: string; company_id: string; row_version: number }

export async function showAffiliations(
  parts: AffiliationParts,
  tx: ReadTx,
  side: store.Side,
  id: string,
): Promise<{ items: Affiliation[] }> {
  const [isThere, rows] = await Promise.all([
    store.isThere(tx, side, id),
    store.listAffiliations(tx, side, id),
  ])
  if (!isThere) refuse('not-found')
  return { items: await openRows(parts, tx, rows) }
}

async function openRows(parts: AffiliationParts, tx: ReadTx, rows: Row[]): Promise<Affiliation[]> {
  if (rows.length === 0) return []
  const names = (table: store.Side) =>
    parts.vault.open<never>(tx, {
      table,
      sealedClass: 'contact',
      ids: [...new Set(rows.map((row) => row[`${table}_id`]))],
      purpose: 'dossier',
      record: 'list',
    })
  const [contents, people, companies] = await Promise.all([
    parts.vault.open<Partial<AffiliationContent>>(tx, {
      table: 'affiliation',
      sealedClass: 'content',
      ids: rows.map((row) => row.id),
      purpose: 'dossier',
      record: 'none',
    }),
    names('person'),
    names('company'),
  ])
  const nameIn = (side: store.Side, id: string) => {
    const outcome = (side === 'person' ? people : companies).get(id)
    return outcome?.kind === 'open' ? parts.nameOf[side](outcome.value) : ''
  }
  const now = today(new Date())
  return rows.map((row) => {
    const outcome = contents.get(row.id)
    const content = AffiliationContent.parse(outcome?.kind === 'open' ? outcome.value : {})
    return {
      ...content,
      isPast: isPast(content, now),
      id: row.id,
      personId: row.person_id,
      personName: nameIn('person', row.person_id),
      companyId: row.company_id,
      companyName: nameIn('company', row.company_id),
      rowVersion: row.row_version,
    }
  })
}

export function target(
  place: { id: string; person_id: string; key_slot: number },
  sealCounter: number,
): SealTarget {
  return {
    table: 'affiliation',
    sealedClass: 'content',
    rowId: place.id,
    subjectId: place.person_id,
    keySlot: place.key_slot,
    sealCounter,
  }
}

async function showOne(parts: AffiliationParts, tx: ReadTx, id: string): Promise<Affiliation> {
  const row = (await store.findAffiliation(tx, id)) ?? refuse('not-found')
  return (await openRows(parts, tx, [row]))[0]!
}

/**
 * Who left and came back, or has two jobs at one company, is tied to it more than once; the same job at the same time
 * is one tie. Gives how many there are.
 */
async function requireNoTwin(
  { vault }: AffiliationParts,
  tx: ReadTx,
  pair: { person_id: string; company_id: string },
  value: AffiliationContent,
  exceptId?: string,
): Promise<number> {
  const rows = await store.listPair(tx, pair)
  const others = rows.filter(({ id }) => id !== exceptId)
  const opened = await vault.open<Partial<AffiliationContent>>(tx, {
    table: 'affiliation',
    sealedClass: 'content',
    ids: others.map(({ id }) => id),
    purpose: 'edit',
    record: 'none',
  })
  for (const { id } of others) {
    const outcome = opened.get(id)
    // One that does not open is in nobody's way.
    if (outcome?.kind === 'closed') continue
    const other = AffiliationContent.parse(outcome ? outcome.value : {})
    if (isSameJob(other, value) && overlap(other, value))
      refuse('invalid-fields', { fields: [{ field: 'since', problem: 'tie-overlaps' }] })
  }
  return Math.max(0, ...rows.map(({ stint }) => stint))
}

function isSameJob(a: AffiliationContent, b: AffiliationContent): boolean {
  const [one, other] = [a.jobTitle.toLowerCase(), b.jobTitle.toLowerCase()]
  // As what is not said of one: it may be the same.
  return one === '' || other === '' || one === other
}

export async function affiliate(
  parts: AffiliationParts,
  tx: ReadTx,
  personId: string,
  { companyId, ...given }: NewAffiliation,
  writeAtOnce: WriteAtOnce,
): Promise<Affiliation> {
  requireOrder(given)
  const [keySlot, isCompanyThere] = await Promise.all([
    store.findKeySlot(tx, personId),
    store.isThere(tx, 'company', companyId),
  ])
  if (keySlot === undefined || !isCompanyThere) refuse('not-found')
  const pair = { person_id: personId, company_id: companyId }
  const stints = await requireNoTwin(parts, tx, pair, given)
  const place = { id: randomUUID(), person_id: personId, key_slot: keySlot }
  const [sealed] = await parts.vault.seal([{ target: target(place, 1), value: given }])
  try {
    await writeAtOnce((write) =>
      store.insertAffiliation(write, {
        id: place.id,
        person_id: personId,
        company_id: companyId,
        stint: stints + 1,
        content_sealed: sealed!,
      }),
    )
  } catch (error) {
    // A colleague tied them at the same moment; both are visible to the caller, so nothing is told that was not known.
    if ((error as { code?: string }).code === '23505') refuse('already-done')
    throw error
  }
  return showOne(parts, tx, place.id)
}

export async function changeAffiliation(
  parts: AffiliationParts,
  tx: ReadTx,
  id: string,
  { rowVersion, ...change }: AffiliationEdit,
  writeAtOnce: WriteAtOnce,
): Promise<Affiliation> {
  const [row, opened] = await Promise.all([
    store.findAffiliation(tx, id),
    parts.vault.open<Partial<AffiliationContent>>(tx, {
      table: 'affiliation',
      sealedClass: 'content',
      ids: [id],
      purpose: 'edit',
      record: 'none',
    }),
  ])
  if (!row) refuse('not-found')
  const outcome = opened.get(id)
  const before = AffiliationContent.parse(outcome ? openedOrRefuse(outcome) : {})
  const value = { ...before, ...change }
  requireOrder(value)
  const isMoved = change.since !== undefined || change.until !== undefined
  if (isMoved || change.jobTitle !== undefined) await requireNoTwin(parts, tx, row, value, id)
  const sealCounter = row.content_seal_counter + 1
  const [sealed] = await parts.vault.seal([{ target: target(row, sealCounter), value }])
  await writeAtOnce((write) =>
    Promise.all([
      nameChangedFields(write, before.until === '' && value.until !== '' ? ['tie-ended'] : []),
      store.changeAffiliation(write, id, rowVersion, {
        content_sealed: sealed!,
        content_seal_counter: sealCounter,
      }),
    ]),
  )
  return showOne(parts, tx, id)
}
