/**
 * Companies: `/api/companies`, the same calls as people.
 *
 * GET    /api/companies                  RecordQuery                → CompanyPage
 * POST   /api/companies                  NewCompany                 → 201 Company
 * GET    /api/companies/facets                                      → Facets
 * GET    /api/companies/trash            PageQuery                  → TrashPage
 * POST   /api/companies/bulk             BulkChange                 → BulkReply
 * POST   /api/companies/duplicates       DuplicateQuestion          → DuplicateReply
 * GET    /api/companies/:id                                         → Company
 * PATCH  /api/companies/:id              CompanyEdit                → Company
 * DELETE /api/companies/:id                                         → TrashReply
 * POST   /api/companies/:id/restore                                 → Company
 * POST   /api/companies/:id/reveal       RevealRequest              → Revealed
 * GET    /api/companies/:id/openings                                → Openings
 */
import { z } from 'zod'
import {
  Addresses,
  ClosedWhy,
  ConfidentialEdit,
  cleared,
  Emails,
  Id,
  Instant,
  Language,
  Line,
  Masked,
  Phones,
  RowVersion,
  recordPage,
  ShortLine,
  Stage,
  Tags,
  VisibleTo,
} from '../contract.ts'

export const AffiliationOfCompany = z.object({
  affiliationId: Id,
  personId: Id,
  displayName: z.string(),
  jobTitle: z.string().nullable(),
  rowVersion: RowVersion,
})

const Contact = z.object({
  name: z.string(),
  enterpriseNumber: z.string().nullable(),
  emails: Emails,
  phones: Phones,
  addresses: Addresses,
  website: z.string().nullable(),
  tags: z.array(z.string()),
  language: z.string().nullable(),
  industry: z.string().nullable(),
  employeeCount: z.number().int().nullable(),
  reference: z.string().nullable(),
})

const Readable = z.object({
  id: Id,
  displayName: z.string(),
  ownerId: Id,
  teamId: Id,
  stage: Stage,
  createdAt: Instant,
  updatedAt: Instant,
  rowVersion: RowVersion,
  visibleTo: VisibleTo,
})

export const CompanySummary = Readable.extend(Contact.shape).extend({
  closed: ClosedWhy.nullable(),
})
export type CompanySummary = z.infer<typeof CompanySummary>

export const CompanyPage = recordPage(CompanySummary)
export type CompanyPage = z.infer<typeof CompanyPage>

/** `people` holds at most 200; a company with more shows them in the list of people. */
export const Company = Readable.extend(Contact.shape).extend({
  confidential: Masked,
  people: z.array(AffiliationOfCompany),
  createdBy: Id.nullable(),
  updatedBy: Id.nullable(),
})
export type Company = z.infer<typeof Company>

const editable = {
  enterpriseNumber: cleared(ShortLine),
  emails: Emails.optional(),
  phones: Phones.optional(),
  addresses: Addresses.optional(),
  website: cleared(Line),
  tags: Tags.optional(),
  language: cleared(Language),
  industry: cleared(Line),
  employeeCount: cleared(z.number().int().min(0).max(10_000_000)),
  reference: cleared(ShortLine),
  confidential: ConfidentialEdit.optional(),
  stage: Stage.optional(),
  ownerId: Id.optional(),
  teamId: Id.optional(),
}

export const NewCompany = z.strictObject({ id: Id.optional(), name: Line, ...editable })
export type NewCompany = z.infer<typeof NewCompany>

export const CompanyEdit = z.strictObject({
  rowVersion: RowVersion,
  name: Line.optional(),
  ...editable,
})
export type CompanyEdit = z.infer<typeof CompanyEdit>

export const DuplicateQuestion = z.strictObject({
  emails: z.array(Line).max(20).default([]),
  phones: z.array(Line).max(20).default([]),
  ibans: z.array(ShortLine).max(20).default([]),
  enterpriseNumber: ShortLine.optional(),
  reference: ShortLine.optional(),
  exceptId: Id.optional(),
})
export type DuplicateQuestion = z.infer<typeof DuplicateQuestion>
