/**
 * Joint dossiers: what two or more people share, such as a couple with a mortgage, a parent with a child, or heirs. Each has
 * a key of its own, so that erasing one of its parties leaves it. Whoever sees a party sees the dossier; whoever may edit one
 * changes it.
 *
 * GET    /api/people/:id/joint-dossiers                                   → JointDossiers, those that have not ended first
 * POST   /api/joint-dossiers                       NewJointDossier        → 201 JointDossier
 * GET    /api/joint-dossiers/:id                                          → JointDossier; recorded as its opening
 * PATCH  /api/joint-dossiers/:id                   JointDossierEdit       → JointDossier
 * POST   /api/joint-dossiers/:id/end               Version                → JointDossier; nothing new is hung on it then
 * POST   /api/joint-dossiers/:id/reopen            Version                → JointDossier
 * POST   /api/joint-dossiers/:id/parties           NewParty               → 201 JointDossier
 * PATCH  /api/joint-dossiers/:id/parties/:partyId  PartyEdit              → JointDossier
 * DELETE /api/joint-dossiers/:id/parties/:partyId                         → Removed; the last one stays: `last-party`
 *
 * POST   /api/notes/:id/move                       Move                   → Moved; its earlier texts go with it
 * POST   /api/tasks/:id/move                       Move                   → Moved
 * POST   /api/files/:id/move                       Move                   → Moved; a photo stays with its person
 *
 * From a joint dossier to the dossier of one of its parties, since it is about that one alone; and from a party to it, unless
 * it has ended. It is sealed anew under the key of where it goes.
 *
 * What hangs on it has the addresses that it has of people: `/api/joint-dossiers/:id/timeline`, `/trash`, `/revision` (dossier/contract.ts),
 * `/notes` (notes/contract.ts), `/files` (files/contract.ts); a task has it as its subject.
 */
import { z } from 'zod'
import { ClosedWhy, HangsOn, Id, IdParams, Instant, RowVersion } from '../contract.ts'

export const JointDossierId = IdParams
export const PartyPlace = z.strictObject({ id: Id, partyId: Id })

export const roles = ['owner', 'partner', 'child', 'authorised', 'representative'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

const MaybeDay = z.union([z.literal(''), z.iso.date()])
const Name = z.string().trim().max(120)

/** What is sealed of one, under its own key. Without a name it is called by its parties. */
export const JointContent = z.object({ name: Name.default('') })
export type JointContent = z.infer<typeof JointContent>

/** What is sealed of a party, under the key of the joint dossier. */
export const PartyContent = z.object({
  role: Role,
  since: MaybeDay.default(''),
  /** The last day of this party; when the dossier ends it ends for all. */
  until: MaybeDay.default(''),
})
export type PartyContent = z.infer<typeof PartyContent>

export const PARTIES_MAX = 50
export const NewParty = z.strictObject({ personId: Id, ...PartyContent.shape })
export type NewParty = z.infer<typeof NewParty>
/** The caller may edit each of the parties. */
export const NewJointDossier = z.strictObject({
  name: Name.default(''),
  parties: z.array(NewParty).min(2).max(PARTIES_MAX),
})
export type NewJointDossier = z.infer<typeof NewJointDossier>

export const Version = z.strictObject({ rowVersion: RowVersion })
export const JointDossierEdit = z.strictObject({
  rowVersion: RowVersion,
  name: Name.optional(),
  /** Somebody read which notes were about the party that was erased alone. */
  isReviewed: z.literal(true).optional(),
})
export type JointDossierEdit = z.infer<typeof JointDossierEdit>
export const PartyEdit = z.strictObject({
  rowVersion: RowVersion,
  role: Role.optional(),
  since: MaybeDay.optional(),
  until: MaybeDay.optional(),
})
export type PartyEdit = z.infer<typeof PartyEdit>

/** `name` is null when the vault could not open it; `closed` says why the party's own role and days do not open. */
export const Party = z.object({
  id: Id,
  personId: Id,
  name: z.string().nullable(),
  role: Role.nullable(),
  since: z.string(),
  until: z.string(),
  isPast: z.boolean(),
  /** The person lies in the trash. */
  isInTrash: z.boolean(),
  /** Whether the caller may change or remove this party. */
  mayEdit: z.boolean(),
  rowVersion: RowVersion,
  closed: ClosedWhy.nullable(),
})
export type Party = z.infer<typeof Party>

export const JointDossier = z.object({
  id: Id,
  /** Empty: it is called by its parties, as `displayName` has it. */
  name: z.string(),
  displayName: z.string(),
  /** Those the caller sees, the first one first. */
  parties: z.array(Party),
  /** Parties that the caller does not see: no more is told of them. */
  unseenParties: z.number().int(),
  endedAt: Instant.nullable(),
  endedBy: Id.nullable(),
  /** A party was erased then; somebody must read what of it was about that one alone. */
  reviewSince: Instant.nullable(),
  createdAt: Instant,
  createdBy: Id.nullable(),
  rowVersion: RowVersion,
  /** Why its name does not open; what hangs on it does not open then either. */
  closed: ClosedWhy.nullable(),
})
export type JointDossier = z.infer<typeof JointDossier>

export const JointDossiers = z.object({ items: z.array(JointDossier) })
export type JointDossiers = z.infer<typeof JointDossiers>
export const Move = z.strictObject({
  rowVersion: RowVersion,
  to: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('person'), id: Id }),
    z.strictObject({ kind: z.literal('joint_dossier'), id: Id }),
  ]),
})
export type Move = z.infer<typeof Move>
export const Moved = z.object({ id: Id, subject: HangsOn, rowVersion: RowVersion })
export type Moved = z.infer<typeof Moved>

export const Removed = z.object({ id: Id })
