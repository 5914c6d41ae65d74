/**
 * What is around the door's counting: limits as data, who is frozen and who lets them go, alarms and who looked at them.
 * The counting itself, and every refusal, is PostgreSQL's (database/functions/budgets.sql).
 *
 * Trusts: row security for who may change what; nobody lifts their own freeze or reviews an alarm about themselves.
 * If lost: nothing is kept here.
 */
import { randomUUID } from 'node:crypto'
import type { ReadTx, RoleDatabase, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { KeeperVault, SealTarget } from '#security/vault/vault.ts'
import type {
  Alarm,
  Budget,
  BudgetEdit,
  BudgetKind,
  Freeze,
  Limits,
  OwnUse,
  Used,
  Uses,
} from './contract.ts'
import * as store from './store.ts'

export type BudgetParts = { vault: KeeperVault; forgetWho: () => void }
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
type FreezeContent = { reason?: string; liftReason?: string }

const OVERDUE_MS = 3 * 86_400_000

/** What the caller used, and how far they may go; also for whoever is frozen. */
export async function showOwnUse(tx: ReadTx, who: Who): Promise<OwnUse> {
  const [budgets, used, hours, raised, frozen, lifters] = await Promise.all([
    store.listBudgets(tx, { roleId: who.roleId }),
    store.listUsed(tx, 'own'),
    store.listHours(tx, 'own'),
    store.findRaised(tx),
    store.findOwnFreeze(tx),
    store.listLifters(tx),
  ])
  return {
    budgets: budgets.map(shownBudget),
    used: used.map(shownUsed),
    hours: hours.map(shownHour),
    raisedUntil: raised?.toISOString() ?? null,
    frozen: frozen
      ? {
          id: frozen.id,
          since: frozen.created_at.toISOString(),
          why: frozen.why as Freeze['why'],
          by: frozen.why === 'by-hand' ? frozen.created_by : null,
        }
      : null,
    lifters,
  }
}

export async function showBudgets(tx: ReadTx): Promise<{ items: Budget[] }> {
  return { items: (await store.listBudgets(tx)).map(shownBudget) }
}

export async function changeBudget(
  tx: ReadTx,
  id: string,
  edit: BudgetEdit,
  writeAtOnce: WriteAtOnce,
): Promise<Budget> {
  const [before] = await store.listBudgets(tx, { id })
  const after = { ...shownBudget(before ?? refuse('not-found')), ...edit }
  requireOrder(after)
  if (!(await writeAtOnce((write) => store.changeBudget(write, id, edit)))) refuse('not-allowed')
  return { ...after, rowVersion: edit.rowVersion + 1 }
}

export async function showBudget(tx: ReadTx, id: string): Promise<Budget> {
  const [row] = await store.listBudgets(tx, { id })
  return shownBudget(row ?? refuse('not-found'))
}

/** A soft limit above its hard one would never be met, and an hour can't have more than its day. */
function requireOrder({ hourSoft, hourHard, daySoft, dayHard }: Limits): void {
  const wrong = [
    ...(hourSoft > hourHard ? ['hourSoft'] : []),
    ...(daySoft > dayHard ? ['daySoft'] : []),
    ...(hourSoft > daySoft ? ['daySoft'] : []),
    ...(hourHard > dayHard ? ['dayHard'] : []),
  ]
  if (wrong.length > 0)
    refuse('invalid-fields', { fields: wrong.map((field) => ({ field, problem: 'order' })) })
}

/** Everybody who learned of a customer within the day. */
export async function showUses(tx: ReadTx, roleOf: Map<string, string>): Promise<Uses> {
  const [used, hours] = await Promise.all([store.listUsed(tx, 'all'), store.listHours(tx, 'all')])
  const hoursOf = Map.groupBy(hours, (row) => row.user_id)
  return {
    items: [...Map.groupBy(used, (row) => row.user_id)].flatMap(([userId, rows]) => {
      const roleId = roleOf.get(userId)
      if (!roleId) return []
      const ofThem = hoursOf.get(userId) ?? []
      return { userId, roleId, used: rows.map(shownUsed), hours: ofThem.map(shownHour) }
    }),
  }
}

export async function listFreezes(parts: BudgetParts, tx: ReadTx): Promise<{ items: Freeze[] }> {
  const rows = await store.listFreezes(tx)
  return { items: await shownFreezes(parts, tx, rows) }
}

/** At once, in all sessions: PostgreSQL shows them nothing from the next statement on. */
export async function freezeColleague(
  parts: BudgetParts,
  tx: ReadTx,
  { userId, reason }: { userId: string; reason: string },
  writeAtOnce: WriteAtOnce,
): Promise<Freeze> {
  if (await store.findOpenFreezeOf(tx, userId)) refuse('already-done')
  const id = randomUUID()
  const content_sealed = await sealContent(parts.vault, 'freeze', id, 1, { reason })
  await writeAtOnce((write) =>
    store.insertFreeze(write, { id, user_id: userId, content_sealed }),
  ).catch(refuseTwice)
  parts.forgetWho()
  return showFreeze(parts, tx, id)
}

export async function liftFreeze(
  parts: BudgetParts,
  tx: ReadTx,
  who: Who,
  { id, reason, rowVersion }: { id: string; reason: string; rowVersion: number },
  writeAtOnce: WriteAtOnce,
): Promise<Freeze> {
  const before = (await store.findFreeze(tx, id)) ?? refuse('not-found')
  if (before.user_id === who.userId) refuse('not-allowed')
  if (before.lifted_at) refuse('already-done')
  const [shown] = await shownFreezes(parts, tx, [before])
  const counter = before.content_seal_counter + 1
  const sealed = await sealContent(parts.vault, 'freeze', id, counter, {
    ...(shown!.reason === null ? {} : { reason: shown!.reason }),
    liftReason: reason,
  })
  const isLifted = await writeAtOnce((write) =>
    store.liftFreeze(write, id, rowVersion, { sealed, counter }),
  )
  if (!isLifted) refuse('not-allowed')
  parts.forgetWho()
  return showFreeze(parts, tx, id)
}

export async function showFreeze(parts: BudgetParts, tx: ReadTx, id: string): Promise<Freeze> {
  const row = (await store.findFreeze(tx, id)) ?? refuse('not-found')
  return (await shownFreezes(parts, tx, [row]))[0]!
}

/** The operator of the machine, in the name of nobody here: for the day on which the last administrator is frozen. */
export function operatorFreezes({ vault, forgetWho }: BudgetParts, db: RoleDatabase) {
  return {
    async freeze(userId: string, reason: string): Promise<boolean> {
      if (await store.findOpenFreezeOf(db.reader(), userId)) return false
      const id = randomUUID()
      const content_sealed = await sealContent(vault, 'freeze', id, 1, { reason })
      await db.writeAtOnce((tx) => store.insertFreeze(tx, { id, user_id: userId, content_sealed }))
      forgetWho()
      return true
    },
    async lift(userId: string, reason: string): Promise<boolean> {
      const before = await store.findOpenFreezeOf(db.reader(), userId)
      if (!before) return false
      const counter = before.content_seal_counter + 1
      const sealed = await sealContent(vault, 'freeze', before.id, counter, { liftReason: reason })
      await db.writeAtOnce((tx) =>
        store.liftFreeze(tx, before.id, before.row_version, { sealed, counter }),
      )
      forgetWho()
      return true
    },
  }
}

export async function listAlarms(parts: BudgetParts, tx: ReadTx, who: Who, now: Date) {
  const [rows, open] = await Promise.all([store.listAlarms(tx), store.countOpenAlarms(tx)])
  return { items: await shownAlarms(parts, tx, who, rows, now), open }
}

export async function reviewAlarm(
  parts: BudgetParts,
  { tx, who, now }: { tx: ReadTx; who: Who; now: Date },
  id: string,
  { outcome, note, rowVersion }: { outcome: string; note: string; rowVersion: number },
  writeAtOnce: WriteAtOnce,
): Promise<Alarm> {
  const before = (await store.findAlarm(tx, id)) ?? refuse('not-found')
  if (before.user_id === who.userId) refuse('not-allowed')
  if (before.reviewed_at) refuse('already-done')
  const counter = before.content_seal_counter + 1
  const sealed = await sealContent(parts.vault, 'alarm', id, counter, { note })
  const isReviewed = await writeAtOnce((write) =>
    store.reviewAlarm(write, id, rowVersion, { outcome, sealed, counter }),
  )
  if (!isReviewed) refuse('not-allowed')
  const row = (await store.findAlarm(tx, id)) ?? refuse('not-found')
  return (await shownAlarms(parts, tx, who, [row], now))[0]!
}

async function shownFreezes(
  { vault }: BudgetParts,
  tx: ReadTx,
  rows: store.FreezeRow[],
): Promise<Freeze[]> {
  const opened = await vault.open<FreezeContent>(tx, {
    table: 'freeze',
    sealedClass: 'content',
    ids: rows.map(({ id }) => id),
    purpose: 'account',
    record: 'none',
  })
  return rows.map((row) => {
    const outcome = opened.get(row.id)
    const content = outcome?.kind === 'open' ? outcome.value : {}
    return {
      id: row.id,
      userId: row.user_id,
      why: row.why as Freeze['why'],
      since: row.created_at.toISOString(),
      by: row.created_by,
      reason: content.reason ?? null,
      liftedAt: row.lifted_at?.toISOString() ?? null,
      liftedBy: row.lifted_at ? row.updated_by : null,
      liftReason: content.liftReason ?? null,
      rowVersion: row.row_version,
    }
  })
}

async function shownAlarms(
  { vault }: BudgetParts,
  tx: ReadTx,
  who: Who,
  rows: store.AlarmRow[],
  now: Date,
): Promise<Alarm[]> {
  const mayKnow = who.permissions.has('canaries:manage')
  const [opened, subjects] = await Promise.all([
    vault.open<{ note: string }>(tx, {
      table: 'alarm',
      sealedClass: 'content',
      ids: rows.map(({ id }) => id),
      purpose: 'account',
      record: 'none',
    }),
    store.listAlarmSubjects(
      tx,
      mayKnow ? rows.filter((row) => row.opening_id).map(({ id }) => id) : [],
    ),
  ])
  return rows.map((row) => {
    const outcome = opened.get(row.id)
    return {
      id: row.id,
      kind: row.kind as Alarm['kind'],
      userId: row.user_id,
      budgetKind: row.budget_kind as BudgetKind | null,
      at: row.created_at.toISOString(),
      canaryIds: (subjects.get(row.id) ?? []).filter((id) => vault.isCanary(id)),
      reviewedAt: row.reviewed_at?.toISOString() ?? null,
      reviewedBy: row.reviewed_at ? row.updated_by : null,
      outcome: row.outcome as Alarm['outcome'],
      note: outcome?.kind === 'open' ? outcome.value.note : null,
      isOverdue: !row.reviewed_at && now.getTime() - row.created_at.getTime() > OVERDUE_MS,
      rowVersion: row.row_version,
    }
  })
}

async function sealContent(
  vault: KeeperVault,
  table: 'freeze' | 'alarm',
  rowId: string,
  sealCounter: number,
  value: FreezeContent | { note: string },
) {
  const target: SealTarget = {
    table,
    sealedClass: 'content',
    rowId,
    subjectId: vault.organisationId,
    keySlot: 0,
    sealCounter,
  }
  return (await vault.seal([{ target, value }]))[0]!
}

/** Two at once: they are frozen, and that is what both wanted. */
function refuseTwice(error: unknown): never {
  if ((error as { code?: string }).code === '23505') refuse('already-done')
  if ((error as { code?: string }).code === '23503') refuse('not-found')
  throw error
}

export function shownBudget(row: store.BudgetRow): Budget {
  return {
    id: row.id,
    roleId: row.role_id,
    kind: row.kind as BudgetKind,
    hourSoft: row.hour_soft,
    hourHard: row.hour_hard,
    daySoft: row.day_soft,
    dayHard: row.day_hard,
    freezesOnCanary: row.freezes_on_canary,
    rowVersion: row.row_version,
  }
}

function shownUsed({ kind, in_hour, in_day }: store.UsedRow): Used {
  return { kind, inHour: in_hour, inDay: in_day }
}

function shownHour({ kind, at, counted }: store.HourRow) {
  return { kind, at: at.toISOString(), counted }
}
