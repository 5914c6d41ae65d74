import { z } from 'zod'
import { Operation } from '../access/contract.ts'
import { ShareSet } from '../root-key/contract.ts'

export const Language = z.enum(['nl', 'en'])
export const Reach = z.enum(['own', 'team', 'organisation'])
export const Visibility = z.enum(['owner', 'team', 'everyone'])
const Email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'email')
const Name = z.string().trim().min(1).max(120)
const Code = z.string().trim().max(40)
const Password = z.string().min(1).max(256)
// Checked by the WebAuthn library, field by field; here only its size and that it is an object.
const Credential = z.record(z.string(), z.unknown())

export const Done = z.object({ done: z.literal(true) })

export const SetUpState = z.object({ isNeeded: z.boolean() })
export const SetUp = z.strictObject({
  token: z.string().max(100),
  organisation: z.strictObject({ name: Name, visibility: Visibility, language: Language }),
  administrator: z.strictObject({
    name: Name,
    email: Email,
    /** May be left out by whoever enrols a passkey: a passkey verifies the person by itself. */
    password: Password.optional(),
    language: Language,
  }),
})
/** What a role is asked to sign in with: any two factors, a passkey, or one that stays on its device. */
export const Asks = z.enum(['two-factors', 'passkey', 'device-bound'])
export const Join = z.strictObject({
  name: Name,
  password: Password.optional(),
  language: Language,
  /** Of a recovery: the half that somebody else gave. */
  code: Code.optional(),
})
export const JoinState = z.object({
  needsCode: z.boolean(),
  asks: Asks,
  name: z.string(),
  email: z.string(),
  language: Language,
  organisation: z.string(),
})
export const Enrolment = z.object({
  next: z.literal('factor'),
  totp: z.object({ secret: z.string(), uri: z.string() }),
})
/** For the app on another phone. */
export const NewTotp = Enrolment.pick({ totp: true })
export const EnrolTotp = z.strictObject({ code: Code })
export const EnrolPasskey = z.strictObject({
  name: z.string().trim().max(80).default(''),
  credential: Credential,
})
export const Enrolled = z.object({
  recoveryCodes: z.array(z.string()),
  /** For the first administrator alone. */
  recoveryShares: ShareSet.nullable(),
})

export const SignIn = z.strictObject({ email: Email, password: Password })
export const SignInNext = z.object({ next: z.literal('totp') })
export const TotpCode = z.strictObject({ code: Code })
export const PasskeySignIn = z.strictObject({ credential: Credential })
export const CeremonyOptions = z.record(z.string(), z.unknown())

export const Session = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    roleId: z.string(),
    language: Language,
    teamIds: z.array(z.string()),
  }),
  permissions: z.array(z.string()),
  /** Whose records each permission is for. */
  reaches: z.record(z.string(), Reach),
  /** The teams they are in and those below: whose records a right with the reach of a team is for. */
  reachedTeamIds: z.array(z.string()),
  organisation: z.object({ name: z.string(), language: Language }),
})
export type Session = z.infer<typeof Session>
export const SessionEdit = z.strictObject({ language: Language })
export const SessionLine = z.object({
  id: z.string(),
  isThis: z.boolean(),
  /** operator: opened on the host by the command line, for `purpose` alone. */
  kind: z.enum(['user', 'operator']),
  purpose: z.string().nullable(),
  factor: z.string(),
  userAgent: z.string().nullable(),
  /** Part of the network address it was opened from; empty where none was kept. */
  place: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
})
export const SessionLines = z.object({ items: z.array(SessionLine) })

/** Roles are the organisation's own; whether there is such a one is asked of the database. */
export const RoleId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
export const Colleague = z.object({
  id: z.string(),
  kind: z.enum(['person', 'program']),
  name: z.string(),
  email: z.string(),
  roleId: z.string(),
  status: z.enum(['invited', 'active', 'disabled']),
  teamIds: z.array(z.string()),
  /** What they can sign in with; null to those who do not manage users. */
  factors: z
    .object({ hasPassword: z.boolean(), hasTotp: z.boolean(), passkeys: z.number() })
    .nullable(),
})
export const Colleagues = z.object({ items: z.array(Colleague) })
export type ColleagueEdit = z.infer<typeof ColleagueEdit>
export const ColleagueEdit = z.strictObject({
  roleId: RoleId.optional(),
  teamIds: z.array(z.uuid()).min(1).max(100).optional(),
  status: z.enum(['active', 'disabled']).optional(),
})
export const Team = z.object({
  id: z.string(),
  name: z.string(),
  /** The team above it, whose members reach its records too. */
  parentId: z.string().nullable(),
  rowVersion: z.number(),
})
export const Teams = z.object({ items: z.array(Team) })
const TeamName = z.string().trim().min(1).max(80)
export const NewTeam = z.strictObject({ name: TeamName, parentId: z.uuid().nullable().optional() })
export const TeamEdit = z.strictObject({
  rowVersion: z.int(),
  name: TeamName.optional(),
  parentId: z.uuid().nullable().optional(),
})
export type TeamEdit = z.infer<typeof TeamEdit>
export const Roles = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      /** What the organisation calls it; null for one that has its name from the program. */
      name: z.string().nullable(),
      permissions: z.array(z.string()),
    }),
  ),
})
export const Organisation = z.object({
  name: z.string(),
  language: Language,
  rowVersion: z.number(),
})
export const OrganisationEdit = z.strictObject({
  rowVersion: z.int(),
  name: Name.optional(),
  language: Language.optional(),
})

export type Invite = z.infer<typeof Invite>
export const Invite = z.strictObject({
  email: Email,
  name: Name,
  roleId: RoleId,
  teamId: z.uuid(),
})
export const Invited = z.object({ userId: z.string(), link: z.string() })
export const ResetFactor = z.strictObject({ reason: z.string().trim().min(10).max(500) })
/**
 * done: the link for the person, and the code it asks for; null where that went to them by mail. asked: a second
 * administrator must agree first.
 */
export const ResetDone = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), link: z.string(), code: z.string().nullable() }),
  z.object({ kind: z.literal('asked') }),
])
export const Recovery = z.object({
  id: z.string(),
  userId: z.string(),
  state: z.enum(['asked', 'agreed']),
  askedBy: z.string(),
  agreedBy: z.string().nullable(),
  /** For administrators. */
  reason: z.string().nullable(),
  /** For the one who asked, once a second agreed. */
  code: z.string().nullable(),
  mayAgree: z.boolean(),
  at: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
})
export const Recoveries = z.object({ items: z.array(Recovery) })
export const Agreed = z.object({ link: z.string() })
export const FactorResets = z.object({
  items: z.array(
    z.object({ at: z.iso.datetime(), byUserId: z.string().nullable(), reason: z.string() }),
  ),
})

export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  /** Copied between devices by its maker, as most passkeys on a phone are. */
  isSynced: z.boolean(),
  /** Whether its maker may copy it at all; null until it is used again. */
  maySync: z.boolean().nullable(),
  /** A thing by itself, over USB or NFC. */
  isKey: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export const Passkeys = z.object({ items: z.array(Passkey) })
export const NewPasskey = EnrolPasskey
export const PasskeyEdit = z.strictObject({ name: z.string().trim().min(1).max(80) })
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
export const PasswordEdit = z.strictObject({
  currentPassword: Password.optional(),
  password: Password,
})
export type PasswordEdit = z.infer<typeof PasswordEdit>

/** As `step-up-needed` named it: the operation, and a mark of everything that was asked. */
export const Guarded = z.strictObject({
  operation: Operation,
  request: z.string().regex(/^[\w-]{22}$/),
})
export const StepUpWays = z.object({
  /** What the authenticator is asked, and the word that belongs to it; null for who has no passkey. */
  passkey: z.object({ ceremony: z.string(), options: CeremonyOptions }).nullable(),
  hasTotp: z.boolean(),
  mayRecover: z.boolean(),
  /** Where the organisation's provider asks who one is, in a tab of its own; null for whoever signs in otherwise. */
  provider: z.object({ name: z.string(), url: z.string(), ceremony: z.string() }).nullable(),
})
export type StepUpWays = z.infer<typeof StepUpWays>
export const StepUp = Guarded.extend({
  proof: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('passkey'),
      ceremony: z.string().max(100),
      credential: Credential,
    }),
    z.strictObject({ kind: z.enum(['totp', 'recovery']), password: Password, code: Code }),
    z.strictObject({
      kind: z.literal('provider'),
      ceremony: z.string().max(100),
      /** Empty where the provider proved a second factor. */
      code: z.string().trim().max(40),
    }),
  ]),
  /** The grant then lies in a cookie: what a browser saves from a link carries no header. */
  isForDownload: z.boolean().default(false),
})
export const AskedElsewhere = Guarded.extend({ ceremony: z.string().max(100) })
export const Elsewhere = z.object({ isBack: z.boolean(), asksCode: z.boolean() })
export type Elsewhere = z.infer<typeof Elsewhere>
export const Granted = z.object({ grant: z.string().nullable() })

export const Id = z.object({ id: z.uuid() })
export const Token = z.object({ token: z.string().max(100) })

export const RoleSignIn = z.object({
  roleId: z.string(),
  idleMinutes: z.int().min(5).max(480),
  absoluteMinutes: z.int().min(15).max(1440),
  asks: Asks,
  /** How many administrators it takes to restore a lost factor; for administrators it is always two. */
  recoveredBy: z.union([z.literal(1), z.literal(2)]),
  /** How many at work in this role have no passkey, or none that stays on its device. */
  lacking: z.object({ passkey: z.number(), deviceBound: z.number() }),
  rowVersion: z.int(),
})
export type RoleSignIn = z.infer<typeof RoleSignIn>
export const RoleSignIns = z.object({ items: z.array(RoleSignIn) })
export const RoleSignInEdit = z.strictObject(RoleSignIn.omit({ roleId: true, lacking: true }).shape)
export type RoleSignInEdit = z.infer<typeof RoleSignInEdit>
export const RoleParams = z.object({ id: z.string().max(80) })

/** A network, or one address. */
const Range = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])
const Key = { ranges: z.array(Range).min(1).max(20), days: z.int().min(1).max(365) }
export const NewKey = z.strictObject(Key)
const ProgramName = z.string().trim().min(1).max(80)
export const Program = z.object({
  id: z.string(),
  name: z.string(),
  roleId: z.string(),
  teamIds: z.array(z.string()),
  status: z.enum(['active', 'disabled']),
  responsibleId: z.string(),
  /** Whoever answers for it no longer works here. */
  isOrphaned: z.boolean(),
  keys: z.array(
    z.object({
      id: z.string(),
      ranges: z.array(z.string()),
      createdAt: z.iso.datetime(),
      expiresAt: z.iso.datetime(),
      lastUsedAt: z.iso.datetime().nullable(),
    }),
  ),
})
export type Program = z.infer<typeof Program>
export const Programs = z.object({ items: z.array(Program) })
export const NewProgram = z.strictObject({
  name: ProgramName,
  roleId: RoleId,
  teamId: z.uuid(),
  responsibleId: z.uuid(),
  ...Key,
})
export const ProgramEdit = z.strictObject({
  name: ProgramName.optional(),
  roleId: RoleId.optional(),
  teamIds: z.array(z.uuid()).min(1).max(100).optional(),
  responsibleId: z.uuid().optional(),
  status: z.enum(['active', 'disabled']).optional(),
})
/** Shown this once. */
export const MadeKey = z.object({ id: z.string(), key: z.string() })
export const KeyParams = z.object({ id: z.uuid(), keyId: z.uuid() })
