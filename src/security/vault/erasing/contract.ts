import { z } from 'zod'

export const REASON_LENGTH_MAX = 500
export const GRACE_DAYS = 30
export const GRACE_DAYS_MAX = 3_650

export const Subject = z.object({
  kind: z.enum(['person', 'company', 'joint_dossier']),
  id: z.uuid(),
})
export type Subject = z.infer<typeof Subject>

/** What a law has kept is erased in its time by itself. */
const ErasedKind = z.enum(['person', 'company', 'joint_dossier', 'file'])
export type ErasedKind = z.infer<typeof ErasedKind>

/** Files that a law has kept. `until`: the first day on which all of them may go; null as long as that is not known. */
export const RetainedCount = z.object({
  rule: z.string(),
  count: z.number(),
  until: z.string().nullable(),
})
export type RetainedCount = z.infer<typeof RetainedCount>

const Reason = z.string().trim().min(1).max(REASON_LENGTH_MAX)
/** How long copies of the keystore are kept that still open it. */
const GraceDays = z.number().int().min(0).max(GRACE_DAYS_MAX).default(GRACE_DAYS)

export const FILES_AT_ONCE_MAX = 500
export const NewFileErasure = z.object({
  ids: z.array(z.uuid()).min(1).max(FILES_AT_ONCE_MAX),
  reason: Reason,
  graceDays: GraceDays,
  /** A law was named by mistake: it goes before its time. */
  isWronglyKept: z.boolean().default(false),
})
export type NewFileErasure = z.infer<typeof NewFileErasure>

export const NewErasure = z.object({
  subject: Subject,
  reason: Reason,
  graceDays: GraceDays,
})
export type NewErasure = z.infer<typeof NewErasure>
export const RecordId = z.object({ id: z.uuid() })
export const PlanQuery = z.object({
  graceDays: z.coerce.number().int().min(0).max(GRACE_DAYS_MAX).default(GRACE_DAYS),
})

const Remains = z.object({
  /** Where something is left, and in which form. */
  where: z.enum([
    'keystore-backups',
    'database',
    'database-backups',
    'write-ahead-log',
    'import-files',
    'exports',
    'ledger',
    'joint-dossiers',
    'kept-by-law',
  ]),
  until: z.string().nullable(),
})

/** What is signed: docs/formats/erasure.md. */
export const Certificate = z.object({
  format: z.literal('kluis-erasure/1'),
  id: z.uuid(),
  organisationId: z.uuid(),
  kind: ErasedKind,
  /** As the ledger calls them: no id that leads back to a record. */
  records: z.array(z.string()),
  /** The line of the ledger that says it was erased. */
  event: z.string(),
  erasedAt: z.string(),
  completeOn: z.string(),
  keySlots: z.array(z.number()),
  by: z.string().nullable(),
  reason: z.string(),
  /** Of a person who was a party of some: those that went with them, and those that others still share. */
  jointDossiers: z.object({ erased: z.number(), left: z.number() }).optional(),
  remains: z.array(Remains),
  /** Not in those of before there was any. */
  retained: z.array(RetainedCount).optional(),
})
export type Certificate = z.infer<typeof Certificate>

export const Erasure = z.object({
  id: z.uuid(),
  certificate: Certificate,
  /** The same for a reader, in Dutch and English. */
  text: z.string(),
  /** A signed note of the certificate's JSON, under the ledger's key. */
  note: z.string(),
  /** Who did it, whom the certificate calls as the ledger does; null: the operator of the machine. */
  by: z.uuid().nullable(),
})
export type Erasure = z.infer<typeof Erasure>
/** One whose reason and keys do not open any more: what is known of it beside those. */
export const ClosedErasure = z.object({
  id: z.uuid(),
  kind: ErasedKind,
  /** As the ledger calls the record. */
  record: z.string(),
  event: z.string(),
  erasedAt: z.string(),
  completeOn: z.string(),
})
export type ClosedErasure = z.infer<typeof ClosedErasure>
export const Erasures = z.object({ items: z.array(Erasure), closed: z.array(ClosedErasure) })
export type Erasures = z.infer<typeof Erasures>

export const Plan = z.object({
  /** That go with it: what was merged into it, and the companies of a sole trader. */
  merged: z.number(),
  soleTraderCompanies: z.array(z.uuid()),
  /** Companies of a sole trader that other people work at too: they stay, and are erased by themselves. */
  left: z.array(z.uuid()),
  /** Joint dossiers of which nobody else is a party go with it; the others stay, without this party. */
  jointDossiers: z.object({ erased: z.number(), left: z.number() }),
  keySlots: z.number(),
  /** Files that stay, each under a key of its own, because a law has them kept. */
  retained: z.array(RetainedCount),
})
export type Plan = z.infer<typeof Plan>

/** The plan for whoever is about to erase: records that they see by their id, others as a number. */
export const SeenPlan = Plan.extend({
  unseen: z.object({ soleTraderCompanies: z.number(), left: z.number() }),
  /** What will be left where, and until when, in the words of the certificate. */
  remains: z.object({ nl: z.array(z.string()), en: z.array(z.string()) }),
})
export type SeenPlan = z.infer<typeof SeenPlan>

/** Of a record that does not open any more. */
export const Erased = z.object({
  erasedAt: z.string(),
  completeOn: z.string(),
  /** Why, by whom and which keys: for whoever may erase, while it opens. */
  erasure: Erasure.nullable(),
})
export type Erased = z.infer<typeof Erased>
export const ErasedState = z.object({ erased: Erased.nullable() })
export type ErasedState = z.infer<typeof ErasedState>
