// Written by `npm run snapshot`; a test compares it with the database.
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Sealed, SealedFrame } from './sealed.ts'

type Timestamp = ColumnType<Date, Date | string, Date | string>
type GeneratedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>

/** kluis.access_review */
export interface AccessReviewTable {
  id: Generated<string>
  user_id: string
  due_on: string
  role_before: string
  role_after: string
  teams_kept: string[]
  teams_removed: string[]
  shares_kept: number
  shares_removed: number
  is_disabled: boolean
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.affiliation */
export interface AffiliationTable {
  id: Generated<string>
  person_id: string
  company_id: string
  content_sealed: Sealed | null
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  stint: Generated<number>
}

/** kluis.alarm */
export interface AlarmTable {
  id: Generated<string>
  kind: string
  user_id: string
  budget_kind: string | null
  opening_id: number | null
  freeze_id: string | null
  reviewed_at: Timestamp | null
  outcome: string | null
  content_sealed: Sealed | null
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.approval */
export interface ApprovalTable {
  id: string
  operation: string
  request: Buffer
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  expires_at: GeneratedTimestamp
  decided_by: string | null
  decided_at: Timestamp | null
  is_approved: boolean | null
  proof: Buffer | null
  withdrawn_at: Timestamp | null
  used_at: Timestamp | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.break_glass */
export interface BreakGlassTable {
  id: string
  user_id: string
  session_id: string
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  opened_at: GeneratedTimestamp
  ends_at: Timestamp
  ended_at: Timestamp | null
  reviewed_by: string | null
  reviewed_at: Timestamp | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.budget */
export interface BudgetTable {
  id: Generated<string>
  role_id: string
  kind: string
  hour_soft: number
  hour_hard: number
  day_soft: number
  day_hard: number
  freezes_on_canary: Generated<boolean>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.budget_raise */
export interface BudgetRaiseTable {
  session_id: string
  until: Timestamp
}

/** kluis.budget_seen */
export interface BudgetSeenTable {
  user_id: string
  subject_id: string
  listed_at: Timestamp | null
  opened_at: Timestamp | null
  revealed_at: Timestamp | null
  exported_at: Timestamp | null
}

/** kluis.budget_use */
export interface BudgetUseTable {
  user_id: string
  kind: string
  quarter: Timestamp
  counted: Generated<number>
  refused: Generated<number>
  forgiven: Generated<number>
  by_operator: Generated<number>
}

/** kluis.client_id */
export interface ClientIdTable {
  user_id: string
  client_id: string
  table_name: string
  row_id: string
  created_at: GeneratedTimestamp
}

/** kluis.company */
export interface CompanyTable {
  id: Generated<string>
  owner_id: string
  team_id: string
  stage: Generated<string>
  key_slot: number
  contact_sealed: Sealed
  contact_seal_counter: Generated<number>
  confidential_sealed: Sealed | null
  confidential_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  deleted_at: Timestamp | null
  deleted_by: string | null
  import_id: string | null
  merged_into: string | null
  merged_at: Timestamp | null
}

/** kluis.company_lookup */
export interface CompanyLookupTable {
  company_id: string
  kind: string
  token: Buffer
}

/** kluis.confidential_value */
export interface ConfidentialValueTable {
  id: Generated<string>
  field_id: string
  person_id: string | null
  company_id: string | null
  confidential_sealed: Sealed
  confidential_seal_counter: Generated<number>
  exact_token: Buffer | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.default_view */
export interface DefaultViewTable {
  role_id: string
  list: string
  view_id: string
}

/** kluis.erasure */
export interface ErasureTable {
  id: Generated<string>
  kind: string
  subject_id: string
  also_ids: Generated<string[]>
  complete_on: string
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.favourite */
export interface FavouriteTable {
  id: Generated<string>
  user_id: string
  person_id: string | null
  company_id: string | null
  created_at: GeneratedTimestamp
}

/** kluis.field_definition */
export interface FieldDefinitionTable {
  id: Generated<string>
  record_kind: string
  kind: string
  sensitivity: string
  search: Generated<string>
  is_required: Generated<boolean>
  position: Generated<number>
  archived_at: Timestamp | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.field_role */
export interface FieldRoleTable {
  id: Generated<string>
  field_id: string
  role_id: string
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.file */
export interface FileTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  key_sealed: Sealed
  key_seal_counter: Generated<number>
  frame_count: number
  completed_at: Timestamp | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  deleted_at: Timestamp | null
  deleted_by: string | null
  photo_of: string | null
  import_id: string | null
  key_slot: number | null
  retention_rule: string | null
  retained_from: string | null
  retained_until: string | null
  set_apart_at: Timestamp | null
  joint_dossier_id: string | null
}

/** kluis.file_frame */
export interface FileFrameTable {
  file_id: string
  number: number
  sealed: SealedFrame
}

/** kluis.follow */
export interface FollowTable {
  id: Generated<string>
  user_id: string
  person_id: string | null
  company_id: string | null
  created_at: GeneratedTimestamp
}

/** kluis.freeze */
export interface FreezeTable {
  id: Generated<string>
  user_id: string
  why: string
  lifted_at: Timestamp | null
  content_sealed: Sealed | null
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.import_batch */
export interface ImportBatchTable {
  id: string
  import_id: string
  first_row: number
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  created_at: GeneratedTimestamp
}

/** kluis.import_change */
export interface ImportChangeTable {
  id: string
  import_id: string
  person_id: string | null
  company_id: string | null
  record_version: number
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  created_at: GeneratedTimestamp
}

/** kluis.import_file */
export interface ImportFileTable {
  id: string
  import_id: string
  part: number
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  created_at: GeneratedTimestamp
}

/** kluis.import_mapping */
export interface ImportMappingTable {
  id: Generated<string>
  source: Buffer
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.import_row */
export interface ImportRowTable {
  id: string
  import_id: string
  line: number
  outcome: string
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  created_at: GeneratedTimestamp
}

/** kluis.import_run */
export interface ImportRunTable {
  id: Generated<string>
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  state: Generated<string>
  read_rows: Generated<number>
  created_rows: Generated<number>
  updated_rows: Generated<number>
  skipped_rows: Generated<number>
  refused_rows: Generated<number>
  flagged_rows: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  reverted_at: Timestamp | null
  total_rows: Generated<number>
  people: Generated<number>
  companies: Generated<number>
}

/** kluis.joint_dossier */
export interface JointDossierTable {
  id: Generated<string>
  key_slot: number
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  ended_at: Timestamp | null
  ended_by: string | null
  review_since: Timestamp | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.joint_party */
export interface JointPartyTable {
  id: Generated<string>
  joint_dossier_id: string
  person_id: string
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.key_boundary */
export interface KeyBoundaryTable {
  is_only: Generated<boolean>
  closed_until: Generated<number>
}

/** kluis.key_rotation */
export interface KeyRotationTable {
  id: Generated<string>
  what: string
  phase: string
  table_place: Generated<number>
  after_id: Generated<string>
  old_until: Generated<number>
  done: Generated<number>
  total: Generated<number>
  unopened: Generated<number>
  rows_per_second: number
  started_by: string | null
  started_at: GeneratedTimestamp
  moved_at: GeneratedTimestamp
  ended_at: Timestamp | null
}

/** kluis.left_key */
export interface LeftKeyTable {
  slot: number
  subject_id: string
}

/** kluis.merge */
export interface MergeTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  kept_id: string
  merged_id: string
  merged_owner_id: string
  merged_team_id: string
  key_slot: number | null
  content_sealed: Sealed | null
  content_seal_counter: Generated<number>
  undone_at: Timestamp | null
  undone_by: string | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.name_prefix */
export interface NamePrefixTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  team_id: string
  token: Buffer
  seal_counter: number
}

/** kluis.not_duplicate */
export interface NotDuplicateTable {
  id: Generated<string>
  first_person_id: string | null
  second_person_id: string | null
  first_company_id: string | null
  second_company_id: string | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.note */
export interface NoteTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  import_id: string | null
  edited_at: Timestamp | null
  edited_by: string | null
  pinned_at: Timestamp | null
  pinned_by: string | null
  deleted_at: Timestamp | null
  deleted_by: string | null
  joint_dossier_id: string | null
}

/** kluis.note_version */
export interface NoteVersionTable {
  id: Generated<string>
  note_id: string
  person_id: string | null
  company_id: string | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  written_at: Timestamp
  written_by: string | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  joint_dossier_id: string | null
}

/** kluis.notification */
export interface NotificationTable {
  id: Generated<string>
  user_id: string
  kind: string
  person_id: string | null
  company_id: string | null
  note_id: string | null
  told_at: GeneratedTimestamp
  told_by: string | null
  read_at: Timestamp | null
  task_id: string | null
  import_id: string | null
  alarm_id: string | null
  mailed_at: Timestamp | null
  approval_id: string | null
  break_glass_id: string | null
  leaver_id: string | null
  handed_count: number | null
}

/** kluis.notification_mail */
export interface NotificationMailTable {
  user_id: string
  wish: Generated<string>
  told_until: GeneratedTimestamp
}

/** kluis.opening */
export interface OpeningTable {
  id: GeneratedAlways<number>
  at: GeneratedTimestamp
  user_id: string | null
  session_id: string | null
  purpose: string
  kind: string
  table_name: string
  subject_ids: string[]
}

/** kluis.organisation */
export interface OrganisationTable {
  id: string
  is_only: Generated<boolean>
  name_sealed: Sealed | null
  name_seal_counter: Generated<number>
  language: Generated<string>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.person */
export interface PersonTable {
  id: Generated<string>
  owner_id: string
  team_id: string
  stage: Generated<string>
  key_slot: number
  contact_sealed: Sealed
  contact_seal_counter: Generated<number>
  confidential_sealed: Sealed | null
  confidential_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  deleted_at: Timestamp | null
  deleted_by: string | null
  import_id: string | null
  merged_into: string | null
  merged_at: Timestamp | null
}

/** kluis.person_lookup */
export interface PersonLookupTable {
  person_id: string
  kind: string
  token: Buffer
}

/** kluis.record_change */
export interface RecordChangeTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  what: string[]
  stage_before: string | null
  stage_after: string | null
  owner_before: string | null
  owner_after: string | null
  team_before: string | null
  team_after: string | null
  is_import: Generated<boolean>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  other_person_id: string | null
  other_company_id: string | null
  field_id: string | null
}

/** kluis.record_share */
export interface RecordShareTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  user_id: string | null
  team_id: string | null
  may_edit: Generated<boolean>
  ends_at: Timestamp
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.relation */
export interface RelationTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  other_person_id: string | null
  other_company_id: string | null
  is_parent: Generated<boolean>
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.retained_opening */
export interface RetainedOpeningTable {
  id: Generated<string>
  file_id: string
  purpose: string
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.retention_rule */
export interface RetentionRuleTable {
  code: string
  jurisdiction: string
  name_nl: string
  name_en: string
  statute: string
  years: number
  starts_at: string
  from_new_year: boolean
  valid_from: string | null
  valid_until: string | null
}

/** kluis.reveal */
export interface RevealTable {
  id: Generated<string>
  person_id: string | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  company_id: string | null
}

/** kluis.right_use */
export interface RightUseTable {
  user_id: string
  permission: string
  last_on: Generated<string>
}

/** kluis.role */
export interface RoleTable {
  id: string
  name: string | null
  is_built_in: Generated<boolean>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.role_permission */
export interface RolePermissionTable {
  role_id: string
  permission: string
  id: Generated<string>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
  scope: Generated<string>
}

/** kluis.safeguard */
export interface SafeguardTable {
  id: Generated<string>
  is_only: Generated<boolean>
  four_eyes: Generated<string[]>
  break_glass_minutes: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.saved_view */
export interface SavedViewTable {
  id: Generated<string>
  list: string
  kind: string
  shared_with: Generated<string>
  owner_id: string
  team_id: string | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis.search_setting */
export interface SearchSettingTable {
  id: Generated<string>
  is_only: Generated<boolean>
  content_search: Generated<boolean>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  name_prefixes: Generated<boolean>
}

/** kluis.security_notice */
export interface SecurityNoticeTable {
  id: Generated<string>
  user_id: string
  kind: string
  told_by: string | null
  told_at: GeneratedTimestamp
  read_at: Timestamp | null
  mailed_at: Timestamp | null
}

/** kluis.table_opt_out */
export interface TableOptOutTable {
  table_name: string
  what: string
  reason: string
}

/** kluis.task */
export interface TaskTable {
  id: Generated<string>
  person_id: string | null
  company_id: string | null
  content_sealed: Sealed
  content_seal_counter: Generated<number>
  assignee_id: string | null
  due_on: string | null
  done_at: Timestamp | null
  done_by: string | null
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  import_id: string | null
  repeats: string | null
  repeat_day: number | null
  remind_at: Timestamp | null
  next_id: string | null
  joint_dossier_id: string | null
}

/** kluis.team */
export interface TeamTable {
  id: Generated<string>
  name: string
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  parent_id: string | null
}

/** kluis.team_member */
export interface TeamMemberTable {
  team_id: string
  user_id: string
  id: Generated<string>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
}

/** kluis.user_account */
export interface UserAccountTable {
  id: Generated<string>
  email_token: Buffer | null
  profile_sealed: Sealed
  profile_seal_counter: Generated<number>
  role_id: string
  language: Generated<string>
  status: Generated<string>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
  rights_reviewed_at: GeneratedTimestamp
  kind: Generated<string>
  responsible_id: string | null
}

/** kluis_auth.attempt */
export interface AttemptTable {
  key: Buffer
  failures: Generated<number>
  last_failed_at: GeneratedTimestamp
}

/** kluis_auth.caller */
export interface CallerTable {
  session_id: GeneratedAlways<string>
  session_kind: GeneratedAlways<string>
  last_seen_at: GeneratedAlways<Timestamp>
  user_id: GeneratedAlways<string>
  role_id: GeneratedAlways<string>
  language: GeneratedAlways<string>
  permissions: GeneratedAlways<string[]>
  scope: GeneratedAlways<string[]>
  reaches: GeneratedAlways<number[]>
  break_glass_id: GeneratedAlways<string>
}

/** kluis_auth.federated_identity */
export interface FederatedIdentityTable {
  id: Generated<string>
  provider_id: string
  user_id: string
  subject_token: Buffer
  proof: Buffer
  created_at: GeneratedTimestamp
  last_used_at: Timestamp | null
}

/** kluis_auth.identity_provider */
export interface IdentityProviderTable {
  id: Generated<string>
  profile_sealed: Sealed
  profile_seal_counter: Generated<number>
  secret_sealed: Sealed
  secret_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis_auth.invite */
export interface InviteTable {
  id: Generated<string>
  token_hash: Buffer
  user_id: string | null
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  expires_at: Timestamp
  used_at: Timestamp | null
  reason_sealed: Sealed | null
  reason_seal_counter: Generated<number>
  code_hash: Buffer | null
}

/** kluis_auth.known_place */
export interface KnownPlaceTable {
  user_id: string
  key: Buffer
  last_used_at: GeneratedTimestamp
}

/** kluis_auth.passkey */
export interface PasskeyTable {
  id: Generated<string>
  user_id: string
  credential_id: Buffer
  public_key: Buffer
  sign_count: Generated<number>
  name: Generated<string>
  is_synced: Generated<boolean>
  created_at: GeneratedTimestamp
  last_used_at: Timestamp | null
  proof: Buffer | null
  may_sync: boolean | null
  transports: Generated<string[]>
}

/** kluis_auth.password */
export interface PasswordTable {
  id: Generated<string>
  user_id: string
  hash_sealed: Sealed
  hash_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
}

/** kluis_auth.provisioned_user */
export interface ProvisionedUserTable {
  id: Generated<string>
  provider_id: string
  user_id: string
  user_name_token: Buffer
  external_id_token: Buffer | null
  profile_sealed: Sealed
  profile_seal_counter: Generated<number>
  shut_version: number | null
  is_deleted: Generated<boolean>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
}

/** kluis_auth.reached_team */
export interface ReachedTeamTable {
  user_id: GeneratedAlways<string>
  team_id: GeneratedAlways<string>
  through_id: GeneratedAlways<string>
}

/** kluis_auth.recovery */
export interface RecoveryTable {
  id: Generated<string>
  user_id: string
  state: Generated<string>
  asked_by: string
  decided_by: string | null
  decided_at: Timestamp | null
  expires_at: Timestamp
  reason_sealed: Sealed
  reason_seal_counter: Generated<number>
  invite_id: string | null
  code_sealed: Sealed | null
  code_seal_counter: Generated<number>
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  updated_at: GeneratedTimestamp
}

/** kluis_auth.recovery_code */
export interface RecoveryCodeTable {
  id: Generated<string>
  user_id: string
  code_hash: Buffer
  used_at: Timestamp | null
}

/** kluis_auth.rights_given */
export interface RightsGivenTable {
  user_id: string
  given_by: string
  given_at: GeneratedTimestamp
}

/** kluis_auth.role_rights */
export interface RoleRightsTable {
  role_id: GeneratedAlways<string>
  permission: GeneratedAlways<string>
  reach: GeneratedAlways<number>
}

/** kluis_auth.role_sign_in */
export interface RoleSignInTable {
  id: Generated<string>
  role_id: string
  idle_minutes: number
  absolute_minutes: number
  asks: string
  recovered_by: number
  row_version: Generated<number>
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  updated_at: GeneratedTimestamp
  updated_by: Generated<string | null>
}

/** kluis_auth.scim_token */
export interface ScimTokenTable {
  id: Generated<string>
  provider_id: string
  token_hash: Buffer
  created_at: GeneratedTimestamp
  created_by: Generated<string | null>
  expires_at: Timestamp
  last_used_at: Timestamp | null
  revoked_at: Timestamp | null
}

/** kluis_auth.session */
export interface SessionTable {
  id: Generated<string>
  token_hash: Buffer
  user_id: string | null
  kind: string
  purpose: string | null
  factor: string
  user_agent: string | null
  created_at: GeneratedTimestamp
  last_seen_at: GeneratedTimestamp
  idle_seconds: number
  expires_at: Timestamp
  revoked_at: Timestamp | null
  place_sealed: Sealed | null
  place_seal_counter: Generated<number>
  rotation_due: Generated<boolean>
  replaced_at: Timestamp | null
  address_ranges: string[] | null
}

/** kluis_auth.standing */
export interface StandingTable {
  user_id: string
  role_id: string
  language: string
  permissions: string[]
  scope: string[]
  reaches: Generated<number[]>
}

/** kluis_auth.standing_due */
export interface StandingDueTable {
  user_id: GeneratedAlways<string>
  role_id: GeneratedAlways<string>
  language: GeneratedAlways<string>
  permissions: GeneratedAlways<string[]>
  scope: GeneratedAlways<string[]>
  reaches: GeneratedAlways<number[]>
}

/** kluis_auth.step_up */
export interface StepUpTable {
  id: string
  token_hash: Buffer
  session_id: string
  user_id: string
  operation: string
  request: Buffer
  factor: string
  made_at: GeneratedTimestamp
  expires_at: GeneratedTimestamp
  used_at: Timestamp | null
}

/** kluis_auth.totp */
export interface TotpTable {
  id: Generated<string>
  user_id: string
  secret_sealed: Sealed
  secret_seal_counter: Generated<number>
  last_step: Generated<number>
  confirmed_at: Timestamp | null
  created_at: GeneratedTimestamp
}

/** kluis_ledger.checkpoint */
export interface CheckpointTable {
  tree_size: number
  at: GeneratedTimestamp
  note: string
}

/** kluis_ledger.hashed_columns */
export interface HashedColumnsTable {
  table_name: string
  version: number
  columns: string[]
}

/** kluis_ledger.head */
export interface HeadTable {
  is_only: Generated<boolean>
  tree_size: Generated<number>
  frontier: Generated<Buffer[]>
}

/** kluis_ledger.leaf */
export interface LeafTable {
  seq: number
  body: Buffer
  leaf_hash: Buffer
}

/** kluis_ledger.outbox */
export interface OutboxTable {
  id: GeneratedAlways<number>
  xid: Generated<string>
  at: GeneratedTimestamp
  actor_id: string | null
  action: string
  table_name: string | null
  row_id: string | null
  row_version: number | null
  hash_version: number | null
  row_hash: Buffer | null
  purpose: string | null
  detail: unknown | null
}

export interface Tables {
  access_review: AccessReviewTable
  affiliation: AffiliationTable
  alarm: AlarmTable
  approval: ApprovalTable
  break_glass: BreakGlassTable
  budget: BudgetTable
  budget_raise: BudgetRaiseTable
  budget_seen: BudgetSeenTable
  budget_use: BudgetUseTable
  client_id: ClientIdTable
  company: CompanyTable
  company_lookup: CompanyLookupTable
  confidential_value: ConfidentialValueTable
  default_view: DefaultViewTable
  erasure: ErasureTable
  favourite: FavouriteTable
  field_definition: FieldDefinitionTable
  field_role: FieldRoleTable
  file: FileTable
  file_frame: FileFrameTable
  follow: FollowTable
  freeze: FreezeTable
  import_batch: ImportBatchTable
  import_change: ImportChangeTable
  import_file: ImportFileTable
  import_mapping: ImportMappingTable
  import_row: ImportRowTable
  import_run: ImportRunTable
  joint_dossier: JointDossierTable
  joint_party: JointPartyTable
  key_boundary: KeyBoundaryTable
  key_rotation: KeyRotationTable
  left_key: LeftKeyTable
  merge: MergeTable
  name_prefix: NamePrefixTable
  not_duplicate: NotDuplicateTable
  note: NoteTable
  note_version: NoteVersionTable
  notification: NotificationTable
  notification_mail: NotificationMailTable
  opening: OpeningTable
  organisation: OrganisationTable
  person: PersonTable
  person_lookup: PersonLookupTable
  record_change: RecordChangeTable
  record_share: RecordShareTable
  relation: RelationTable
  retained_opening: RetainedOpeningTable
  retention_rule: RetentionRuleTable
  reveal: RevealTable
  right_use: RightUseTable
  role: RoleTable
  role_permission: RolePermissionTable
  safeguard: SafeguardTable
  saved_view: SavedViewTable
  search_setting: SearchSettingTable
  security_notice: SecurityNoticeTable
  table_opt_out: TableOptOutTable
  task: TaskTable
  team: TeamTable
  team_member: TeamMemberTable
  user_account: UserAccountTable
  attempt: AttemptTable
  caller: CallerTable
  federated_identity: FederatedIdentityTable
  identity_provider: IdentityProviderTable
  invite: InviteTable
  known_place: KnownPlaceTable
  passkey: PasskeyTable
  password: PasswordTable
  provisioned_user: ProvisionedUserTable
  reached_team: ReachedTeamTable
  recovery: RecoveryTable
  recovery_code: RecoveryCodeTable
  rights_given: RightsGivenTable
  role_rights: RoleRightsTable
  role_sign_in: RoleSignInTable
  scim_token: ScimTokenTable
  session: SessionTable
  standing: StandingTable
  standing_due: StandingDueTable
  step_up: StepUpTable
  totp: TotpTable
  checkpoint: CheckpointTable
  hashed_columns: HashedColumnsTable
  head: HeadTable
  leaf: LeafTable
  outbox: OutboxTable
}
