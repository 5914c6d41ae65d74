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

export const AffiliationId = z.object({ id: z.uuid() })
/** A name is empty when the vault could not open it. */
export const Affiliation = z.object({
  id: z.string(),
  personId: z.string(),
  personName: z.string(),
  companyId: z.string(),
  companyName: z.string(),
  jobTitle: z.string(),
  rowVersion: z.number(),
})
export type Affiliation = z.infer<typeof Affiliation>
export const Affiliations = z.object({ items: z.array(Affiliation) })
export const NewAffiliation = z.strictObject({
  companyId: z.uuid(),
  jobTitle: JobTitle.default(''),
})
export const AffiliationEdit = z.strictObject({
  rowVersion: z.number().int().min(1),
  jobTitle: JobTitle,
})
export const Deleted = z.object({ id: z.uuid() })
