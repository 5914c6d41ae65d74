import { z } from 'zod'

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
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  rowVersion: z.number(),
  isInTrash: z.boolean(),
})
export type Person = z.infer<typeof Person>

export const PersonLine = z.object({
  id: z.string(),
  displayName: z.string(),
  company: z.string(),
  email: z.string(),
  phone: z.string(),
  city: z.string(),
  tags: z.array(z.string()),
  stage: Stage,
  ownerId: z.string(),
  teamId: z.string(),
  updatedAt: z.iso.datetime(),
  rowVersion: z.number(),
})
export type PersonLine = z.infer<typeof PersonLine>

export const PeopleQuery = z.object({
  search: z.string().max(200).default(''),
  sort: z
    .enum(['name', '-name', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt'])
    .default('name'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  stage: Stage.optional(),
  owner: z.uuid().optional(),
  tag: z.string().max(60).optional(),
  city: z.string().max(100).optional(),
  deleted: z.enum(['true', 'false']).default('false'),
})
export type PeopleQuery = z.infer<typeof PeopleQuery>
export const PeoplePage = z.object({
  items: z.array(PersonLine),
  nextCursor: z.string().nullable(),
  total: z.number().nullable(),
  isIndexReady: z.boolean(),
})

const Changeable = {
  ...z.object(fields).partial().shape,
  stage: Stage.optional(),
  ownerId: z.uuid().optional(),
  teamId: z.uuid().optional(),
  ibans: z.array(Text(50)).max(20).optional(),
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

export const Revealed = z.object({ ibans: z.array(z.string()) })
export const Openings = z.object({
  items: z.array(
    z.object({ at: z.iso.datetime(), userId: z.string(), purpose: z.string(), kind: z.string() }),
  ),
})
export const Done = z.object({ done: z.literal(true) })
