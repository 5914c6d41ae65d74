import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'

const columns = ['id', 'person_id', 'company_id', 'content_seal_counter', 'row_version'] as const
// Nobody reads a longer list; a company with more people has them in the list of people.
const AFFILIATIONS_MAX = 500

export type Side = 'person' | 'company'

export async function isThere(tx: ReadTx, side: Side, id: string): Promise<boolean> {
  const row = await tx
    .selectFrom(side as 'person')
    .select('id')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Row security hides an affiliation whose other side the caller may not see; the trash is left out here. */
export function listAffiliations(tx: ReadTx, side: Side, id: string) {
  return tx
    .selectFrom('affiliation')
    .innerJoin('person', 'person.id', 'affiliation.person_id')
    .innerJoin('company', 'company.id', 'affiliation.company_id')
    .select([
      'affiliation.id',
      'affiliation.person_id',
      'affiliation.company_id',
      'affiliation.row_version',
    ])
    .where(`affiliation.${side}_id`, '=', id)
    .where('person.deleted_at', 'is', null)
    .where('company.deleted_at', 'is', null)
    .orderBy('affiliation.created_at')
    .limit(AFFILIATIONS_MAX)
    .execute()
}

export function findAffiliation(tx: ReadTx, id: string) {
  return tx
    .selectFrom('affiliation')
    .innerJoin('person', 'person.id', 'affiliation.person_id')
    .select(columns.map((name) => `affiliation.${name}` as const))
    .select('person.key_slot')
    .where('affiliation.id', '=', id)
    .executeTakeFirst()
}

export async function findKeySlot(tx: ReadTx, personId: string): Promise<number | undefined> {
  return (
    await tx
      .selectFrom('person')
      .select('key_slot')
      .where('id', '=', personId)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
  )?.key_slot
}

export async function insertAffiliation(
  tx: Tx,
  row: {
    id: string
    person_id: string
    company_id: string
    stint: number
    content_sealed: Sealed
  },
): Promise<void> {
  await tx
    .insertInto('affiliation')
    .values({ ...row, content_seal_counter: 1 })
    .execute()
}

export async function changeAffiliation(
  tx: Tx,
  id: string,
  version: number,
  patch: { content_sealed: Sealed; content_seal_counter: number },
): Promise<void> {
  await tx
    .updateTable('affiliation')
    .set({ ...patch, row_version: version + 1 })
    .where('id', '=', id)
    .execute()
}

export async function deleteAffiliation(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('affiliation')
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** All ties of these two. */
export function listPair(
  tx: ReadTx,
  pair: { person_id: string; company_id: string },
): Promise<{ id: string; stint: number }[]> {
  return tx
    .selectFrom('affiliation')
    .select(['id', 'stint'])
    .where('person_id', '=', pair.person_id)
    .where('company_id', '=', pair.company_id)
    .execute()
}

/** So that a tie fits beside those of the record it moves to. */
export async function renumber(tx: Tx, id: string, stint: number): Promise<void> {
  await tx
    .updateTable('affiliation')
    .set({ stint, row_version: sql<number>`row_version + 1` })
    .where('id', '=', id)
    .execute()
}

/** Ties of one record whose other side the second record is tied to as well. */
export function listTwins(
  tx: Tx,
  side: Side,
  keptId: string,
  otherId: string,
): Promise<
  { id: string; stint: number; twin_id: string; twin_stint: number; across_id: string }[]
> {
  const across = side === 'person' ? 'company_id' : 'person_id'
  return tx
    .selectFrom('affiliation')
    .innerJoin('affiliation as twin', `twin.${across}`, `affiliation.${across}`)
    .select([
      'affiliation.id',
      'affiliation.stint',
      'twin.id as twin_id',
      'twin.stint as twin_stint',
      `affiliation.${across} as across_id`,
    ])
    .where(`affiliation.${side}_id`, '=', keptId)
    .where(`twin.${side}_id`, '=', otherId)
    .orderBy('affiliation.stint')
    .orderBy('twin.stint')
    .execute()
}
