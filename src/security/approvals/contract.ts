/**
 * Four eyes: what waits for somebody else, and what the organisation asks of itself.
 *
 * GET  /api/approvals               ?state → Approvals: one's own, and those one may decide
 * GET  /api/approvals/waiting              → Waiting
 * GET  /api/approvals/:id/request          → SentRequest: what was agreed to, for who asked it, to do it now
 * GET  /api/approvals/:id/records          → AskedRecords: whom it is about, as far as the caller sees them
 * POST /api/approvals/:id/approve   Decision → Approval
 * POST /api/approvals/:id/refuse    Decision → Approval
 * POST /api/approvals/:id/withdraw         → Done
 * GET  /api/safeguards                     → Safeguards
 * PUT  /api/safeguards       SafeguardsEdit → Safeguards
 */
import { z } from 'zod'
import { FourEyesOperation, Operation, Preview } from '../access/contract.ts'

const Id = z.uuid()
const Instant = z.iso.datetime()
const Count = z.number().int()

const State = z.enum(['asked', 'approved', 'refused', 'withdrawn', 'expired', 'used'])
export const Approval = z.object({
  id: Id,
  operation: Operation,
  state: State,
  /** What will be done, in words and numbers; null when it does not open. */
  preview: Preview.nullable(),
  reason: z.string(),
  note: z.string(),
  askedBy: Id,
  askedAt: Instant,
  expiresAt: Instant,
  decidedBy: Id.nullable(),
  decidedAt: Instant.nullable(),
  /** The caller may agree to it or refuse it now. */
  mayDecide: z.boolean(),
})
export type Approval = z.infer<typeof Approval>
export const Approvals = z.object({ items: z.array(Approval) })
export const ApprovalsQuery = z.object({ state: z.enum(['open', 'all']).default('open') })
/** The first of the records that a request names, as far as the caller may see them. */
export const AskedRecords = z.object({
  count: Count,
  items: z.array(
    z.object({
      id: Id,
      kind: z.enum(['person', 'company', 'joint_dossier']),
      name: z.string().nullable(),
    }),
  ),
  /** Of those looked at, how many the caller may not see. */
  hidden: Count,
})
export type AskedRecords = z.infer<typeof AskedRecords>
export const Waiting = z.object({ waiting: Count })
export const ApprovalId = z.object({ id: Id })
export const Decision = z.strictObject({ note: z.string().trim().max(500).default('') })
export const Done = z.object({ done: z.literal(true) })
export const SentRequest = z.object({
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  url: z.string(),
  body: z.unknown(),
})
export type SentRequest = z.infer<typeof SentRequest>

export const Safeguards = z.object({
  fourEyes: z.array(FourEyesOperation),
  breakGlassMinutes: Count,
  /** How many others could agree to what the caller asks. */
  deciders: Count,
  rowVersion: Count,
})
export type Safeguards = z.infer<typeof Safeguards>
export const SafeguardsEdit = z.strictObject({
  rowVersion: Count,
  fourEyes: z.array(FourEyesOperation).max(20),
  breakGlassMinutes: Count.min(15).max(240),
})
export type SafeguardsEdit = z.infer<typeof SafeguardsEdit>
