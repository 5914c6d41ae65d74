/**
 * What people are to each other, and companies; always as seen from one of the two.
 *
 * GET    /api/people/:id/relations                              → PersonRelations
 * GET    /api/companies/:id/relations                           → CompanyRelations
 * POST   /api/people/:id/relations                 NewRelation  → 201 Relation
 * POST   /api/companies/:id/relations              NewRelation  → 201 Relation
 * PATCH  /api/people/:id/relations/:relationId     RelationEdit → Relation
 * PATCH  /api/companies/:id/relations/:relationId  RelationEdit → Relation
 * DELETE /api/people/:id/relations/:relationId                  → Deleted
 * DELETE /api/companies/:id/relations/:relationId               → Deleted
 */
import { z } from 'zod'
import { Id, RowVersion } from '../contract.ts'

export const personKinds = [
  'partner',
  'parent',
  'child',
  'sibling',
  'household',
  'adviser',
  'client',
  'accountant',
  'accounting-client',
  'other',
] as const
export const companyKinds = [
  'parent-company',
  'subsidiary',
  'supplier',
  'customer',
  'business-partner',
  'accountant',
  'accounting-client',
  'adviser',
  'client',
  'other',
] as const
export type RelationKind = (typeof personKinds)[number] | (typeof companyKinds)[number]
export const Kind = z.enum([...new Set([...personKinds, ...companyKinds])])

const Label = z.string().trim().max(80)
const MaybeDay = z.union([z.literal(''), z.iso.date()])

/** What is sealed of one. `kind` says what the other is to the first. */
export const RelationContent = z.object({
  kind: Kind,
  /** Of kind `other`: what the other is to this one, and this one to the other, in somebody's own words. */
  label: Label.default(''),
  inverseLabel: Label.default(''),
  since: MaybeDay.default(''),
  until: MaybeDay.default(''),
  /** Two people of one household. */
  livesTogether: z.boolean().default(false),
})
export type RelationContent = z.infer<typeof RelationContent>

export const RelationSide = z.object({ id: Id })
export const RelationPlace = z.object({ id: Id, relationId: Id })

/** `kind`: what the other is to the record it is asked of. A name is empty when the vault could not open it. */
export const Relation = RelationContent.extend({
  id: Id,
  otherId: Id,
  otherName: z.string(),
  isPast: z.boolean(),
  rowVersion: RowVersion,
})
export type Relation = z.infer<typeof Relation>

/** `household`: everyone who now lives in one, through each other; without the person asked of. */
export const PersonRelations = z.object({
  items: z.array(Relation),
  household: z.array(z.object({ id: Id, name: z.string() })),
})
export type PersonRelations = z.infer<typeof PersonRelations>

/** `group`: all companies above and below, each after the one above it; as far as the caller sees them. */
export const CompanyRelations = z.object({
  items: z.array(Relation),
  group: z.array(z.object({ id: Id, name: z.string(), depth: z.number().int() })),
})
export type CompanyRelations = z.infer<typeof CompanyRelations>

export const NewRelation = z.strictObject({ otherId: Id, ...RelationContent.shape })
export type NewRelation = z.infer<typeof NewRelation>
export const RelationEdit = z.strictObject({
  rowVersion: RowVersion,
  kind: Kind.optional(),
  label: Label.optional(),
  inverseLabel: Label.optional(),
  since: MaybeDay.optional(),
  until: MaybeDay.optional(),
  livesTogether: z.boolean().optional(),
})
export type RelationEdit = z.infer<typeof RelationEdit>
export const Deleted = z.object({ id: Id })
