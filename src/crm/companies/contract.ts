/** Companies: `/api/companies`, and sectors: `/api/sectors`. */
import { z } from 'zod'
import { ClosedWhy, recordPage } from '../contract.ts'
import {
  FieldValues,
  GivenValues,
  MaskedValues,
  RecordNames,
  ShownValues,
} from '../fields/contract.ts'

const Text = (max: number) => z.string().trim().max(max)
export const Stage = z.enum(['lead', 'prospect', 'customer', 'former'])
const Labelled = (max: number) => z.object({ value: Text(max).min(1), label: Text(40).optional() })
const Address = z.object({
  street: Text(200).default(''),
  postalCode: Text(20).default(''),
  city: Text(100).default(''),
  country: Text(60).default(''),
  label: Text(40).optional(),
  /** Of this place alone: its establishment number and phone. The first address is the seat. */
  siteNumber: Text(40).optional(),
  phone: Text(60).optional(),
})

/** What is sealed in class `contact`. */
export const CompanyContact = z.object({
  name: Text(200).default(''),
  enterpriseNumber: Text(40).default(''),
  otherNumbers: z.array(Text(40).min(1)).max(5).default([]),
  emails: z.array(Labelled(254)).max(20).default([]),
  phones: z.array(Labelled(60)).max(20).default([]),
  addresses: z.array(Address).max(10).default([]),
  website: Text(300).default(''),
  tags: z.array(Text(60).min(1)).max(50).default([]),
  language: Text(10).default(''),
  industry: Text(120).default(''),
  /** Digits of a NACE code, two to four, or up to seven of a national one; '' for none. */
  sector: Text(60).default(''),
  employeeCount: z.number().int().min(0).max(10_000_000).nullable().default(null),
  /** One human being in business: then all of this is personal data. */
  isSoleTrader: z.boolean().default(false),
  reference: Text(80).default(''),
  custom: FieldValues.default({}),
})
export type CompanyContact = z.infer<typeof CompanyContact>

export const CompanyId = z.object({ id: z.uuid() })

export const Company = CompanyContact.extend({
  id: z.string(),
  displayName: z.string(),
  /** The code as it is written, and what it is called to the depth of a class. */
  sectorName: z.object({ nl: z.string(), en: z.string() }).nullable(),
  /** Its number looks like a sole trader's; nothing is decided by that. */
  maySoleTrader: z.boolean(),
  confidential: MaskedValues,
  customNames: RecordNames,
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
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  country: z.string(),
  website: z.string(),
  industry: z.string(),
  sector: z.string(),
  sectorName: z.object({ nl: z.string(), en: z.string() }).nullable(),
  employeeCount: z.number().nullable(),
  isSoleTrader: z.boolean(),
  language: z.string(),
  reference: z.string(),
  tags: z.array(z.string()),
  custom: ShownValues,
  customNames: RecordNames,
  stage: Stage,
  ownerId: z.string(),
  teamId: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  rowVersion: z.number(),
  closed: ClosedWhy.nullable(),
})
export type CompanyLine = z.infer<typeof CompanyLine>

export const CompaniesPage = recordPage(CompanyLine)

// Not sent leaves as it is. A default here would empty what an edit does not mention.
const Changeable = {
  name: Text(200).min(1).optional(),
  enterpriseNumber: Text(40).optional(),
  otherNumbers: z.array(Text(40).min(1)).max(5).optional(),
  emails: z.array(Labelled(254)).max(20).optional(),
  phones: z.array(Labelled(60)).max(20).optional(),
  addresses: z.array(Address).max(10).optional(),
  website: Text(300).optional(),
  tags: z.array(Text(60).min(1)).max(50).optional(),
  language: Text(10).optional(),
  industry: Text(120).optional(),
  /** A NACE code of any depth, or the name of a division, group or class. */
  sector: Text(60).optional(),
  employeeCount: z.number().int().min(0).max(10_000_000).nullable().optional(),
  isSoleTrader: z.boolean().optional(),
  reference: Text(80).optional(),
  stage: Stage.optional(),
  ownerId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  custom: GivenValues.optional(),
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

/**
 * By a code, a letter of a section or words; nothing typed gives the divisions. `codes`, between commas, asks what those
 * are called.
 */
export const SectorQuery = z.strictObject({
  search: Text(100).optional(),
  codes: Text(2_000).optional(),
})
export type SectorQuery = z.infer<typeof SectorQuery>
/** Divisions, groups and classes of NACE Rev. 2.1; `written` is the code with its dot. */
export const Sectors = z.object({
  items: z.array(
    z.object({
      code: z.string(),
      written: z.string(),
      section: z.string(),
      nl: z.string(),
      en: z.string(),
    }),
  ),
})
export type Sectors = z.infer<typeof Sectors>

/** Companies the caller may see that share one of these with what was typed, or have a similar name. */
export const DuplicateQuestion = z.strictObject({
  name: Text(200).default(''),
  emails: z.array(Text(254)).max(20).default([]),
  phones: z.array(Text(60)).max(20).default([]),
  enterpriseNumber: Text(60).default(''),
  reference: Text(80).default(''),
  exceptId: z.uuid().optional(),
})
export type DuplicateQuestion = z.infer<typeof DuplicateQuestion>

/** Why confidential fields are opened; kept beside the trace. */
export const RevealRequest = z.strictObject({ reason: Text(500).min(1) })
export const Revealed = z.object({ confidential: FieldValues, customNames: RecordNames })
export type Revealed = z.infer<typeof Revealed>
