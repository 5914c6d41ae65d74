/**
 * People: `/api/people`.
 *
 * GET    /api/people                     RecordQuery                → PersonPage
 * POST   /api/people                     NewPerson                  → 201 Person
 * GET    /api/people/facets                                         → Facets
 * GET    /api/people/trash               PageQuery                  → TrashPage
 * POST   /api/people/bulk                BulkChange                 → BulkReply
 * POST   /api/people/duplicates          DuplicateQuestion          → DuplicateReply
 * GET    /api/people/:id                                            → Person
 * PATCH  /api/people/:id                 PersonEdit                 → Person
 * DELETE /api/people/:id                                            → TrashReply
 * POST   /api/people/:id/restore                                    → Person
 * POST   /api/people/:id/reveal          RevealRequest              → Revealed
 * GET    /api/people/:id/openings                                   → Openings
 * POST   /api/people/:id/companies       NewAffiliation             → 201 Affiliation
 * PATCH  /api/affiliations/:id           AffiliationEdit            → Affiliation
 * DELETE /api/affiliations/:id                                      → Deleted
 */
import { z } from 'zod'
import {
  Addresses,
  ClosedWhy,
  ConfidentialEdit,
  cleared,
  Day,
  Emails,
  Id,
  Instant,
  Language,
  Line,
  Masked,
  Phones,
  RecordQuery,
  RowVersion,
  recordPage,
  ShortLine,
  Stage,
  Tags,
  VisibleTo,
} from '../contract.ts'

/** `with=companies` adds the companies to each row of a list; it costs one more round trip. */
export const PersonQuery = RecordQuery.extend({ with: z.literal('companies').optional() })
export type PersonQuery = z.infer<typeof PersonQuery>

export const AffiliationOfPerson = z.object({
  affiliationId: Id,
  companyId: Id,
  name: z.string(),
  jobTitle: z.string().nullable(),
  rowVersion: RowVersion,
})

const Contact = z.object({
  givenName: z.string(),
  familyName: z.string(),
  salutation: z.string().nullable(),
  emails: Emails,
  phones: Phones,
  addresses: Addresses,
  language: z.string().nullable(),
  birthday: Day.nullable(),
  tags: z.array(z.string()),
  website: z.string().nullable(),
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

/** A row of a list. `closed` says why the vault could not open it; then its sealed fields are empty. */
export const PersonSummary = Readable.extend(Contact.shape).extend({
  companies: z.array(AffiliationOfPerson).nullable(),
  closed: ClosedWhy.nullable(),
})
export type PersonSummary = z.infer<typeof PersonSummary>

export const PersonPage = recordPage(PersonSummary)
export type PersonPage = z.infer<typeof PersonPage>

export const Person = Readable.extend(Contact.shape).extend({
  confidential: Masked,
  companies: z.array(AffiliationOfPerson),
  createdBy: Id.nullable(),
  updatedBy: Id.nullable(),
})
export type Person = z.infer<typeof Person>

// Not sent leaves as it is; null clears.
const editable = {
  givenName: cleared(Line),
  familyName: cleared(Line),
  salutation: cleared(ShortLine),
  emails: Emails.optional(),
  phones: Phones.optional(),
  addresses: Addresses.optional(),
  language: cleared(Language),
  birthday: cleared(ShortLine),
  tags: Tags.optional(),
  website: cleared(Line),
  reference: cleared(ShortLine),
  confidential: ConfidentialEdit.optional(),
  stage: Stage.optional(),
  ownerId: Id.optional(),
  teamId: Id.optional(),
}

/** A person needs a name, an e-mail address or a phone number. Owner and team default to the caller's. */
export const NewPerson = z.strictObject({ id: Id.optional(), ...editable })
export type NewPerson = z.infer<typeof NewPerson>

export const PersonEdit = z.strictObject({ rowVersion: RowVersion, ...editable })
export type PersonEdit = z.infer<typeof PersonEdit>

export const DuplicateQuestion = z.strictObject({
  emails: z.array(Line).max(20).default([]),
  phones: z.array(Line).max(20).default([]),
  ibans: z.array(ShortLine).max(20).default([]),
  reference: ShortLine.optional(),
  /** The record being edited, which is no duplicate of itself. */
  exceptId: Id.optional(),
})
export type DuplicateQuestion = z.infer<typeof DuplicateQuestion>

export const NewAffiliation = z.strictObject({ companyId: Id, jobTitle: Line.optional() })
export const AffiliationEdit = z.strictObject({ rowVersion: RowVersion, jobTitle: Line.nullable() })
export const Affiliation = z.object({
  id: Id,
  personId: Id,
  companyId: Id,
  jobTitle: z.string().nullable(),
  rowVersion: RowVersion,
})
export type Affiliation = z.infer<typeof Affiliation>
export const Deleted = z.object({ id: Id })
