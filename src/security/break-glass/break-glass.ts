/**
 * Break-glass: whoever must see what is not theirs, now, breaks the glass. Loud: those who review are told by every way there
 * is before the first record opens, and sign afterwards for what was opened.
 *
 * Trusts: kluis_auth.caller for what is seen meanwhile and for when it is over.
 * If lost: it ends by itself.
 */
import { randomUUID } from 'node:crypto'
import type { Database, ReadTx, SessionToken } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { ownTarget } from '#security/sign-in/accounts.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { BreakGlass, Live, OpenedRecords } from './contract.ts'
import * as store from './store.ts'

type SubjectRef = { kind: 'person' | 'company'; id: string }
export type BreakGlassParts = {
  db: Database
  vault: KeeperVault
  /** Whoever asks is somebody else from now on. */
  forgetWho(): void
  /** By mail and at once, to all who review. */
  alarm(): void
  namesOf(tx: ReadTx, subjects: SubjectRef[]): Promise<Map<string, string | null>>
}
type Caller = { who: Who; token: SessionToken; tx: ReadTx }
type Content = { reason: string; review: string }

export function openBreakGlassRules({ db, vault, forgetWho, alarm, namesOf }: BreakGlassParts) {
  const target = (id: string, counter: number) =>
    ownTarget(vault, 'break_glass', 'content', id, counter)
  const contentOf = (row: store.BreakGlassRow): Content | undefined => {
    const outcome = vault.openOwn<Content>(
      target(row.id, row.content_seal_counter),
      row.content_sealed,
    )
    return outcome.kind === 'open' ? outcome.value : undefined
  }
  const shown = (row: store.BreakGlassRow, { who }: Caller): BreakGlass => {
    const content = contentOf(row)
    const isOther = row.user_id !== who.userId
    return {
      id: row.id,
      userId: row.user_id,
      reason: content?.reason ?? '',
      openedAt: row.opened_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
      isLive: row.is_live,
      isOfThisSession: row.is_of_session,
      review: content?.review ?? '',
      reviewedBy: row.reviewed_by,
      reviewedAt: row.reviewed_at?.toISOString() ?? null,
      mayReview:
        isOther && !row.is_live && !row.reviewed_at && who.permissions.has('break-glass:review'),
    }
  }
  const find = async (caller: Caller, id: string) =>
    shown((await store.findBreakGlass(caller.tx, id)) ?? refuse('not-found'), caller)

  return {
    list: async (caller: Caller): Promise<BreakGlass[]> =>
      (await store.listBreakGlass(caller.tx)).map((row) => shown(row, caller)),

    live: async (tx: ReadTx): Promise<Live['items']> =>
      (await store.listLive(tx)).map((row) => ({
        id: row.id,
        userId: row.user_id,
        endsAt: row.ends_at.toISOString(),
        isOfThisSession: row.is_of_session,
      })),

    async open(caller: Caller, reason: string): Promise<BreakGlass> {
      const id = randomUUID()
      const content: Content = { reason, review: '' }
      const [sealed] = await vault.seal([{ target: target(id, 1), value: content }])
      const isOpen = await db.writeAtOnce(
        caller.token,
        (tx) => store.openBreakGlass(tx, id, sealed!),
        'break-glass',
      )
      if (!isOpen) refuse('already-done')
      alarm()
      forgetWho()
      return find(caller, id)
    },

    async end(caller: Caller, id: string): Promise<BreakGlass> {
      const isDone = await db.writeAtOnce(
        caller.token,
        (tx) => store.endBreakGlass(tx, id),
        'end break-glass',
      )
      forgetWho()
      const now = await find(caller, id)
      return isDone || !now.isLive ? now : refuse('not-allowed')
    },

    /** What was opened meanwhile; the names open for who reviews as far as they see the records themselves. */
    async openings({ who, tx }: Caller, id: string): Promise<OpenedRecords> {
      const row = (await store.findBreakGlass(tx, id)) ?? refuse('not-found')
      if (row.user_id === who.userId) refuse('not-allowed', { why: 'own' })
      const rows = await store.listOpenings(tx, id)
      const opened = rows.filter(({ kind }) => kind !== 'list')
      const subjects = opened.flatMap((one) => subjectOf(one) ?? [])
      const names = await namesOf(tx, subjects)
      const isOpened = new Set(opened.map(({ subject_id }) => subject_id))
      const foreign = rows.filter(
        ({ kind, is_own, subject_id }) => kind === 'list' && !is_own && !isOpened.has(subject_id),
      )
      return {
        items: opened.map((one) => {
          const subject = subjectOf(one)
          return {
            at: one.at.toISOString(),
            kind: one.kind,
            purpose: one.purpose,
            subject,
            name: (subject && names.get(subject.id)) ?? null,
            isOwn: one.is_own,
          }
        }),
        listed: new Set(foreign.map(({ subject_id }) => subject_id)).size,
      }
    },

    async review(caller: Caller, id: string, review: string): Promise<BreakGlass> {
      const row = (await store.findBreakGlass(caller.tx, id)) ?? refuse('not-found')
      const before = contentOf(row) ?? refuse('record-damaged')
      const counter = row.content_seal_counter + 1
      const [content] = await vault.seal([
        { target: target(id, counter), value: { ...before, review } satisfies Content },
      ])
      const isDone = await db.writeAtOnce(
        caller.token,
        (tx) => store.reviewBreakGlass(tx, { id, content: content!, counter }),
        'review break-glass',
      )
      if (!isDone)
        refuse('not-allowed', { why: row.user_id === caller.who.userId ? 'own' : 'live' })
      return find(caller, id)
    },
  }
}

export type BreakGlassRules = ReturnType<typeof openBreakGlassRules>

function subjectOf({ table_name, subject_id }: store.OpenedRow): SubjectRef | null {
  return table_name === 'person' || table_name === 'company'
    ? { kind: table_name, id: subject_id }
    : null
}
