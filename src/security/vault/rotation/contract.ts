import { z } from 'zod'

/** Which keys are replaced; `algorithm`: how records are sealed, under the keys they have. */
export const What = z.enum(['root', 'organisation', 'segments', 'records', 'search', 'algorithm'])
export type What = z.infer<typeof What>

export const Phase = z.enum([
  'keystore',
  'draw',
  'reseal',
  'close',
  'sweep',
  'destroy',
  'hash',
  'hash-again',
  'done',
])
export type Phase = z.infer<typeof Phase>

/** Rows a second; of segments, keys a second. */
export const RowsPerSecond = z.number().int().min(1).max(100_000)
export const ROWS_PER_SECOND = 500

export const Rotation = z.object({
  id: z.uuid(),
  what: What,
  phase: Phase,
  done: z.number(),
  total: z.number(),
  /** Rows that did not open and keep their keys. */
  unopened: z.number(),
  rowsPerSecond: z.number(),
  startedBy: z.uuid().nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
})
export type Rotation = z.infer<typeof Rotation>

export const Keys = z.object({
  keystore: z.object({
    state: z.enum(['there', 'away']),
    why: z.enum(['missing', 'root-key', 'other-organisation', 'unreadable']).nullable(),
    segments: z.number(),
    isMirrored: z.boolean(),
    sealVersion: z.number(),
  }),
  running: Rotation.nullable(),
  /** Why it stands still, where it does; it is tried again. */
  problem: z.string().nullable(),
  /** The newest of each that ended. */
  last: z.array(Rotation),
})
export type Keys = z.infer<typeof Keys>

/** The root key by command alone: new recovery shares belong to it, and are printed on the machine. */
export const NewRotation = z.object({
  what: What.exclude(['root']),
  rowsPerSecond: RowsPerSecond.default(ROWS_PER_SECOND),
})
export type NewRotation = z.infer<typeof NewRotation>

export const RateEdit = z.object({ rowsPerSecond: RowsPerSecond })
export const IdParams = z.object({ id: z.uuid() })
