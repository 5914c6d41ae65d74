/** Sharing a record. Who may, how far it goes and that it ends is PostgreSQL's; here it is said in words. */
import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import { openNames } from '../subject-names.ts'
import type { NewShare, Share, SharedRecords, Shares } from './contract.ts'
import * as store from './store.ts'

export type ShareParts = {
  vault: Vault
  /** What the colleague sees counts at their next request. */
  forgetWho: () => void
}
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
const DAY_MS = 86_400_000
const DAYS_MAX = 365

const shown = (row: store.ShareRow): Share => ({
  id: row.id,
  userId: row.user_id,
  teamId: row.team_id,
  mayEdit: row.may_edit,
  endsAt: row.ends_at.toISOString(),
  by: row.created_by,
  at: row.created_at.toISOString(),
})

export async function listShares(tx: ReadTx, subject: store.Subject): Promise<Shares> {
  const [isThere, rows] = await Promise.all([
    store.isThere(tx, subject),
    store.listShares(tx, subject),
  ])
  if (!isThere) refuse('not-found')
  return { items: rows.map(shown) }
}

export async function share(
  { forgetWho }: ShareParts,
  { tx, who, now }: { tx: ReadTx; who: Who; now: Date },
  subject: store.Subject,
  given: NewShare,
  writeAtOnce: WriteAtOnce,
): Promise<Share> {
  const wrong = (field: string, problem: string) =>
    refuse('invalid-fields', { fields: [{ field, problem }] })
  const { userId = null, teamId = null, mayEdit } = given
  if ((userId === null) === (teamId === null)) wrong('userId', 'one')
  if (userId === who.userId) wrong('userId', 'oneself')
  // The whole of its last day, where the server stands.
  const [year, month, day] = given.until.split('-').map(Number) as [number, number, number]
  const endsAt = new Date(year, month - 1, day + 1)
  if (endsAt <= now) wrong('until', 'past')
  if (endsAt.getTime() > now.getTime() + DAYS_MAX * DAY_MS) wrong('until', 'too-late')
  const [isThere, isKnown] = await Promise.all([
    store.isThere(tx, subject),
    userId ? store.isActive(tx, userId) : store.isTeam(tx, teamId!),
  ])
  if (!isThere) refuse('not-found')
  if (!isKnown) wrong(userId ? 'userId' : 'teamId', 'unknown')
  const id = randomUUID()
  try {
    await writeAtOnce((write) =>
      store.insertShare(
        write,
        subject,
        { id, user_id: userId, team_id: teamId, may_edit: mayEdit },
        endsAt,
      ),
    )
  } catch (error) {
    // The record is there for them, so it is the sharing that is not theirs.
    if (error instanceof Problem && error.code === 'not-found')
      throw new Problem('not-allowed', undefined, { cause: error })
    throw error
  }
  forgetWho()
  const made = (await store.listShares(tx, subject)).find((row) => row.id === id)
  return made ? shown(made) : refuse('not-found')
}

export async function endShare(
  { forgetWho }: ShareParts,
  id: string,
  writeAtOnce: WriteAtOnce,
): Promise<void> {
  if (!(await writeAtOnce((tx) => store.deleteShare(tx, id)))) refuse('not-found')
  forgetWho()
}

export async function listOwnShares(
  { vault }: ShareParts,
  { tx, who }: { tx: ReadTx; who: Who },
): Promise<SharedRecords> {
  const rows = await store.listOwnShares(tx, who.userId, who.reachedTeamIds)
  const subjectOf = (row: store.ShareRow): store.Subject =>
    row.person_id ? { kind: 'person', id: row.person_id } : { kind: 'company', id: row.company_id! }
  const names = await openNames(vault, tx, rows.map(subjectOf))
  const line = (row: store.ShareRow) => {
    const subject = subjectOf(row)
    return { ...shown(row), subject, subjectName: names.get(subject.id) ?? null }
  }
  const isMine = (row: store.ShareRow) => row.created_by === who.userId
  return {
    withMe: rows.filter((row) => !isMine(row)).map(line),
    byMe: rows.filter(isMine).map(line),
  }
}
