/** Companies: `/api/companies`. Lists are newest first; names are searched once the memory index holds companies. */
import { z } from 'zod'

const Text = (max: number) => z.string().trim().max(max)
export const Stage = z.enum(['lead', 'prospect', 'customer', 'former'])
const Labelled = (max: number) => z.object({ value: Text(max).min(1), label: Text(40).optional() })
const Address = z.object({
  street: Text(200).default(''),
  postalCode: Text(20).default(''),
  city: Text(100).default(''),
  country: Text(60).default(''),
  label: Text(40).optional(),
})

/** What is sealed in class `contact`. */
export const CompanyContact = z.object({
  name: Text(200).default(''),
  enterpriseNumber: Text(40).default(''),
  emails: z.array(Labelled(254)).max(20).default([]),
  phones: z.array(Labelled(60)).max(20).default([]),
  addresses: z.array(Address).max(10).default([]),
  website: Text(300).default(''),
  tags: z.array(Text(60).min(1)).max(50).default([]),
  language: Text(10).default(''),
  industry: Text(120).default(''),
  employeeCount: z.number().int().min(0).max(10_000_000).nullable().default(null),
  reference: Text(80).default(''),
})
export type CompanyContact = z.infer<typeof CompanyContact>

export const CompanyId = z.object({ id: z.uuid() })

export const Company = CompanyContact.extend({
  id: z.string(),
  displayName: z.string(),
  stage: Stage,
  ownerId: z.string(),
  teamId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  rowVersion: z.number(),
  isInTrash: z.boolean(),
})
export type Company = z.infer<typeof Company>

/** A row of a list; `closed` says why the vault could not open it, and then the sealed fields are empty. */
export const CompanyLine = z.object({
  id: z.string(),
  displayName: z.string(),
  enterpriseNumber: z.string(),
  email: z.string(),
  phone: z.string(),
  city: z.string(),
  tags: z.array(z.string()),
  stage: Stage,
  ownerId: z.string(),
  teamId: z.string(),
  updatedAt: z.iso.datetime(),
  rowVersion: z.number(),
  closed: z.enum(['not-ours', 'no-key', 'erased', 'damaged']).nullable(),
})
export type CompanyLine = z.infer<typeof CompanyLine>

export const CompaniesQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
  stage: Stage.optional(),
  owner: z.uuid().optional(),
  deleted: z.enum(['true', 'false']).default('false'),
})
export type CompaniesQuery = z.infer<typeof CompaniesQuery>
export const CompaniesPage = z.object({
  items: z.array(CompanyLine),
  nextCursor: z.string().nullable(),
})

// Not sent leaves as it is. A default here would empty what an edit does not mention.
const Changeable = {
  name: Text(200).min(1).optional(),
  enterpriseNumber: Text(40).optional(),
  emails: z.array(Labelled(254)).max(20).optional(),
  phones: z.array(Labelled(60)).max(20).optional(),
  addresses: z.array(Address).max(10).optional(),
  website: Text(300).optional(),
  tags: z.array(Text(60).min(1)).max(50).optional(),
  language: Text(10).optional(),
  industry: Text(120).optional(),
  employeeCount: z.number().int().min(0).max(10_000_000).nullable().optional(),
  reference: Text(80).optional(),
  stage: Stage.optional(),
  ownerId: z.uuid().optional(),
  teamId: z.uuid().optional(),
}
export const NewCompany = z.strictObject({
  ...Changeable,
  name: Text(200).min(1),
  id: z.uuid().optional(),
})
export type NewCompany = z.infer<typeof NewCompany>
export const CompanyChange = z.strictObject({
  ...Changeable,
  rowVersion: z.number().int().min(1),
})
export type CompanyChange = z.infer<typeof CompanyChange>

/** Companies the caller may see that share one of these with what was typed. */
export const DuplicateQuestion = z.strictObject({
  emails: z.array(Text(254)).max(20).default([]),
  phones: z.array(Text(60)).max(20).default([]),
  enterpriseNumber: Text(40).default(''),
  reference: Text(80).default(''),
})
export type DuplicateQuestion = z.infer<typeof DuplicateQuestion>
export const Duplicates = z.object({
  items: z.array(z.object({ id: z.string(), displayName: z.string(), on: z.array(z.string()) })),
})
