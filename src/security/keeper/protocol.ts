/**
 * What the web process may ask of the keeper, and what comes back. What is asked travels as JSON and is read through
 * these shapes: whoever asks may be in other hands. Answers travel as the engine writes them, since whoever asked
 * trusts the keeper anyway.
 */
import { z } from 'zod'
import type { ProblemCode } from '#platform/problem.ts'
import { Operation } from '#security/access/contract.ts'
import type { Lacking } from '#security/access/operations.ts'
import type { Who } from '#security/access/who.ts'
import type { IndexGroups, IndexPage, Similar } from '#security/search/index-types.ts'
import type { FacetValue } from '#security/search/record-index.ts'
import {
  classCodes,
  type SealedClass,
  type SealedTableName,
  tableNumbers,
} from '#security/vault/catalogue.ts'
import type { Spread } from '#security/vault/spread.ts'
import { purposes, recordings } from '#security/vault/vault.ts'

/** The largest value that is sealed is half of this. */
export const ASK_BYTES_MAX = 32 * 1024 * 1024
/** Ten thousand records with everything in them. */
export const REPLY_BYTES_MAX = 512 * 1024 * 1024
export const IDS_MAX = 10_000

const Token = z.string().max(200)
const Purpose = z.string().max(200)
const Id = z.string().regex(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i)
const Ids = z.array(Id).max(IDS_MAX)
const Count = z.int().min(1).max(100_000)
const Kind = z.enum(['person', 'company'])
/** What something hangs on. */
const SubjectKind = z.enum(['person', 'company', 'joint_dossier'])
const Table = z.enum(Object.keys(tableNumbers) as [SealedTableName, ...SealedTableName[]])
const Class = z.enum(Object.keys(classCodes) as [SealedClass, ...SealedClass[]])
const Column = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/)
/** Read by the index, which answers in ids and only of what the scope shows. */
const Question = z.looseObject({ kind: Kind })
const Guarded = z.strictObject({ operation: Operation, request: z.string().max(100) })

const opening = {
  table: Table,
  ids: Ids,
  purpose: z.enum(purposes),
  record: z.enum(recordings),
  isUnseen: z.literal(true).optional(),
}

export const asks = {
  state: z.strictObject({}),
  who: z.strictObject({ token: Token }),
  open: z.strictObject({
    token: Token,
    purpose: Purpose,
    ask: z.strictObject({ ...opening, sealedClass: Class }),
  }),
  openRecords: z.strictObject({
    token: Token,
    purpose: Purpose,
    ask: z.strictObject({
      ...opening,
      classes: z.array(Class).min(1).max(5),
      also: z.array(Column).max(60),
    }),
  }),
  drawKeySlots: z.strictObject({ token: Token, count: Count }),
  seal: z.strictObject({
    batch: z
      .array(
        z.strictObject({
          target: z.strictObject({
            table: Table,
            sealedClass: Class,
            rowId: Id,
            subjectId: Id,
            keySlot: z.int().min(0),
            sealCounter: z.int().min(0),
          }),
          value: z.unknown(),
        }),
      )
      .max(IDS_MAX),
  }),
  blindTokens: z.strictObject({
    asked: z.array(z.strictObject({ column: z.string().max(60), value: z.string() })).max(100_000),
  }),
  searchTokens: z.strictObject({
    asked: z.array(z.strictObject({ column: z.string().max(60), value: z.string() })).max(100_000),
  }),
  nameTokens: z.strictObject({
    token: Token,
    kind: Kind,
    words: z
      .array(z.array(z.string().max(80)).min(1).max(4))
      .min(1)
      .max(100),
  }),
  newCanary: z.strictObject({ token: Token }),
  canariesAmong: z.strictObject({ token: Token, ids: Ids }),
  recordDownload: z.strictObject({
    token: Token,
    purpose: Purpose,
    subject: z.strictObject({ kind: SubjectKind, id: Id }),
  }),

  countLook: z.strictObject({
    token: Token,
    purpose: Purpose,
    record: z.strictObject({ kind: SubjectKind, id: Id }),
  }),
  countQuestion: z.strictObject({
    token: Token,
    purpose: Purpose,
    question: z.array(z.unknown()).max(20),
  }),

  query: z.strictObject({ token: Token, query: Question }),
  groups: z.strictObject({ token: Token, query: Question }),
  facets: z.strictObject({
    token: Token,
    kind: Kind,
    fields: z.array(z.string().max(100)).max(20),
  }),
  similar: z.strictObject({ token: Token, query: Question }),
  spread: z.strictObject({ token: Token, kind: Kind, field: z.string().max(100) }),
  /** Written, or gone: the keeper looks itself. */
  changed: z.strictObject({ kind: Kind, ids: Ids }),

  requestOf: z.strictObject({
    method: z.string().max(10),
    path: z.string().max(2_000),
    params: z.unknown().optional(),
    query: z.unknown().optional(),
    body: z.unknown().optional(),
  }),
  passGuard: z.strictObject({
    token: Token,
    guarded: Guarded,
    grant: z.string().max(200).nullable(),
  }),
  approvalSituation: z.strictObject({ token: Token, guarded: Guarded }),
  askApproval: z.strictObject({ token: Token, asked: z.looseObject(Guarded.shape) }),

  touchSession: z.strictObject({ token: Token }),
  rotateSession: z.strictObject({ token: Token }),
  tellElsewhere: z.strictObject({ token: Token }),
  forgetWho: z.strictObject({}),
  /**
   * The organisation's own fields; anew when one of them was changed. Without a session: they are asked at a start, before anybody
   * is there, are the same for everybody who signs in, and say nothing of a customer.
   */
  fields: z.strictObject({ isChanged: z.boolean() }),
  http: z.strictObject({
    method: z.enum(['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE']),
    url: z.string().max(16 * 1024),
    headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    body: z.base64().nullable(),
    address: z.string().max(100),
  }),
} as const

export type AskName = keyof typeof asks
export type Ask<Name extends AskName> = z.input<(typeof asks)[Name]>
export type Read<Name extends AskName> = z.output<(typeof asks)[Name]>

export type KeeperState = {
  /** Empty until the keystore was there once. */
  organisationId: string
  vault: 'there' | 'away'
  isIndexReady: boolean
  /** From 0 to 1. */
  indexProgress: number
  /** For more customers than fit in memory: the operator said so. */
  isIndexOff: boolean
  isMailSet: boolean
  /** What is answered by the keeper, and piped to it. */
  routes: { method: string; url: string; bodyLimit?: number }[]
  /** How the web process reaches PostgreSQL, and as whom alone. */
  database: {
    host: string
    port: number
    database: string
    password?: string
    ssl?: { ca?: string; servername: string }
  }
}
export type Opened = { token: string; sessionId: string; expiresAt: Date }
export type HttpAnswer = {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

export type Replies = {
  state: KeeperState
  who: Omit<Who, 'token'> | undefined
  /** As opened.ts writes them. */
  open: string
  openRecords: string
  drawKeySlots: number[]
  seal: Buffer[]
  blindTokens: Buffer[]
  searchTokens: Buffer[][]
  nameTokens: Buffer[][] | undefined
  newCanary: { id: string; who: Buffer }
  canariesAmong: Set<string>
  recordDownload: null
  countLook: null
  countQuestion: null
  query: IndexPage | undefined
  groups: IndexGroups | undefined
  facets: FacetValue[][] | undefined
  similar: Similar[]
  spread: Spread | undefined
  changed: null
  requestOf: string
  passGuard: Lacking | undefined
  approvalSituation: { deciders: number; isWaiting: boolean }
  askApproval: string
  touchSession: null
  rotateSession: Opened | undefined
  tellElsewhere: null
  forgetWho: null
  fields: unknown[]
  http: HttpAnswer
}

/** What was asked when the keeper went away and may be asked again: nothing is used up by it. */
export const repeatable: ReadonlySet<AskName> = new Set<AskName>([
  'state',
  'who',
  'open',
  'openRecords',
  'drawKeySlots',
  'seal',
  'blindTokens',
  'searchTokens',
  'nameTokens',
  'canariesAmong',
  'query',
  'groups',
  'facets',
  'similar',
  'spread',
  'changed',
  'requestOf',
  'approvalSituation',
  'touchSession',
  'forgetWho',
  'fields',
])

export type Said =
  | { seq: number; reply: unknown }
  | { seq: number; problem: { code: ProblemCode; detail?: Record<string, unknown> } }
  /** Without why: that stands in the keeper's log. `state` is what PostgreSQL called it. */
  | { seq: number; failed: true; state?: string }
  | { push: 'state'; state: KeeperState }
  | { push: 'forget-who' }
  | { push: 'fields' }
