import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Subject } from '../contract.ts'
import { listRecentlyOpened } from '../store.ts'
import { openNames } from '../subject-names.ts'
import type { Favourite, Subjects } from './contract.ts'
import * as store from './store.ts'

export type FavouriteParts = { vault: Vault }
const RECENT_MAX = 12

async function named(
  { vault }: FavouriteParts,
  tx: ReadTx,
  given: { subject: { kind: Subject['kind']; id: string }; at: Date }[],
): Promise<Subjects> {
  const names = await openNames(
    vault,
    tx,
    given.map(({ subject }) => subject),
  )
  return {
    items: given.flatMap(({ subject, at }) =>
      // Seen once and not any more: row security left it out.
      names.has(subject.id)
        ? [{ subject, name: names.get(subject.id)!, at: at.toISOString() }]
        : [],
    ),
  }
}

export async function listFavourites(parts: FavouriteParts, tx: ReadTx): Promise<Subjects> {
  const rows = await store.listFavourites(tx)
  return named(
    parts,
    tx,
    rows.map((row) => ({
      subject:
        row.person_id !== null
          ? { kind: 'person', id: row.person_id }
          : { kind: 'company', id: row.company_id! },
      at: row.created_at,
    })),
  )
}

export async function listRecent(parts: FavouriteParts, tx: ReadTx): Promise<Subjects> {
  const rows = await listRecentlyOpened(tx)
  const { items } = await named(
    parts,
    tx,
    rows.map(({ table_name, subject_id, at }) => ({
      subject: { kind: table_name, id: subject_id },
      at,
    })),
  )
  return { items: items.slice(0, RECENT_MAX) }
}

export async function setFavourite(
  { tx, who }: { tx: ReadTx; who: Who },
  { subject, isFavourite }: Favourite,
  writeAtOnce: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<Favourite> {
  if (!(await store.isThere(tx, subject.kind, subject.id))) refuse('not-found')
  await writeAtOnce((write) =>
    isFavourite
      ? store.insertFavourite(write, who.userId, subject.kind, subject.id)
      : store.removeFavourite(write, subject.kind, subject.id),
  )
  return { subject, isFavourite }
}
