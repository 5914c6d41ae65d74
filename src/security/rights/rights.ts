/** Who may what, and why: PostgreSQL answers with the functions that row security asks. Nothing sealed is opened here. */
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Look, PersonRights, Review, Reviews, Viewers } from './contract.ts'
import { reachName } from './roles.ts'
import * as store from './store.ts'

export type Subject = { kind: 'person' | 'company'; id: string }
/** Names of records, of those the caller sees themselves. */
export type NamesOf = (tx: ReadTx, subjects: Subject[]) => Promise<Map<string, string | null>>
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
const FIRST = '00000000-0000-0000-0000-000000000000'

const subjectOf = ({ person_id, company_id }: store.ShareRow): Subject =>
  person_id ? { kind: 'person', id: person_id } : { kind: 'company', id: company_id! }

export async function showRights(
  tx: ReadTx,
  id: string,
  watched: ReadonlySet<string>,
  namesOf: NamesOf,
): Promise<PersonRights> {
  const [account, permissions, teams, shares, counts] = await Promise.all([
    store.findAccount(tx, id),
    store.rightsOf(tx, id),
    store.teamsOf(tx, id),
    store.sharesOf(tx, id),
    store.reachOf(tx, id),
  ])
  // Nobody's, somebody's who is not at work here, or not for the caller to look at: one answer.
  if (!account || counts.length === 0) refuse('not-found')
  const names = await namesOf(tx, shares.map(subjectOf))
  return {
    userId: account.id,
    roleId: account.role_id,
    permissions: permissions.map(({ permission, reach, last_on }) => ({
      permission,
      reach: reachName(reach),
      lastOn: last_on,
    })),
    teams: teams.map(({ team_id, through_id }) => ({ teamId: team_id, throughId: through_id })),
    shares: shares.map((row) => ({
      id: row.id,
      subject: subjectOf(row),
      subjectName: names.get(subjectOf(row).id) ?? null,
      teamId: row.team_id,
      mayEdit: row.may_edit,
      endsAt: row.ends_at.toISOString(),
      by: row.shared_by,
    })),
    counts: counts.map(({ of_teams, of_all, may_edit, is_outline, ...row }) => ({
      ...row,
      ofTeams: of_teams,
      ofAll: of_all,
      mayEdit: may_edit,
      isOutline: is_outline,
    })),
    reviewedAt: account.rights_reviewed_at.toISOString(),
    watched: [...watched],
  }
}

export async function lookAs(
  tx: ReadTx,
  id: string,
  { kind, after = FIRST, limit }: { kind: string; after?: string | undefined; limit: number },
): Promise<Look> {
  const rows = await store.seenAs(tx, id, kind, after, limit)
  return {
    items: rows.map((row) => ({
      id: row.id,
      stage: row.stage,
      ownerId: row.owner_id,
      teamId: row.team_id,
      createdAt: row.created_at.toISOString(),
      rule: row.rule,
      mayEdit: row.may_edit,
    })),
    next: rows.length === limit ? rows.at(-1)!.id : null,
  }
}

export async function showViewers(tx: ReadTx, id: string): Promise<Viewers> {
  const rows = await store.whoSees(tx, id)
  if (rows.length === 0) refuse('not-found')
  return {
    items: rows.map((row) => ({
      userId: row.user_id,
      seesBy: row.sees_by,
      editsBy: row.edits_by,
      endsAt: row.ends_at?.toISOString() ?? null,
    })),
  }
}

export async function listReviews(tx: ReadTx): Promise<Reviews> {
  const rows = await store.reviewsDue(tx)
  return {
    items: rows.map((row) => ({
      userId: row.user_id,
      dueOn: row.due_on,
      reviewedAt: row.reviewed_at.toISOString(),
      isDue: row.is_due,
      isOverdue: row.is_overdue,
    })),
  }
}

export async function review(given: Review, writeAtOnce: WriteAtOnce): Promise<void> {
  await writeAtOnce((tx) => store.reviewRights(tx, given))
}

export async function listPastReviews(tx: ReadTx, userId: string) {
  const rows = await store.listPastReviews(tx, userId)
  return {
    items: rows.map((row) => ({
      id: row.id,
      at: row.created_at.toISOString(),
      by: row.created_by,
      dueOn: row.due_on,
      roleBefore: row.role_before,
      roleAfter: row.role_after,
      teamsRemoved: row.teams_removed,
      sharesKept: row.shares_kept,
      sharesRemoved: row.shares_removed,
      isDisabled: row.is_disabled,
    })),
  }
}
