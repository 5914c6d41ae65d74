/** The server's shapes, as types only: none of the checking code reaches the browser. */
import type { z } from 'zod'
import type {
  BulkReply as BulkReplyShape,
  ClosedWhy as ClosedWhyShape,
  DuplicateReply as DuplicateReplyShape,
  Facets as FacetsShape,
  Openings as OpeningsShape,
  Revealed as RevealedShape,
  Trashed as TrashedShape,
  TrashReply as TrashReplyShape,
} from '../../src/crm/contract.ts'
import type { Note } from '../../src/crm/notes/contract.ts'
import type {
  Colleague as ColleagueShape,
  Enrolled as EnrolledShape,
  Enrolment as EnrolmentShape,
  FactorResets as FactorResetsShape,
  JoinState as JoinStateShape,
  Organisation as OrganisationShape,
  Passkey as PasskeyShape,
  Roles as RolesShape,
  SessionLine as SessionLineShape,
  Team as TeamShape,
} from '../../src/security/sign-in/contract.ts'

export type {
  Address,
  BulkChange,
  Labelled,
  Sort,
  Stage,
  Subject,
} from '../../src/crm/contract.ts'
export type {
  Company,
  CompanyEdit,
  CompanyPage,
  CompanySummary,
  NewCompany,
} from '../../src/crm/companies/contract.ts'
export type { TimelineEntry } from '../../src/crm/dossier/contract.ts'
export type {
  NewPerson,
  Person,
  PersonEdit,
  PersonPage,
  PersonSummary,
} from '../../src/crm/people/contract.ts'
export type { Task, TaskEdit } from '../../src/crm/tasks/contract.ts'
export type { Imported } from '../../src/crm/exchange/contract.ts'
export type { Session } from '../../src/security/sign-in/contract.ts'
export type { Note }

export type Facets = z.infer<typeof FacetsShape>
export type Openings = z.infer<typeof OpeningsShape>
export type Revealed = z.infer<typeof RevealedShape>
export type Trashed = z.infer<typeof TrashedShape>
export type TrashReply = z.infer<typeof TrashReplyShape>
export type BulkReply = z.infer<typeof BulkReplyShape>
export type DuplicateReply = z.infer<typeof DuplicateReplyShape>
export type ClosedWhy = z.infer<typeof ClosedWhyShape>
export type Colleague = z.infer<typeof ColleagueShape>
export type Enrolled = z.infer<typeof EnrolledShape>
export type Enrolment = z.infer<typeof EnrolmentShape>
export type FactorResets = z.infer<typeof FactorResetsShape>
export type JoinState = z.infer<typeof JoinStateShape>
export type Organisation = z.infer<typeof OrganisationShape>
export type Passkey = z.infer<typeof PasskeyShape>
export type Roles = z.infer<typeof RolesShape>
export type Team = z.infer<typeof TeamShape>
export type SessionLine = z.infer<typeof SessionLineShape>

/** People and companies are shown, listed and changed in the same way. */
export type RecordKind = 'people' | 'companies'
export type Page<T> = { items: T[]; nextCursor: string | null }
export type VisibleTo = 'owner' | 'team' | 'everyone'
export type Language = 'nl' | 'en'
