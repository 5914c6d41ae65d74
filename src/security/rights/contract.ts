/**
 * Roles one makes and edits, who may what and why, the look at everybody's rights each quarter, and what a leaver had.
 *
 * GET    /api/rights/roles                  → Roles
 * POST   /api/rights/roles         NewRole  → Role
 * PATCH  /api/rights/roles/:id     RoleEdit → Role
 * DELETE /api/rights/roles/:id              → Done
 * GET    /api/rights/people/:id             → PersonRights
 * GET    /api/rights/people/:id/look        LookQuery → Look: as readable columns, nothing is opened
 * GET    /api/people/:id/viewers            → Viewers; companies alike
 * GET    /api/rights/reviews                → Reviews
 * POST   /api/rights/reviews       Review   → Done
 * GET    /api/rights/people/:id/reviews     → PastReviews
 * GET    /api/users/:id/leaving             → Leaving
 * POST   /api/users/:id/leave      Leave    → Left; asked again until nothing is left
 */
import { z } from 'zod'

const Id = z.uuid()
export const PersonId = z.object({ id: Id })
export const RoleParams = z.object({ id: z.string().max(60) })
export const Done = z.object({ done: z.literal(true) })
export const Reach = z.enum(['own', 'team', 'organisation'])
export type Reach = z.infer<typeof Reach>

/** `reach` is what is left of a permission beside the others of the role: it reaches no further than seeing. */
const Effective = z.object({ permission: z.string(), reach: Reach })
const Grant = z.object({ permission: z.string(), scope: Reach })
const GivenGrant = z.strictObject({ permission: z.string().max(60), scope: Reach })

export const Role = z.object({
  id: z.string(),
  /** null: it has its name from the program, in both languages. */
  name: z.string().nullable(),
  isBuiltIn: z.boolean(),
  rowVersion: z.number().int(),
  grants: z.array(Grant),
  effective: z.array(Effective),
  /** Who has it, of those at work here. */
  holders: z.array(Id),
  /** How many confidential fields are shown to it by name. */
  fields: z.number().int(),
  /** Used by none of its holders in 90 days. */
  unused: z.array(z.string()),
})
export type Role = z.infer<typeof Role>
export const Roles = z.object({ items: z.array(Role) })

const RoleName = z.string().trim().min(1).max(60)
/** A copy of a role, or one that may nothing yet. */
export const NewRole = z.strictObject({ name: RoleName, copyOf: z.string().max(60).optional() })
export type NewRole = z.infer<typeof NewRole>
/** `grants`: all of them, as they become. */
export const RoleEdit = z.strictObject({
  rowVersion: z.number().int(),
  name: RoleName.optional(),
  grants: z.array(GivenGrant).max(200).optional(),
})
export type RoleEdit = z.infer<typeof RoleEdit>

const Kind = z.enum(['person', 'company'])
export const Share = z.object({
  id: Id,
  subject: z.object({ kind: Kind, id: Id }),
  /** As far as whoever asks sees the record themselves. */
  subjectName: z.string().nullable(),
  /** null: shared with them, and not with a team. */
  teamId: Id.nullable(),
  mayEdit: z.boolean(),
  endsAt: z.iso.datetime(),
  by: Id.nullable(),
})
export const PersonRights = z.object({
  userId: Id,
  roleId: z.string(),
  /** `lastOn`: the last day it was used; null where it never was, or can't be told. */
  permissions: z.array(Effective.extend({ lastOn: z.string().nullable() })),
  /** `throughId`: the team they are in, under which this one stands. */
  teams: z.array(z.object({ teamId: Id, throughId: Id })),
  shares: z.array(Share),
  counts: z.array(
    z.object({
      kind: Kind,
      owned: z.number().int(),
      ofTeams: z.number().int(),
      ofAll: z.number().int(),
      shared: z.number().int(),
      mayEdit: z.number().int(),
      /** Only readable columns, no contact data. */
      isOutline: z.boolean(),
    }),
  ),
  reviewedAt: z.iso.datetime(),
  /** Permissions of which it is watched whether they are used. */
  watched: z.array(z.string()),
})
export type PersonRights = z.infer<typeof PersonRights>

const Rule = z.enum(['owner', 'team', 'organisation', 'share'])
export const LookQuery = z.object({
  kind: Kind,
  after: Id.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const Look = z.object({
  items: z.array(
    z.object({
      id: Id,
      stage: z.string(),
      ownerId: Id,
      teamId: Id,
      createdAt: z.iso.datetime(),
      rule: Rule,
      mayEdit: z.boolean(),
    }),
  ),
  next: Id.nullable(),
})
export type Look = z.infer<typeof Look>

export const Viewers = z.object({
  items: z.array(
    z.object({
      userId: Id,
      seesBy: Rule,
      editsBy: Rule.nullable(),
      /** Until when, where it is shared with them. */
      endsAt: z.iso.datetime().nullable(),
    }),
  ),
})
export type Viewers = z.infer<typeof Viewers>

export const Reviews = z.object({
  items: z.array(
    z.object({
      userId: Id,
      dueOn: z.string(),
      reviewedAt: z.iso.datetime(),
      isDue: z.boolean(),
      isOverdue: z.boolean(),
    }),
  ),
})
export type Reviews = z.infer<typeof Reviews>

/** What stays is confirmed by it; another role may nothing that theirs may not. */
export const Review = z.strictObject({
  userId: Id,
  roleId: z.string().max(60),
  teamsGone: z.array(Id).max(100),
  sharesGone: z.array(Id).max(1_000),
  isLeaving: z.boolean().default(false),
})
export type Review = z.infer<typeof Review>

export const PastReviews = z.object({
  items: z.array(
    z.object({
      id: Id,
      at: z.iso.datetime(),
      by: Id.nullable(),
      dueOn: z.string(),
      roleBefore: z.string(),
      roleAfter: z.string(),
      teamsRemoved: z.array(Id),
      sharesKept: z.number().int(),
      sharesRemoved: z.number().int(),
      isDisabled: z.boolean(),
    }),
  ),
})
export type PastReviews = z.infer<typeof PastReviews>

export const Leaving = z.object({
  people: z.number().int(),
  companies: z.number().int(),
  tasks: z.number().int(),
  /** Views and segments that others use. */
  views: z.number().int(),
  sharesHad: z.number().int(),
  sharesMade: z.number().int(),
  /** Names of programs they answer for: those go to nobody by themselves. */
  programs: z.array(z.string()),
})
export type Leaving = z.infer<typeof Leaving>
export const Leave = z.strictObject({
  receivers: z.array(Id).min(1).max(50),
  /** Signed out for good once nothing is left. */
  isDisabled: z.boolean().default(true),
})
export type Leave = z.infer<typeof Leave>
/** How many records and tasks are still theirs. */
export const Left = z.object({ left: z.number().int() })
