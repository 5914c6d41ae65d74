/**
 * Four eyes: what one asks, another agrees to. The request waits as it was sent, sealed; once agreed to, whoever asked it does
 * it once, and proves then that it is them.
 *
 * Trusts: kluis.decide_approval for who may decide, the vault's keys for who did.
 * If lost: what waits is asked again.
 */
import { randomUUID } from 'node:crypto'
import type { Database, ReadTx, RoleDatabase, SessionToken } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Preview } from '#security/access/contract.ts'
import { approvalProof, type Guarded, type Operation } from '#security/access/operations.ts'
import type { ApprovalAsked, Sent } from '#security/access/pass-guard.ts'
import type { Who } from '#security/access/who.ts'
import { ownTarget } from '#security/sign-in/accounts.ts'
import { recordEvent } from '#security/sign-in/session-store.ts'
import type { SubjectKind } from '#security/vault/catalogue.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { Approval, AskedRecords, Safeguards, SafeguardsEdit, SentRequest } from './contract.ts'
import * as store from './store.ts'

/** `host`: the role that does what the operator of the host asks, in nobody's name. */
export type ApprovalParts = {
  db: Database
  vault: KeeperVault
  host: RoleDatabase
  /** Names of those the caller may see; reading them counts as a list does. */
  namesOf(tx: ReadTx, subjects: SubjectRef[]): Promise<Map<string, string | null>>
}
type SubjectRef = { kind: SubjectKind; id: string }
const kindOf: { [what in Preview['what']]?: SubjectRef['kind'] } = {
  'trash-people': 'person',
  'trash-companies': 'company',
}
type Caller = { who: Who; token: SessionToken; tx: ReadTx }
type Content = { reason: string; note: string; preview: Preview; sent: Sent }

function recordsIn({ preview, sent }: Content): SubjectRef[] {
  if (preview.what === 'erase') return [(sent.body as { subject: SubjectRef }).subject]
  const kind = kindOf[preview.what]
  return kind ? [...new Set((sent.body as { ids: string[] }).ids)].map((id) => ({ kind, id })) : []
}

const target = (vault: KeeperVault, id: string, counter: number) =>
  ownTarget(vault, 'approval', 'content', id, counter)

// As many names as somebody looks through before they agree.
const NAMES_MAX = 20

export function openApprovals({ db, vault, host, namesOf }: ApprovalParts) {
  const contentOf = (row: store.ApprovalRow): Content | undefined => {
    const at = target(vault, row.id, row.content_seal_counter)
    const outcome = vault.openOwn<Content>(at, row.content_sealed)
    return outcome.kind === 'open' ? outcome.value : undefined
  }

  const shown = (row: store.ApprovalRow, mayDecide: boolean): Approval => {
    const content = contentOf(row)
    return {
      id: row.id,
      operation: row.operation as Operation,
      state: row.state as Approval['state'],
      preview: content?.preview ?? null,
      reason: content?.reason ?? '',
      note: content?.note ?? '',
      askedBy: row.created_by,
      askedAt: row.created_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
      decidedBy: row.decided_by,
      decidedAt: row.decided_at?.toISOString() ?? null,
      mayDecide: mayDecide && row.state === 'asked',
    }
  }

  const decidable = async ({ who, tx }: Caller, rows: store.ApprovalRow[]) =>
    who.permissions.has('approvals:decide')
      ? store.mayDecide(tx, [...new Set(rows.map((row) => row.created_by))])
      : new Set<string>()

  async function find(caller: Caller, id: string): Promise<Approval> {
    const row = (await store.findApproval(caller.tx, id)) ?? refuse('not-found')
    return shown(row, (await decidable(caller, [row])).has(row.created_by))
  }

  return {
    async situation(tx: ReadTx, { request }: Guarded) {
      const [deciders, open] = await Promise.all([
        store.countDeciders(tx),
        store.findOpen(tx, Buffer.from(request, 'base64url')),
      ])
      return { deciders, isWaiting: open?.isWaiting === true }
    },

    /** Keeps the request, and tells those who may agree. The same one waits once. */
    async ask(caller: { who: Who; token: SessionToken }, asked: ApprovalAsked): Promise<string> {
      const { operation, preview, sent, reason } = asked
      const request = Buffer.from(asked.request, 'base64url')
      const id = randomUUID()
      const content: Content = { reason, note: '', preview, sent }
      const [sealed] = await vault.seal([{ target: target(vault, id, 1), value: content }])
      const tx = db.reader(caller.token, 'approvals')
      const open = await store.findOpen(tx, request)
      if (open?.isWaiting) refuse('already-done', { why: 'asked' })
      if ((await store.countDeciders(tx)) === 0) refuse('not-allowed', { why: 'nobody-to-approve' })
      await db.write(
        caller.token,
        async (write) => {
          // One that nobody decided in time.
          if (open) await store.withdrawApproval(write, open.id)
          await store.insertApproval(write, {
            id,
            operation,
            request,
            content_sealed: sealed!,
            created_by: caller.who.userId,
          })
        },
        'ask approval',
      )
      return id
    },

    find,

    async list(caller: Caller, which: 'open' | 'all'): Promise<Approval[]> {
      const rows = await store.listApprovals(caller.tx, which)
      const may = await decidable(caller, rows)
      return rows.map((row) => shown(row, may.has(row.created_by)))
    },

    /** By name what would be thrown away: a count alone says nothing of whom. What the caller may not see stays hidden. */
    async recordsOf({ tx }: Caller, id: string): Promise<AskedRecords> {
      const row = (await store.findApproval(tx, id)) ?? refuse('not-found')
      const records = recordsIn(contentOf(row) ?? refuse('record-damaged'))
      const first = records.slice(0, NAMES_MAX)
      const names = await namesOf(tx, first)
      const items = first.flatMap((record) => {
        const name = names.get(record.id)
        return name === undefined ? [] : [{ ...record, name }]
      })
      return { count: records.length, items, hidden: first.length - items.length }
    },

    /** The request as it was sent, for who asked it and may do it now. */
    async sentOf({ who, tx }: Caller, id: string): Promise<SentRequest> {
      const row = await store.findApproval(tx, id)
      if (row?.created_by !== who.userId) refuse('not-found')
      if (row.state !== 'approved') refuse('already-done')
      return (contentOf(row) ?? refuse('record-damaged')).sent as SentRequest
    },

    async decide(
      caller: Caller,
      id: string,
      { isApproved, note }: { isApproved: boolean; note: string },
    ): Promise<Approval> {
      const { who, token, tx } = caller
      const row = (await store.findApproval(tx, id)) ?? refuse('not-found')
      const before = contentOf(row) ?? refuse('record-damaged')
      const counter = row.content_seal_counter + 1
      const [content] = await vault.seal([
        { target: target(vault, id, counter), value: { ...before, note } satisfies Content },
      ])
      const agreed = {
        id,
        askedBy: row.created_by,
        decidedBy: who.userId,
        operation: row.operation as Operation,
        request: row.request.toString('base64url'),
      }
      const proof = isApproved ? approvalProof(vault, agreed) : null
      const why = await db.writeAtOnce(
        token,
        (write) =>
          store.decideApproval(write, { id, isApproved, content: content!, counter, proof }),
        'decide approval',
      )
      if (why === 'own' || why === 'too-new') refuse('not-allowed', { why })
      if (why) refuse(why)
      return find(caller, id)
    },

    async withdraw({ token }: Caller, id: string): Promise<void> {
      const isDone = await db.writeAtOnce(
        token,
        (tx) => store.withdrawApproval(tx, id),
        'withdraw approval',
      )
      if (!isDone) refuse('not-found')
    },

    /** Where nobody is left who could agree. The ledger shows that the operator of the host did it. */
    async liftFourEyes(): Promise<string[]> {
      const { four_eyes, row_version } = await store.findSafeguards(host.reader())
      await host.writeAtOnce((tx) =>
        Promise.all([
          store.changeSafeguards(tx, { four_eyes: [], row_version }),
          recordEvent(tx, 'four-eyes-lifted', null),
        ]),
      )
      return four_eyes
    },

    countWaiting: (tx: ReadTx) => store.countWaiting(tx),
    safeguards,

    /** Four eyes that nobody could give would stop everybody: there must be somebody else. */
    async changeSafeguards({ token, tx }: Caller, edit: SafeguardsEdit): Promise<Safeguards> {
      if (edit.fourEyes.length > 0 && (await store.countDeciders(tx)) === 0)
        refuse('not-allowed', { why: 'nobody-to-approve' })
      const isThere = await db.writeAtOnce(
        token,
        (write) =>
          store.changeSafeguards(write, {
            four_eyes: [...new Set(edit.fourEyes)],
            break_glass_minutes: edit.breakGlassMinutes,
            row_version: edit.rowVersion,
          }),
        'change safeguards',
      )
      if (!isThere) refuse('not-found')
      return safeguards(tx)
    },
  }

  async function safeguards(tx: ReadTx): Promise<Safeguards> {
    const [row, deciders] = await Promise.all([store.findSafeguards(tx), store.countDeciders(tx)])
    return {
      fourEyes: row.four_eyes as Safeguards['fourEyes'],
      breakGlassMinutes: row.break_glass_minutes,
      rowVersion: row.row_version,
      deciders,
    }
  }
}

export type ApprovalRules = ReturnType<typeof openApprovals>
