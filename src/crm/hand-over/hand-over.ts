import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findNationalNumbers } from '#platform/national-number.ts'
import { refuse } from '#platform/problem.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { HandedOver, HandOver } from './contract.ts'
import * as store from './store.ts'

export type HandOverParts = { vault: Vault }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

/** The note first, while the giver still sees the record; both or neither. */
export async function handOver(
  { vault }: HandOverParts,
  tx: ReadTx,
  subject: store.Subject,
  given: HandOver,
  writeAtOnce: WriteAtOnce,
): Promise<HandedOver> {
  const [found, isTeam, isActive] = await Promise.all([
    store.findSubject(tx, subject),
    store.isTeam(tx, given.teamId),
    store.isActive(tx, given.ownerId),
  ])
  if (!found) refuse('not-found')
  if (!isTeam) refuse('invalid-fields', { fields: [{ field: 'teamId', problem: 'unknown' }] })
  if (!isActive) refuse('invalid-fields', { fields: [{ field: 'ownerId', problem: 'unknown' }] })
  if (given.rowVersion !== found.row_version) refuse('changed-meanwhile')
  const numbers = findNationalNumbers(given.note ?? '')
  if (numbers.length > 0 && !given.isConfirmed) refuse('national-number-found', { found: numbers })
  const id = randomUUID()
  const target = {
    table: 'note',
    sealedClass: 'content',
    rowId: id,
    subjectId: subject.id,
    keySlot: found.key_slot,
    sealCounter: 1,
  } as const
  const [sealed] = given.note ? await vault.seal([{ target, value: { body: given.note } }]) : []
  await writeAtOnce((write) =>
    Promise.all([
      sealed && store.insertNote(write, subject, { id, content_sealed: sealed }),
      store.handOver(write, subject, given.rowVersion, given),
    ]),
  )
  return { isInSight: (await store.findSubject(tx, subject)) !== undefined }
}
