import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

export type SubjectKind = 'person' | 'company'
export type Subject = { kind: SubjectKind; id: string }

export async function findSubject(tx: ReadTx, { kind, id }: Subject) {
  return tx
    .selectFrom(kind as 'person')
    .select(['key_slot', 'row_version'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
}

export async function isTeam(tx: ReadTx, id: string): Promise<boolean> {
  const row = await tx.selectFrom('team').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}

export async function isActive(tx: ReadTx, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom('user_account')
    .select('id')
    .where('id', '=', id)
    .where('status', '=', 'active')
    .executeTakeFirst()
  return row !== undefined
}

export async function insertNote(
  tx: Tx,
  subject: Subject,
  row: { id: string; content_sealed: Sealed },
): Promise<void> {
  await tx
    .insertInto('note')
    .values({ ...row, [`${subject.kind}_id`]: subject.id })
    .execute()
}

/** PostgreSQL raises KL409 when `version` is not the row's own, and refuses a colleague who could not work with it. */
export async function handOver(
  tx: Tx,
  { kind, id }: Subject,
  version: number,
  to: { ownerId: string; teamId: string },
): Promise<void> {
  await tx.run(
    sql`select kluis.hand_over(${kind}, ${id}::uuid, ${version}::int, ${to.ownerId}::uuid, ${to.teamId}::uuid)`,
  )
}
