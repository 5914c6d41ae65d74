/**
 * Taking an import back: what it made goes, what it changed gets the values it had. What somebody worked on since
 * stays, unless the importer has seen what would be lost and says otherwise. In pieces, each whole in itself: a revert
 * that is stopped is asked again and does the rest.
 */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type SealTarget, type Vault } from '#security/vault/vault.ts'
import { compareLookups } from '../../lookups.ts'
import { type Past, tokenOf } from '../batch.ts'
import { HeldValues, ValueWrites, valuesOver } from '../confidential.ts'
import type { Reverted, RevertPreview } from '../contract.ts'
import { companyKeys, personKeys, type RecordKind } from '../duplicates.ts'
import type { Asking, ExchangeParts } from '../exchange.ts'
import { Sealer } from '../sealer.ts'
import * as store from '../store.ts'
import * as past from './store.ts'

const kinds = ['person', 'company'] as const
const PIECE = 1_000
// What a screen can show of records that somebody worked on since.
const SHOWN_MAX = 200

type AnyContact = Contact | CompanyContact

/** What taking it back would do, and what work of colleagues would be lost if theirs went too. */
export async function previewRevert(
  { vault }: ExchangeParts,
  { tx }: Pick<Asking, 'tx'>,
  id: string,
): Promise<RevertPreview> {
  await requireRevertable(tx, id)
  const [made, hung, changed] = await Promise.all([
    past.countMade(tx, id),
    past.countHung(tx, id),
    past.listChanged(tx, id),
  ])
  const since = changed.filter((one) => one.version !== one.current)
  const worked = await past.listWorkedOn(tx, id, SHOWN_MAX)
  return {
    people: made.person,
    companies: made.company,
    restored: changed.length - since.length,
    notes: hung.notes,
    tasks: hung.tasks,
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
  const restored = await restoreChanged(parts, asking, id, isAll)
  await write((changing) => past.deleteHung(changing, id))
  // People first: a company goes only when nobody is left in it.
  const gone: Record<RecordKind, number> = { person: 0, company: 0 }
  for (const kind of kinds)
    for (;;) {
      const ids = await write((changing) =>
        past.deleteMade(changing, kind, id, { isAll, limit: PIECE }),
      )
      if (ids.length === 0) break
      gone[kind] += ids.length
      parts.recordsGone(kind, ids)
    }
  const run = (await store.findRun(tx, id)) ?? refuse('not-found')
  await write(async (changing) => {
    await store.updateRun(changing, id, run.row_version, { state: 'reverted', revertedAt: now })
    await store.deleteProgress(changing, id)
  })
  const kept = await past.listWorkedOn(tx, id, SHOWN_MAX)
  const unrestored = await past.listChanged(tx, id)
  return {
    removed: gone.person,
    removedCompanies: gone.company,
    restored,
    keptBecauseChanged: kept.count + unrestored.length,
    kept: [
      ...kept.items.map(({ kind, id: recordId }) => ({ kind, id: recordId })),
      ...unrestored.map(({ kind, recordId }) => ({ kind, id: recordId })),
    ].slice(0, SHOWN_MAX),
  }
}

async function requireRevertable(tx: Asking['tx'], id: string): Promise<void> {
  const run = (await store.findRun(tx, id)) ?? refuse('not-found')
  // One that stands still may be taken back as far as it came; one under way is paused first.
  if (run.state === 'reverted' || run.state === 'running')
    refuse('already-done', { state: run.state })
}

/** Gives back the values that were there before the import, byte for byte. */
async function restoreChanged(
  parts: ExchangeParts,
  asking: Asking,
  importId: string,
  isAll: boolean,
): Promise<number> {
  const changed = await past.listChanged(asking.tx, importId)
  const wanted = changed.filter((one) => isAll || one.version === one.current)
  let restored = 0
  for (const kind of kinds) {
    const own = wanted.filter((one) => one.kind === kind)
    for (let at = 0; at < own.length; at += PIECE)
      restored += await restorePiece(parts, asking, kind, own.slice(at, at + PIECE))
  }
  return restored
}

async function restorePiece(
  parts: ExchangeParts,
  { tx, write }: Asking,
  kind: RecordKind,
  piece: past.Changed[],
): Promise<number> {
  const { vault, recordsMade } = parts
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
    const lookups = todo
      .filter(({ place }) => changedIds.has(place.id))
      .map(({ place, was, is }) => ({
        id: place.id,
        ...compareLookups(lookupsOf(parts, kind, is), lookupsOf(parts, kind, was)),
      }))
    const rows = (of: 'gone' | 'added') =>
      lookups.flatMap((one) =>
        one[of].map((lookup) => ({ id: one.id, column: lookup.kind, token: lookup.token })),
      )
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
  if (made.length > 0)
    await recordsMade(
      tx,
      kind,
      made.map(({ place, was }) => ({ id: place.id, contact: was.contact })),
    )
  return made.length
}

function isSame(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i])
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
  return [
    ...keys.map((key) => ({ kind: key.column as string, token: tokenOf(vault, key) })),
    ...fields.lookupsOf(vault, kind, contact.custom),
  ]
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

async function openPasts(
  vault: Vault,
  tx: Asking['tx'],
  changed: past.Changed[],
): Promise<Map<string, Past>> {
  const ids = [...new Set(changed.flatMap((one) => [one.firstId, one.lastId]))]
  const opened = await vault.open<Past>(tx, {
    table: 'import_change',
    sealedClass: 'content',
    ids,
    purpose: 'import',
    record: 'none',
  })
  return new Map(ids.map((id) => [id, openedOrRefuse(opened.get(id))]))
}

async function openNow(
  vault: Vault,
  tx: Asking['tx'],
  kind: RecordKind,
  ids: string[],
): Promise<Map<string, Past['before']>> {
  const opened = await vault.openRecords<
    { id: string },
    { contact: AnyContact; confidential: { ibans: string[] } }
  >(tx, {
    table: kind,
    classes: ['contact', 'confidential'],
    also: ['id'],
    ids,
    purpose: 'import',
    record: 'list',
  })
  return new Map(
    [...opened].map(([id, { opened: of }]) => [
      id,
      {
        contact: openedOrRefuse(of.contact),
        ibans: of.confidential ? openedOrRefuse(of.confidential).ibans : [],
      },
    ]),
  )
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

/** Records the import changed and somebody changed since: which fields differ from what the import left. */
async function describeChanged(
  vault: Vault,
  tx: Asking['tx'],
  changed: past.Changed[],
): Promise<RevertPreview['changedSince']> {
  if (changed.length === 0) return []
  const pasts = await openPasts(vault, tx, changed)
  const now = new Map<string, Past['before']>()
  for (const kind of kinds) {
    const ids = changed.filter((one) => one.kind === kind).map((one) => one.recordId)
    if (ids.length > 0) for (const [id, is] of await openNow(vault, tx, kind, ids)) now.set(id, is)
  }
  return changed.map(({ kind, recordId, lastId, version, current }) => {
    const left = pasts.get(lastId)!.after
    const is = now.get(recordId)!
    const names = new Set([...Object.keys(left.contact), ...Object.keys(is.contact)])
    const value = (of: Past['before'], name: string) =>
      JSON.stringify((of.contact as Record<string, unknown>)[name])
    return {
      kind,
      id: recordId,
      name: nameOf(is.contact),
      was: 'updated' as const,
      edits: current - version,
      notes: 0,
      tasks: 0,
      files: 0,
      fields: [
        ...[...names].filter((name) => value(left, name) !== value(is, name)),
        ...(isSame(left.ibans, is.ibans) ? [] : ['ibans']),
      ],
    }
  })
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

function nameOf(contact: AnyContact): string {
  return 'name' in contact
    ? contact.name
    : [contact.givenName, contact.familyName].filter(Boolean).join(' ')
}
