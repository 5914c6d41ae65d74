/**
 * Taking an import back: what it made goes, what it changed gets the values it had. What somebody worked on since
 * stays, unless the importer has seen what would be lost and says otherwise. A customer who is one with another since
 * stays in any case, until that merge is undone. In pieces, each whole in itself: a revert that is stopped, or that had
 * to leave somebody, is asked again and does the rest.
 */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { compareLookups, lookupsFrom } from '../../lookups.ts'
import { columnOf, type Past } from '../batch.ts'
import { HeldValues, ValueWrites, valuesOver } from '../confidential.ts'
import type { Reverted, RevertPreview } from '../contract.ts'
import { companyKeys, personKeys, type RecordKind } from '../duplicates.ts'
import type { Asking, ExchangeParts } from '../exchange.ts'
import { Sealer } from '../sealer.ts'
import * as store from '../store.ts'
import { type AnyContact, compareWithNow, isSame, nameOf, openNow, openPasts } from './compare.ts'
import * as past from './store.ts'
import { TiesBack } from './ties.ts'

const kinds = ['person', 'company'] as const
const PIECE = 1_000
// What a screen can show of records that somebody worked on since.
const SHOWN_MAX = 200

/** What taking it back would do, and what work of colleagues would be lost if theirs went too. */
export async function previewRevert(
  { vault }: ExchangeParts,
  { tx }: Pick<Asking, 'tx'>,
  id: string,
): Promise<RevertPreview> {
  await requireRevertable(tx, id)
  const { merged, told } = await findMerged(tx, id)
  const { left, since } = await findChanged(vault, tx, id, merged)
  const goBack = left.map(({ recordId }) => recordId)
  const [made, hung, worked] = await Promise.all([
    past.countMade(tx, id, { merged, goBack }),
    past.countHung(tx, id, merged),
    past.listWorkedOn(tx, id, { told, goBack, limit: SHOWN_MAX }),
  ])
  return {
    people: made.person,
    companies: made.company,
    restored: left.length,
    notes: hung.notes,
    tasks: hung.tasks,
    photos: hung.photos,
    merged: told.length,
    changedSinceCount: worked.count + since.length,
    changedSince: [
      ...(await describe(vault, tx, worked.items)),
      ...(await describeChanged(vault, tx, since.slice(0, SHOWN_MAX))),
    ].slice(0, SHOWN_MAX),
  }
}

export async function revertImport(
  parts: ExchangeParts,
  asking: Asking,
  id: string,
  changedSince: 'keep' | 'revert' = 'keep',
): Promise<Reverted> {
  const { tx, now, write } = asking
  await requireRevertable(tx, id)
  const isAll = changedSince === 'revert'
  const { merged, told } = await findMerged(tx, id)
  const restored = await restoreChanged(parts, asking, id, { isAll, merged })
  await write((changing) => past.deleteHung(changing, id, merged))
  // People first: a company goes only when nobody is left in it.
  const gone: Record<RecordKind, number> = { person: 0, company: 0 }
  for (const kind of kinds)
    for (;;) {
      const ids = await write((changing) =>
        past.deleteMade(changing, kind, id, { isAll, merged, limit: PIECE }),
      )
      if (ids.length === 0) break
      gone[kind] += ids.length
      parts.changed(kind, ids)
    }
  const run = (await store.findRun(tx, id)) ?? refuse('not-found')
  await write(async (changing) => {
    await store.updateRun(changing, id, run.row_version, { state: 'reverted', revertedAt: now })
    await store.deleteProgress(changing, id)
  })
  const kept = await past.listWorkedOn(tx, id, { told, goBack: [], limit: SHOWN_MAX })
  const still = await past.listChanged(tx, id)
  const unrestored = still.filter((one) => !told.includes(one.recordId))
  return {
    removed: gone.person,
    removedCompanies: gone.company,
    restored,
    keptBecauseChanged: kept.count + unrestored.length,
    keptBecauseMerged: told.length,
    kept: [
      ...kept.items.map(({ kind, id: recordId }) => ({ kind, id: recordId })),
      ...unrestored.map(({ kind, recordId }) => ({ kind, id: recordId })),
    ].slice(0, SHOWN_MAX),
  }
}

async function requireRevertable(tx: Asking['tx'], id: string): Promise<void> {
  const run = (await store.findRun(tx, id)) ?? refuse('not-found')
  // One that stands still may be taken back as far as it came; one under way is paused first. What an earlier revert
  // had to leave may be taken back later.
  if (run.state === 'running') refuse('already-done', { state: run.state })
}

/** Customers of this import that are one with another since. Which of them may be told of as such is said apart. */
async function findMerged(tx: Asking['tx'], id: string) {
  const found = await past.listMerged(tx, id)
  const merged = found.map(({ subject }) => subject)
  const told = found.filter(({ isTold }) => isTold).map(({ subject }) => subject)
  return { merged, told }
}

/**
 * Customers who were there and this import changed: as it left them, or changed by somebody since. That a later change
 * was taken back, or a merge undone, leaves them with the same values, and so as they were. Without those merged since.
 */
async function findChanged(vault: Vault, tx: Asking['tx'], importId: string, merged: string[]) {
  const isMerged = new Set(merged)
  const all = await past.listChanged(tx, importId)
  const changed = all.filter(({ recordId }) => !isMerged.has(recordId))
  const left = changed.filter(({ version, current }) => version === current)
  const since: past.Changed[] = []
  const later = changed.filter(({ version, current }) => version !== current)
  for (let at = 0; at < later.length; at += PIECE)
    for (const one of await compareWithNow(vault, tx, later.slice(at, at + PIECE)))
      if (one.fields.length === 0) left.push(one.changed)
      else since.push(one.changed)
  return { left, since }
}

/** Gives back the values that were there before the import, byte for byte. */
async function restoreChanged(
  parts: ExchangeParts,
  asking: Asking,
  importId: string,
  { isAll, merged }: { isAll: boolean; merged: string[] },
): Promise<number> {
  const { left, since } = await findChanged(parts.vault, asking.tx, importId, merged)
  const wanted = isAll ? [...left, ...since] : left
  let restored = 0
  for (const kind of kinds) {
    const own = wanted.filter((one) => one.kind === kind)
    for (let at = 0; at < own.length; at += PIECE)
      restored += await restorePiece(parts, asking, kind, own.slice(at, at + PIECE), isAll)
  }
  return restored
}

async function restorePiece(
  parts: ExchangeParts,
  { tx, write }: Asking,
  kind: RecordKind,
  piece: past.Changed[],
  isAll: boolean,
): Promise<number> {
  const { vault } = parts
  const ids = piece.map((one) => one.recordId)
  const [places, pasts, now] = await Promise.all([
    store.listPlaces(tx, kind, ids),
    openPasts(vault, tx, piece),
    openNow(vault, tx, kind, ids),
  ])
  const placeOf = new Map(places.map((place) => [place.id, place]))
  const todo = piece.flatMap((one) => {
    const place = placeOf.get(one.recordId)
    // Changed again while we looked: it is not the record that was agreed on.
    if (!place || place.row_version !== one.current) return []
    const { was: values } = valuesOver(one.ids.flatMap((id) => pasts.get(id) ?? []))
    const was = pasts.get(one.firstId)!.before
    return [{ one, place, was, values, is: now.get(one.recordId)! }]
  })
  const ties = await TiesBack.prepare(
    vault,
    tx,
    todo.map(({ one, place }) => ({ place, pasts: one.ids.map((id) => pasts.get(id)!) })),
    isAll,
  )
  const held = await HeldValues.read(
    { vault, tx },
    kind,
    todo.filter(({ values }) => Object.keys(values).length > 0).map(({ place }) => place.id),
  )
  const sealer = new Sealer(vault)
  const values = new ValueWrites(sealer, parts)
  for (const { place, values: wanted } of todo)
    values.add({ kind, id: place.id, keySlot: place.key_slot }, wanted, held)
  await sealer.sealAll()
  const sealed = await vault.seal(
    todo.flatMap(({ place, was }) => [
      {
        target: target(kind, place, 'contact', place.contact_seal_counter + 1),
        value: was.contact,
      },
      {
        target: target(kind, place, 'confidential', place.confidential_seal_counter + 1),
        value: { ibans: was.ibans },
      },
    ]),
  )
  const allLookups = await Promise.all(
    todo.map(async ({ place, was, is }) => ({
      id: place.id,
      ...compareLookups(
        ...(await Promise.all([lookupsOf(parts, kind, is), lookupsOf(parts, kind, was)])),
      ),
    })),
  )
  const done = await write(async (changing) => {
    const changedIds = await store.updateRecords(
      changing,
      kind,
      todo.map(({ place, was, is }, i) => ({
        ...place,
        contact: sealed[2 * i]!,
        confidential: isSame(was.ibans, is.ibans) ? null : sealed[2 * i + 1]!,
      })),
    )
    const lookups = allLookups.filter(({ id }) => changedIds.has(id))
    const rows = (of: 'gone' | 'added') =>
      lookups.flatMap((one) =>
        one[of].map((lookup) => ({ id: one.id, column: lookup.kind, token: lookup.token })),
      )
    await ties.write(changing, changedIds)
    await values.write(changing, (id) => changedIds.has(id))
    await past.deleteLookups(changing, kind, rows('gone'))
    await store.insertLookups(changing, kind, rows('added'))
    await past.deleteChanges(
      changing,
      todo.filter(({ place }) => changedIds.has(place.id)).flatMap(({ one }) => one.ids),
    )
    return changedIds
  })
  const made = todo.filter(({ place }) => done.has(place.id))
  parts.changed(
    kind,
    made.map(({ place }) => place.id),
  )
  return made.length
}

function lookupsOf(
  { vault, fields }: ExchangeParts,
  kind: RecordKind,
  { contact, ibans }: Past['before'],
) {
  const keys =
    kind === 'person'
      ? personKeys(contact as Contact, ibans)
      : companyKeys(contact as CompanyContact, ibans)
  return lookupsFrom(vault, [
    ...keys.map((key) => ({ kind: columnOf(key), value: key.value })),
    ...fields.exactValues(kind, contact.custom),
  ])
}

function target(
  kind: RecordKind,
  place: store.PlaceRow,
  sealedClass: 'contact' | 'confidential',
  sealCounter: number,
): SealTarget {
  const { id, key_slot: keySlot } = place
  return { table: kind, sealedClass, rowId: id, subjectId: id, keySlot, sealCounter }
}

/** Records the import made and somebody worked on since: what hangs on them would go too. */
async function describe(
  vault: Vault,
  tx: Asking['tx'],
  items: past.WorkedOn[],
): Promise<RevertPreview['changedSince']> {
  const names = await namesOf(vault, tx, items)
  return items.map(({ kind, id, edits, notes, tasks, files }) => ({
    kind,
    id,
    name: names.get(id) ?? '',
    was: 'created' as const,
    edits,
    notes,
    tasks,
    files,
    fields: [],
  }))
}

async function describeChanged(
  vault: Vault,
  tx: Asking['tx'],
  since: past.Changed[],
): Promise<RevertPreview['changedSince']> {
  if (since.length === 0) return []
  const compared = await compareWithNow(vault, tx, since)
  return compared.map(({ changed: { kind, recordId, version, current }, name, fields }) => ({
    kind,
    id: recordId,
    name,
    was: 'updated' as const,
    edits: current - version,
    notes: 0,
    tasks: 0,
    files: 0,
    fields,
  }))
}

async function namesOf(
  vault: Vault,
  tx: Asking['tx'],
  items: { kind: RecordKind; id: string }[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const kind of kinds) {
    const ids = items.filter((one) => one.kind === kind).map((one) => one.id)
    if (ids.length === 0) continue
    const opened = await vault.open<AnyContact>(tx, {
      table: kind,
      sealedClass: 'contact',
      ids,
      purpose: 'import',
      record: 'list',
    })
    for (const [id, outcome] of opened) names.set(id, nameOf(openedOrRefuse(outcome)))
  }
  return names
}
