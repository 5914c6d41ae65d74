/** The server's shapes, as types only: none of the checking code reaches the browser. */
import type { z } from 'zod'
import type { Affiliation as AffiliationShape } from '../../src/crm/affiliations/contract.ts'
import type { CompanyChange, CompanyLine } from '../../src/crm/companies/contract.ts'
import type {
  BulkReply as BulkReplyShape,
  ClosedWhy as ClosedWhyShape,
  DuplicateReply as DuplicateReplyShape,
  Facets as FacetsShape,
  Openings as OpeningsShape,
} from '../../src/crm/contract.ts'
import type { Leakage as LeakageShape } from '../../src/security/leakage/contract.ts'

export type { ProblemCode } from '../../src/platform/problem.ts'
export type {
  FourEyesOperation,
  Operation,
  Preview as ActionPreview,
} from '../../src/security/access/contract.ts'
export type {
  Approval,
  AskedRecords,
  Safeguards,
  SentRequest,
} from '../../src/security/approvals/contract.ts'
export type { BreakGlass, Live, OpenedRecords } from '../../src/security/break-glass/contract.ts'
export type { RecoveryState, ShareSet, SharesTested } from '../../src/security/root-key/contract.ts'
export type {
  Elsewhere as StepUpElsewhere,
  StepUpWays,
} from '../../src/security/sign-in/contract.ts'
export type {
  ErasedState,
  Erasure,
  Erasures,
  SeenPlan as ErasurePlan,
} from '../../src/security/vault/erasing/contract.ts'
export type { Keys, Rotation } from '../../src/security/vault/rotation/contract.ts'

import type { Note as NoteShape } from '../../src/crm/notes/contract.ts'
import type {
  PersonChange,
  PersonLine,
  Revealed as RevealedShape,
} from '../../src/crm/people/contract.ts'
import type { HourOfUse as HourOfUseShape } from '../../src/security/budgets/contract.ts'
import type {
  FoundProvider as FoundProviderShape,
  HalfWay as HalfWayShape,
  LinkedColleagues as LinkedColleaguesShape,
  ProviderSettings as ProviderSettingsShape,
  Provider as ProviderShape,
  ScimTokens as ScimTokensShape,
  Trial as TrialShape,
} from '../../src/security/federation/contract.ts'
import type {
  Colleague as ColleagueShape,
  Enrolled as EnrolledShape,
  Enrolment as EnrolmentShape,
  FactorResets as FactorResetsShape,
  JoinState as JoinStateShape,
  Organisation as OrganisationShape,
  Passkey as PasskeyShape,
  Recovery as RecoveryShape,
  ResetDone as ResetDoneShape,
  Roles as RolesShape,
  SessionLine as SessionLineShape,
  Team as TeamShape,
} from '../../src/security/sign-in/contract.ts'

export type { Activity } from '../../src/crm/activity/contract.ts'
export type { Canaries } from '../../src/crm/canaries/contract.ts'
export type { Company, Sectors } from '../../src/crm/companies/contract.ts'
export type {
  BulkChange,
  Sort,
  Stage,
  Subject,
} from '../../src/crm/contract.ts'
export type {
  DossierTrash,
  Revision,
  TimelineEntry,
  TimelineKind,
  TimelinePage,
} from '../../src/crm/dossier/contract.ts'
export type {
  Choice,
  LikelyPage,
  LikelyPair,
  LikelyRecord,
  Merged,
  MergeField,
  MergePreview,
  Merges,
  Undone,
} from '../../src/crm/duplicates/contract.ts'
export type {
  ExportProgress,
  Imported,
  ImportKey,
  ImportRun,
  PresetId,
  Preview,
  Reverted,
  RevertPreview,
} from '../../src/crm/exchange/contract.ts'
export type { Subjects } from '../../src/crm/favourites/contract.ts'
export type {
  FieldChange,
  FieldDefinition,
  FieldKind,
  FieldSpread,
  FieldValue as CustomValue,
  NewField,
} from '../../src/crm/fields/contract.ts'
export type {
  FileLine,
  FilePage,
  RetainedFile,
  RetainedPage,
  RetainedPurpose,
  Retention,
  RetentionRule,
  RetentionRules,
  Upload,
} from '../../src/crm/files/contract.ts'
export type { HandedOver } from '../../src/crm/hand-over/contract.ts'
export type {
  JointDossier,
  JointDossiers,
  Moved,
  Party,
  PartyContent,
  Role as PartyRole,
} from '../../src/crm/joint-dossiers/contract.ts'
export type { NoteVersions, WrittenNote } from '../../src/crm/notes/contract.ts'
export type {
  Following,
  MailState,
  MailWish,
  Notification,
  NotificationPage,
} from '../../src/crm/notifications/contract.ts'
export type { OutlinePage } from '../../src/crm/outlines/contract.ts'
export type { Person } from '../../src/crm/people/contract.ts'
export type { Places } from '../../src/crm/places/contract.ts'
export type {
  CompanyRelations,
  PersonRelations,
  Relation,
  RelationKind,
} from '../../src/crm/relations/contract.ts'
export type { SearchChange, SearchState } from '../../src/crm/search/contract.ts'
export type { Share, SharedRecords, Shares } from '../../src/crm/shares/contract.ts'
export type { Task, TaskEdit } from '../../src/crm/tasks/contract.ts'
export type {
  CellChange,
  CellOutcome,
  Condition,
  Field,
  Filter,
  Groups,
  Operator,
  SharedWith,
  View,
  ViewContent,
  Views,
} from '../../src/crm/views/contract.ts'
export type {
  Alarm,
  Budget,
  BudgetKind,
  Freeze,
  Habits,
  OwnUse,
  Used,
  Uses,
} from '../../src/security/budgets/contract.ts'
export type {
  Leaving,
  Look,
  PastReviews,
  PersonRights,
  Reach,
  Reviews,
  Role,
  Viewers,
} from '../../src/security/rights/contract.ts'
export type { Program, RoleSignIn, Session } from '../../src/security/sign-in/contract.ts'
export type { CompanyLine, PersonLine }

export type PersonEdit = Omit<PersonChange, 'rowVersion'>
export type CompanyEdit = Omit<CompanyChange, 'rowVersion'>
export type Address = {
  street: string
  postalCode: string
  city: string
  country: string
  label?: string | undefined
  /** Of a company: this place's own. */
  siteNumber?: string | undefined
  phone?: string | undefined
}
export type Labelled = { value: string; label?: string | undefined }
export type Note = z.infer<typeof NoteShape>
export type Affiliation = z.infer<typeof AffiliationShape>
export type Facets = z.infer<typeof FacetsShape>
export type Openings = z.infer<typeof OpeningsShape>
export type Revealed = z.infer<typeof RevealedShape>
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
export type Recovery = z.infer<typeof RecoveryShape>
export type ResetDone = z.infer<typeof ResetDoneShape>
export type Roles = z.infer<typeof RolesShape>
export type Team = z.infer<typeof TeamShape>
export type SessionLine = z.infer<typeof SessionLineShape>

export type HourOfUse = z.infer<typeof HourOfUseShape>

/** People and companies are shown, listed and changed in the same way. */
export type RecordKind = 'people' | 'companies'
/** What notes, tasks and files hang on. */
export type DossierKind = RecordKind | 'joint-dossiers'
export type Page<T> = { items: T[]; nextCursor: string | null }
export type RecordPage<T> = Page<T> & {
  total: number | null
  isIndexReady: boolean
  closest: { id: string; displayName: string }[]
}
export type PersonPage = RecordPage<PersonLine>
export type CompanyPage = RecordPage<CompanyLine>
export type VisibleTo = 'owner' | 'team' | 'everyone'
export type Language = 'nl' | 'en'

export type Provider = z.infer<typeof ProviderShape>
export type ProviderSettings = z.infer<typeof ProviderSettingsShape>
export type Trial = z.infer<typeof TrialShape>
export type FoundProvider = NonNullable<z.infer<typeof FoundProviderShape>['provider']>
export type HalfWay = z.infer<typeof HalfWayShape>
export type LinkedColleagues = z.infer<typeof LinkedColleaguesShape>
export type ScimTokens = z.infer<typeof ScimTokensShape>

export type Leakage = z.infer<typeof LeakageShape>
