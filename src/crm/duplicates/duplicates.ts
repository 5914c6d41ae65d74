import { randomUUID } from 'node:crypto'
import type { Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { mayReveal } from '../field-catalogue.ts'
import { scopeOf } from '../record-list.ts'
import type { LikelyPage, LikelyQuery, LikelyRecord } from './contract.ts'
import { likenessOf, SCORE_MIN } from './likeness.ts'
import { byScore, isInScope, isWith, keyOf, type Pair } from './pass.ts'
import type { Asking, DuplicateParts } from './records.ts'
import * as store from './store.ts'

type Looking = Pick<Asking, 'tx' | 'who'>
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

/**
 * The next pairs the caller may see both of, best first. The look before proposes; who may see both, and what the
 * records say now, is asked for each.
 */
export async function listLikely(
  parts: DuplicateParts,
  kind: store.Kind,
  { tx, who }: Looking,
  { limit, cursor, of }: LikelyQuery,
): Promise<LikelyPage> {
  const { likely } = parts
  const scope = scopeOf(who, kind)
  const after = cursor === undefined ? undefined : readCursor(cursor)
  const rest = likely
    .of(kind)
    .filter(
      (pair) => isWith(pair, of) && isInScope(pair, scope) && (!after || byScore(pair, after) > 0),
    )
  const page: Pair[] = []
  let looked = 0
  while (page.length < limit && looked < rest.length) {
    const some = rest.slice(looked, looked + 2 * limit)
    const ids = [...new Set(some.flatMap(({ first, second }) => [first, second]))]
    const [visible, toldApart] = await Promise.all([
      store.listVisible(tx, kind, ids),
      store.listToldApart(tx, kind, ids),
    ])
    for (const pair of some) {
      if (page.length === limit) break
      looked++
      if (visible.has(pair.first) && visible.has(pair.second) && !toldApart.has(keyOf(pair)))
        page.push(pair)
    }
  }
  const last = looked < rest.length ? rest[looked - 1] : undefined
  return {
    items: await openPairs(parts, kind, { tx, who }, page),
    nextCursor: last ? `${last.score}_${last.first}_${last.second}` : null,
    total: likely.count(kind, scope, of),
    isLooking: likely.isLooking,
    lookedAt: likely.lookedAt?.toISOString() ?? null,
  }
}

function readCursor(cursor: string): Pick<Pair, 'score' | 'first' | 'second'> {
  const found = /^(\d+)_([0-9a-f-]{36})_([0-9a-f-]{36})$/.exec(cursor)
  if (!found) refuse('invalid-fields', { fields: [{ field: 'cursor', problem: 'unknown' }] })
  return { score: Number(found[1]), first: found[2]!, second: found[3]! }
}

async function openPairs(
  { vault, sides }: DuplicateParts,
  kind: store.Kind,
  { tx, who }: Looking,
  pairs: Pair[],
): Promise<LikelyPage['items']> {
  if (pairs.length === 0) return []
  const found = await vault.openRecords<store.RecordRow, { contact: never }>(tx, {
    table: kind,
    classes: ['contact'],
    also: store.COLUMNS,
    ids: [...new Set(pairs.flatMap(({ first, second }) => [first, second]))],
    purpose: 'duplicates',
    record: 'list',
  })
  const side = sides[kind]
  return pairs.flatMap(({ first, second, shared }) => {
    const [a, b] = [found.get(first), found.get(second)]
    if (a?.opened.contact?.kind !== 'open' || b?.opened.contact?.kind !== 'open') return []
    const [left, right] = [a.opened.contact.value, b.opened.contact.value]
    // That two have one account number is told only to whom may see the number.
    const told = who.permissions.has(mayReveal[kind]) ? shared : []
    const likeness = likenessOf(side.identityOf(left), side.identityOf(right), told)
    // One of them was changed since, and they are alike no more.
    if (likeness.score < SCORE_MIN) return []
    const line = (row: store.RecordRow, contact: never): LikelyRecord => {
      const identity = side.identityOf(contact)
      return {
        id: row.id,
        displayName: side.nameOf(contact),
        email: identity.emails[0] ?? '',
        phone: identity.phones[0] ?? '',
        street: identity.addresses[0]?.street ?? '',
        city: identity.addresses[0]?.city ?? '',
        birthday: identity.birthday,
        stage: row.stage as LikelyRecord['stage'],
        ownerId: row.owner_id,
        teamId: row.team_id,
        createdAt: row.created_at.toISOString(),
      }
    }
    return [{ first: line(a.row, left), second: line(b.row, right), ...likeness }]
  })
}

/** Remembered for all who see both: these are two customers. */
export async function tellApart(
  { likely }: DuplicateParts,
  kind: store.Kind,
  { tx }: Looking,
  ids: [string, string],
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  if (ids[0] === ids[1]) refuse('invalid-fields', { fields: [{ field: 'ids.1', problem: 'same' }] })
  if ((await store.listVisible(tx, kind, ids)).size !== 2) refuse('not-found')
  const id = randomUUID()
  await writeAtOnce((write) => store.insertToldApart(write, kind, id, ids))
  likely.tellApart(kind, ids[0], ids[1], true)
  return { id: (await store.findToldApart(tx, kind, ids)) ?? refuse('not-found') }
}

export async function takeBack(
  { likely }: DuplicateParts,
  kind: store.Kind,
  id: string,
  writeAtOnce: WriteAtOnce,
): Promise<{ id: string }> {
  const [pair] = await writeAtOnce((write) => store.deleteToldApart(write, kind, [id]))
  if (!pair) refuse('not-found')
  likely.tellApart(kind, pair.first, pair.second, false)
  return { id }
}
