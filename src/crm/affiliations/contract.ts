/**
 * Who works where, as what.
 *
 * GET    /api/people/:id/affiliations      → Affiliations
 * GET    /api/companies/:id/affiliations   → Affiliations
 * POST   /api/people/:id/affiliations      NewAffiliation  → 201 Affiliation
 * PATCH  /api/affiliations/:id             AffiliationEdit → Affiliation
 * DELETE /api/affiliations/:id                             → Deleted
 */
import { z } from 'zod'

const JobTitle = z.string().trim().max(200)
const Department = z.string().trim().max(120)
/** '' stands for no day known. */
const MaybeDay = z.union([z.literal(''), z.iso.date()])

/** What is sealed of one. What an earlier release stored has a job title only. */
export const AffiliationContent = z.object({
  jobTitle: JobTitle.default(''),
  department: Department.default(''),
  since: MaybeDay.default(''),
  /** The last day; a day before today makes it one of the past. */
  until: MaybeDay.default(''),
  isMainContact: z.boolean().default(false),
  /** The person is the sole trader whose business the company is. */
  isSelf: z.boolean().default(false),
})
export type AffiliationContent = z.infer<typeof AffiliationContent>

export const AffiliationId = z.object({ id: z.uuid() })
/** A name is empty when the vault could not open it. */
export const Affiliation = AffiliationContent.extend({
  id: z.string(),
  personId: z.string(),
  personName: z.string(),
  companyId: z.string(),
  companyName: z.string(),
  isPast: z.boolean(),
  rowVersion: z.number(),
})
export type Affiliation = z.infer<typeof Affiliation>
export const Affiliations = z.object({ items: z.array(Affiliation) })
export const NewAffiliation = z.strictObject({
  companyId: z.uuid(),
  ...AffiliationContent.shape,
})
export type NewAffiliation = z.infer<typeof NewAffiliation>
export const AffiliationEdit = z.strictObject({
  rowVersion: z.number().int().min(1),
  jobTitle: JobTitle.optional(),
  department: Department.optional(),
  since: MaybeDay.optional(),
  until: MaybeDay.optional(),
  isMainContact: z.boolean().optional(),
  isSelf: z.boolean().optional(),
})
export type AffiliationEdit = z.infer<typeof AffiliationEdit>
export const Deleted = z.object({ id: z.uuid() })
