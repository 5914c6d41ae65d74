import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findNationalNumbers } from '#platform/national-number.ts'
import { refuse } from '#platform/problem.ts'
import type { OpenOutcome, SealTarget, Vault } from '#security/vault/vault.ts'
import type { NewNote, Note, NoteEdit } from './contract.ts'
import * as store from './store.ts'

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Shown = Pick<store.NoteRow, 'id' | 'created_by' | 'created_at' | 'row_version'>

export async function showNotes(vault: Vault, tx: ReadTx, subject: store.Subject) {
  const [slot, rows] = await Promise.all([
    store.findKeySlot(tx, subject),
    store.listNotes(tx, subject),
  ])
  if (slot === undefined) refuse('not-found')
  const opened = await vault.open<{ body: string }>(tx, {
    table: 'note',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    record: 'none',
  })
  return { items: rows.map((row) => reply(row, opened.get(row.id))) }
}

function reply(row: Shown, outcome: OpenOutcome<{ body: string }> | undefined): Note {
  return {
    id: row.id,
    body: outcome?.kind === 'open' ? outcome.value.body : '',
    writtenBy: row.created_by,
    writtenAt: row.created_at.toISOString(),
    rowVersion: row.row_version,
    closed: outcome?.kind === 'closed' ? outcome.why : null,
  }
}

/** A national number is not kept by accident: the writer is asked first, before anything is stored. */
function requireConfirmed(given: { body: string; isConfirmed: boolean }): void {
  const found = findNationalNumbers(given.body)
  if (found.length > 0 && !given.isConfirmed) refuse('national-number-found', { found })
}

function target(
  rowId: string,
  place: { subjectId: string; keySlot: number },
  sealCounter: number,
): SealTarget {
  return { table: 'note', sealedClass: 'content', rowId, ...place, sealCounter }
}

export async function writeNote(
  vault: Vault,
  tx: ReadTx,
  subject: store.Subject,
  given: NewNote,
  writeAtOnce: WriteAtOnce,
): Promise<Note> {
  const keySlot = (await store.findKeySlot(tx, subject)) ?? refuse('not-found')
  requireConfirmed(given)
  const id = randomUUID()
  const value = { body: given.body }
  const [sealed] = await vault.seal([
    { target: target(id, { subjectId: subject.id, keySlot }, 1), value },
  ])
  const row = await writeAtOnce((write) =>
    store.insertNote(write, subject, { id, content_sealed: sealed! }),
  )
  return reply(row, { kind: 'open', value })
}

export async function editNote(
  vault: Vault,
  tx: ReadTx,
  id: string,
  change: NoteEdit,
  writeAtOnce: WriteAtOnce,
): Promise<Note> {
  const row = (await store.findNote(tx, id)) ?? refuse('not-found')
  requireConfirmed(change)
  const sealCounter = row.content_seal_counter + 1
  const place = { subjectId: (row.person_id ?? row.company_id)!, keySlot: row.key_slot }
  const value = { body: change.body }
  const [sealed] = await vault.seal([{ target: target(id, place, sealCounter), value }])
  const isChanged = await writeAtOnce((write) =>
    store.changeNote(write, id, change.rowVersion, {
      content_sealed: sealed!,
      content_seal_counter: sealCounter,
    }),
  )
  if (!isChanged) refuse('not-found')
  return reply({ ...row, row_version: change.rowVersion + 1 }, { kind: 'open', value })
}
