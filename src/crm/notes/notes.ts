import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findNationalNumber } from '#platform/national-number.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import { findKeySlot, insertNote, insertNotes, listNotes } from './store.ts'

export async function showNotes(vault: Vault, tx: ReadTx, personId: string) {
  const [slot, rows] = await Promise.all([findKeySlot(tx, personId), listNotes(tx, personId)])
  if (slot === undefined) refuse('not-found')
  const opened = await vault.open<{ body: string }>(tx, {
    table: 'note',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    record: 'none',
  })
  return {
    items: rows.map((row) => ({
      id: row.id,
      body: openedOrRefuse(opened.get(row.id)).body,
      writtenBy: row.created_by,
      writtenAt: row.created_at.toISOString(),
    })),
  }
}

/** A national number is not kept by accident: the writer is asked first, before anything is stored. */
export async function writeNote(
  vault: Vault,
  { tx, who }: { tx: ReadTx; who: Who },
  personId: string,
  given: { body: string; isConfirmed: boolean },
  writeAtOnce: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
) {
  const keySlot = (await findKeySlot(tx, personId)) ?? refuse('not-found')
  const found = findNationalNumber(given.body)
  if (found && !given.isConfirmed) refuse('national-number-found', { kind: found })
  const id = randomUUID()
  const [sealed] = await vault.seal([
    {
      target: {
        table: 'note',
        sealedClass: 'content',
        rowId: id,
        subjectId: personId,
        keySlot,
        sealCounter: 1,
      },
      value: { body: given.body },
    },
  ])
  const { created_at } = await writeAtOnce((write) =>
    insertNote(write, { id, person_id: personId, content_sealed: sealed! }),
  )
  return { id, body: given.body, writtenBy: who.userId, writtenAt: created_at.toISOString() }
}

/** Notes that came with an import, sealed before anything is written. */
export async function prepareNotes(
  vault: Vault,
  notes: { personId: string; keySlot: number; body: string }[],
  importId: string,
) {
  const rows = notes.map((note) => ({ ...note, id: randomUUID() }))
  const sealed = await vault.seal(
    rows.map((row) => ({
      target: {
        table: 'note' as const,
        sealedClass: 'content' as const,
        rowId: row.id,
        subjectId: row.personId,
        keySlot: row.keySlot,
        sealCounter: 1,
      },
      value: { body: row.body },
    })),
  )
  return (tx: Tx) =>
    insertNotes(
      tx,
      rows.map((row, i) => ({
        id: row.id,
        person_id: row.personId,
        content_sealed: sealed[i]!,
        import_id: importId,
      })),
    )
}
