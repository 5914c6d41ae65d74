import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { SealTarget } from '#security/vault/vault.ts'
import { mayReveal } from '../field-catalogue.ts'
import type { FieldValues } from '../fields/contract.ts'
import { compareLookups } from '../lookups.ts'
import { namesIn } from '../record-values.ts'
import type { Merged, MergePreview, MergeQuestion, MergeRequest } from './contract.ts'
import { likenessOf } from './likeness.ts'
import {
  type Asking,
  type Before,
  type DuplicateParts,
  ibansOf,
  movingTables,
  type Opened,
  openBoth,
  type Side,
  sealAnew,
} from './records.ts'
import * as store from './store.ts'
import { contentsOf, type Field, fieldsOf, isEmpty } from './unite.ts'
import { listPairs, namesOf as namesOfValues, partPairs, shownPairs, swapValues } from './values.ts'

const UNDO_DAYS = 30
const DAY_MS = 86_400_000
export const undoUntil = (at: Date) => new Date(at.getTime() + UNDO_DAYS * DAY_MS).toISOString()

/** Both records side by side, what each field becomes as chosen, and what moves. Changes nothing. */
export async function previewMerge(
  parts: DuplicateParts,
  kind: store.Kind,
  { tx, who }: Asking,
  question: MergeQuestion,
): Promise<MergePreview> {
  requireTwo(question)
  const side = parts.sides[kind]
  const { kept, other } = await openBoth(parts, tx, kind, question)
  const pairs = await listPairs(tx, kind, question.keptId, question.otherId)
  const fields = fieldsOf(kept.contents, other.contents, question.choices, namesOfValues(pairs))
  const contact = (opened: Opened) => opened.contents.classes.contact as never
  const isTold = who.permissions.has(mayReveal[kind])
  // That two have one account number is told only to whom may see the number.
  const shared =
    isTold && ibansOf(kept.contents).some((iban) => ibansOf(other.contents).includes(iban))
  const named = await namesIn(
    parts,
    tx,
    kind,
    [kept, other].map((one) => (contact(one) as { custom?: FieldValues }).custom),
  )
  const linked = parts.links.filter((link) => link.kind === kind).map(store.linkName)
  return {
    kept: headOf(kept, side.nameOf(contact(kept))),
    other: headOf(other, side.nameOf(contact(other))),
    displayName: side.nameOf(contentsOf(fields).classes.contact as never),
    ...likenessOf(
      side.identityOf(contact(kept)),
      side.identityOf(contact(other)),
      shared ? ['iban'] : [],
    ),
    fields: [
      ...fields.map((field) => shown(field, isTold)),
      ...shownPairs(pairs, question.choices),
    ],
    customNames: Object.fromEntries(named),
    moves: await store.countHanging(tx, kind, question.otherId, [
      ...movingTables(parts, kind).filter((table) => !isToldElsewhere(table)),
      ...linked,
    ]),
  }
}

/** A merge is no thing of a customer's, and values are fields. */
export const isToldElsewhere = (table: string) =>
  table === 'merge' || table === 'confidential_value'

function requireTwo({ keptId, otherId }: MergeQuestion): void {
  if (keptId === otherId)
    refuse('invalid-fields', { fields: [{ field: 'otherId', problem: 'same' }] })
}

function headOf({ row }: Opened, displayName: string): MergePreview['kept'] {
  return {
    id: row.id,
    displayName,
    rowVersion: row.row_version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  }
}

/** What is confidential is chosen without being shown: a merge is no way to see an account number. */
function shown(field: Field, isTold: boolean): MergePreview['fields'][number] {
  const { sealedClass, ...said } = field
  if (sealedClass !== 'confidential') return said
  const mask = (value: unknown): string[] => {
    const list = Array.isArray(value) ? value : isEmpty(value) ? [] : [value]
    if (!isTold) return list.length > 0 ? ['••••'] : []
    return list.map((one) =>
      typeof one === 'string' ? `${one.slice(0, 4)} •••• ${one.slice(-4)}` : '••••',
    )
  }
  if (!isTold) said.isSame = isEmpty(field.kept) && isEmpty(field.other)
  return { ...said, kept: mask(field.kept), other: mask(field.other), result: mask(field.result) }
}

/** Makes one record of two. All of it happens, or none of it. */
export async function mergeRecords(
  parts: DuplicateParts,
  kind: store.Kind,
  asking: Asking,
  request: MergeRequest,
): Promise<Merged> {
  requireTwo(request)
  // What the caller is not given can't be united, and must not be left behind.
  if (!asking.who.permissions.has('fields:confidential')) refuse('not-allowed')
  const side = parts.sides[kind]
  const done = await findDone(parts, kind, asking, request)
  if (done) return done
  const { kept, other } = await openBoth(parts, asking.tx, kind, request)
  requireSeen(kept, request.keptVersion)
  requireSeen(other, request.otherVersion)
  const seen = await listPairs(asking.tx, kind, request.keptId, request.otherId)
  const fields = fieldsOf(kept.contents, other.contents, request.choices, namesOfValues(seen))
  const merged = contentsOf(fields)
  requireFitting(side.contact, merged.classes.contact)
  const anew = await sealAnew(parts, kind, kept, merged)
  const nameOf = ({ contents }: Opened) => side.nameOf(contents.classes.contact as never)
  const lookups = compareLookups(
    ...(await Promise.all([
      side.lookupsOf(kept.contents.classes.contact as never, ibansOf(kept.contents)),
      side.lookupsOf(merged.classes.contact as never, ibansOf(merged)),
    ])),
  )
  const id = randomUUID()
  const written = await parts.worker
    .write(
      asking.token,
      async (tx) => {
        const locked = await lockBoth(tx, kind, request)
        if (!locked) refuse('not-found')
        const moved = await moveAll(parts, tx, kind, kept, other, request.choices)
        await store.changeLookups(tx, kind, kept.row.id, lookups)
        const row = await store.changeRecord(
          tx,
          kind,
          { id: kept.row.id, version: request.keptVersion },
          merged.placement,
          anew,
        )
        await store.hideRecord(
          tx,
          kind,
          { id: other.row.id, version: request.otherVersion },
          kept.row.id,
        )
        const before: Before = { name: nameOf(other), kept: kept.contents, merged, ...moved }
        const [content] = await parts.vault.seal([{ target: mergeTarget(id, kept), value: before }])
        const at = await store.insertMerge(tx, kind, {
          id,
          subjectId: kept.row.id,
          merged: {
            id: other.row.id,
            ownerId: other.row.owner_id,
            teamId: other.row.team_id,
            keySlot: other.row.key_slot,
          },
          content: content!,
        })
        await store.recordEvent(tx, 'merge', kind, id)
        return { row: row ?? refuse('not-found'), at }
      },
      'merge',
    )
    .catch((error: unknown) => tellWho(parts, kind, asking, request, error))
  parts.index.remove(kind, [other.row.id])
  parts.index.put([side.describe(written.row, merged.classes.contact as never)])
  parts.likely.setMerged(kind, other.row.id, true)
  return {
    id,
    keptId: kept.row.id,
    mergedId: other.row.id,
    displayName: side.nameOf(merged.classes.contact as never),
    undoUntil: undoUntil(written.at),
  }
}

function requireFitting(shape: Side['contact'], contact: unknown): void {
  const { error } = shape.safeParse(contact)
  if (error)
    refuse('invalid-fields', {
      fields: error.issues.map((issue) => ({
        field: issue.path.join('.'),
        problem: issue.code,
        message: issue.message,
      })),
    })
}

/** An answer got lost and the same is asked again: it is done already. */
async function findDone(
  parts: DuplicateParts,
  kind: store.Kind,
  { tx }: Asking,
  { keptId, otherId }: MergeRequest,
): Promise<Merged | undefined> {
  const row = await store.findMergeOf(tx, kind, otherId)
  if (!row || row.subject_id !== keptId || row.kept_id !== keptId) return undefined
  const opened = await parts.vault.open(tx, {
    table: kind,
    sealedClass: 'contact',
    ids: [keptId],
    purpose: 'edit',
    record: 'dossier',
  })
  const contact = opened.get(keptId)
  return {
    id: row.id,
    keptId,
    mergedId: otherId,
    displayName: contact?.kind === 'open' ? parts.sides[kind].nameOf(contact.value as never) : '',
    undoUntil: undoUntil(row.created_at),
  }
}

function requireSeen({ row }: Opened, version: number): void {
  if (row.row_version !== version)
    refuse('changed-meanwhile', {
      id: row.id,
      changedBy: row.updated_by,
      changedAt: row.updated_at.toISOString(),
    })
}

/** Waits for whoever writes on either; what they were sees the caller's right to edit both. */
async function lockBoth(
  tx: Tx,
  kind: store.Kind,
  { keptId, otherId }: MergeRequest,
): Promise<boolean> {
  const rows = await store.lockRecords(tx, kind, [keptId, otherId])
  return rows.length === 2 && rows.every((row) => row.merged_into === null)
}

async function moveAll(
  parts: DuplicateParts,
  tx: Tx,
  kind: store.Kind,
  kept: Opened,
  other: Opened,
  choices: MergeRequest['choices'],
): Promise<Pick<Before, 'moved' | 'links' | 'united' | 'toldApart' | 'swapped'>> {
  const [from, to] = [other.row.id, kept.row.id]
  const { left, united } = await parts.ties.unite(tx, kind, to, from)
  // Those too of fields that the caller's role does not see: of these the kept record's own stays.
  const values = partPairs(await listPairs(tx, kind, to, from), choices)
  const moved: Before['moved'] = {}
  for (const table of movingTables(parts, kind))
    moved[table] = await parts.vault.rebind(tx, {
      table,
      kind,
      from,
      to: { id: to, keySlot: kept.row.key_slot },
      except: [...left, ...values.left],
    })
  await swapValues(parts, tx, kind, kept, other, values.swapped)
  const links: Before['links'] = {}
  for (const link of parts.links)
    if (link.kind === kind)
      links[store.linkName(link)] = await store.moveLinks(tx, link, from, to, { except: left })
  const { swapped } = values
  return {
    moved,
    links,
    united,
    swapped,
    toldApart: await store.carryToldApart(tx, kind, from, to),
  }
}

export function mergeTarget(
  id: string,
  { row }: { row: { id: string; key_slot: number } },
): SealTarget {
  return {
    table: 'merge',
    sealedClass: 'content',
    rowId: id,
    subjectId: row.id,
    keySlot: row.key_slot,
    sealCounter: 1,
  }
}

/** A colleague was in between: says which of the two, and who. */
async function tellWho(
  parts: DuplicateParts,
  kind: store.Kind,
  { tx }: Asking,
  request: MergeRequest,
  error: unknown,
): Promise<never> {
  if (!(error instanceof Problem) || error.code !== 'changed-meanwhile') throw error
  const { kept, other } = await openBoth(parts, tx, kind, request)
  requireSeen(kept, request.keptVersion)
  requireSeen(other, request.otherVersion)
  throw error
}
