import type { ReadTx, Tx } from '#platform/db.ts'

type SubjectKind = 'person' | 'company'
const FAVOURITES_MAX = 200

export function listFavourites(
  tx: ReadTx,
): Promise<{ person_id: string | null; company_id: string | null; created_at: Date }[]> {
  return tx
    .selectFrom('favourite')
    .select(['person_id', 'company_id', 'created_at'])
    .orderBy('created_at', 'desc')
    .limit(FAVOURITES_MAX)
    .execute()
}

/** Whether the caller sees it; what is in the trash is no favourite any more. */
export async function isThere(tx: ReadTx, kind: SubjectKind, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom(kind as 'person')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertFavourite(
  tx: Tx,
  userId: string,
  kind: SubjectKind,
  id: string,
): Promise<void> {
  await tx
    .insertInto('favourite')
    .values({ user_id: userId, [`${kind}_id`]: id } as { user_id: string })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function removeFavourite(tx: Tx, kind: SubjectKind, id: string): Promise<void> {
  await tx.deleteFrom('favourite').where(`${kind}_id`, '=', id).execute()
}
