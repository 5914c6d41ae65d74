/**
 * No row says which record is a canary: the vault knows it by the id. So neither a colleague nor whoever holds the database
 * can tell one; and to list them is to ask the vault of every id.
 *
 * Trusts: the vault's keys.
 * If lost: nothing is kept here.
 */
import type { ReadTx, Tx } from '#platform/db.ts'
import type { Places } from '#platform/places.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Canaries, NewCanaries } from './contract.ts'
import { madeUp } from './made-up.ts'
import { listAfter, retire } from './store.ts'

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type Asking = { tx: ReadTx; who: Who; now: Date; writeAtOnce: WriteAtOnce }
export type CanaryParts = {
  vault: Vault
  places: Places
  /** Makes a person like any other, under this id. */
  makePerson(
    asking: Asking,
    id: string,
    given: ReturnType<typeof madeUp> & { teamId?: string },
  ): Promise<unknown>
}

const FIRST = '00000000-0000-0000-0000-000000000000'
const AT_ONCE = 5_000

export async function listCanaries({ vault }: CanaryParts, tx: ReadTx): Promise<Canaries> {
  const found: Awaited<ReturnType<typeof listAfter>> = []
  let people = 0
  for (let after = FIRST; ; ) {
    const rows = await listAfter(tx, after, AT_ONCE)
    people += rows.length
    const canaries = await vault.canariesAmong(
      tx,
      rows.map(({ id }) => id),
    )
    found.push(...rows.filter(({ id }) => canaries.has(id)))
    if (rows.length < AT_ONCE) break
    after = rows.at(-1)!.id
  }
  // Leaves no trace: one that names these records and no others would say what they are.
  const names = await vault.open<{ givenName: string; familyName: string }>(tx, {
    table: 'person',
    sealedClass: 'contact',
    ids: found.map(({ id }) => id),
    purpose: 'list',
    record: 'none',
    isUnseen: true,
  })
  const nameOf = (id: string) => {
    const opened = names.get(id)
    return opened?.kind === 'open' ? `${opened.value.givenName} ${opened.value.familyName}` : null
  }
  const items = found.map((row) => ({
    id: row.id,
    name: nameOf(row.id),
    teamId: row.team_id,
    ownerId: row.owner_id,
    createdAt: row.created_at.toISOString(),
    isRetired: row.deleted_at !== null,
  }))
  return { items: items.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)), people }
}

export async function makeCanaries(
  parts: CanaryParts,
  asking: Asking,
  { count, teamId, mailDomain }: NewCanaries,
): Promise<Canaries> {
  const { vault, places } = parts
  for (let made = 0; made < count; made++) {
    const { id, who } = await vault.newCanary(asking.tx)
    const given = madeUp(who, places, mailDomain)
    await parts.makePerson(asking, id, teamId ? { ...given, teamId } : given)
  }
  return listCanaries(parts, asking.tx)
}

export async function retireCanary(
  parts: CanaryParts,
  { tx, who, writeAtOnce }: Asking,
  id: string,
): Promise<Canaries> {
  if (!(await parts.vault.canariesAmong(tx, [id])).has(id)) refuse('not-found')
  if (!(await writeAtOnce((write) => retire(write, id, who.userId)))) refuse('not-found')
  return listCanaries(parts, tx)
}
