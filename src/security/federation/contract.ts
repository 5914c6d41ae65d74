import { z } from 'zod'

const Text = (max: number) => z.string().trim().min(1).max(max)
const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/, 'domain')
const Placed = z.strictObject({ roleId: Text(60), teamId: z.uuid() })

/** What an administrator says of a provider; whole, since one part makes no sense without the others. */
export const ProviderSettings = z.strictObject({
  name: Text(60),
  issuer: z.url().max(500),
  clientId: Text(300),
  /** For whose e-mail the provider may speak. */
  domains: z.array(Domain).min(1).max(50),
  groupsClaim: Text(100),
  /** The first line whose group somebody is in decides. */
  groups: z.array(Placed.extend({ group: Text(200) })).max(100),
  /** Whoever is in none of these groups; null: is refused. */
  everyoneElse: Placed.nullable(),
  /** What in the token says that a second factor was asked there; empty: Kluis asks its own. */
  secondFactor: z.strictObject({
    amr: z.array(Text(60)).max(20),
    acr: z.array(Text(200)).max(20),
  }),
  makesColleagues: z.boolean(),
  isRequired: z.boolean(),
  /** Colleagues of these domains who keep their own way in: emergency access. */
  exemptUserIds: z.array(z.uuid()).max(20),
  signsOutThere: z.boolean(),
})
export type ProviderSettings = z.infer<typeof ProviderSettings>

const Secret = z.string().trim().min(1).max(1000)
export const NewProvider = z.strictObject({ settings: ProviderSettings, clientSecret: Secret })
export type NewProvider = z.infer<typeof NewProvider>
export const ProviderEdit = z.strictObject({
  rowVersion: z.int(),
  settings: ProviderSettings,
  /** Left out: the one that is there stays. It is never shown again. */
  clientSecret: Secret.optional(),
})
export type ProviderEdit = z.infer<typeof ProviderEdit>
export const ProviderSwitch = z.strictObject({ rowVersion: z.int(), isOn: z.boolean() })
export type ProviderSwitch = z.infer<typeof ProviderSwitch>

export const Provider = z.object({
  id: z.string(),
  rowVersion: z.number(),
  settings: ProviderSettings,
  isOn: z.boolean(),
  /** What stands here now was shown to work, so that it may be switched on. */
  isTried: z.boolean(),
  /** Where the provider must be told to lead back to. */
  callback: z.string(),
  signedOut: z.string(),
  scim: z.string(),
  /** Required, and yet no administrator among the exempt has a passkey: all administrators keep their own way in. */
  isWayBackMissing: z.boolean(),
  linkedCount: z.number(),
})
export const Providers = z.object({ items: z.array(Provider) })

export const Trial = z.object({
  at: z.iso.datetime(),
  isRight: z.boolean(),
  /** Why not; a word that the screens translate. */
  why: z.string().nullable(),
  /** What the provider or the library said about it. */
  said: z.string().nullable(),
  email: z.string().nullable(),
  isVerified: z.boolean(),
  groups: z.array(z.string()),
  amr: z.array(z.string()),
  acr: z.string().nullable(),
  isSecondFactorProven: z.boolean(),
  roleId: z.string().nullable(),
})
export type Trial = z.infer<typeof Trial>
export const Trials = z.object({ trial: Trial.nullable() })

/** Where the browser goes next: the provider. */
export const Leads = z.object({ url: z.string() })

export const FindProvider = z.strictObject({ email: z.string().trim().max(254) })
export const FoundProvider = z.object({
  provider: z.object({ id: z.string(), name: z.string(), isRequired: z.boolean() }).nullable(),
})
export const BeginSignIn = z.strictObject({
  providerId: z.uuid(),
  email: z.string().trim().max(254).optional(),
  to: z.string().max(500).optional(),
})

/** What is still asked after the provider said who it is. */
export const HalfWay = z.object({
  /** link: both own factors, once. factor: one of one's own. */
  next: z.enum(['link', 'factor']),
  provider: z.string(),
  email: z.string(),
  hasPassword: z.boolean(),
  hasTotp: z.boolean(),
  hasPasskey: z.boolean(),
})
export const OwnPassword = z.strictObject({ password: z.string().min(1).max(256) })
export const OwnCode = z.strictObject({ code: z.string().trim().max(40) })
export const OwnPasskey = z.strictObject({ credential: z.record(z.string(), z.unknown()) })
export const CeremonyOptions = z.record(z.string(), z.unknown())
export const Done = z.object({ done: z.literal(true) })
export const Next = z.object({ done: z.literal(true), to: z.string() })

export const SignOutThere = z.object({ url: z.string().nullable() })

export const LinkedColleagues = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      userId: z.string(),
      linkedAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
    }),
  ),
})

export const NewScimToken = z.strictObject({ days: z.int().min(1).max(365) })
export const ScimTokenMade = z.object({ id: z.string(), token: z.string() })
export const ScimTokens = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      createdAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
      isRevoked: z.boolean(),
    }),
  ),
})

export const Id = z.object({ id: z.uuid() })
export const OfProvider = z.object({ id: z.uuid(), linkId: z.uuid() })
export const TokenOfProvider = z.object({ id: z.uuid(), tokenId: z.uuid() })
