import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findNationalNumbers } from '#platform/national-number.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import {
  type OpenOutcome,
  openedOrRefuse,
  type SealTarget,
  type Vault,
} from '#security/vault/vault.ts'
import type { HangsOn } from '../contract.ts'
import { recordJointLook } from '../joint-names.ts'
import { requireGoingOn } from '../store.ts'
import type { NewNote, Note, NoteEdit, NotePin, NoteVersions, WrittenNote } from './contract.ts'
import { mentionsIn, withoutMentions } from './mentions.ts'
import * as store from './store.ts'

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who; now: Date }
type Content = { body: string }

export async function showNotes(vault: Vault, tx: ReadTx, subject: HangsOn) {
  const [slot, rows] = await Promise.all([
    store.findKeySlot(tx, subject),
    store.listNotes(tx, subject),
    recordJointLook(vault, tx, subject),
  ])
  if (slot === undefined) refuse('not-found')
  const opened = await openNotes(
    vault,
    tx,
    rows.map((row) => row.id),
    'dossier',
  )
  return { items: rows.map((row) => reply(row, opened.get(row.id))) }
}

function openNotes(vault: Vault, tx: ReadTx, ids: string[], purpose: 'dossier' | 'edit') {
  return vault.open<Content>(tx, {
    table: 'note',
    sealedClass: 'content',
    ids,
    purpose,
    // Whoever reads it reads in the dossier; whoever changes it has read it.
    record: purpose === 'dossier' ? 'dossier' : 'none',
  })
}

function reply(row: store.NoteColumns, outcome: OpenOutcome<Content> | undefined): Note {
  return {
    id: row.id,
    body: outcome?.kind === 'open' ? outcome.value.body : '',
    writtenBy: row.created_by,
    writtenAt: row.created_at.toISOString(),
    editedBy: row.edited_by,
    editedAt: row.edited_at?.toISOString() ?? null,
    isPinned: row.pinned_at !== null,
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

/** A national number is not kept by accident: the writer is asked first, before anything is stored. */
function requireConfirmed(given: { body: string; isConfirmed: boolean }): void {
  const found = findNationalNumbers(withoutMentions(given.body))
  if (found.length > 0 && !given.isConfirmed) refuse('national-number-found', { found })
}

type Place = { subjectId: string; keySlot: number }
function target(
  table: 'note' | 'note_version',
  rowId: string,
  place: Place,
  sealCounter: number,
): SealTarget {
  return { table, sealedClass: 'content', rowId, ...place, sealCounter }
}

export async function writeNote(
  vault: Vault,
  tx: ReadTx,
  subject: HangsOn,
  given: NewNote,
  writeAtOnce: WriteAtOnce,
): Promise<WrittenNote> {
  const keySlot = (await store.findKeySlot(tx, subject)) ?? refuse('not-found')
  await requireGoingOn(tx, subject)
  requireConfirmed(given)
  const id = randomUUID()
  const value = { body: given.body }
  const place = { subjectId: subject.id, keySlot }
  const [sealed] = await vault.seal([{ target: target('note', id, place, 1), value }])
  const mentioned = mentionsIn(given.body)
  const [row, told] = await writeAtOnce((write) =>
    Promise.all([
      store.insertNote(write, subject, { id, content_sealed: sealed! }),
      store.tellMentioned(write, id, mentioned),
    ]),
  )
  return { ...reply(row, { kind: 'open', value }), untold: untold(mentioned, told) }
}

export const subjectIdOf = (row: store.NoteColumns): string =>
  (row.person_id ?? row.company_id ?? row.joint_dossier_id)!

function untold(mentioned: string[], told: string[]): string[] {
  return mentioned.filter((id) => !told.includes(id))
}

/** The text before the edit is kept beside the note, sealed anew in its new place; only who is newly mentioned is told. */
export async function editNote(
  vault: Vault,
  { tx, who, now }: Asking,
  id: string,
  change: NoteEdit,
  writeAtOnce: WriteAtOnce,
): Promise<WrittenNote> {
  const row = (await store.findNote(tx, id, 'there')) ?? refuse('not-found')
  const before = openedOrRefuse((await openNotes(vault, tx, [row.id], 'edit')).get(row.id))
  if (change.rowVersion !== row.row_version) refuseStale(row, before)
  if (change.body === before.body)
    return { ...reply(row, { kind: 'open', value: before }), untold: [] }
  requireConfirmed(change)
  const sealCounter = row.content_seal_counter + 1
  const place = { subjectId: subjectIdOf(row), keySlot: row.key_slot }
  const value = { body: change.body }
  const versionId = randomUUID()
  const [sealed, sealedBefore] = await vault.seal([
    { target: target('note', row.id, place, sealCounter), value },
    { target: target('note_version', versionId, place, 1), value: before },
  ])
  const had = mentionsIn(before.body)
  const mentioned = mentionsIn(change.body).filter((one) => !had.includes(one))
  try {
    const [after, , told] = await writeAtOnce((write) =>
      Promise.all([
        store.changeNote(write, row.id, change.rowVersion, {
          content_sealed: sealed!,
          content_seal_counter: sealCounter,
          edited_at: now,
          edited_by: who.userId,
        }),
        store.insertVersion(write, {
          id: versionId,
          note_id: row.id,
          person_id: row.person_id,
          company_id: row.company_id,
          joint_dossier_id: row.joint_dossier_id,
          content_sealed: sealedBefore!,
          written_at: row.edited_at ?? row.created_at,
          written_by: row.edited_at ? row.edited_by : row.created_by,
        }),
        store.tellMentioned(write, row.id, mentioned),
      ]),
    )
    if (!after) refuse('not-found')
    return { ...reply(after, { kind: 'open', value }), untold: untold(mentioned, told) }
  } catch (error) {
    await toldStale(vault, tx, row.id, error)
    throw error
  }
}

/** The second of two editors learns what the note is now. */
function refuseStale(row: store.NoteColumns, content: Content): never {
  refuse('changed-meanwhile', { current: reply(row, { kind: 'open', value: content }) })
}

async function toldStale(vault: Vault, tx: ReadTx, id: string, error: unknown): Promise<void> {
  if (!(error instanceof Problem) || error.code !== 'changed-meanwhile') return
  const row = (await store.findNote(tx, id, 'there')) ?? refuse('not-found')
  refuseStale(row, openedOrRefuse((await openNotes(vault, tx, [id], 'edit')).get(id)))
}

export async function pinNote(
  vault: Vault,
  { tx, who, now }: Asking,
  id: string,
  { rowVersion, isPinned }: NotePin,
  writeAtOnce: WriteAtOnce,
): Promise<Note> {
  try {
    const row = await writeAtOnce((write) =>
      store.changeNote(write, id, rowVersion, {
        pinned_at: isPinned ? now : null,
        pinned_by: isPinned ? who.userId : null,
      }),
    )
    if (!row) refuse('not-found')
    return reply(row, (await openNotes(vault, tx, [id], 'dossier')).get(id))
  } catch (error) {
    await toldStale(vault, tx, id, error)
    throw error
  }
}

/** To the trash, where its earlier texts stay with it, and back. */
export async function moveNote(
  { tx, who, now }: Asking,
  id: string,
  to: 'trash' | 'dossier',
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  const row =
    (await store.findNote(tx, id, to === 'trash' ? 'there' : 'trash')) ?? refuse('not-found')
  const patch =
    to === 'trash'
      ? { deleted_at: now, deleted_by: who.userId }
      : { deleted_at: null, deleted_by: null }
  if (!(await writeAtOnce((write) => store.changeNote(write, row.id, row.row_version, patch))))
    refuse('not-found')
  return { id: row.id }
}

export async function showVersions(vault: Vault, tx: ReadTx, id: string): Promise<NoteVersions> {
  const [note, rows] = await Promise.all([
    store.findNote(tx, id, 'there'),
    store.listVersions(tx, id),
  ])
  if (!note) refuse('not-found')
  const opened = await vault.open<Content>(tx, {
    table: 'note_version',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    record: 'dossier',
  })
  return {
    items: rows.map((row) => {
      const outcome = opened.get(row.id)
      return {
        id: row.id,
        body: outcome?.kind === 'open' ? outcome.value.body : '',
        writtenBy: row.written_by,
        writtenAt: row.written_at.toISOString(),
        replacedBy: row.created_by,
        replacedAt: row.created_at.toISOString(),
        closed: outcome?.kind === 'closed' ? outcome.why : null,
      }
    }),
  }
}
