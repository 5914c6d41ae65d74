import { sql } from 'kysely'
import type { Sealed } from '#database/sealed.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import type { BudgetEdit, BudgetKind } from './contract.ts'

export type BudgetRow = Awaited<ReturnType<typeof listBudgets>>[number]

export function listBudgets(tx: ReadTx, { roleId, id }: { roleId?: string; id?: string } = {}) {
  let query = tx
    .selectFrom('budget')
    .select([
      'id',
      'role_id',
      'kind',
      'hour_soft',
      'hour_hard',
      'day_soft',
      'day_hard',
      'freezes_on_canary',
      'row_version',
    ])
  if (roleId) query = query.where('role_id', '=', roleId)
  if (id) query = query.where('id', '=', id)
  return query.orderBy('role_id').orderBy('kind').execute()
}

/** False when it is nobody's the caller may change. */
export async function changeBudget(tx: Tx, id: string, edit: BudgetEdit): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('budget')
    .set({
      ...(edit.hourSoft === undefined ? {} : { hour_soft: edit.hourSoft }),
      ...(edit.hourHard === undefined ? {} : { hour_hard: edit.hourHard }),
      ...(edit.daySoft === undefined ? {} : { day_soft: edit.daySoft }),
      ...(edit.dayHard === undefined ? {} : { day_hard: edit.dayHard }),
      ...(edit.freezesOnCanary === undefined ? {} : { freezes_on_canary: edit.freezesOnCanary }),
      row_version: edit.rowVersion + 1,
    })
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type UsedRow = { user_id: string; kind: BudgetKind; in_hour: number; in_day: number }

/** As the door counts it; of the caller, or of everybody they may see. */
export function listUsed(tx: ReadTx, whose: 'own' | 'all'): Promise<UsedRow[]> {
  return tx.run(sql<UsedRow>`
    select user_id, kind,
      coalesce(sum(counted - forgiven) filter (where quarter > now() - interval '75 minutes'), 0)::int as in_hour,
      sum(counted - forgiven)::int as in_day
    from kluis.budget_use
    where quarter > now() - interval '24 hours 15 minutes' and (${whose === 'all'} or user_id = (select kluis.uid()))
    group by user_id, kind`)
}

export type HourRow = { user_id: string; kind: BudgetKind; at: Date; counted: number }

export function listHours(tx: ReadTx, whose: 'own' | 'all'): Promise<HourRow[]> {
  return tx.run(sql<HourRow>`
    select user_id, kind, date_trunc('hour', quarter) as at, sum(counted)::int as counted
    from kluis.budget_use
    where quarter > date_trunc('hour', now() - interval '23 hours') and (${whose === 'all'} or user_id = (select kluis.uid()))
    group by 1, 2, 3 having sum(counted) > 0
    order by 3`)
}

export type SpreadRow = {
  who: string
  kind: BudgetKind
  people: number
  days: number
  hour_median: number
  hour_high: number
  hour_most: number
  day_median: number
  day_high: number
  day_most: number
}

/** Of the last four weeks, what hours and days have in which somebody worked, by role or by person. */
export function listSpreads(tx: ReadTx, by: 'role' | 'person'): Promise<SpreadRow[]> {
  const who = by === 'role' ? sql`u.role_id` : sql`h.user_id::text`
  return tx.run(sql<SpreadRow>`
    with hours as (
      select user_id, kind, date_trunc('hour', quarter) as at, sum(counted) as counted
      from kluis.budget_use where quarter > now() - interval '28 days' and counted > 0
      group by 1, 2, 3
    ), days as (
      select user_id, kind, date_trunc('day', at) as day, sum(counted) as counted from hours group by 1, 2, 3
    ), of_hours as (
      select ${who} as who, h.kind,
        percentile_disc(0.5) within group (order by h.counted)::int as hour_median,
        percentile_disc(0.99) within group (order by h.counted)::int as hour_high,
        max(h.counted)::int as hour_most
      from hours h join kluis.user_account u on u.id = h.user_id group by 1, 2
    ), of_days as (
      select ${who} as who, h.kind, count(distinct h.user_id)::int as people, count(distinct h.day)::int as days,
        percentile_disc(0.5) within group (order by h.counted)::int as day_median,
        percentile_disc(0.99) within group (order by h.counted)::int as day_high,
        max(h.counted)::int as day_most
      from days h join kluis.user_account u on u.id = h.user_id group by 1, 2
    )
    select * from of_hours join of_days using (who, kind) order by who, kind`)
}

export async function countingSince(tx: ReadTx): Promise<Date | null> {
  const [row] = await tx.run(
    sql<{ since: Date | null }>`select min(quarter) as since from kluis.budget_use`,
  )
  return row!.since
}

export async function findRaised(tx: ReadTx): Promise<Date | null> {
  const [row] = await tx.run(sql<{ until: Date | null }>`select kluis.raised_until() as until`)
  return row!.until
}

export async function raiseBudget(tx: Tx): Promise<void> {
  await tx.run(sql`select kluis.raise_budget()`)
}

const freezeColumns = [
  'id',
  'user_id',
  'why',
  'created_at',
  'created_by',
  'lifted_at',
  'updated_by',
  'row_version',
  'content_seal_counter',
] as const
const FREEZES_MAX = 200

/** Who is frozen now stands first. */
export function listFreezes(tx: ReadTx) {
  return tx
    .selectFrom('freeze')
    .select(freezeColumns)
    .orderBy(sql`lifted_at is not null`)
    .orderBy('created_at', 'desc')
    .limit(FREEZES_MAX)
    .execute()
}
export type FreezeRow = Awaited<ReturnType<typeof listFreezes>>[number]

export function findFreeze(tx: ReadTx, id: string): Promise<FreezeRow | undefined> {
  return tx.selectFrom('freeze').select(freezeColumns).where('id', '=', id).executeTakeFirst()
}

export function findOwnFreeze(tx: ReadTx): Promise<FreezeRow | undefined> {
  return tx
    .selectFrom('freeze')
    .select(freezeColumns)
    .where('user_id', '=', sql<string>`kluis.uid()`)
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
}

export async function insertFreeze(
  tx: Tx,
  freeze: { id: string; user_id: string; content_sealed: Sealed },
): Promise<void> {
  await tx
    .insertInto('freeze')
    .values({ ...freeze, why: 'by-hand', content_seal_counter: 1 })
    .execute()
}

/** False when it is not the caller's to lift, their own being one of those, or was lifted. */
export async function liftFreeze(
  tx: Tx,
  id: string,
  version: number,
  content: { sealed: Sealed; counter: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('freeze')
    .set({
      lifted_at: sql<Date>`now()`,
      content_sealed: content.sealed,
      content_seal_counter: content.counter,
      row_version: version + 1,
    })
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function findOpenFreezeOf(tx: ReadTx, userId: string): Promise<FreezeRow | undefined> {
  return tx
    .selectFrom('freeze')
    .select(freezeColumns)
    .where('user_id', '=', userId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
}

/** Active colleagues whose role may lift. */
export async function listLifters(tx: ReadTx): Promise<string[]> {
  const rows = await tx.run(sql<{ id: string }>`
    select u.id from kluis.user_account u
    join kluis.role_permission p on p.role_id = u.role_id and p.permission = 'budgets:manage'
    where u.status = 'active' and u.id <> (select kluis.uid())
    order by u.role_id <> 'manager', u.created_at limit 50`)
  return rows.map(({ id }) => id)
}

const alarmColumns = [
  'id',
  'kind',
  'user_id',
  'budget_kind',
  'opening_id',
  'created_at',
  'reviewed_at',
  'updated_by',
  'outcome',
  'row_version',
  'content_seal_counter',
] as const
const ALARMS_MAX = 200

/** What nobody looked at stands first. */
export function listAlarms(tx: ReadTx) {
  return tx
    .selectFrom('alarm')
    .select(alarmColumns)
    .orderBy(sql`reviewed_at is not null`)
    .orderBy('created_at', 'desc')
    .limit(ALARMS_MAX)
    .execute()
}
export type AlarmRow = Awaited<ReturnType<typeof listAlarms>>[number]

export function findAlarm(tx: ReadTx, id: string): Promise<AlarmRow | undefined> {
  return tx.selectFrom('alarm').select(alarmColumns).where('id', '=', id).executeTakeFirst()
}

export async function countOpenAlarms(tx: ReadTx): Promise<number> {
  const row = await tx
    .selectFrom('alarm')
    .select(sql<number>`count(*)`.as('count'))
    .where('reviewed_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function listAlarmSubjects(tx: ReadTx, ids: string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.run(sql<{ id: string; subjects: string[] | null }>`
    select id, kluis.alarm_subjects(id) as subjects from unnest(${ids}::uuid[]) as asked(id)`)
  return new Map(rows.map(({ id, subjects }) => [id, subjects ?? []]))
}

/** False when somebody looked before, or it is about the caller. */
export async function reviewAlarm(
  tx: Tx,
  id: string,
  version: number,
  review: { outcome: string; sealed: Sealed; counter: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('alarm')
    .set({
      reviewed_at: sql<Date>`now()`,
      outcome: review.outcome,
      content_sealed: review.sealed,
      content_seal_counter: review.counter,
      row_version: version + 1,
    })
    .where('id', '=', id)
    .where('reviewed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export type AlarmMailRow = { user_id: string; language: 'nl' | 'en'; alarms: number }
export function takeAlarmMail(tx: Tx): Promise<AlarmMailRow[]> {
  return tx.run(sql<AlarmMailRow>`select * from kluis.take_alarm_mail()`)
}
export async function giveBackAlarmMail(tx: Tx, userIds: string[]): Promise<void> {
  await tx.run(sql`select kluis.give_back_alarm_mail(${userIds}::uuid[])`)
}

/** The role of each colleague. */
export async function listRoleOf(tx: ReadTx): Promise<Map<string, string>> {
  const rows = await tx.selectFrom('user_account').select(['id', 'role_id']).limit(2_000).execute()
  return new Map(rows.map(({ id, role_id }) => [id, role_id]))
}
