/**
 * Where each table of the database stands in a take-out, or why it stands in none. A test walks the database and fails
 * on a table that is not here; it fails too when a table with a field that the catalogue calls exported is left out.
 */
import type { Tables } from '#database/tables.ts'

const access =
  'who may sign in and do what: no customer stands in it, and it opens nothing elsewhere'
const history = 'the log of changes and openings, which has a verifier of its own'
const found = 'by which values are found again: it follows from the records'
const importing =
  'what an import needs to go on or to be taken back, for 30 days; what came of it stands in the records'

/** A file of the take-out, or `leftOut` with the reason. */
export type Place = { file: string } | { leftOut: string }

export const takeOutTables = {
  person: { file: 'people.ndjson' },
  company: { file: 'companies.ndjson' },
  confidential_value: { file: 'people.ndjson' },
  affiliation: { file: 'affiliations.ndjson' },
  relation: { file: 'relations.ndjson' },
  joint_dossier: { file: 'joint-dossiers.ndjson' },
  joint_party: { file: 'joint-parties.ndjson' },
  note: { file: 'notes.ndjson' },
  note_version: { file: 'note-versions.ndjson' },
  task: { file: 'tasks.ndjson' },
  file: { file: 'files.ndjson' },
  file_frame: { file: 'files.ndjson' },
  record_change: { file: 'changes.ndjson' },
  reveal: { file: 'reveals.ndjson' },
  not_duplicate: { file: 'not-duplicates.ndjson' },
  follow: { file: 'follows.ndjson' },
  favourite: { file: 'favourites.ndjson' },
  saved_view: { file: 'views.ndjson' },
  default_view: { file: 'views.ndjson' },
  field_definition: { file: 'fields.ndjson' },
  field_role: { file: 'fields.ndjson' },
  user_account: { file: 'colleagues.ndjson' },

  person_lookup: { leftOut: found },
  company_lookup: { leftOut: found },
  name_prefix: { leftOut: found },
  client_id: { leftOut: 'that a screen asked for something twice; it holds ids only' },
  merge: {
    leftOut:
      'what undoing a merge needs, for 30 days; the kept record holds everything of the merged one',
  },
  notification: { leftOut: 'that somebody was told of a change; the change itself is in it' },
  notification_mail: { leftOut: 'whether a colleague wants mail' },
  import_run: { leftOut: importing },
  import_row: { leftOut: `${importing}; refused rows are handed back by the import itself` },
  import_file: { leftOut: importing },
  import_batch: { leftOut: importing },
  import_change: { leftOut: importing },
  import_mapping: { leftOut: 'how columns of a source were understood: no customer stands in it' },
  left_key: { leftOut: 'which keys files of before had; what they sealed is not there any more' },
  retention_rule: { leftOut: 'the laws Kluis knows; a file says which has it kept' },
  retained_opening: { leftOut: history },
  opening: { leftOut: history },
  erasure: { leftOut: 'that keys were destroyed; what they sealed opens for nobody' },
  key_rotation: { leftOut: 'how far the replacing of keys is' },
  key_boundary: { leftOut: 'how far the replacing of keys is' },
  organisation: { leftOut: 'settings of this Kluis' },
  applied: { leftOut: 'which migrations were applied' },
  table_opt_out: { leftOut: 'what the database knows of its own tables' },
  role: { leftOut: access },
  role_rights: { leftOut: access },
  reached_team: { leftOut: access },
  record_share: { leftOut: access },
  access_review: { leftOut: access },
  right_use: { leftOut: access },
  role_permission: { leftOut: access },
  alarm: { leftOut: access },
  budget: { leftOut: access },
  budget_raise: { leftOut: access },
  budget_seen: { leftOut: access },
  budget_use: { leftOut: access },
  freeze: { leftOut: access },
  team: { leftOut: access },
  team_member: { leftOut: access },
  approval: {
    leftOut: 'what colleagues asked each other to agree to; what was done stands in the records',
  },
  break_glass: { leftOut: history },
  safeguard: { leftOut: 'settings of this Kluis' },
  search_setting: { leftOut: 'settings of this Kluis' },
  step_up: { leftOut: access },
  rights_given: { leftOut: access },
  attempt: { leftOut: access },
  caller: { leftOut: access },
  federated_identity: { leftOut: access },
  identity_provider: { leftOut: access },
  invite: { leftOut: access },
  known_place: { leftOut: access },
  passkey: { leftOut: access },
  password: { leftOut: access },
  recovery: { leftOut: access },
  recovery_code: { leftOut: access },
  role_sign_in: { leftOut: access },
  security_notice: { leftOut: 'what a colleague was told of their own account' },
  provisioned_user: { leftOut: access },
  scim_token: { leftOut: access },
  session: { leftOut: access },
  standing: { leftOut: access },
  standing_due: { leftOut: access },
  totp: { leftOut: access },
  checkpoint: { leftOut: history },
  hashed_columns: { leftOut: history },
  head: { leftOut: history },
  leaf: { leftOut: history },
  outbox: { leftOut: history },
} as const satisfies Record<keyof Tables | 'applied', Place>
