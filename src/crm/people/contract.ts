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
const Email = z.object({ value: Text(254), label: Text(40).optional() })
const Phone = z.object({ value: Text(60), label: Text(40).optional() })
const Address = z.object({
  street: Text(200).default(''),
  postalCode: Text(20).default(''),
  city: Text(100).default(''),
  country: Text(60).default(''),
  label: Text(40).optional(),
})

// Without defaults: what a change leaves out must stay as it is.
const fields = {
  givenName: Text(120),
  familyName: Text(120),
  salutation: Text(40),
  company: Text(200),
  emails: z.array(Email).max(20),
  phones: z.array(Phone).max(20),
  addresses: z.array(Address).max(10),
  language: Text(10),
  birthday: z.union([z.literal(''), z.iso.date()]),
  tags: z.array(Text(60).min(1)).max(50),
  website: Text(300),
  reference: Text(80),
}

/** What is sealed in class `contact`. */
export const Contact = z.object({
  givenName: fields.givenName.default(''),
  familyName: fields.familyName.default(''),
  salutation: fields.salutation.default(''),
  company: fields.company.default(''),
  emails: fields.emails.default([]),
  phones: fields.phones.default([]),
  addresses: fields.addresses.default([]),
  language: fields.language.default(''),
  birthday: fields.birthday.default(''),
  tags: fields.tags.default([]),
  website: fields.website.default(''),
  reference: fields.reference.default(''),
  custom: FieldValues.default({}),
})
export type Contact = z.infer<typeof Contact>

/** What is sealed in class `confidential`. */
export type Confidential = { ibans: string[] }

export const PersonId = z.object({ id: z.uuid() })

export const Person = Contact.extend({
  id: z.string(),
  displayName: z.string(),
  stage: Stage,
  ownerId: z.string(),
  teamId: z.string(),
  ibans: z.array(z.string()),
  confidential: MaskedValues,
  customNames: RecordNames,
  /** The file that is their photo; null too for whoever may not see files. */
  photoId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  rowVersion: z.number(),
  isInTrash: z.boolean(),
})
export type Person = z.infer<typeof Person>

/** A row of a list; `closed` says why the vault could not open it, and then the sealed fields are empty. */
export const PersonLine = z.object({
  id: z.string(),
  displayName: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  salutation: z.string(),
  birthday: z.string(),
  company: z.string(),
  email: z.string(),
  phone: z.string(),
  street: z.string(),
  postalCode: z.string(),
  city: z.string(),
  country: z.string(),
  website: z.string(),
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
export type PersonLine = z.infer<typeof PersonLine>
export const PeoplePage = recordPage(PersonLine)

/** Whom the caller may see that shares one of these with what was typed, or has a similar name. */
export const DuplicateQuestion = z.strictObject({
  name: Text(240).default(''),
  emails: z.array(Text(254)).max(20).default([]),
  phones: z.array(Text(60)).max(20).default([]),
  ibans: z.array(Text(50)).max(20).default([]),
  reference: Text(80).default(''),
  exceptId: z.uuid().optional(),
})
export type DuplicateQuestion = z.infer<typeof DuplicateQuestion>

const Changeable = {
  ...z.object(fields).partial().shape,
  stage: Stage.optional(),
  ownerId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  ibans: z.array(Text(50)).max(20).optional(),
  custom: GivenValues.optional(),
}
export const NewPerson = z
  .strictObject({ ...Changeable, id: z.uuid().optional() })
  .refine((given) => Boolean(given.givenName || given.familyName), {
    message: 'name',
    path: ['familyName'],
  })
export type NewPerson = z.infer<typeof NewPerson>
export const PersonChange = z.strictObject({ ...Changeable, rowVersion: z.number().int().min(1) })
export type PersonChange = z.infer<typeof PersonChange>

/** Why account numbers and confidential fields are opened; kept beside the trace. */
export const RevealRequest = z.strictObject({ reason: Text(500).min(1) })
export const Revealed = z.object({
  ibans: z.array(z.string()),
  confidential: FieldValues,
  customNames: RecordNames,
})
export type Revealed = z.infer<typeof Revealed>
export const Done = z.object({ done: z.literal(true) })
