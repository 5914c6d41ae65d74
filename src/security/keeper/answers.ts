/**
 * The keeper's side of the door: reads what is asked, asks the database itself who it is, and answers that person and
 * nobody else. Ids come in, never ciphertext.
 *
 * Trusts: session tokens, as PostgreSQL and the vault's keys know them. Does not trust whoever holds the other end.
 * If lost: the process is; nothing is kept here but counts of the last hour.
 */
import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import type { Database, ReadTx, SessionToken } from '#platform/db.ts'
import { Hidden } from '#platform/hidden.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Guard } from '#security/access/operations.ts'
import type { ApprovalAsked, GuardParts } from '#security/access/pass-guard.ts'
import type { Who, WhoCache } from '#security/access/who.ts'
import type { IndexKind, IndexScope } from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import { isRecordColumn } from '#security/vault/blind-index.ts'
import type { SealedTableName } from '#security/vault/catalogue.ts'
import { FIRST_SUBJECT_SLOT } from '#security/vault/keystore.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { writeOutcomes, writeRecords } from './opened.ts'
import {
  type AskName,
  asks,
  type HttpAnswer,
  type KeeperState,
  type Opened,
  type Read,
  type Replies,
  type Said,
} from './protocol.ts'
import { UnseenOpenings } from './unseen.ts'

/** `isOnlyRead`: opened for who sees it, and never sealed here. */
export type AskedTable = { isOfOrganisation: boolean; isOfCustomer: boolean; isOnlyRead?: true }

type AnswerParts = {
  /** As the web process' own role: row security decides for the keeper as it does there. */
  db: Database
  who: WhoCache
  vault: KeeperVault
  /** What is sealed of customers and their work; secrets of sign-in are in none of these. */
  tables: ReadonlyMap<SealedTableName, AskedTable>
  index: RecordIndex
  scopeOf(who: Who, kind: IndexKind): IndexScope
  /** Looks at records that were written or removed; whoever asks afterwards finds them. */
  changed(kind: IndexKind, ids: string[]): Promise<void>
  guard: Guard
  approvals: GuardParts['approvals']
  sessions: {
    touch(who: Who, now: Date): void
    rotate(who: Who, now: Date): Promise<Opened | undefined>
    tellElsewhere(who: Who, now: Date): void
  }
  fields(isChanged: boolean): Promise<unknown[]>
  http(asked: Read<'http'>): Promise<HttpAnswer>
  state(): KeeperState
  /** What nobody foresaw; the one who asked is told nothing of it. */
  failed(error: Error): void
}

/** Whoever asks more at once than people could is not heard before the first are answered. */
const AT_ONCE_MAX = 2_000

export class Keeper {
  readonly #parts: AnswerParts
  readonly #unseen = new UnseenOpenings()
  // The web process counts what it asks of lists as one customer seen; whoever owns it does not.
  readonly #questions = new UnseenOpenings()
  readonly #looking = new Set<Promise<void>>()
  #atOnce = 0
  // Statements of one session that arrive together travel together.
  readonly #readers = new Map<string, ReadTx>()

  constructor(parts: AnswerParts) {
    this.#parts = parts
  }

  /** Once everything that was said to have changed is in the index. */
  async settled(): Promise<void> {
    await Promise.all(this.#looking)
  }

  /** Undefined for what is no question at all: whoever sent it is not to be listened to. */
  async answer(body: Buffer): Promise<Buffer | undefined> {
    const asked = readAsk(body)
    if (!asked) return undefined
    return serialize(await this.#said(asked))
  }

  async #said({ seq, name, ask }: { seq: number; name: AskName; ask: unknown }): Promise<Said> {
    if (this.#atOnce >= AT_ONCE_MAX) return { seq, problem: { code: 'too-many-attempts' } }
    this.#atOnce++
    try {
      const read = asks[name].safeParse(ask)
      if (!read.success) throw new Problem('bad-request')
      return { seq, reply: await (this.#answers[name] as (one: unknown) => unknown)(read.data) }
    } catch (error) {
      if (error instanceof Problem && error.code !== 'internal')
        return { seq, problem: { code: error.code, ...(error.detail && { detail: error.detail }) } }
      const code = (error as { code?: unknown }).code
      this.#parts.failed(error as Error)
      // A state of PostgreSQL says something of what was asked, and the web process has words for it.
      return {
        seq,
        failed: true,
        ...(typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? { state: code } : {}),
      }
    } finally {
      this.#atOnce--
    }
  }

  readonly #answers: { [Name in AskName]: (ask: Read<Name>) => Promise<Replies[Name]> } = {
    state: async () => this.#parts.state(),
    who: async ({ token }) => {
      // Remembered for a moment over there; asked anew is asked of the database.
      const who = await this.#parts.who.ask(new Hidden(token), Date.now())
      if (!who) return undefined
      const { token: _, ...told } = who
      return told
    },

    open: async ({ token, purpose, ask }) => {
      const { tx, who } = await this.#asking(token, purpose)
      await this.#mayOpen(tx, who, ask)
      return writeOutcomes(await this.#parts.vault.asText.open<string>(tx, bare(ask)))
    },
    openRecords: async ({ token, purpose, ask }) => {
      const { tx, who } = await this.#asking(token, purpose)
      await this.#mayOpen(tx, who, ask)
      return writeRecords(
        await this.#parts.vault.asText.openRecords<unknown, Record<string, string>>(
          tx,
          bare(ask) as never,
        ),
        ask,
      )
    },
    drawKeySlots: async ({ token, count }) => {
      const { tx } = await this.#asking(token, 'keys')
      return this.#parts.vault.drawKeySlots(tx, count)
    },
    seal: async ({ batch }) => {
      for (const { target } of batch) {
        const table = this.#tableOf(target.table)
        const isOfOrganisation = target.keySlot < FIRST_SUBJECT_SLOT
        if (table.isOnlyRead) refuse('not-found')
        if (table.isOfOrganisation !== isOfOrganisation) refuse('bad-request')
      }
      return this.#parts.vault.seal(batch as never)
    },
    blindTokens: async ({ asked }) => {
      for (const { column } of asked) if (!isRecordColumn(column)) refuse('bad-request')
      return this.#parts.vault.blindTokens(asked as never)
    },
    searchTokens: async ({ asked }) => {
      for (const { column } of asked) if (!isRecordColumn(column)) refuse('bad-request')
      return this.#parts.vault.searchTokens(asked as never)
    },
    nameTokens: async ({ token, kind, words }) => {
      const { tx, who } = await this.#asking(token, 'search')
      // A beginning that is looked for tells as much as one that is asked of the index.
      await this.#questions.take(tx, who, [markOf({ kind, words })], Date.now())
      return this.#parts.vault.nameTokens(tx, kind, words)
    },
    newCanary: async ({ token }) => {
      const { tx, who } = await this.#asking(token, 'canaries')
      if (!who.permissions.has('canaries:manage')) refuse('not-allowed')
      return this.#parts.vault.newCanary(tx)
    },
    canariesAmong: async ({ token, ids }) => {
      const { tx, who } = await this.#asking(token, 'canaries')
      if (!who.permissions.has('canaries:manage')) refuse('not-allowed')
      return this.#parts.vault.canariesAmong(tx, ids)
    },
    recordDownload: async ({ token, purpose, subject }) => {
      const { tx } = await this.#asking(token, purpose)
      await this.#parts.vault.recordDownload(tx, subject)
      return null
    },

    countLook: async ({ token, purpose, record }) => {
      const { tx } = await this.#asking(token, purpose)
      await this.#parts.vault.countLook(tx, record)
      return null
    },
    countQuestion: async ({ token, purpose, question }) => {
      const { tx } = await this.#asking(token, purpose)
      await this.#parts.vault.countQuestion(tx, question)
      return null
    },

    query: async ({ token, query }) => this.#parts.index.query(await this.#scoped(token, query)),
    groups: async ({ token, query }) => this.#parts.index.groups(await this.#scoped(token, query)),
    similar: async ({ token, query }) =>
      this.#parts.index.similar(await this.#scoped(token, query)),
    facets: async ({ token, kind, fields }) => {
      const { scope } = await this.#scoped(token, { kind })
      return this.#parts.index.facets(kind, fields, scope)
    },
    spread: async ({ token, kind, field }) => {
      const { who } = await this.#asking(token, 'fields')
      // Counts of all records, whoever sees them, and no value.
      if (!who.permissions.has('organisation:manage')) refuse('not-allowed')
      // A field that was filled a moment ago is not empty.
      await this.settled()
      return this.#parts.index.spread(kind, field)
    },
    changed: async ({ kind, ids }) => {
      const looking = this.#parts.changed(kind, ids)
      const settled = looking.catch(() => {})
      this.#looking.add(settled)
      settled.finally(() => this.#looking.delete(settled))
      await looking
      return null
    },

    requestOf: (asked) => this.#parts.guard.requestOf(asked as never),
    passGuard: async ({ token, guarded, grant }) => {
      const { who } = await this.#asking(token, guarded.operation)
      return this.#parts.guard.pass(who, guarded, grant ?? undefined)
    },
    approvalSituation: async ({ token, guarded }) => {
      const { tx } = await this.#asking(token, 'approvals')
      return this.#parts.approvals.situation(tx, guarded)
    },
    askApproval: async ({ token, asked }) => {
      const { who } = await this.#asking(token, 'approvals')
      return this.#parts.approvals.ask({ who, token: who.token }, asked as unknown as ApprovalAsked)
    },

    touchSession: async ({ token }) => {
      this.#parts.sessions.touch((await this.#asking(token, 'session')).who, new Date())
      return null
    },
    rotateSession: async ({ token }) => {
      const { who } = await this.#asking(token, 'session')
      return who.isRotationDue ? this.#parts.sessions.rotate(who, new Date()) : undefined
    },
    tellElsewhere: async ({ token }) => {
      this.#parts.sessions.tellElsewhere((await this.#asking(token, 'session')).who, new Date())
      return null
    },
    forgetWho: async () => {
      this.#parts.who.forgetAll()
      return null
    },
    fields: ({ isChanged }) => this.#parts.fields(isChanged),
    http: (asked) => this.#parts.http(asked),
  }

  /** Whose session this is; nobody else is answered. */
  async #asking(given: string, purpose: string): Promise<{ tx: ReadTx; who: Who }> {
    const token: SessionToken = new Hidden(given)
    const who = (await this.#parts.who.find(token, Date.now())) ?? refuse('not-signed-in')
    const key = `${given} ${purpose}`
    let tx = this.#readers.get(key)
    if (!tx) {
      if (this.#readers.size === 0) setImmediate(() => this.#readers.clear())
      tx = this.#parts.db.sharedReader(token, purpose)
      this.#readers.set(key, tx)
    }
    return { tx, who }
  }

  async #scoped<Q extends { kind: IndexKind }>(token: string, query: Q) {
    const { tx, who } = await this.#asking(token, 'search')
    await this.#questions.take(tx, who, [markOf(query)], Date.now())
    await this.settled()
    // Whatever was sent as one: the scope is made of who asks, here.
    return { ...query, scope: this.#parts.scopeOf(who, query.kind) } as never as Q & {
      scope: IndexScope
    } & never
  }

  async #mayOpen(
    tx: ReadTx,
    who: Who,
    {
      table,
      ids,
      isUnseen,
    }: { table: SealedTableName; ids: string[]; isUnseen?: true | undefined },
  ): Promise<void> {
    const { isOfCustomer } = this.#tableOf(table)
    if (isUnseen && isOfCustomer) await this.#unseen.take(tx, who, ids, Date.now())
  }

  #tableOf(table: SealedTableName) {
    return this.#parts.tables.get(table) ?? refuse('not-found')
  }
}

/** The same question on another page, or in another order, is the same. Names may be in it, and are not kept. */
function markOf(query: object): string {
  const { limit, cursor, from, sort, recent, scope, ...narrows } = query as Record<string, unknown>
  return createHash('sha256').update(JSON.stringify(narrows)).digest('base64')
}

/** Without what was not said, which in our own types is not there at all. */
function bare<T extends { isUnseen?: true | undefined }>({ isUnseen, ...rest }: T) {
  return { ...rest, ...(isUnseen && { isUnseen }) } as Omit<T, 'isUnseen'> & { isUnseen?: true }
}

function readAsk(body: Buffer): { seq: number; name: AskName; ask: unknown } | undefined {
  try {
    const { seq, name, ask } = JSON.parse(body.toString('utf8')) as Record<string, unknown>
    if (!Number.isSafeInteger(seq) || typeof name !== 'string' || !Object.hasOwn(asks, name))
      return undefined
    return { seq: seq as number, name: name as AskName, ask }
  } catch {
    return undefined
  }
}
