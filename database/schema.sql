-- Written by `npm run snapshot`; a test compares it with the database. Read this, not the migrations.

table kluis.access_review
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  due_on date not null
  role_before text not null
  role_after text not null
  teams_kept uuid[] not null
  teams_removed uuid[] not null
  shares_kept integer not null
  shares_removed integer not null
  is_disabled boolean not null
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  access_review_pkey: PRIMARY KEY (id)
  access_review_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX access_review_user ON kluis.access_review USING btree (user_id, created_at DESC)
  policy concerned select to kluis_app using ((user_id = ( SELECT kluis.uid() AS uid)) OR ( SELECT kluis.may('rights:review'::text) AS may) OR ( SELECT kluis.may('rights:see'::text) AS may))
  policy identity_reviews all to kluis_identity using true check true
  policy ledger_reads select to kluis_ledger_owner using true
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.affiliation
  id uuid not null default gen_random_uuid()
  person_id uuid not null
  company_id uuid not null
  content_sealed kluis.sealed
  content_seal_counter integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  stint integer not null default 1
  affiliation_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  affiliation_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  affiliation_pkey: PRIMARY KEY (id)
  affiliation_stint: UNIQUE (person_id, company_id, stint)
  affiliation_stint_check: CHECK ((stint >= 1))
  CREATE INDEX affiliation_company ON kluis.affiliation USING btree (company_id)
  CREATE UNIQUE INDEX affiliation_stint ON kluis.affiliation USING btree (person_id, company_id, stint)
  policy both_changed insert to kluis_app check (( SELECT true FROM kluis.person p WHERE ((p.id = affiliation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = affiliation.company_id)))
  policy both_removed delete to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = affiliation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = affiliation.company_id)))
  policy both_seen select to kluis_app using (( SELECT true FROM kluis.person p WHERE (p.id = affiliation.person_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = affiliation.company_id)))
  policy both_updated update to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = affiliation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = affiliation.company_id))) check (( SELECT true FROM kluis.person p WHERE ((p.id = affiliation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = affiliation.company_id)))
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = affiliation.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = affiliation.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = affiliation.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = affiliation.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = affiliation.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = affiliation.person_id)))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_tied
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_keeper
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.alarm
  id uuid not null default gen_random_uuid()
  kind text not null
  user_id uuid not null
  budget_kind text
  opening_id bigint
  freeze_id uuid
  reviewed_at timestamp with time zone
  outcome text
  content_sealed kluis.sealed
  content_seal_counter integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  alarm_budget_kind_check: CHECK ((budget_kind = ANY (ARRAY['listed'::text, 'opened'::text, 'revealed'::text, 'exported'::text])))
  alarm_check: CHECK (((reviewed_at IS NULL) = (outcome IS NULL)))
  alarm_freeze_id_fkey: FOREIGN KEY (freeze_id) REFERENCES kluis."freeze"(id)
  alarm_kind_check: CHECK ((kind = ANY (ARRAY['hard-limit'::text, 'canary-opened'::text, 'canary-exported'::text, 'by-operator'::text, 'frozen-by-hand'::text, 'let-go'::text])))
  alarm_opening_id_fkey: FOREIGN KEY (opening_id) REFERENCES kluis.opening(id)
  alarm_outcome_check: CHECK ((outcome = ANY (ARRAY['rightful'::text, 'mistake'::text, 'misuse'::text, 'test'::text])))
  alarm_pkey: PRIMARY KEY (id)
  alarm_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  CREATE INDEX alarm_newest ON kluis.alarm USING btree (created_at DESC, id DESC)
  CREATE INDEX alarm_of_user ON kluis.alarm USING btree (user_id, created_at DESC)
  CREATE INDEX alarm_open ON kluis.alarm USING btree (created_at) WHERE (reviewed_at IS NULL)
  policy identity_raises insert to kluis_identity check true
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy reviewed update to kluis_app using (( SELECT kluis.may('alarms:see'::text) AS may) AND (user_id <> ( SELECT kluis.uid() AS uid)) AND (reviewed_at IS NULL)) check (reviewed_at IS NOT NULL)
  policy seen select to kluis_app using ( SELECT kluis.may('alarms:see'::text) AS may)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.approval
  id uuid not null
  operation text not null
  request bytea not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  expires_at timestamp with time zone not null default (now() + '3 days'::interval)
  decided_by uuid
  decided_at timestamp with time zone
  is_approved boolean
  proof bytea
  withdrawn_at timestamp with time zone
  used_at timestamp with time zone
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid not null
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  approval_check1: CHECK ((num_nonnulls(decided_by, decided_at, is_approved) = ANY (ARRAY[0, 3])))
  approval_check2: CHECK (((proof IS NOT NULL) = COALESCE(is_approved, false)))
  approval_check3: CHECK (((used_at IS NULL) OR (is_approved AND (withdrawn_at IS NULL))))
  approval_check4: CHECK ((expires_at <= (created_at + '4 days'::interval)))
  approval_check: CHECK ((decided_by <> created_by))
  approval_created_by_fkey: FOREIGN KEY (created_by) REFERENCES kluis.user_account(id)
  approval_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES kluis.user_account(id)
  approval_pkey: PRIMARY KEY (id)
  approval_proof_check: CHECK ((octet_length(proof) = 16))
  approval_request_check: CHECK ((octet_length(request) = 16))
  CREATE INDEX approval_asked ON kluis.approval USING btree (created_by, created_at DESC)
  CREATE INDEX approval_created ON kluis.approval USING btree (created_at DESC)
  CREATE INDEX approval_open_of ON kluis.approval USING btree (created_by) WHERE ((decided_at IS NULL) AND (withdrawn_at IS NULL))
  CREATE UNIQUE INDEX approval_open ON kluis.approval USING btree (created_by, request) WHERE ((decided_at IS NULL) AND (withdrawn_at IS NULL))
  policy asked insert to kluis_app check ((created_by = ( SELECT kluis.uid() AS uid)) AND ( SELECT kluis.takes_four_eyes(approval.operation) AS takes_four_eyes))
  policy for_deciders select to kluis_app using ( SELECT kluis.may('approvals:decide'::text) AS may)
  policy identity_decides update to kluis_identity using true check true
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy own select to kluis_app using (created_by = ( SELECT kluis.uid() AS uid))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger y_asked
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner
  grant SELECT, UPDATE to kluis_identity

table kluis.break_glass
  id uuid not null
  user_id uuid not null
  session_id uuid not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  opened_at timestamp with time zone not null default now()
  ends_at timestamp with time zone not null
  ended_at timestamp with time zone
  reviewed_by uuid
  reviewed_at timestamp with time zone
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  break_glass_check1: CHECK ((reviewed_by <> user_id))
  break_glass_check2: CHECK (((reviewed_by IS NULL) = (reviewed_at IS NULL)))
  break_glass_check: CHECK ((ends_at <= (opened_at + '04:00:00'::interval)))
  break_glass_pkey: PRIMARY KEY (id)
  break_glass_reviewed_by_fkey: FOREIGN KEY (reviewed_by) REFERENCES kluis.user_account(id)
  break_glass_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX break_glass_live ON kluis.break_glass USING btree (session_id) WHERE (ended_at IS NULL)
  CREATE INDEX break_glass_opened ON kluis.break_glass USING btree (opened_at DESC)
  policy for_reviewers select to kluis_app using ( SELECT kluis.may('break-glass:review'::text) AS may)
  policy identity all to kluis_identity using true check true
  policy ledger_reads select to kluis_ledger_owner using true
  policy own select to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.budget
  id uuid not null default gen_random_uuid()
  role_id text not null
  kind text not null
  hour_soft integer not null
  hour_hard integer not null
  day_soft integer not null
  day_hard integer not null
  freezes_on_canary boolean not null default false
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  budget_check: CHECK ((((hour_soft >= 0) AND (hour_soft <= hour_hard)) AND ((day_soft >= 0) AND (day_soft <= day_hard)) AND (day_hard <= 10000000) AND (hour_soft <= day_soft) AND (hour_hard <= day_hard)))
  budget_kind_check: CHECK ((kind = ANY (ARRAY['listed'::text, 'opened'::text, 'revealed'::text, 'exported'::text])))
  budget_pkey: PRIMARY KEY (id)
  budget_role_id_fkey: FOREIGN KEY (role_id) REFERENCES kluis.role(id) ON DELETE CASCADE
  budget_role_id_kind_key: UNIQUE (role_id, kind)
  CREATE UNIQUE INDEX budget_role_id_kind_key ON kluis.budget USING btree (role_id, kind)
  policy identity_makes insert to kluis_identity check true
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy managed update to kluis_app using ( SELECT kluis.may('budgets:manage'::text) AS may) check ( SELECT kluis.may('budgets:manage'::text) AS may)
  policy signed_in select to kluis_app using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.budget_raise
  session_id uuid not null
  until timestamp with time zone not null
  budget_raise_pkey: PRIMARY KEY (session_id)
  budget_raise_session_id_fkey: FOREIGN KEY (session_id) REFERENCES kluis_auth.session(id) ON DELETE CASCADE
  policy identity_raises all to kluis_identity using true check true
  grant DELETE, INSERT, SELECT, UPDATE to kluis_identity

table kluis.budget_seen
  user_id uuid not null
  subject_id uuid not null
  listed_at timestamp with time zone
  opened_at timestamp with time zone
  revealed_at timestamp with time zone
  exported_at timestamp with time zone
  budget_seen_pkey: PRIMARY KEY (user_id, subject_id)
  policy identity_counts all to kluis_identity using true check true
  grant DELETE, INSERT, SELECT, UPDATE to kluis_identity

table kluis.budget_use
  user_id uuid not null
  kind text not null
  quarter timestamp with time zone not null
  counted integer not null default 0
  refused integer not null default 0
  forgiven integer not null default 0
  by_operator integer not null default 0
  budget_use_kind_check: CHECK ((kind = ANY (ARRAY['listed'::text, 'opened'::text, 'revealed'::text, 'exported'::text])))
  budget_use_pkey: PRIMARY KEY (user_id, kind, quarter)
  budget_use_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  policy identity_counts all to kluis_identity using true check true
  policy own select to kluis_app using ((user_id = ( SELECT kluis.uid() AS uid)) OR ( SELECT kluis.may('budgets:manage'::text) AS may))
  grant DELETE, INSERT, SELECT, UPDATE to kluis_identity
  grant SELECT to kluis_app

table kluis.client_id
  user_id uuid not null
  client_id uuid not null
  table_name text not null
  row_id uuid not null
  created_at timestamp with time zone not null default now()
  client_id_pkey: PRIMARY KEY (user_id, client_id)
  client_id_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  policy own select to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  policy own_new insert to kluis_app check (user_id = ( SELECT kluis.uid() AS uid))
  grant INSERT, SELECT to kluis_app

table kluis.company
  id uuid not null default gen_random_uuid()
  owner_id uuid not null
  team_id uuid not null
  stage text not null default 'lead'::text
  key_slot bigint not null
  contact_sealed kluis.sealed not null
  contact_seal_counter integer not null default 1
  confidential_sealed kluis.sealed
  confidential_seal_counter integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  deleted_at timestamp with time zone
  deleted_by uuid
  import_id uuid
  merged_into uuid
  merged_at timestamp with time zone
  company_key_slot_check: CHECK ((key_slot >= 64))
  company_merged: CHECK ((((merged_into IS NULL) = (merged_at IS NULL)) AND (merged_into IS DISTINCT FROM id)))
  company_merged_into_fkey: FOREIGN KEY (merged_into) REFERENCES kluis.company(id) ON DELETE CASCADE
  company_owner_id_fkey: FOREIGN KEY (owner_id) REFERENCES kluis.user_account(id)
  company_pkey: PRIMARY KEY (id)
  company_stage_check: CHECK ((stage = ANY (ARRAY['lead'::text, 'prospect'::text, 'customer'::text, 'former'::text])))
  company_team_id_fkey: FOREIGN KEY (team_id) REFERENCES kluis.team(id)
  CREATE INDEX company_created ON kluis.company USING btree (created_at DESC, id)
  CREATE INDEX company_import ON kluis.company USING btree (import_id) WHERE (import_id IS NOT NULL)
  CREATE INDEX company_merged_into ON kluis.company USING btree (merged_into) WHERE (merged_into IS NOT NULL)
  CREATE INDEX company_owner_created ON kluis.company USING btree (owner_id, created_at DESC)
  CREATE INDEX company_team_created ON kluis.company USING btree (team_id, created_at DESC)
  CREATE INDEX company_updated ON kluis.company USING btree (updated_at DESC, id)
  policy changed update to kluis_app using ((merged_into IS NULL) AND ((ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[])))) check ((merged_into IS NULL) AND ((ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:see'::text) AS scope)) OR (id = ANY (( SELECT kluis.shared('companies:see'::text) AS shared)::uuid[]))))
  policy identity_hands_over update to kluis_identity using true check true
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ((merged_into IS NULL) AND ( SELECT kluis.is_indexer() AS is_indexer))
  policy ledger_reads select to kluis_ledger_owner using true
  policy made insert to kluis_app check ((merged_into IS NULL) AND (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:create'::text) AS scope)) AND ((confidential_sealed IS NULL) OR ( SELECT kluis.may('fields:confidential'::text) AS may)))
  policy merge_changes update to kluis_worker using (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) check (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope))
  policy merge_sees select to kluis_worker using (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope))
  policy remains_removed delete to kluis_keeper using (( SELECT kluis.is_indexer() AS is_indexer) AND (merged_at < (now() - '30 days'::interval)))
  policy remains_seen select to kluis_keeper using (( SELECT kluis.is_indexer() AS is_indexer) AND (merged_at < (now() - '30 days'::interval)))
  policy removed delete to kluis_app using ((merged_into IS NULL) AND (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:delete'::text) AS scope)))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy seen select to kluis_app using ((merged_into IS NULL) AND ((ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:see'::text) AS scope)) OR (id = ANY (( SELECT kluis.shared('companies:see'::text) AS shared)::uuid[]))))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger d_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_changed
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant DELETE, SELECT to kluis_keeper
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT, UPDATE to kluis_worker

table kluis.company_lookup
  company_id uuid not null
  kind text not null
  token bytea not null
  company_lookup_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  company_lookup_kind_check: CHECK (((kind = ANY (ARRAY['email'::text, 'phone'::text, 'iban'::text, 'enterprise-number'::text, 'reference'::text])) OR (kind ~ '^custom:[0-9a-f-]{36}$'::text)))
  company_lookup_pkey: PRIMARY KEY (company_id, kind, token)
  company_lookup_token_check: CHECK ((octet_length(token) = 16))
  CREATE INDEX company_lookup_token ON kluis.company_lookup USING btree (token)
  policy compared select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy identity_forgets delete to kluis_identity using (kind ~~ 'custom:%'::text)
  policy identity_spread select to kluis_identity using (kind ~~ 'custom:%'::text)
  policy merge_adds insert to kluis_worker check ( SELECT true FROM kluis.company r WHERE (r.id = company_lookup.company_id))
  policy merge_removes delete to kluis_worker using ( SELECT true FROM kluis.company r WHERE (r.id = company_lookup.company_id))
  policy merge_sees select to kluis_worker using ( SELECT true FROM kluis.company r WHERE (r.id = company_lookup.company_id))
  policy parent_changed insert to kluis_app check ( SELECT true FROM kluis.company c WHERE ((c.id = company_lookup.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[])))))
  policy parent_removed delete to kluis_app using ( SELECT true FROM kluis.company c WHERE ((c.id = company_lookup.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[])))))
  policy parent_seen select to kluis_app using ( SELECT true FROM kluis.company c WHERE (c.id = company_lookup.company_id))
  policy rotation_clears delete to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_hashes insert to kluis_rotation check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  grant DELETE, INSERT, SELECT to kluis_app
  grant DELETE, INSERT, SELECT to kluis_rotation
  grant DELETE, INSERT, SELECT to kluis_worker
  grant DELETE, SELECT to kluis_identity
  grant SELECT to kluis_keeper

table kluis.confidential_value
  id uuid not null default gen_random_uuid()
  field_id uuid not null
  person_id uuid
  company_id uuid
  confidential_sealed kluis.sealed not null
  confidential_seal_counter integer not null default 1
  exact_token bytea
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  confidential_value_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  confidential_value_company_id_field_id_key: UNIQUE (company_id, field_id) DEFERRABLE INITIALLY DEFERRED
  confidential_value_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  confidential_value_exact_token_check: CHECK ((octet_length(exact_token) = 16))
  confidential_value_field_id_fkey: FOREIGN KEY (field_id) REFERENCES kluis.field_definition(id)
  confidential_value_person_id_field_id_key: UNIQUE (person_id, field_id) DEFERRABLE INITIALLY DEFERRED
  confidential_value_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  confidential_value_pkey: PRIMARY KEY (id)
  CREATE INDEX confidential_value_field ON kluis.confidential_value USING btree (field_id)
  CREATE INDEX confidential_value_token ON kluis.confidential_value USING btree (exact_token) WHERE (exact_token IS NOT NULL)
  CREATE UNIQUE INDEX confidential_value_company_id_field_id_key ON kluis.confidential_value USING btree (company_id, field_id)
  CREATE UNIQUE INDEX confidential_value_person_id_field_id_key ON kluis.confidential_value USING btree (person_id, field_id)
  policy identity_forgets update to kluis_identity using (exact_token IS NOT NULL) check (exact_token IS NULL)
  policy identity_spread select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = confidential_value.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = confidential_value.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = confidential_value.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = confidential_value.person_id)))
  policy merge_removes delete to kluis_worker using (( SELECT true FROM kluis.person r WHERE (r.id = confidential_value.person_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = confidential_value.company_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = confidential_value.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = confidential_value.person_id)))
  policy role_changed update to kluis_app using (((ARRAY[field_id] && ( SELECT kluis.role_fields('person'::text) AS role_fields)) AND ( SELECT true FROM kluis.person p WHERE ((p.id = confidential_value.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))) OR ((ARRAY[field_id] && ( SELECT kluis.role_fields('company'::text) AS role_fields)) AND ( SELECT true FROM kluis.company c WHERE ((c.id = confidential_value.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[])))))))
  policy role_made insert to kluis_app check (((ARRAY[field_id] && ( SELECT kluis.role_fields('person'::text) AS role_fields)) AND ( SELECT true FROM kluis.person p WHERE ((p.id = confidential_value.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))) OR ((ARRAY[field_id] && ( SELECT kluis.role_fields('company'::text) AS role_fields)) AND ( SELECT true FROM kluis.company c WHERE ((c.id = confidential_value.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[])))))))
  policy role_removed delete to kluis_app using (((ARRAY[field_id] && ( SELECT kluis.role_fields('person'::text) AS role_fields)) AND ( SELECT true FROM kluis.person p WHERE ((p.id = confidential_value.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))) OR ((ARRAY[field_id] && ( SELECT kluis.role_fields('company'::text) AS role_fields)) AND ( SELECT true FROM kluis.company c WHERE ((c.id = confidential_value.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[])))))))
  policy role_sees select to kluis_app using (((ARRAY[field_id] && ( SELECT kluis.role_fields('person'::text) AS role_fields)) AND ( SELECT true FROM kluis.person p WHERE (p.id = confidential_value.person_id))) OR ((ARRAY[field_id] && ( SELECT kluis.role_fields('company'::text) AS role_fields)) AND ( SELECT true FROM kluis.company c WHERE (c.id = confidential_value.company_id))))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_changed
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT to kluis_app
  grant DELETE, SELECT to kluis_worker
  grant SELECT to kluis_ledger_owner

table kluis.default_view
  role_id text not null
  list text not null
  view_id uuid not null
  default_view_list_check: CHECK ((list = ANY (ARRAY['people'::text, 'companies'::text])))
  default_view_pkey: PRIMARY KEY (role_id, list)
  default_view_role_id_fkey: FOREIGN KEY (role_id) REFERENCES kluis.role(id) ON DELETE CASCADE
  default_view_view_id_fkey: FOREIGN KEY (view_id) REFERENCES kluis.saved_view(id) ON DELETE CASCADE
  CREATE INDEX default_view_view ON kluis.default_view USING btree (view_id)
  policy identity_withdraws all to kluis_identity using true
  policy shared_made insert to kluis_app check (( SELECT kluis.may('views:share'::text) AS may) AND ( SELECT true FROM kluis.saved_view v WHERE ((v.id = default_view.view_id) AND (v.shared_with = 'everyone'::text))))
  policy shared_removed delete to kluis_app using ( SELECT kluis.may('views:share'::text) AS may)
  policy signed_in select to kluis_app using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant DELETE, SELECT to kluis_identity

table kluis.erasure
  id uuid not null default gen_random_uuid()
  kind text not null
  subject_id uuid not null
  also_ids uuid[] not null default '{}'::uuid[]
  complete_on date not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  erasure_kind_check: CHECK ((kind = ANY (ARRAY['person'::text, 'company'::text, 'joint_dossier'::text, 'file'::text])))
  erasure_pkey: PRIMARY KEY (id)
  CREATE INDEX erasure_newest ON kluis.erasure USING btree (created_at DESC, id)
  CREATE INDEX erasure_of ON kluis.erasure USING btree (subject_id)
  policy erased select to kluis_app using ( SELECT kluis.may('erasures:run'::text) AS may)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy rotation_keeps insert to kluis_rotation check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_rotation
  grant SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner

table kluis.favourite
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  person_id uuid
  company_id uuid
  created_at timestamp with time zone not null default now()
  favourite_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  favourite_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  favourite_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  favourite_pkey: PRIMARY KEY (id)
  favourite_user_id_company_id_key: UNIQUE (user_id, company_id)
  favourite_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  favourite_user_id_person_id_key: UNIQUE (user_id, person_id)
  CREATE INDEX favourite_company ON kluis.favourite USING btree (company_id)
  CREATE INDEX favourite_person ON kluis.favourite USING btree (person_id)
  CREATE UNIQUE INDEX favourite_user_id_company_id_key ON kluis.favourite USING btree (user_id, company_id)
  CREATE UNIQUE INDEX favourite_user_id_person_id_key ON kluis.favourite USING btree (user_id, person_id)
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = favourite.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = favourite.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = favourite.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = favourite.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = favourite.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = favourite.person_id)))
  policy own select to kluis_app using ((user_id = ( SELECT kluis.uid() AS uid)) AND (( SELECT true FROM kluis.person p WHERE (p.id = favourite.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = favourite.company_id))))
  policy own_made insert to kluis_app check ((user_id = ( SELECT kluis.uid() AS uid)) AND (( SELECT true FROM kluis.person p WHERE (p.id = favourite.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = favourite.company_id))))
  policy own_removed delete to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  trigger c_move_guard
  trigger x_merge_guard
  grant DELETE, INSERT, SELECT to kluis_app
  grant SELECT to kluis_worker

table kluis.field_definition
  id uuid not null default gen_random_uuid()
  record_kind text not null
  kind text not null
  sensitivity text not null
  search text not null default 'none'::text
  is_required boolean not null default false
  position integer not null default 0
  archived_at timestamp with time zone
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  field_definition_check1: CHECK (((search <> 'index'::text) OR (sensitivity = 'contact'::text)))
  field_definition_check: CHECK (((search <> 'exact'::text) OR (kind = ANY (ARRAY['text'::text, 'link'::text]))))
  field_definition_kind_check: CHECK ((kind = ANY (ARRAY['text'::text, 'long-text'::text, 'number'::text, 'money'::text, 'date'::text, 'choice'::text, 'choices'::text, 'yes-no'::text, 'link'::text, 'person'::text, 'company'::text])))
  field_definition_pkey: PRIMARY KEY (id)
  field_definition_record_kind_check: CHECK ((record_kind = ANY (ARRAY['person'::text, 'company'::text])))
  field_definition_search_check: CHECK ((search = ANY (ARRAY['none'::text, 'index'::text, 'exact'::text])))
  field_definition_sensitivity_check: CHECK ((sensitivity = ANY (ARRAY['contact'::text, 'confidential'::text])))
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy managed_changed update to kluis_app using ( SELECT kluis.may('organisation:manage'::text) AS may) check ( SELECT kluis.may('organisation:manage'::text) AS may)
  policy managed_made insert to kluis_app check ( SELECT kluis.may('organisation:manage'::text) AS may)
  policy role_sees select to kluis_app using (((sensitivity = 'contact'::text) AND (( SELECT kluis.uid() AS uid) IS NOT NULL)) OR (ARRAY[id] && ( SELECT kluis.role_fields('person'::text) AS role_fields)) OR (ARRAY[id] && ( SELECT kluis.role_fields('company'::text) AS role_fields)) OR ( SELECT kluis.may('organisation:manage'::text) AS may))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_keeper
  grant SELECT to kluis_ledger_owner

table kluis.field_role
  id uuid not null default gen_random_uuid()
  field_id uuid not null
  role_id text not null
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  field_role_field_id_fkey: FOREIGN KEY (field_id) REFERENCES kluis.field_definition(id)
  field_role_field_id_role_id_key: UNIQUE (field_id, role_id)
  field_role_pkey: PRIMARY KEY (id)
  field_role_role_id_fkey: FOREIGN KEY (role_id) REFERENCES kluis.role(id)
  CREATE UNIQUE INDEX field_role_field_id_role_id_key ON kluis.field_role USING btree (field_id, role_id)
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy managed_made insert to kluis_app check ( SELECT kluis.may('organisation:manage'::text) AS may)
  policy managed_removed delete to kluis_app using ( SELECT kluis.may('organisation:manage'::text) AS may)
  policy managed_seen select to kluis_app using ( SELECT kluis.may('organisation:manage'::text) AS may)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_keeper
  grant SELECT to kluis_ledger_owner

table kluis.file
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  key_sealed kluis.sealed not null
  key_seal_counter integer not null default 1
  frame_count integer not null
  completed_at timestamp with time zone
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  deleted_at timestamp with time zone
  deleted_by uuid
  photo_of uuid
  import_id uuid
  key_slot bigint
  retention_rule text
  retained_from date
  retained_until date
  set_apart_at timestamp with time zone
  joint_dossier_id uuid
  file_check: CHECK ((num_nonnulls(person_id, company_id, joint_dossier_id) = 1))
  file_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  file_frame_count_check: CHECK (((frame_count >= 1) AND (frame_count <= 64)))
  file_joint_dossier_id_fkey: FOREIGN KEY (joint_dossier_id) REFERENCES kluis.joint_dossier(id) ON DELETE CASCADE
  file_own_key: CHECK (((retention_rule IS NULL) OR (key_slot IS NOT NULL)))
  file_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  file_photo_check: CHECK (((photo_of IS NULL) OR (person_id IS NOT NULL)))
  file_photo_not_retained: CHECK (((photo_of IS NULL) OR (retention_rule IS NULL)))
  file_pkey: PRIMARY KEY (id)
  file_retention_rule_fkey: FOREIGN KEY (retention_rule) REFERENCES kluis.retention_rule(code)
  file_set_apart: CHECK (((set_apart_at IS NULL) OR (retention_rule IS NOT NULL)))
  CREATE INDEX file_company ON kluis.file USING btree (company_id, created_at DESC)
  CREATE INDEX file_import ON kluis.file USING btree (import_id) WHERE (import_id IS NOT NULL)
  CREATE INDEX file_joint_dossier ON kluis.file USING btree (joint_dossier_id, created_at DESC) WHERE (joint_dossier_id IS NOT NULL)
  CREATE INDEX file_person ON kluis.file USING btree (person_id, created_at DESC)
  CREATE INDEX file_photo ON kluis.file USING btree (person_id) WHERE (photo_of IS NOT NULL)
  CREATE INDEX file_retained ON kluis.file USING btree (retained_until, id) WHERE (retention_rule IS NOT NULL)
  CREATE INDEX file_set_apart_of ON kluis.file USING btree (set_apart_at, id) WHERE (set_apart_at IS NOT NULL)
  CREATE INDEX file_unfinished ON kluis.file USING btree (created_by, created_at) WHERE (completed_at IS NULL)
  CREATE INDEX file_updated ON kluis.file USING btree (updated_at DESC, id) WHERE (completed_at IS NOT NULL)
  policy corrected update to kluis_app using ((retention_rule IS NOT NULL) AND ( SELECT kluis.may('erasures:run'::text) AS may) AND (set_apart_at IS NULL) AND (( SELECT true FROM kluis.person p WHERE ((p.id = file.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = file.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:see'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('files:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = file.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:see'::text) AS shared)::uuid[])))))) LIMIT 1))) check ( SELECT kluis.may('erasures:run'::text) AS may)
  policy indexed select to kluis_keeper using ((set_apart_at IS NULL) AND ( SELECT kluis.is_indexer() AS is_indexer))
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = file.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = file.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = file.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = file.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = file.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = file.person_id)))
  policy parent_changed update to kluis_app using ((set_apart_at IS NULL) AND (( SELECT true FROM kluis.person p WHERE ((p.id = file.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = file.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('files:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = file.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:edit'::text) AS shared)::uuid[])))))) LIMIT 1))) check (( SELECT true FROM kluis.person p WHERE ((p.id = file.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = file.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('files:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = file.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:edit'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy parent_filed insert to kluis_app check (((photo_of IS NULL) OR (photo_of = person_id)) AND (( SELECT true FROM kluis.person p WHERE ((p.id = file.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:create'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:create'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = file.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:create'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('files:create'::text) AS shared)::uuid[]))))) OR (( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = file.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:create'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:create'::text) AS shared)::uuid[])))))) LIMIT 1) AND ( SELECT (d.ended_at IS NULL) FROM kluis.joint_dossier d WHERE (d.id = file.joint_dossier_id)))))
  policy parent_removed delete to kluis_app using ((set_apart_at IS NULL) AND (( SELECT true FROM kluis.person p WHERE ((p.id = file.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = file.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:delete'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('files:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = file.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:delete'::text) AS shared)::uuid[])))))) LIMIT 1)))
  policy parent_seen select to kluis_app using ((set_apart_at IS NULL) AND (( SELECT true FROM kluis.person p WHERE ((p.id = file.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = file.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:see'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('files:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = file.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('files:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('files:see'::text) AS shared)::uuid[])))))) LIMIT 1)))
  policy rotation_ends delete to kluis_rotation using ((retention_rule IS NOT NULL) AND ( SELECT kluis.is_indexer() AS is_indexer))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy set_apart select to kluis_app using ((set_apart_at IS NOT NULL) AND ( SELECT kluis.may('erasures:run'::text) AS may))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger d_guard
  trigger e_keep_by_law
  trigger x_merge_guard
  trigger x_moved
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_leave_key
  trigger y_told_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE to kluis_rotation
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.file_frame
  file_id uuid not null
  number integer not null
  sealed kluis.sealed_frame not null
  file_frame_file_id_fkey: FOREIGN KEY (file_id) REFERENCES kluis.file(id) ON DELETE CASCADE
  file_frame_number_check: CHECK (((number >= 0) AND (number <= 63)))
  file_frame_pkey: PRIMARY KEY (file_id, number)
  policy file_seen select to kluis_app using (( SELECT kluis.may('files:see'::text) AS may) AND ( SELECT ((f.set_apart_at IS NULL) OR (EXISTS ( SELECT FROM kluis.retained_opening o WHERE ((o.file_id = f.id) AND (o.created_by = ( SELECT kluis.uid() AS uid)) AND (o.created_at > (now() - '00:15:00'::interval)))))) FROM kluis.file f WHERE (f.id = file_frame.file_id)))
  policy file_under_way insert to kluis_app check (( SELECT kluis.may('files:create'::text) AS may) AND ( SELECT ((f.completed_at IS NULL) AND (f.created_by = ( SELECT kluis.uid() AS uid)) AND (file_frame.number < f.frame_count)) FROM kluis.file f WHERE (f.id = file_frame.file_id)))
  grant INSERT, SELECT to kluis_app

table kluis.follow
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  person_id uuid
  company_id uuid
  created_at timestamp with time zone not null default now()
  follow_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  follow_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  follow_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  follow_pkey: PRIMARY KEY (id)
  follow_user_id_company_id_key: UNIQUE (user_id, company_id)
  follow_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  follow_user_id_person_id_key: UNIQUE (user_id, person_id)
  CREATE INDEX follow_company ON kluis.follow USING btree (company_id) WHERE (company_id IS NOT NULL)
  CREATE INDEX follow_person ON kluis.follow USING btree (person_id) WHERE (person_id IS NOT NULL)
  CREATE UNIQUE INDEX follow_user_id_company_id_key ON kluis.follow USING btree (user_id, company_id)
  CREATE UNIQUE INDEX follow_user_id_person_id_key ON kluis.follow USING btree (user_id, person_id)
  policy identity_reads select to kluis_identity using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = follow.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = follow.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = follow.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = follow.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = follow.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = follow.person_id)))
  policy own select to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  policy own_ended delete to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  policy own_new insert to kluis_app check ((user_id = ( SELECT kluis.uid() AS uid)) AND (( SELECT true FROM kluis.person p WHERE (p.id = follow.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = follow.company_id))))
  trigger c_move_guard
  trigger x_merge_guard
  grant DELETE, INSERT, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_worker

table kluis.freeze
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  why text not null
  lifted_at timestamp with time zone
  content_sealed kluis.sealed
  content_seal_counter integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  freeze_pkey: PRIMARY KEY (id)
  freeze_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  freeze_why_check: CHECK ((why = ANY (ARRAY['budget'::text, 'canary'::text, 'by-hand'::text])))
  CREATE INDEX freeze_newest ON kluis."freeze" USING btree (created_at DESC)
  CREATE UNIQUE INDEX freeze_of_user ON kluis."freeze" USING btree (user_id) WHERE (lifted_at IS NULL)
  policy by_hand insert to kluis_app check ((why = 'by-hand'::text) AND (lifted_at IS NULL) AND ( SELECT kluis.may('budgets:manage'::text) AS may))
  policy identity_freezes insert to kluis_identity check true
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy let_go update to kluis_app using (( SELECT kluis.may('budgets:manage'::text) AS may) AND (user_id <> ( SELECT kluis.uid() AS uid)) AND (lifted_at IS NULL)) check (lifted_at IS NOT NULL)
  policy operator all to kluis_sign_in using true check true
  policy own select to kluis_app using ((user_id = ( SELECT kluis.uid() AS uid)) OR ( SELECT kluis.may('budgets:manage'::text) AS may))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger y_by_hand
  trigger y_lifted
  trigger y_standing
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_identity
  grant INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.import_batch
  id uuid not null
  import_id uuid not null
  first_row integer not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  created_at timestamp with time zone not null default now()
  import_batch_import_id_first_row_key: UNIQUE (import_id, first_row)
  import_batch_import_id_fkey: FOREIGN KEY (import_id) REFERENCES kluis.import_run(id) ON DELETE CASCADE
  import_batch_pkey: PRIMARY KEY (id)
  CREATE INDEX import_batch_created ON kluis.import_batch USING btree (created_at)
  CREATE UNIQUE INDEX import_batch_import_id_first_row_key ON kluis.import_batch USING btree (import_id, first_row)
  policy run_forgotten delete to kluis_app using (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_batch.import_id))))
  policy run_kept insert to kluis_app check (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_batch.import_id))))
  policy run_seen select to kluis_app using (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_batch.import_id)))
  grant DELETE, INSERT, SELECT to kluis_app

table kluis.import_change
  id uuid not null
  import_id uuid not null
  person_id uuid
  company_id uuid
  record_version integer not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  created_at timestamp with time zone not null default now()
  import_change_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  import_change_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  import_change_import_id_fkey: FOREIGN KEY (import_id) REFERENCES kluis.import_run(id) ON DELETE CASCADE
  import_change_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  import_change_pkey: PRIMARY KEY (id)
  CREATE INDEX import_change_company ON kluis.import_change USING btree (company_id)
  CREATE INDEX import_change_created ON kluis.import_change USING btree (created_at)
  CREATE INDEX import_change_import ON kluis.import_change USING btree (import_id)
  CREATE INDEX import_change_person ON kluis.import_change USING btree (person_id)
  policy identity_reads select to kluis_identity using true
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy run_forgotten delete to kluis_app using (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_change.import_id))))
  policy run_kept insert to kluis_app check (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_change.import_id))) AND (( SELECT true FROM kluis.person p WHERE (p.id = import_change.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = import_change.company_id))))
  policy run_seen select to kluis_app using ((EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_change.import_id))) AND (( SELECT true FROM kluis.person p WHERE (p.id = import_change.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = import_change.company_id))))
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  grant DELETE, INSERT, SELECT to kluis_app

table kluis.import_file
  id uuid not null
  import_id uuid not null
  part integer not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  created_at timestamp with time zone not null default now()
  import_file_import_id_fkey: FOREIGN KEY (import_id) REFERENCES kluis.import_run(id) ON DELETE CASCADE
  import_file_import_id_part_key: UNIQUE (import_id, part)
  import_file_pkey: PRIMARY KEY (id)
  CREATE UNIQUE INDEX import_file_import_id_part_key ON kluis.import_file USING btree (import_id, part)
  policy run_forgotten delete to kluis_app using (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_file.import_id))))
  policy run_kept insert to kluis_app check (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_file.import_id))))
  policy run_seen select to kluis_app using (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_file.import_id)))
  grant DELETE, INSERT, SELECT to kluis_app

table kluis.import_mapping
  id uuid not null default gen_random_uuid()
  source bytea not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  import_mapping_pkey: PRIMARY KEY (id)
  import_mapping_source_check: CHECK ((octet_length(source) = 16))
  CREATE INDEX import_mapping_source ON kluis.import_mapping USING btree (source)
  policy importers select to kluis_app using ( SELECT kluis.may('imports:run'::text) AS may)
  policy importers_correct update to kluis_app using ( SELECT kluis.may('imports:run'::text) AS may) check ( SELECT kluis.may('imports:run'::text) AS may)
  policy importers_forget delete to kluis_app using ( SELECT kluis.may('imports:run'::text) AS may)
  policy importers_remember insert to kluis_app check ( SELECT kluis.may('imports:run'::text) AS may)
  policy ledger_reads select to kluis_ledger_owner using true
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.import_row
  id uuid not null
  import_id uuid not null
  line integer not null
  outcome text not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  created_at timestamp with time zone not null default now()
  import_row_import_id_fkey: FOREIGN KEY (import_id) REFERENCES kluis.import_run(id) ON DELETE CASCADE
  import_row_outcome_check: CHECK ((outcome = ANY (ARRAY['created'::text, 'updated'::text, 'skipped'::text, 'refused'::text])))
  import_row_pkey: PRIMARY KEY (id)
  CREATE INDEX import_row_created ON kluis.import_row USING btree (created_at)
  CREATE INDEX import_row_import ON kluis.import_row USING btree (import_id, line)
  policy run_forgotten delete to kluis_app using (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_row.import_id))))
  policy run_seen select to kluis_app using (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_row.import_id)))
  policy run_told insert to kluis_app check (( SELECT kluis.may('imports:run'::text) AS may) AND (EXISTS ( SELECT FROM kluis.import_run r WHERE (r.id = import_row.import_id))))
  grant DELETE, INSERT, SELECT to kluis_app

table kluis.import_run
  id uuid not null default gen_random_uuid()
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  state text not null default 'running'::text
  read_rows integer not null default 0
  created_rows integer not null default 0
  updated_rows integer not null default 0
  skipped_rows integer not null default 0
  refused_rows integer not null default 0
  flagged_rows integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  reverted_at timestamp with time zone
  total_rows integer not null default 0
  people integer not null default 0
  companies integer not null default 0
  import_run_pkey: PRIMARY KEY (id)
  import_run_state_check: CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'done'::text, 'failed'::text, 'reverted'::text])))
  CREATE INDEX import_run_created_by ON kluis.import_run USING btree (created_by, created_at DESC)
  CREATE INDEX import_run_running ON kluis.import_run USING btree (created_by) WHERE (state = 'running'::text)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy own select to kluis_app using (created_by = ( SELECT kluis.uid() AS uid))
  policy own_changed update to kluis_app using ((created_by = ( SELECT kluis.uid() AS uid)) AND ( SELECT kluis.may('imports:run'::text) AS may)) check (created_by = ( SELECT kluis.uid() AS uid))
  policy own_run insert to kluis_app check ((created_by = ( SELECT kluis.uid() AS uid)) AND ( SELECT kluis.may('imports:run'::text) AS may))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger y_ended
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.joint_dossier
  id uuid not null default gen_random_uuid()
  key_slot bigint not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  ended_at timestamp with time zone
  ended_by uuid
  review_since timestamp with time zone
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  joint_dossier_key_slot_check: CHECK ((key_slot >= 64))
  joint_dossier_pkey: PRIMARY KEY (id)
  policy identity_holds update to kluis_identity using true check false
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy made insert to kluis_app check ( SELECT kluis.may('people:edit'::text) AS may)
  policy party_changed update to kluis_app using ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = joint_dossier.id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))) LIMIT 1) check ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = joint_dossier.id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))) LIMIT 1)
  policy party_seen select to kluis_app using ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = joint_dossier.id) AND ( SELECT true FROM kluis.person p WHERE (p.id = j.person_id))) LIMIT 1)
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner

table kluis.joint_party
  id uuid not null default gen_random_uuid()
  joint_dossier_id uuid not null
  person_id uuid not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  joint_party_joint_dossier_id_fkey: FOREIGN KEY (joint_dossier_id) REFERENCES kluis.joint_dossier(id) ON DELETE CASCADE
  joint_party_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  joint_party_pkey: PRIMARY KEY (id)
  CREATE INDEX joint_party_dossier ON kluis.joint_party USING btree (joint_dossier_id, created_at)
  CREATE INDEX joint_party_person ON kluis.joint_party USING btree (person_id)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using ( SELECT true FROM kluis.person r WHERE (r.id = joint_party.person_id)) check ( SELECT true FROM kluis.person r WHERE (r.id = joint_party.person_id))
  policy merge_sees select to kluis_worker using ( SELECT true FROM kluis.person r WHERE (r.id = joint_party.person_id))
  policy person_changed update to kluis_app using ( SELECT true FROM kluis.person p WHERE ((p.id = joint_party.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) check ( SELECT true FROM kluis.person p WHERE ((p.id = joint_party.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))
  policy person_joined insert to kluis_app check (( SELECT true FROM kluis.person p WHERE ((p.id = joint_party.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND kluis.may_join(joint_dossier_id))
  policy person_left delete to kluis_app using ( SELECT true FROM kluis.person p WHERE ((p.id = joint_party.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))
  policy person_seen select to kluis_app using ( SELECT true FROM kluis.person p WHERE (p.id = joint_party.person_id))
  policy rotation_parts delete to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_left
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE to kluis_rotation
  grant DELETE, INSERT, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.key_boundary
  is_only boolean not null default true
  closed_until bigint not null default 63
  key_boundary_is_only_check: CHECK (is_only)
  key_boundary_pkey: PRIMARY KEY (is_only)
  policy guard_reads select to kluis_identity using true
  policy rotation_keeps all to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  grant SELECT to kluis_identity
  grant SELECT, UPDATE to kluis_rotation

table kluis.key_rotation
  id uuid not null default gen_random_uuid()
  what text not null
  phase text not null
  table_place integer not null default 0
  after_id uuid not null default '00000000-0000-0000-0000-000000000000'::uuid
  old_until bigint not null default 63
  done bigint not null default 0
  total bigint not null default 0
  unopened bigint not null default 0
  rows_per_second integer not null
  started_by uuid
  started_at timestamp with time zone not null default now()
  moved_at timestamp with time zone not null default now()
  ended_at timestamp with time zone
  key_rotation_check: CHECK (((ended_at IS NULL) = (phase <> 'done'::text)))
  key_rotation_phase_check: CHECK ((phase = ANY (ARRAY['keystore'::text, 'draw'::text, 'reseal'::text, 'close'::text, 'sweep'::text, 'destroy'::text, 'hash'::text, 'hash-again'::text, 'done'::text])))
  key_rotation_pkey: PRIMARY KEY (id)
  key_rotation_rows_per_second_check: CHECK (((rows_per_second >= 1) AND (rows_per_second <= 100000)))
  key_rotation_what_check: CHECK ((what = ANY (ARRAY['root'::text, 'organisation'::text, 'segments'::text, 'records'::text, 'search'::text, 'algorithm'::text])))
  CREATE INDEX key_rotation_newest ON kluis.key_rotation USING btree (started_at DESC)
  CREATE UNIQUE INDEX key_rotation_one ON kluis.key_rotation USING btree ((true)) WHERE (ended_at IS NULL)
  policy managed select to kluis_app using ( SELECT kluis.may('keys:manage'::text) AS may)
  policy rotation_keeps all to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  grant INSERT, SELECT, UPDATE to kluis_rotation
  grant SELECT to kluis_app

table kluis.left_key
  slot bigint not null
  subject_id uuid not null
  left_key_pkey: PRIMARY KEY (slot)
  left_key_slot_check: CHECK ((slot >= 64))
  CREATE INDEX left_key_of ON kluis.left_key USING btree (subject_id)
  policy identity_leaves all to kluis_identity using true check true
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  grant INSERT, SELECT to kluis_identity
  grant SELECT to kluis_rotation

table kluis.merge
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  kept_id uuid not null
  merged_id uuid not null
  merged_owner_id uuid not null
  merged_team_id uuid not null
  key_slot bigint
  content_sealed kluis.sealed
  content_seal_counter integer not null default 0
  undone_at timestamp with time zone
  undone_by uuid
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  merge_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  merge_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  merge_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  merge_pkey: PRIMARY KEY (id)
  CREATE INDEX merge_company ON kluis.merge USING btree (company_id, created_at DESC)
  CREATE INDEX merge_due ON kluis.merge USING btree (created_at) WHERE (key_slot IS NOT NULL)
  CREATE INDEX merge_happened ON kluis.merge USING btree (COALESCE(undone_at, created_at) DESC, id)
  CREATE INDEX merge_merged ON kluis.merge USING btree (merged_id) WHERE (undone_at IS NULL)
  CREATE INDEX merge_person ON kluis.merge USING btree (person_id, created_at DESC)
  CREATE INDEX merge_undone ON kluis.merge USING btree (merged_id) WHERE (undone_at IS NOT NULL)
  policy both_seen select to kluis_app using ((ARRAY[merged_owner_id, merged_team_id, '00000000-0000-0000-0000-000000000000'::uuid] && CASE WHEN (person_id IS NULL) THEN ( SELECT kluis.scope('companies:see'::text) AS scope) ELSE ( SELECT kluis.scope('people:see'::text) AS scope) END) AND (( SELECT true FROM kluis.person p WHERE (p.id = merge.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = merge.company_id))))
  policy cleared update to kluis_keeper using (( SELECT kluis.is_indexer() AS is_indexer) AND (key_slot IS NOT NULL) AND (created_at < (now() - '30 days'::interval))) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy due select to kluis_keeper using (( SELECT kluis.is_indexer() AS is_indexer) AND (created_at < (now() - '30 days'::interval)))
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_kept insert to kluis_worker check ((( SELECT true FROM kluis.person p WHERE (p.id = merge.person_id)) AND ( SELECT true FROM kluis.person p WHERE (p.id = merge.merged_id))) OR (( SELECT true FROM kluis.company c WHERE (c.id = merge.company_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = merge.merged_id))))
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = merge.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = merge.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = merge.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = merge.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = merge.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = merge.person_id)))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_worker
  grant SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT, UPDATE to kluis_keeper

table kluis.name_prefix
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  team_id uuid not null
  token bytea not null
  seal_counter integer not null
  name_prefix_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  name_prefix_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  name_prefix_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  name_prefix_pkey: PRIMARY KEY (id)
  name_prefix_team_id_fkey: FOREIGN KEY (team_id) REFERENCES kluis.team(id)
  name_prefix_token_check: CHECK ((octet_length(token) = 16))
  CREATE INDEX name_prefix_token ON kluis.name_prefix USING btree (token)
  CREATE UNIQUE INDEX name_prefix_company ON kluis.name_prefix USING btree (company_id, token) WHERE (company_id IS NOT NULL)
  CREATE UNIQUE INDEX name_prefix_person ON kluis.name_prefix USING btree (person_id, token) WHERE (person_id IS NOT NULL)
  policy parent_seen select to kluis_app using  CASE WHEN (company_id IS NULL) THEN ( SELECT true FROM kluis.person p WHERE (p.id = name_prefix.person_id)) ELSE ( SELECT true FROM kluis.company c WHERE (c.id = name_prefix.company_id)) END
  policy rotation_clears delete to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_hashes insert to kluis_rotation check (( SELECT kluis.is_indexer() AS is_indexer) AND ( SELECT s.name_prefixes FROM kluis.search_setting s))
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger c_move_guard
  trigger x_merge_guard
  grant DELETE, INSERT, SELECT to kluis_rotation
  grant TRUNCATE to kluis_identity

table kluis.not_duplicate
  id uuid not null default gen_random_uuid()
  first_person_id uuid
  second_person_id uuid
  first_company_id uuid
  second_company_id uuid
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  not_duplicate_check: CHECK ((((num_nonnulls(first_person_id, second_person_id) = 2) AND (num_nonnulls(first_company_id, second_company_id) = 0) AND (first_person_id < second_person_id)) OR ((num_nonnulls(first_person_id, second_person_id) = 0) AND (num_nonnulls(first_company_id, second_company_id) = 2) AND (first_company_id < second_company_id))))
  not_duplicate_first_company_id_fkey: FOREIGN KEY (first_company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  not_duplicate_first_person_id_fkey: FOREIGN KEY (first_person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  not_duplicate_pkey: PRIMARY KEY (id)
  not_duplicate_second_company_id_fkey: FOREIGN KEY (second_company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  not_duplicate_second_person_id_fkey: FOREIGN KEY (second_person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  CREATE INDEX not_duplicate_second_company ON kluis.not_duplicate USING btree (second_company_id) WHERE (second_company_id IS NOT NULL)
  CREATE INDEX not_duplicate_second_person ON kluis.not_duplicate USING btree (second_person_id) WHERE (second_person_id IS NOT NULL)
  CREATE UNIQUE INDEX not_duplicate_companies ON kluis.not_duplicate USING btree (first_company_id, second_company_id) WHERE (first_company_id IS NOT NULL)
  CREATE UNIQUE INDEX not_duplicate_people ON kluis.not_duplicate USING btree (first_person_id, second_person_id) WHERE (first_person_id IS NOT NULL)
  policy both_seen select to kluis_app using ((( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.first_person_id)) AND ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.second_person_id))) OR (( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.first_company_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.second_company_id))))
  policy both_taken_back delete to kluis_app using ((( SELECT kluis.may('people:edit'::text) AS may) AND ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.first_person_id)) AND ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.second_person_id))) OR (( SELECT kluis.may('companies:edit'::text) AS may) AND ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.first_company_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.second_company_id))))
  policy both_told_apart insert to kluis_app check ((( SELECT kluis.may('people:edit'::text) AS may) AND ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.first_person_id)) AND ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.second_person_id))) OR (( SELECT kluis.may('companies:edit'::text) AS may) AND ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.first_company_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.second_company_id))))
  policy compared select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_carries insert to kluis_worker check (( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.first_person_id)) OR ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.second_person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.first_company_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.second_company_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.first_person_id)) OR ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.second_person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.first_company_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.second_company_id)))
  policy merge_takes_back delete to kluis_worker using (( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.first_person_id)) OR ( SELECT true FROM kluis.person p WHERE (p.id = not_duplicate.second_person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.first_company_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = not_duplicate.second_company_id)))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT to kluis_app
  grant DELETE, INSERT, SELECT to kluis_worker
  grant SELECT to kluis_keeper
  grant SELECT to kluis_ledger_owner

table kluis.note
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  import_id uuid
  edited_at timestamp with time zone
  edited_by uuid
  pinned_at timestamp with time zone
  pinned_by uuid
  deleted_at timestamp with time zone
  deleted_by uuid
  joint_dossier_id uuid
  note_check: CHECK ((num_nonnulls(person_id, company_id, joint_dossier_id) = 1))
  note_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  note_joint_dossier_id_fkey: FOREIGN KEY (joint_dossier_id) REFERENCES kluis.joint_dossier(id) ON DELETE CASCADE
  note_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  note_pkey: PRIMARY KEY (id)
  CREATE INDEX note_company ON kluis.note USING btree (company_id, created_at DESC)
  CREATE INDEX note_import ON kluis.note USING btree (import_id) WHERE (import_id IS NOT NULL)
  CREATE INDEX note_joint_dossier ON kluis.note USING btree (joint_dossier_id, created_at DESC) WHERE (joint_dossier_id IS NOT NULL)
  CREATE INDEX note_person ON kluis.note USING btree (person_id, created_at DESC)
  CREATE INDEX note_updated ON kluis.note USING btree (updated_at DESC, id)
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = note.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = note.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = note.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = note.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = note.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = note.person_id)))
  policy parent_changed update to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = note.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[])))))) LIMIT 1)) check (( SELECT true FROM kluis.person p WHERE ((p.id = note.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy parent_noted insert to kluis_app check (( SELECT true FROM kluis.person p WHERE ((p.id = note.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:create'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:create'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:create'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:create'::text) AS shared)::uuid[]))))) OR (( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:create'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:create'::text) AS shared)::uuid[])))))) LIMIT 1) AND ( SELECT (d.ended_at IS NULL) FROM kluis.joint_dossier d WHERE (d.id = note.joint_dossier_id))))
  policy parent_removed delete to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = note.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:delete'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:delete'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy parent_seen select to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = note.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:see'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:see'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger d_guard
  trigger x_merge_guard
  trigger x_moved
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_told_insert
  trigger y_told_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.note_version
  id uuid not null default gen_random_uuid()
  note_id uuid not null
  person_id uuid
  company_id uuid
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  written_at timestamp with time zone not null
  written_by uuid
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  joint_dossier_id uuid
  note_version_check: CHECK ((num_nonnulls(person_id, company_id, joint_dossier_id) = 1))
  note_version_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  note_version_joint_dossier_id_fkey: FOREIGN KEY (joint_dossier_id) REFERENCES kluis.joint_dossier(id) ON DELETE CASCADE
  note_version_note_id_fkey: FOREIGN KEY (note_id) REFERENCES kluis.note(id) ON DELETE CASCADE
  note_version_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  note_version_pkey: PRIMARY KEY (id)
  CREATE INDEX note_version_company ON kluis.note_version USING btree (company_id) WHERE (company_id IS NOT NULL)
  CREATE INDEX note_version_joint_dossier ON kluis.note_version USING btree (joint_dossier_id) WHERE (joint_dossier_id IS NOT NULL)
  CREATE INDEX note_version_note ON kluis.note_version USING btree (note_id, created_at DESC)
  CREATE INDEX note_version_person ON kluis.note_version USING btree (person_id) WHERE (person_id IS NOT NULL)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = note_version.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = note_version.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = note_version.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = note_version.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = note_version.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = note_version.person_id)))
  policy note_edited insert to kluis_app check ((( SELECT true FROM kluis.person p WHERE ((p.id = note_version.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note_version.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note_version.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[])))))) LIMIT 1)) AND ( SELECT (COALESCE(n.person_id, n.company_id, n.joint_dossier_id) = COALESCE(note_version.person_id, note_version.company_id, note_version.joint_dossier_id)) FROM kluis.note n WHERE (n.id = note_version.note_id)))
  policy note_moved update to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = note_version.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note_version.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note_version.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[])))))) LIMIT 1)) check ((( SELECT true FROM kluis.person p WHERE ((p.id = note_version.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note_version.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note_version.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:edit'::text) AS shared)::uuid[])))))) LIMIT 1)) AND ( SELECT (COALESCE(n.person_id, n.company_id, n.joint_dossier_id) = COALESCE(note_version.person_id, note_version.company_id, note_version.joint_dossier_id)) FROM kluis.note n WHERE (n.id = note_version.note_id)))
  policy note_removed delete to kluis_app using ((( SELECT true FROM kluis.person p WHERE ((p.id = note_version.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = note_version.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:delete'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('notes:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = note_version.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('notes:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('notes:delete'::text) AS shared)::uuid[])))))) LIMIT 1)) AND ( SELECT true FROM kluis.note n WHERE (n.id = note_version.note_id)))
  policy note_seen select to kluis_app using (( SELECT kluis.may('notes:see'::text) AS may) AND ( SELECT true FROM kluis.note n WHERE (n.id = note_version.note_id)))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_moved
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT to kluis_app
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.notification
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  kind text not null
  person_id uuid
  company_id uuid
  note_id uuid
  told_at timestamp with time zone not null default now()
  told_by uuid
  read_at timestamp with time zone
  task_id uuid
  import_id uuid
  alarm_id uuid
  mailed_at timestamp with time zone
  approval_id uuid
  break_glass_id uuid
  leaver_id uuid
  handed_count integer
  notification_alarm_check: CHECK (((alarm_id IS NOT NULL) = (kind = 'alarm'::text)))
  notification_alarm_id_fkey: FOREIGN KEY (alarm_id) REFERENCES kluis.alarm(id) ON DELETE CASCADE
  notification_approval_check: CHECK (((approval_id IS NOT NULL) = (kind ~~ 'approval-%'::text)))
  notification_approval_id_fkey: FOREIGN KEY (approval_id) REFERENCES kluis.approval(id) ON DELETE CASCADE
  notification_break_glass_check: CHECK (((break_glass_id IS NOT NULL) = (kind ~~ 'break-glass-%'::text)))
  notification_break_glass_id_fkey: FOREIGN KEY (break_glass_id) REFERENCES kluis.break_glass(id) ON DELETE CASCADE
  notification_check: CHECK ((num_nonnulls(leaver_id, approval_id, break_glass_id, alarm_id, person_id, company_id, import_id) = 1))
  notification_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  notification_handed_count_check: CHECK ((handed_count > 0))
  notification_import_check: CHECK (((import_id IS NOT NULL) = (kind ~~ 'import-%'::text)))
  notification_import_id_fkey: FOREIGN KEY (import_id) REFERENCES kluis.import_run(id) ON DELETE CASCADE
  notification_kind_check: CHECK ((kind = ANY (ARRAY['handed-over'::text, 'approval-asked'::text, 'approval-approved'::text, 'approval-refused'::text, 'break-glass-opened'::text, 'break-glass-ended'::text, 'shared'::text, 'alarm'::text, 'mention'::text, 'change'::text, 'hand-over'::text, 'assigned'::text, 'reminder'::text, 'import-done'::text, 'import-failed'::text, 'import-waiting'::text])))
  notification_leaver_check: CHECK ((((leaver_id IS NOT NULL) = (kind = 'handed-over'::text)) AND ((handed_count IS NOT NULL) = (kind = 'handed-over'::text))))
  notification_leaver_id_fkey: FOREIGN KEY (leaver_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  notification_note_id_fkey: FOREIGN KEY (note_id) REFERENCES kluis.note(id) ON DELETE CASCADE
  notification_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  notification_pkey: PRIMARY KEY (id)
  notification_task_id_fkey: FOREIGN KEY (task_id) REFERENCES kluis.task(id) ON DELETE CASCADE
  notification_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX notification_alarm ON kluis.notification USING btree (alarm_id) WHERE (alarm_id IS NOT NULL)
  CREATE INDEX notification_alarm_mail ON kluis.notification USING btree (told_at) WHERE ((kind = 'alarm'::text) AND (mailed_at IS NULL))
  CREATE INDEX notification_approval ON kluis.notification USING btree (approval_id) WHERE (approval_id IS NOT NULL)
  CREATE INDEX notification_break_glass ON kluis.notification USING btree (break_glass_id) WHERE (break_glass_id IS NOT NULL)
  CREATE INDEX notification_company ON kluis.notification USING btree (company_id)
  CREATE INDEX notification_import ON kluis.notification USING btree (import_id) WHERE (import_id IS NOT NULL)
  CREATE INDEX notification_leaver ON kluis.notification USING btree (leaver_id, user_id) WHERE (leaver_id IS NOT NULL)
  CREATE INDEX notification_note ON kluis.notification USING btree (note_id) WHERE (note_id IS NOT NULL)
  CREATE INDEX notification_person ON kluis.notification USING btree (person_id)
  CREATE INDEX notification_task ON kluis.notification USING btree (task_id) WHERE (task_id IS NOT NULL)
  CREATE INDEX notification_unread ON kluis.notification USING btree (user_id) WHERE (read_at IS NULL)
  CREATE INDEX notification_user ON kluis.notification USING btree (user_id, told_at DESC, id DESC)
  CREATE UNIQUE INDEX notification_change_company ON kluis.notification USING btree (user_id, company_id) WHERE ((kind = 'change'::text) AND (read_at IS NULL))
  CREATE UNIQUE INDEX notification_change_person ON kluis.notification USING btree (user_id, person_id) WHERE ((kind = 'change'::text) AND (read_at IS NULL))
  policy identity_tells all to kluis_identity using true check true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = notification.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = notification.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = notification.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = notification.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = notification.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = notification.person_id)))
  policy own select to kluis_app using ((user_id = ( SELECT kluis.uid() AS uid)) AND (( SELECT true FROM kluis.person p WHERE (p.id = notification.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = notification.company_id)) OR ( SELECT true FROM kluis.import_run r WHERE (r.id = notification.import_id)) OR ( SELECT true FROM kluis.alarm a WHERE (a.id = notification.alarm_id)) OR (leaver_id IS NOT NULL)))
  policy own_of_operations select to kluis_app using ((user_id = ( SELECT kluis.uid() AS uid)) AND (( SELECT true FROM kluis.approval a WHERE (a.id = notification.approval_id)) OR ( SELECT true FROM kluis.break_glass b WHERE (b.id = notification.break_glass_id))))
  policy own_read update to kluis_app using (user_id = ( SELECT kluis.uid() AS uid)) check (user_id = ( SELECT kluis.uid() AS uid))
  trigger c_move_guard
  trigger x_merge_guard
  grant INSERT, SELECT, UPDATE to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_worker

table kluis.notification_mail
  user_id uuid not null
  wish text not null default 'soon'::text
  told_until timestamp with time zone not null default now()
  notification_mail_pkey: PRIMARY KEY (user_id)
  notification_mail_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  notification_mail_wish_check: CHECK ((wish = ANY (ARRAY['never'::text, 'soon'::text, 'daily'::text])))
  policy identity_mails all to kluis_identity using true check true
  policy own select to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  policy own_changed update to kluis_app using (user_id = ( SELECT kluis.uid() AS uid)) check (user_id = ( SELECT kluis.uid() AS uid))
  policy own_new insert to kluis_app check (user_id = ( SELECT kluis.uid() AS uid))
  grant INSERT, SELECT, UPDATE to kluis_identity
  grant SELECT to kluis_app

table kluis.opening
  id bigint not null identity
  at timestamp with time zone not null default now()
  user_id uuid
  session_id uuid
  purpose text not null
  kind text not null
  table_name text not null
  subject_ids uuid[] not null
  opening_kind_check: CHECK ((kind = ANY (ARRAY['list'::text, 'dossier'::text, 'reveal'::text, 'export'::text, 'download'::text])))
  opening_pkey: PRIMARY KEY (id)
  CREATE INDEX opening_dossier ON kluis.opening USING btree (user_id, at DESC) WHERE (kind = 'dossier'::text)
  CREATE INDEX opening_session ON kluis.opening USING btree (session_id, at) WHERE (session_id IS NOT NULL)
  CREATE INDEX opening_subjects ON kluis.opening USING gin (subject_ids)
  CREATE INDEX opening_user ON kluis.opening USING btree (user_id, at DESC)
  policy identity_reads select to kluis_identity using true
  policy identity_writes insert to kluis_identity check true
  grant INSERT, SELECT to kluis_identity

table kluis.organisation
  id uuid not null
  is_only boolean not null default true
  name_sealed kluis.sealed
  name_seal_counter integer not null default 0
  language text not null default 'nl'::text
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  organisation_is_only_check: CHECK (is_only)
  organisation_is_only_key: UNIQUE (is_only)
  organisation_language_check: CHECK ((language = ANY (ARRAY['nl'::text, 'en'::text])))
  organisation_pkey: PRIMARY KEY (id)
  CREATE UNIQUE INDEX organisation_is_only_key ON kluis.organisation USING btree (is_only)
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  policy signed_in select to kluis_app, kluis_worker using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.person
  id uuid not null default gen_random_uuid()
  owner_id uuid not null
  team_id uuid not null
  stage text not null default 'lead'::text
  key_slot bigint not null
  contact_sealed kluis.sealed not null
  contact_seal_counter integer not null default 1
  confidential_sealed kluis.sealed
  confidential_seal_counter integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  deleted_at timestamp with time zone
  deleted_by uuid
  import_id uuid
  merged_into uuid
  merged_at timestamp with time zone
  person_key_slot_check: CHECK ((key_slot >= 64))
  person_merged: CHECK ((((merged_into IS NULL) = (merged_at IS NULL)) AND (merged_into IS DISTINCT FROM id)))
  person_merged_into_fkey: FOREIGN KEY (merged_into) REFERENCES kluis.person(id) ON DELETE CASCADE
  person_owner_id_fkey: FOREIGN KEY (owner_id) REFERENCES kluis.user_account(id)
  person_pkey: PRIMARY KEY (id)
  person_stage_check: CHECK ((stage = ANY (ARRAY['lead'::text, 'prospect'::text, 'customer'::text, 'former'::text])))
  person_team_id_fkey: FOREIGN KEY (team_id) REFERENCES kluis.team(id)
  CREATE INDEX person_created ON kluis.person USING btree (created_at DESC, id)
  CREATE INDEX person_import ON kluis.person USING btree (import_id) WHERE (import_id IS NOT NULL)
  CREATE INDEX person_merged_into ON kluis.person USING btree (merged_into) WHERE (merged_into IS NOT NULL)
  CREATE INDEX person_owner_created ON kluis.person USING btree (owner_id, created_at DESC)
  CREATE INDEX person_team_created ON kluis.person USING btree (team_id, created_at DESC)
  CREATE INDEX person_updated ON kluis.person USING btree (updated_at DESC, id)
  policy changed update to kluis_app using ((merged_into IS NULL) AND ((ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))) check ((merged_into IS NULL) AND ((ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:see'::text) AS scope)) OR (id = ANY (( SELECT kluis.shared('people:see'::text) AS shared)::uuid[]))))
  policy identity_hands_over update to kluis_identity using true check true
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ((merged_into IS NULL) AND ( SELECT kluis.is_indexer() AS is_indexer))
  policy ledger_reads select to kluis_ledger_owner using true
  policy made insert to kluis_app check ((merged_into IS NULL) AND (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:create'::text) AS scope)) AND ((confidential_sealed IS NULL) OR ( SELECT kluis.may('fields:confidential'::text) AS may)))
  policy merge_changes update to kluis_worker using (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) check (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope))
  policy merge_sees select to kluis_worker using (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope))
  policy remains_removed delete to kluis_keeper using (( SELECT kluis.is_indexer() AS is_indexer) AND (merged_at < (now() - '30 days'::interval)))
  policy remains_seen select to kluis_keeper using (( SELECT kluis.is_indexer() AS is_indexer) AND (merged_at < (now() - '30 days'::interval)))
  policy removed delete to kluis_app using ((merged_into IS NULL) AND (ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:delete'::text) AS scope)))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy seen select to kluis_app using ((merged_into IS NULL) AND ((ARRAY[owner_id, team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:see'::text) AS scope)) OR (id = ANY (( SELECT kluis.shared('people:see'::text) AS shared)::uuid[]))))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger d_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_changed
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant DELETE, SELECT to kluis_keeper
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT, UPDATE to kluis_worker

table kluis.person_lookup
  person_id uuid not null
  kind text not null
  token bytea not null
  person_lookup_kind_check: CHECK (((kind = ANY (ARRAY['email'::text, 'phone'::text, 'iban'::text, 'reference'::text])) OR (kind ~ '^custom:[0-9a-f-]{36}$'::text)))
  person_lookup_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  person_lookup_pkey: PRIMARY KEY (person_id, kind, token)
  person_lookup_token_check: CHECK ((octet_length(token) = 16))
  CREATE INDEX person_lookup_token ON kluis.person_lookup USING btree (token)
  policy compared select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy identity_forgets delete to kluis_identity using (kind ~~ 'custom:%'::text)
  policy identity_spread select to kluis_identity using (kind ~~ 'custom:%'::text)
  policy merge_adds insert to kluis_worker check ( SELECT true FROM kluis.person r WHERE (r.id = person_lookup.person_id))
  policy merge_removes delete to kluis_worker using ( SELECT true FROM kluis.person r WHERE (r.id = person_lookup.person_id))
  policy merge_sees select to kluis_worker using ( SELECT true FROM kluis.person r WHERE (r.id = person_lookup.person_id))
  policy parent_changed insert to kluis_app check ( SELECT true FROM kluis.person p WHERE ((p.id = person_lookup.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))
  policy parent_removed delete to kluis_app using ( SELECT true FROM kluis.person p WHERE ((p.id = person_lookup.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[])))))
  policy parent_seen select to kluis_app using ( SELECT true FROM kluis.person p WHERE (p.id = person_lookup.person_id))
  policy rotation_clears delete to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_hashes insert to kluis_rotation check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  grant DELETE, INSERT, SELECT to kluis_app
  grant DELETE, INSERT, SELECT to kluis_rotation
  grant DELETE, INSERT, SELECT to kluis_worker
  grant DELETE, SELECT to kluis_identity
  grant SELECT to kluis_keeper

table kluis.record_change
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  what text[] not null
  stage_before text
  stage_after text
  owner_before uuid
  owner_after uuid
  team_before uuid
  team_after uuid
  is_import boolean not null default false
  created_at timestamp with time zone not null default now()
  created_by uuid
  other_person_id uuid
  other_company_id uuid
  field_id uuid
  record_change_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  record_change_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  record_change_field_id_fkey: FOREIGN KEY (field_id) REFERENCES kluis.field_definition(id)
  record_change_other_company_id_fkey: FOREIGN KEY (other_company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  record_change_other_person_id_fkey: FOREIGN KEY (other_person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  record_change_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  record_change_pkey: PRIMARY KEY (id)
  CREATE INDEX record_change_company ON kluis.record_change USING btree (company_id, created_at DESC)
  CREATE INDEX record_change_field ON kluis.record_change USING btree (field_id) WHERE (field_id IS NOT NULL)
  CREATE INDEX record_change_other_company ON kluis.record_change USING btree (other_company_id) WHERE (other_company_id IS NOT NULL)
  CREATE INDEX record_change_other_person ON kluis.record_change USING btree (other_person_id) WHERE (other_person_id IS NOT NULL)
  CREATE INDEX record_change_person ON kluis.record_change USING btree (person_id, created_at DESC)
  CREATE INDEX record_change_tied ON kluis.record_change USING btree (created_at DESC, id) WHERE (((person_id IS NOT NULL) AND (other_company_id IS NOT NULL)) OR (person_id < other_person_id) OR (company_id < other_company_id))
  policy identity_notes all to kluis_identity using true check true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = record_change.company_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = record_change.other_company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = record_change.other_person_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = record_change.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = record_change.company_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = record_change.other_company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = record_change.other_person_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = record_change.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = record_change.company_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = record_change.other_company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = record_change.other_person_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = record_change.person_id)))
  policy parent_seen select to kluis_app using ((( SELECT true FROM kluis.person p WHERE (p.id = record_change.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = record_change.company_id))) AND ((other_person_id IS NULL) OR ( SELECT true FROM kluis.person p WHERE (p.id = record_change.other_person_id))) AND ((other_company_id IS NULL) OR ( SELECT true FROM kluis.company c WHERE (c.id = record_change.other_company_id))) AND ((field_id IS NULL) OR (ARRAY[field_id] && ( SELECT kluis.role_fields('person'::text) AS role_fields)) OR (ARRAY[field_id] && ( SELECT kluis.role_fields('company'::text) AS role_fields))))
  trigger c_move_guard
  trigger x_merge_guard
  grant INSERT, SELECT to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_worker

table kluis.record_share
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  user_id uuid
  team_id uuid
  may_edit boolean not null default false
  ends_at timestamp with time zone not null
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  record_share_check1: CHECK ((num_nonnulls(user_id, team_id) = 1))
  record_share_check2: CHECK (((ends_at > created_at) AND (ends_at <= (created_at + '366 days'::interval))))
  record_share_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  record_share_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  record_share_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  record_share_pkey: PRIMARY KEY (id)
  record_share_team_id_fkey: FOREIGN KEY (team_id) REFERENCES kluis.team(id)
  record_share_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX record_share_company ON kluis.record_share USING btree (company_id) WHERE (company_id IS NOT NULL)
  CREATE INDEX record_share_maker ON kluis.record_share USING btree (created_by)
  CREATE INDEX record_share_person ON kluis.record_share USING btree (person_id) WHERE (person_id IS NOT NULL)
  CREATE INDEX record_share_team ON kluis.record_share USING btree (team_id, ends_at) WHERE (team_id IS NOT NULL)
  CREATE INDEX record_share_user ON kluis.record_share USING btree (user_id, ends_at) WHERE (user_id IS NOT NULL)
  policy ended delete to kluis_app using ((created_by = ( SELECT kluis.uid() AS uid)) OR (user_id = ( SELECT kluis.uid() AS uid)) OR ( SELECT true FROM kluis.person p WHERE ((p.id = record_share.person_id) AND (ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:share'::text) AS scope)))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = record_share.company_id) AND (ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:share'::text) AS scope)))))
  policy identity_ends delete to kluis_identity using true
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy own_right insert to kluis_app check ((created_by = ( SELECT kluis.uid() AS uid)) AND (( SELECT true FROM kluis.person p WHERE ((p.id = record_share.person_id) AND (ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:share'::text) AS scope)) AND ((NOT record_share.may_edit) OR (ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = record_share.company_id) AND (ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:share'::text) AS scope)) AND ((NOT record_share.may_edit) OR (ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)))))))
  policy parent_seen select to kluis_app using (( SELECT true FROM kluis.person p WHERE (p.id = record_share.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = record_share.company_id)))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger y_told
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT to kluis_app
  grant DELETE, SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner

table kluis.relation
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  other_person_id uuid
  other_company_id uuid
  is_parent boolean not null default false
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  relation_check: CHECK ((((num_nonnulls(person_id, other_person_id) = 2) AND (num_nonnulls(company_id, other_company_id) = 0) AND (person_id <> other_person_id) AND (NOT is_parent)) OR ((num_nonnulls(person_id, other_person_id) = 0) AND (num_nonnulls(company_id, other_company_id) = 2) AND (company_id <> other_company_id))))
  relation_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  relation_other_company_id_fkey: FOREIGN KEY (other_company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  relation_other_person_id_fkey: FOREIGN KEY (other_person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  relation_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  relation_pkey: PRIMARY KEY (id)
  CREATE INDEX relation_company ON kluis.relation USING btree (company_id) WHERE (company_id IS NOT NULL)
  CREATE INDEX relation_other_company ON kluis.relation USING btree (other_company_id) WHERE (other_company_id IS NOT NULL)
  CREATE INDEX relation_other_person ON kluis.relation USING btree (other_person_id) WHERE (other_person_id IS NOT NULL)
  CREATE INDEX relation_person ON kluis.relation USING btree (person_id) WHERE (person_id IS NOT NULL)
  policy both_changed update to kluis_app using ((( SELECT true FROM kluis.person p WHERE ((p.id = relation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.person p WHERE (p.id = relation.other_person_id))) OR (( SELECT true FROM kluis.company c WHERE ((c.id = relation.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = relation.other_company_id)))) check ((( SELECT true FROM kluis.person p WHERE (p.id = relation.person_id)) AND ( SELECT true FROM kluis.person p WHERE (p.id = relation.other_person_id))) OR (( SELECT true FROM kluis.company c WHERE (c.id = relation.company_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = relation.other_company_id))))
  policy both_ended delete to kluis_app using ((( SELECT true FROM kluis.person p WHERE ((p.id = relation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.person p WHERE (p.id = relation.other_person_id))) OR (( SELECT true FROM kluis.company c WHERE ((c.id = relation.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = relation.other_company_id))))
  policy both_seen select to kluis_app using ((( SELECT true FROM kluis.person p WHERE (p.id = relation.person_id)) AND ( SELECT true FROM kluis.person p WHERE (p.id = relation.other_person_id))) OR (( SELECT true FROM kluis.company c WHERE (c.id = relation.company_id)) AND ( SELECT true FROM kluis.company c WHERE (c.id = relation.other_company_id))))
  policy both_tied insert to kluis_app check ((( SELECT true FROM kluis.person p WHERE ((p.id = relation.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('people:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.person p WHERE (p.id = relation.other_person_id))) OR (( SELECT true FROM kluis.company c WHERE ((c.id = relation.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('companies:edit'::text) AS shared)::uuid[]))))) AND ( SELECT true FROM kluis.company c WHERE (c.id = relation.other_company_id))))
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = relation.company_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = relation.other_company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = relation.other_person_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = relation.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = relation.company_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = relation.other_company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = relation.other_person_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = relation.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = relation.company_id)) OR ( SELECT true FROM kluis.company r WHERE (r.id = relation.other_company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = relation.other_person_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = relation.person_id)))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_tied
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  trigger z_ring
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.retained_opening
  id uuid not null default gen_random_uuid()
  file_id uuid not null
  purpose text not null
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  retained_opening_pkey: PRIMARY KEY (id)
  retained_opening_purpose_check: CHECK ((purpose = ANY (ARRAY['audit'::text, 'dispute'::text, 'authority'::text, 'access-request'::text])))
  CREATE INDEX retained_opening_of ON kluis.retained_opening USING btree (file_id, created_at DESC)
  policy erased select to kluis_app using ( SELECT kluis.may('erasures:run'::text) AS may)
  policy ledger_reads select to kluis_ledger_owner using true
  policy said insert to kluis_app check (( SELECT kluis.may('erasures:run'::text) AS may) AND ( SELECT true FROM kluis.file f WHERE ((f.id = retained_opening.file_id) AND (f.set_apart_at IS NOT NULL))))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_app
  grant SELECT to kluis_ledger_owner

table kluis.retention_rule
  code text not null
  jurisdiction text not null
  name_nl text not null
  name_en text not null
  statute text not null
  years integer not null
  starts_at text not null
  from_new_year boolean not null
  valid_from date
  valid_until date
  retention_rule_code_check: CHECK ((code ~ '^[A-Z]{2}-[A-Z]+-[0-9]+$'::text))
  retention_rule_jurisdiction_check: CHECK ((jurisdiction = ANY (ARRAY['BE'::text, 'NL'::text, 'EU'::text])))
  retention_rule_pkey: PRIMARY KEY (code)
  retention_rule_starts_at_check: CHECK ((starts_at = ANY (ARRAY['document'::text, 'end-of-relation'::text])))
  retention_rule_years_check: CHECK (((years >= 1) AND (years <= 100)))
  policy identity_reads select to kluis_identity using true
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy signed_in select to kluis_app using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_rotation

table kluis.reveal
  id uuid not null default gen_random_uuid()
  person_id uuid
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  company_id uuid
  reveal_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  reveal_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  reveal_pkey: PRIMARY KEY (id)
  reveal_subject_check: CHECK ((num_nonnulls(person_id, company_id) = 1))
  CREATE INDEX reveal_company ON kluis.reveal USING btree (company_id, created_at DESC) WHERE (company_id IS NOT NULL)
  CREATE INDEX reveal_person ON kluis.reveal USING btree (person_id, created_at DESC)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = reveal.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = reveal.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = reveal.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = reveal.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = reveal.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = reveal.person_id)))
  policy parent_revealed insert to kluis_app check (( SELECT true FROM kluis.person p WHERE ((p.id = reveal.person_id) AND (ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('people:reveal'::text) AS scope)))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = reveal.company_id) AND (ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('companies:reveal'::text) AS scope)))))
  policy parent_seen select to kluis_app using (( SELECT kluis.may('openings:see'::text) AS may) AND (( SELECT true FROM kluis.person p WHERE (p.id = reveal.person_id)) OR ( SELECT true FROM kluis.company c WHERE (c.id = reveal.company_id))))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT to kluis_app
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.right_use
  user_id uuid not null
  permission text not null
  last_on date not null default CURRENT_DATE
  right_use_pkey: PRIMARY KEY (user_id, permission)
  right_use_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  policy identity_reads select to kluis_identity using true
  policy own select to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  policy own_changed update to kluis_app using (user_id = ( SELECT kluis.uid() AS uid)) check (user_id = ( SELECT kluis.uid() AS uid))
  policy own_new insert to kluis_app check (user_id = ( SELECT kluis.uid() AS uid))
  grant SELECT to kluis_app
  grant SELECT to kluis_identity

table kluis.role
  id text not null
  name text
  is_built_in boolean not null default false
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  role_name_check: CHECK (((length(name) >= 1) AND (length(name) <= 60)))
  role_pkey: PRIMARY KEY (id)
  policy identity_reads select to kluis_identity using true
  policy managed_made insert to kluis_app check (( SELECT kluis.may('rights:manage'::text) AS may) AND (NOT is_built_in))
  policy managed_named update to kluis_app using ( SELECT kluis.may('rights:manage'::text) AS may) check ( SELECT kluis.may('rights:manage'::text) AS may)
  policy managed_removed delete to kluis_app using (( SELECT kluis.may('rights:manage'::text) AS may) AND (id <> 'administrator'::text))
  policy sign_in select to kluis_sign_in using true
  policy signed_in select to kluis_app, kluis_worker using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger y_budgeted
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_sign_in
  grant SELECT to kluis_worker

table kluis.role_permission
  role_id text not null
  permission text not null
  id uuid not null default gen_random_uuid()
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  scope text not null default 'organisation'::text
  role_permission_pkey: PRIMARY KEY (role_id, permission)
  role_permission_role_id_fkey: FOREIGN KEY (role_id) REFERENCES kluis.role(id)
  role_permission_scope_check: CHECK ((scope = ANY (ARRAY['own'::text, 'team'::text, 'organisation'::text])))
  policy identity_reads select to kluis_identity using true
  policy identity_sets_up update to kluis_identity using true check true
  policy ledger_reads select to kluis_ledger_owner using true
  policy managed_changed update to kluis_app using ( SELECT kluis.may('rights:manage'::text) AS may) check ( SELECT kluis.may('rights:manage'::text) AS may)
  policy managed_given insert to kluis_app check ( SELECT kluis.may('rights:manage'::text) AS may)
  policy managed_taken delete to kluis_app using ( SELECT kluis.may('rights:manage'::text) AS may)
  policy sign_in select to kluis_sign_in using true
  policy signed_in select to kluis_app, kluis_worker using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger d_administration
  trigger x_program
  trigger y_rights_given
  trigger y_standing
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_sign_in
  grant SELECT to kluis_worker

table kluis.safeguard
  id uuid not null default gen_random_uuid()
  is_only boolean not null default true
  four_eyes text[] not null default '{}'::text[]
  break_glass_minutes integer not null default 60
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  safeguard_break_glass_minutes_check: CHECK (((break_glass_minutes >= 15) AND (break_glass_minutes <= 240)))
  safeguard_is_only_check: CHECK (is_only)
  safeguard_is_only_key: UNIQUE (is_only)
  safeguard_pkey: PRIMARY KEY (id)
  CREATE UNIQUE INDEX safeguard_is_only_key ON kluis.safeguard USING btree (is_only)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy managed update to kluis_app using ( SELECT kluis.may('organisation:manage'::text) AS may) check ( SELECT kluis.may('organisation:manage'::text) AS may)
  policy sign_in all to kluis_sign_in using true check true
  policy signed_in select to kluis_app using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_sign_in

table kluis.saved_view
  id uuid not null default gen_random_uuid()
  list text not null
  kind text not null
  shared_with text not null default 'nobody'::text
  owner_id uuid not null
  team_id uuid
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  saved_view_check: CHECK (((shared_with = 'team'::text) = (team_id IS NOT NULL)))
  saved_view_kind_check: CHECK ((kind = ANY (ARRAY['view'::text, 'segment'::text])))
  saved_view_list_check: CHECK ((list = ANY (ARRAY['people'::text, 'companies'::text])))
  saved_view_owner_id_fkey: FOREIGN KEY (owner_id) REFERENCES kluis.user_account(id)
  saved_view_pkey: PRIMARY KEY (id)
  saved_view_shared_with_check: CHECK ((shared_with = ANY (ARRAY['nobody'::text, 'team'::text, 'everyone'::text])))
  saved_view_team_id_fkey: FOREIGN KEY (team_id) REFERENCES kluis.team(id)
  CREATE INDEX saved_view_everyone ON kluis.saved_view USING btree (shared_with) WHERE (shared_with = 'everyone'::text)
  CREATE INDEX saved_view_owner ON kluis.saved_view USING btree (owner_id)
  CREATE INDEX saved_view_team ON kluis.saved_view USING btree (team_id) WHERE (team_id IS NOT NULL)
  policy identity_ends delete to kluis_identity using true
  policy identity_hands_over update to kluis_identity using true check true
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy own_changed update to kluis_app using ((owner_id = ( SELECT kluis.uid() AS uid)) OR ((shared_with = 'everyone'::text) AND ( SELECT kluis.may('views:share'::text) AS may))) check (((owner_id = ( SELECT kluis.uid() AS uid)) OR ((shared_with = 'everyone'::text) AND ( SELECT kluis.may('views:share'::text) AS may))) AND ((shared_with <> 'everyone'::text) OR ( SELECT kluis.may('views:share'::text) AS may)) AND ((team_id IS NULL) OR (team_id = ANY (ARRAY( SELECT m.team_id FROM kluis.team_member m WHERE (m.user_id = ( SELECT kluis.uid() AS uid)))))))
  policy own_made insert to kluis_app check ((owner_id = ( SELECT kluis.uid() AS uid)) AND ((shared_with <> 'everyone'::text) OR ( SELECT kluis.may('views:share'::text) AS may)) AND ((team_id IS NULL) OR (team_id = ANY (ARRAY( SELECT m.team_id FROM kluis.team_member m WHERE (m.user_id = ( SELECT kluis.uid() AS uid)))))))
  policy own_removed delete to kluis_app using ((owner_id = ( SELECT kluis.uid() AS uid)) OR ((shared_with = 'everyone'::text) AND ( SELECT kluis.may('views:share'::text) AS may)))
  policy shared select to kluis_app using ((owner_id = ( SELECT kluis.uid() AS uid)) OR ((shared_with = 'everyone'::text) AND (( SELECT kluis.uid() AS uid) IS NOT NULL)) OR (team_id = ANY (ARRAY( SELECT m.team_id FROM kluis.team_member m WHERE (m.user_id = ( SELECT kluis.uid() AS uid))))))
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger y_taken_back
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant DELETE, SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner

table kluis.search_setting
  id uuid not null default gen_random_uuid()
  is_only boolean not null default true
  content_search boolean not null default true
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  name_prefixes boolean not null default false
  search_setting_is_only_check: CHECK (is_only)
  search_setting_is_only_key: UNIQUE (is_only)
  search_setting_pkey: PRIMARY KEY (id)
  CREATE UNIQUE INDEX search_setting_is_only_key ON kluis.search_setting USING btree (is_only)
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy managed update to kluis_app using ( SELECT kluis.may('organisation:manage'::text) AS may) check ( SELECT kluis.may('organisation:manage'::text) AS may)
  policy rotation_asks select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  policy signed_in select to kluis_app using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger y_forget_prefixes
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant SELECT to kluis_app
  grant SELECT to kluis_keeper
  grant SELECT to kluis_ledger_owner

table kluis.security_notice
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  kind text not null
  told_by uuid
  told_at timestamp with time zone not null default now()
  read_at timestamp with time zone
  mailed_at timestamp with time zone
  security_notice_kind_check: CHECK ((kind = ANY (ARRAY['new-device'::text, 'recovery-asked'::text, 'recovery-to-agree'::text, 'factors-reset'::text, 'factors-changed'::text, 'sessions-ended'::text, 'key-orphaned'::text, 'key-elsewhere'::text])))
  security_notice_pkey: PRIMARY KEY (id)
  security_notice_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  CREATE INDEX security_notice_unmailed ON kluis.security_notice USING btree (told_at) WHERE (mailed_at IS NULL)
  CREATE INDEX security_notice_unread ON kluis.security_notice USING btree (user_id, told_at DESC) WHERE (read_at IS NULL)
  policy identity_tells all to kluis_identity using true check true
  policy own select to kluis_app using (user_id = ( SELECT kluis.uid() AS uid))
  policy own_read update to kluis_app using (user_id = ( SELECT kluis.uid() AS uid)) check (user_id = ( SELECT kluis.uid() AS uid))
  grant INSERT, SELECT, UPDATE to kluis_identity
  grant SELECT to kluis_app

table kluis.table_opt_out
  table_name text not null
  what text not null
  reason text not null
  table_opt_out_pkey: PRIMARY KEY (table_name, what)
  table_opt_out_what_check: CHECK ((what = ANY (ARRAY['ledger'::text, 'row-version'::text])))

table kluis.task
  id uuid not null default gen_random_uuid()
  person_id uuid
  company_id uuid
  content_sealed kluis.sealed not null
  content_seal_counter integer not null default 1
  assignee_id uuid
  due_on date
  done_at timestamp with time zone
  done_by uuid
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  import_id uuid
  repeats text
  repeat_day integer
  remind_at timestamp with time zone
  next_id uuid
  joint_dossier_id uuid
  task_assignee_id_fkey: FOREIGN KEY (assignee_id) REFERENCES kluis.user_account(id)
  task_check: CHECK ((num_nonnulls(person_id, company_id, joint_dossier_id) = 1))
  task_company_id_fkey: FOREIGN KEY (company_id) REFERENCES kluis.company(id) ON DELETE CASCADE
  task_joint_dossier_id_fkey: FOREIGN KEY (joint_dossier_id) REFERENCES kluis.joint_dossier(id) ON DELETE CASCADE
  task_person_id_fkey: FOREIGN KEY (person_id) REFERENCES kluis.person(id) ON DELETE CASCADE
  task_pkey: PRIMARY KEY (id)
  task_repeat_day_check: CHECK (((repeat_day >= 1) AND (repeat_day <= 31)))
  task_repeats_check: CHECK ((repeats = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text, 'yearly'::text])))
  CREATE INDEX task_assignee ON kluis.task USING btree (assignee_id, due_on) WHERE (done_at IS NULL)
  CREATE INDEX task_company ON kluis.task USING btree (company_id, created_at DESC)
  CREATE INDEX task_due ON kluis.task USING btree (COALESCE(due_on, 'infinity'::date), id)
  CREATE INDEX task_import ON kluis.task USING btree (import_id) WHERE (import_id IS NOT NULL)
  CREATE INDEX task_joint_dossier ON kluis.task USING btree (joint_dossier_id, created_at DESC) WHERE (joint_dossier_id IS NOT NULL)
  CREATE INDEX task_person ON kluis.task USING btree (person_id, created_at DESC)
  CREATE INDEX task_reminder ON kluis.task USING btree (assignee_id, remind_at) WHERE ((remind_at IS NOT NULL) AND (done_at IS NULL))
  CREATE INDEX task_updated ON kluis.task USING btree (updated_at DESC, id)
  policy identity_hands_over update to kluis_identity using true check true
  policy identity_reads select to kluis_identity using true
  policy indexed select to kluis_keeper using ( SELECT kluis.is_indexer() AS is_indexer)
  policy ledger_reads select to kluis_ledger_owner using true
  policy merge_moves update to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = task.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = task.person_id))) check (( SELECT true FROM kluis.company r WHERE (r.id = task.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = task.person_id)))
  policy merge_sees select to kluis_worker using (( SELECT true FROM kluis.company r WHERE (r.id = task.company_id)) OR ( SELECT true FROM kluis.person r WHERE (r.id = task.person_id)))
  policy parent_changed update to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = task.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = task.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('tasks:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = task.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:edit'::text) AS shared)::uuid[])))))) LIMIT 1)) check (( SELECT true FROM kluis.person p WHERE ((p.id = task.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = task.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:edit'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('tasks:edit'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = task.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:edit'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:edit'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy parent_removed delete to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = task.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = task.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:delete'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('tasks:delete'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = task.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:delete'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:delete'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy parent_seen select to kluis_app using (( SELECT true FROM kluis.person p WHERE ((p.id = task.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = task.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:see'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('tasks:see'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = task.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:see'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:see'::text) AS shared)::uuid[])))))) LIMIT 1))
  policy parent_tasked insert to kluis_app check (( SELECT true FROM kluis.person p WHERE ((p.id = task.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:create'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:create'::text) AS shared)::uuid[]))))) OR ( SELECT true FROM kluis.company c WHERE ((c.id = task.company_id) AND ((ARRAY[c.owner_id, c.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:create'::text) AS scope)) OR (c.id = ANY (( SELECT kluis.shared('tasks:create'::text) AS shared)::uuid[]))))) OR (( SELECT true FROM kluis.joint_party j WHERE ((j.joint_dossier_id = task.joint_dossier_id) AND ( SELECT true FROM kluis.person p WHERE ((p.id = j.person_id) AND ((ARRAY[p.owner_id, p.team_id, '00000000-0000-0000-0000-000000000000'::uuid] && ( SELECT kluis.scope('tasks:create'::text) AS scope)) OR (p.id = ANY (( SELECT kluis.shared('tasks:create'::text) AS shared)::uuid[])))))) LIMIT 1) AND ( SELECT (d.ended_at IS NULL) FROM kluis.joint_dossier d WHERE (d.id = task.joint_dossier_id))))
  policy rotation_seals update to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer) check ( SELECT kluis.is_indexer() AS is_indexer)
  policy rotation_sees select to kluis_rotation using ( SELECT kluis.is_indexer() AS is_indexer)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger c_move_guard
  trigger x_merge_guard
  trigger x_moved
  trigger x_slot_guard_insert
  trigger x_slot_guard_update
  trigger y_told_insert
  trigger y_told_update
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.team
  id uuid not null default gen_random_uuid()
  name text not null
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  parent_id uuid
  team_check: CHECK ((parent_id <> id))
  team_name_check: CHECK (((length(name) >= 1) AND (length(name) <= 80)))
  team_parent_id_fkey: FOREIGN KEY (parent_id) REFERENCES kluis.team(id)
  team_pkey: PRIMARY KEY (id)
  CREATE INDEX team_parent ON kluis.team USING btree (parent_id) WHERE (parent_id IS NOT NULL)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  policy signed_in select to kluis_app, kluis_worker using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger x_ring
  trigger y_standing
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.team_member
  team_id uuid not null
  user_id uuid not null
  id uuid not null default gen_random_uuid()
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  team_member_pkey: PRIMARY KEY (user_id, team_id)
  team_member_team_id_fkey: FOREIGN KEY (team_id) REFERENCES kluis.team(id)
  team_member_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  policy identity_reads select to kluis_identity using true
  policy identity_reviews delete to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  policy signed_in select to kluis_app, kluis_worker using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger y_standing
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT to kluis_sign_in
  grant DELETE, SELECT to kluis_identity
  grant SELECT to kluis_app
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis.user_account
  id uuid not null default gen_random_uuid()
  email_token bytea
  profile_sealed kluis.sealed not null
  profile_seal_counter integer not null default 1
  role_id text not null
  language text not null default 'nl'::text
  status text not null default 'invited'::text
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  rights_reviewed_at timestamp with time zone not null default now()
  kind text not null default 'person'::text
  responsible_id uuid
  user_account_email_token_check: CHECK ((octet_length(email_token) = 16))
  user_account_email_token_key: UNIQUE (email_token)
  user_account_kind_check: CHECK ((kind = ANY (ARRAY['person'::text, 'program'::text])))
  user_account_language_check: CHECK ((language = ANY (ARRAY['nl'::text, 'en'::text])))
  user_account_pkey: PRIMARY KEY (id)
  user_account_program_check: CHECK (
CASE kind
    WHEN 'program'::text THEN ((email_token IS NULL) AND (responsible_id IS NOT NULL))
    ELSE ((email_token IS NOT NULL) AND (responsible_id IS NULL))
END)
  user_account_responsible_id_fkey: FOREIGN KEY (responsible_id) REFERENCES kluis.user_account(id)
  user_account_role_id_fkey: FOREIGN KEY (role_id) REFERENCES kluis.role(id)
  user_account_status_check: CHECK ((status = ANY (ARRAY['invited'::text, 'active'::text, 'disabled'::text])))
  CREATE INDEX user_account_responsible ON kluis.user_account USING btree (responsible_id) WHERE (responsible_id IS NOT NULL)
  CREATE UNIQUE INDEX user_account_email_token_key ON kluis.user_account USING btree (email_token)
  policy identity_reads select to kluis_identity using true
  policy identity_reviews update to kluis_identity using true check true
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  policy signed_in select to kluis_app, kluis_worker using (( SELECT kluis.uid() AS uid) IS NOT NULL)
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger d_administration
  trigger x_program
  trigger y_left
  trigger y_rights_given
  trigger y_standing
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_app
  grant SELECT to kluis_identity
  grant SELECT to kluis_ledger_owner
  grant SELECT to kluis_worker

table kluis_auth.attempt
  key bytea not null
  failures integer not null default 0
  last_failed_at timestamp with time zone not null default now()
  attempt_key_check: CHECK ((octet_length(key) = 16))
  attempt_pkey: PRIMARY KEY (key)
  policy sign_in all to kluis_sign_in using true check true
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in

table kluis_auth.caller
  session_id uuid
  session_kind text
  last_seen_at timestamp with time zone
  user_id uuid
  role_id text
  language text
  permissions text[]
  scope uuid[]
  reaches smallint[]
  break_glass_id uuid
  grant SELECT to kluis_identity

table kluis_auth.federated_identity
  id uuid not null default gen_random_uuid()
  provider_id uuid not null
  user_id uuid not null
  subject_token bytea not null
  proof bytea not null
  created_at timestamp with time zone not null default now()
  last_used_at timestamp with time zone
  federated_identity_pkey: PRIMARY KEY (id)
  federated_identity_proof_check: CHECK ((octet_length(proof) = 16))
  federated_identity_provider_id_fkey: FOREIGN KEY (provider_id) REFERENCES kluis_auth.identity_provider(id) ON DELETE CASCADE
  federated_identity_subject_token_check: CHECK ((octet_length(subject_token) = 16))
  federated_identity_subject_token_key: UNIQUE (subject_token)
  federated_identity_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  federated_identity_user_id_provider_id_key: UNIQUE (user_id, provider_id)
  CREATE UNIQUE INDEX federated_identity_subject_token_key ON kluis_auth.federated_identity USING btree (subject_token)
  CREATE UNIQUE INDEX federated_identity_user_id_provider_id_key ON kluis_auth.federated_identity USING btree (user_id, provider_id)
  policy identity_reads select to kluis_identity using true
  policy sign_in all to kluis_sign_in using true check true
  trigger c_program
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in

table kluis_auth.identity_provider
  id uuid not null default gen_random_uuid()
  profile_sealed kluis.sealed not null
  profile_seal_counter integer not null default 1
  secret_sealed kluis.sealed not null
  secret_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  identity_provider_pkey: PRIMARY KEY (id)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_ledger_owner

table kluis_auth.invite
  id uuid not null default gen_random_uuid()
  token_hash bytea not null
  user_id uuid
  created_at timestamp with time zone not null default now()
  created_by uuid
  expires_at timestamp with time zone not null
  used_at timestamp with time zone
  reason_sealed kluis.sealed
  reason_seal_counter integer not null default 0
  code_hash bytea
  invite_code_hash_check: CHECK ((octet_length(code_hash) = 32))
  invite_pkey: PRIMARY KEY (id)
  invite_token_hash_check: CHECK ((octet_length(token_hash) = 32))
  invite_token_hash_key: UNIQUE (token_hash)
  invite_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX invite_of_user ON kluis_auth.invite USING btree (user_id) WHERE (user_id IS NOT NULL)
  CREATE UNIQUE INDEX invite_token_hash_key ON kluis_auth.invite USING btree (token_hash)
  policy identity_ends all to kluis_identity using true check true
  policy sign_in all to kluis_sign_in using true check true
  trigger c_program
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_identity

table kluis_auth.known_place
  user_id uuid not null
  key bytea not null
  last_used_at timestamp with time zone not null default now()
  known_place_key_check: CHECK ((octet_length(key) = 16))
  known_place_pkey: PRIMARY KEY (user_id, key)
  known_place_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  policy sign_in all to kluis_sign_in using true check true
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in

table kluis_auth.passkey
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  credential_id bytea not null
  public_key bytea not null
  sign_count bigint not null default 0
  name text not null default ''::text
  is_synced boolean not null default false
  created_at timestamp with time zone not null default now()
  last_used_at timestamp with time zone
  proof bytea
  may_sync boolean
  transports text[] not null default '{}'::text[]
  passkey_credential_id_key: UNIQUE (credential_id)
  passkey_name_check: CHECK ((length(name) <= 80))
  passkey_pkey: PRIMARY KEY (id)
  passkey_proof_check: CHECK ((octet_length(proof) = 16))
  passkey_transports_check: CHECK ((transports <@ ARRAY['ble'::text, 'cable'::text, 'hybrid'::text, 'internal'::text, 'nfc'::text, 'smart-card'::text, 'usb'::text]))
  passkey_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX passkey_of_user ON kluis_auth.passkey USING btree (user_id)
  CREATE UNIQUE INDEX passkey_credential_id_key ON kluis_auth.passkey USING btree (credential_id)
  policy sign_in all to kluis_sign_in using true check true
  trigger c_program
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in

table kluis_auth.password
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  hash_sealed kluis.sealed not null
  hash_seal_counter integer not null default 1
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  password_pkey: PRIMARY KEY (id)
  password_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  password_user_id_key: UNIQUE (user_id)
  CREATE UNIQUE INDEX password_user_id_key ON kluis_auth.password USING btree (user_id)
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  trigger a_stamp_row
  trigger c_program
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_ledger_owner

table kluis_auth.provisioned_user
  id uuid not null default gen_random_uuid()
  provider_id uuid not null
  user_id uuid not null
  user_name_token bytea not null
  external_id_token bytea
  profile_sealed kluis.sealed not null
  profile_seal_counter integer not null default 1
  shut_version integer
  is_deleted boolean not null default false
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  provisioned_user_external_id_token_check: CHECK ((octet_length(external_id_token) = 16))
  provisioned_user_pkey: PRIMARY KEY (id)
  provisioned_user_provider_id_fkey: FOREIGN KEY (provider_id) REFERENCES kluis_auth.identity_provider(id) ON DELETE CASCADE
  provisioned_user_provider_id_user_id_key: UNIQUE (provider_id, user_id)
  provisioned_user_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  provisioned_user_user_name_token_check: CHECK ((octet_length(user_name_token) = 16))
  CREATE INDEX provisioned_external_id ON kluis_auth.provisioned_user USING btree (provider_id, external_id_token)
  CREATE INDEX provisioned_user_name ON kluis_auth.provisioned_user USING btree (provider_id, user_name_token)
  CREATE UNIQUE INDEX provisioned_user_provider_id_user_id_key ON kluis_auth.provisioned_user USING btree (provider_id, user_id)
  policy identity_reads select to kluis_identity using true
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  trigger a_stamp_row
  trigger c_program
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_ledger_owner

table kluis_auth.reached_team
  user_id uuid
  team_id uuid
  through_id uuid
  grant SELECT to kluis_identity

table kluis_auth.recovery
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  state text not null default 'asked'::text
  asked_by uuid not null
  decided_by uuid
  decided_at timestamp with time zone
  expires_at timestamp with time zone not null
  reason_sealed kluis.sealed not null
  reason_seal_counter integer not null default 1
  invite_id uuid
  code_sealed kluis.sealed
  code_seal_counter integer not null default 0
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  recovery_asked_by_fkey: FOREIGN KEY (asked_by) REFERENCES kluis.user_account(id)
  recovery_check1: CHECK (((state = 'asked'::text) = (decided_by IS NULL)))
  recovery_check2: CHECK (((state <> 'agreed'::text) OR ((decided_by <> asked_by) AND (decided_by <> user_id) AND (invite_id IS NOT NULL))))
  recovery_check: CHECK ((asked_by <> user_id))
  recovery_decided_by_fkey: FOREIGN KEY (decided_by) REFERENCES kluis.user_account(id)
  recovery_invite_id_fkey: FOREIGN KEY (invite_id) REFERENCES kluis_auth.invite(id)
  recovery_pkey: PRIMARY KEY (id)
  recovery_state_check: CHECK ((state = ANY (ARRAY['asked'::text, 'agreed'::text, 'stopped'::text])))
  recovery_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX recovery_of_user ON kluis_auth.recovery USING btree (user_id, created_at DESC)
  CREATE UNIQUE INDEX recovery_asked ON kluis_auth.recovery USING btree (user_id) WHERE (state = 'asked'::text)
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  trigger a_stamp_row
  trigger c_recovery
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_ledger_owner

table kluis_auth.recovery_code
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  code_hash bytea not null
  used_at timestamp with time zone
  recovery_code_code_hash_check: CHECK ((octet_length(code_hash) = 32))
  recovery_code_pkey: PRIMARY KEY (id)
  recovery_code_user_id_code_hash_key: UNIQUE (user_id, code_hash)
  recovery_code_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE UNIQUE INDEX recovery_code_user_id_code_hash_key ON kluis_auth.recovery_code USING btree (user_id, code_hash)
  policy sign_in all to kluis_sign_in using true check true
  trigger c_program
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in

table kluis_auth.rights_given
  user_id uuid not null
  given_by uuid not null
  given_at timestamp with time zone not null default now()
  rights_given_given_by_fkey: FOREIGN KEY (given_by) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  rights_given_pkey: PRIMARY KEY (user_id, given_by)
  rights_given_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  policy identity all to kluis_identity using true check true
  grant INSERT, SELECT, UPDATE to kluis_identity

table kluis_auth.role_rights
  role_id text
  permission text
  reach smallint
  grant SELECT to kluis_identity

table kluis_auth.role_sign_in
  id uuid not null default gen_random_uuid()
  role_id text not null
  idle_minutes integer not null
  absolute_minutes integer not null
  asks text not null
  recovered_by integer not null
  row_version integer not null default 1
  created_at timestamp with time zone not null default now()
  created_by uuid
  updated_at timestamp with time zone not null default now()
  updated_by uuid
  role_sign_in_absolute_minutes_check: CHECK (((absolute_minutes >= 15) AND (absolute_minutes <= 1440)))
  role_sign_in_asks_check: CHECK ((asks = ANY (ARRAY['two-factors'::text, 'passkey'::text, 'device-bound'::text])))
  role_sign_in_check: CHECK ((idle_minutes <= absolute_minutes))
  role_sign_in_idle_minutes_check: CHECK (((idle_minutes >= 5) AND (idle_minutes <= 480)))
  role_sign_in_pkey: PRIMARY KEY (id)
  role_sign_in_recovered_by_check: CHECK ((recovered_by = ANY (ARRAY[1, 2])))
  role_sign_in_role_id_fkey: FOREIGN KEY (role_id) REFERENCES kluis.role(id) ON DELETE CASCADE
  role_sign_in_role_id_key: UNIQUE (role_id)
  CREATE UNIQUE INDEX role_sign_in_role_id_key ON kluis_auth.role_sign_in USING btree (role_id)
  policy ledger_reads select to kluis_ledger_owner using true
  policy sign_in all to kluis_sign_in using true check true
  trigger a_stamp_row
  trigger b_stamp_actor
  trigger z_ledger_delete
  trigger z_ledger_insert
  trigger z_ledger_update
  grant INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_ledger_owner

table kluis_auth.scim_token
  id uuid not null default gen_random_uuid()
  provider_id uuid not null
  token_hash bytea not null
  created_at timestamp with time zone not null default now()
  created_by uuid
  expires_at timestamp with time zone not null
  last_used_at timestamp with time zone
  revoked_at timestamp with time zone
  scim_token_check: CHECK ((expires_at <= (created_at + '366 days'::interval)))
  scim_token_pkey: PRIMARY KEY (id)
  scim_token_provider_id_fkey: FOREIGN KEY (provider_id) REFERENCES kluis_auth.identity_provider(id) ON DELETE CASCADE
  scim_token_token_hash_check: CHECK ((octet_length(token_hash) = 32))
  scim_token_token_hash_key: UNIQUE (token_hash)
  CREATE INDEX scim_token_of_provider ON kluis_auth.scim_token USING btree (provider_id)
  CREATE UNIQUE INDEX scim_token_token_hash_key ON kluis_auth.scim_token USING btree (token_hash)
  policy identity_reads select to kluis_identity using true
  policy sign_in all to kluis_sign_in using true check true
  grant DELETE, INSERT, SELECT to kluis_sign_in

table kluis_auth.session
  id uuid not null default gen_random_uuid()
  token_hash bytea not null
  user_id uuid
  kind text not null
  purpose text
  factor text not null
  user_agent text
  created_at timestamp with time zone not null default now()
  last_seen_at timestamp with time zone not null default now()
  idle_seconds integer not null
  expires_at timestamp with time zone not null
  revoked_at timestamp with time zone
  place_sealed kluis.sealed
  place_seal_counter integer not null default 0
  rotation_due boolean not null default false
  replaced_at timestamp with time zone
  address_ranges cidr[]
  session_check: CHECK (((kind = 'indexer'::text) = (user_id IS NULL)))
  session_idle_seconds_check: CHECK ((idle_seconds > 0))
  session_kind_check: CHECK ((kind = ANY (ARRAY['user'::text, 'operator'::text, 'indexer'::text, 'program'::text])))
  session_pkey: PRIMARY KEY (id)
  session_program_check: CHECK (((kind = 'program'::text) = (address_ranges IS NOT NULL)))
  session_token_hash_check: CHECK ((octet_length(token_hash) = 32))
  session_token_hash_key: UNIQUE (token_hash)
  session_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX session_of_programs ON kluis_auth.session USING btree (user_id) WHERE (kind = 'program'::text)
  CREATE INDEX session_of_user ON kluis_auth.session USING btree (user_id)
  CREATE UNIQUE INDEX session_token_hash_key ON kluis_auth.session USING btree (token_hash)
  policy identity_ends update to kluis_identity using true check true
  policy identity_reads select to kluis_identity using true
  policy sign_in all to kluis_sign_in using true check true
  trigger c_program
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in
  grant SELECT to kluis_identity

table kluis_auth.standing
  user_id uuid not null
  role_id text not null
  language text not null
  permissions text[] not null
  scope uuid[] not null
  reaches smallint[] not null default '{}'::smallint[]
  standing_pkey: PRIMARY KEY (user_id)
  standing_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id) ON DELETE CASCADE
  policy derived all to kluis_identity using true check true
  grant DELETE, INSERT, SELECT, UPDATE to kluis_identity

table kluis_auth.standing_due
  user_id uuid
  role_id text
  language text
  permissions text[]
  scope uuid[]
  reaches smallint[]
  grant SELECT to kluis_identity

table kluis_auth.step_up
  id uuid not null
  token_hash bytea not null
  session_id uuid not null
  user_id uuid not null
  operation text not null
  request bytea not null
  factor text not null
  made_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null default (now() + '00:05:00'::interval)
  used_at timestamp with time zone
  step_up_check: CHECK ((expires_at <= (made_at + '00:05:00'::interval)))
  step_up_factor_check: CHECK ((factor = ANY (ARRAY['passkey'::text, 'password+totp'::text, 'password+recovery'::text, 'operator-socket'::text, 'provider'::text, 'provider+totp'::text])))
  step_up_pkey: PRIMARY KEY (id)
  step_up_request_check: CHECK ((octet_length(request) = 16))
  step_up_session_id_fkey: FOREIGN KEY (session_id) REFERENCES kluis_auth.session(id) ON DELETE CASCADE
  step_up_token_hash_check: CHECK ((octet_length(token_hash) = 32))
  step_up_token_hash_key: UNIQUE (token_hash)
  step_up_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  CREATE INDEX step_up_session ON kluis_auth.step_up USING btree (session_id)
  CREATE UNIQUE INDEX step_up_token_hash_key ON kluis_auth.step_up USING btree (token_hash)
  policy identity_ends delete to kluis_identity using true
  policy identity_reads select to kluis_identity using true
  policy identity_uses update to kluis_identity using true check (used_at IS NOT NULL)
  policy sign_in all to kluis_sign_in using true check true
  grant DELETE, INSERT, SELECT to kluis_sign_in
  grant DELETE, SELECT to kluis_identity

table kluis_auth.totp
  id uuid not null default gen_random_uuid()
  user_id uuid not null
  secret_sealed kluis.sealed not null
  secret_seal_counter integer not null default 1
  last_step bigint not null default 0
  confirmed_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  totp_pkey: PRIMARY KEY (id)
  totp_user_id_fkey: FOREIGN KEY (user_id) REFERENCES kluis.user_account(id)
  totp_user_id_key: UNIQUE (user_id)
  CREATE UNIQUE INDEX totp_user_id_key ON kluis_auth.totp USING btree (user_id)
  policy sign_in all to kluis_sign_in using true check true
  trigger c_program
  grant DELETE, INSERT, SELECT, UPDATE to kluis_sign_in

table kluis_ledger.checkpoint
  tree_size bigint not null
  at timestamp with time zone not null default now()
  note text not null
  checkpoint_pkey: PRIMARY KEY (tree_size)
  policy sequencer_adds insert to kluis_ledger check true
  policy sequencer_reads select to kluis_ledger using true
  grant INSERT, SELECT to kluis_ledger

table kluis_ledger.hashed_columns
  table_name text not null
  version integer not null
  columns text[] not null
  hashed_columns_pkey: PRIMARY KEY (table_name, version)
  policy sequencer_reads select to kluis_ledger using true
  grant SELECT to kluis_ledger

table kluis_ledger.head
  is_only boolean not null default true
  tree_size bigint not null default 0
  frontier bytea[] not null default '{}'::bytea[]
  head_is_only_check: CHECK (is_only)
  head_pkey: PRIMARY KEY (is_only)
  policy sequencer_moves all to kluis_ledger using true check true
  grant SELECT, UPDATE to kluis_ledger

table kluis_ledger.leaf
  seq bigint not null
  body bytea not null
  leaf_hash bytea not null
  leaf_leaf_hash_check: CHECK ((octet_length(leaf_hash) = 32))
  leaf_pkey: PRIMARY KEY (seq)
  policy sequencer_adds insert to kluis_ledger check true
  policy sequencer_reads select to kluis_ledger using true
  grant INSERT, SELECT to kluis_ledger

table kluis_ledger.outbox
  id bigint not null identity
  xid xid8 not null default pg_current_xact_id()
  at timestamp with time zone not null default now()
  actor_id uuid
  action text not null
  table_name text
  row_id uuid
  row_version integer
  hash_version integer
  row_hash bytea
  purpose text
  detail jsonb
  outbox_action_check: CHECK ((action = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text, 'event'::text])))
  outbox_pkey: PRIMARY KEY (id)
  policy sequencer_removes delete to kluis_ledger using true
  policy sequencer_takes select to kluis_ledger using true
  policy trigger_adds insert to kluis_ledger_owner check true
  grant DELETE, SELECT to kluis_ledger
  grant INSERT to kluis_ledger_owner

function kluis.alarm_subjects(uuid) owner kluis_identity definer
function kluis.approval_asked() owner kluis_identity definer
function kluis.attach_merge_guard(regclass) owner kluis_admin
function kluis.attach_slot_guard(regclass) owner kluis_admin
function kluis.break_glass_openings(uuid) owner kluis_identity definer
function kluis.budget_left(text) owner kluis_identity definer
function kluis.can_see(uuid) owner kluis_identity definer
function kluis.canary_met(uuid,text,text,bigint) owner kluis_identity definer
function kluis.confidential_value_changed() owner kluis_identity definer
function kluis.count_by_operator(uuid,text,text,integer) owner kluis_identity definer
function kluis.count_customers(uuid,uuid,text,text,uuid[]) owner kluis_identity
function kluis.count_deciders() owner kluis_identity definer
function kluis.decide_approval(uuid,boolean,kluis.sealed,integer,bytea) owner kluis_identity definer
function kluis.dossier_changed() owner kluis_identity definer
function kluis.draw_key_slots(integer) owner kluis_identity definer
function kluis.end_break_glass(uuid) owner kluis_identity definer
function kluis.exact_spread() owner kluis_identity definer
function kluis.forget_exact(uuid) owner kluis_identity definer
function kluis.forget_name_prefixes() owner kluis_identity definer
function kluis.freeze_lifted() owner kluis_identity definer
function kluis.freeze_over(uuid,text,text,text,bigint) owner kluis_identity definer
function kluis.frozen_by_hand() owner kluis_identity definer
function kluis.give_back_alarm_mail(uuid[]) owner kluis_identity definer
function kluis.give_back_mail(uuid,timestamp with time zone,timestamp with time zone) owner kluis_identity definer
function kluis.give_back_security_mail(uuid[]) owner kluis_identity definer
function kluis.guard_administration() owner kluis_identity definer
function kluis.guard_record() owner kluis_admin
function kluis.guard_removal() owner kluis_admin
function kluis.hand_over(text,uuid,integer,uuid,uuid) owner kluis_identity definer
function kluis.hand_over_everything(uuid,uuid[],integer) owner kluis_identity definer
function kluis.import_ended() owner kluis_identity definer
function kluis.import_merges(uuid) owner kluis_identity definer
function kluis.is_frozen() owner kluis_identity definer
function kluis.is_indexer() owner kluis_identity definer
function kluis.keep_a_party() owner kluis_identity definer
function kluis.keep_by_law() owner kluis_admin
function kluis.leads_to(uuid) owner kluis_identity definer
function kluis.leave_key() owner kluis_identity definer
function kluis.leaving(uuid) owner kluis_identity definer
function kluis.may(text) owner kluis_identity definer
function kluis.may_decide_for(uuid) owner kluis_identity definer
function kluis.may_join(uuid) owner kluis_identity definer
function kluis.merge_guard_affiliation() owner kluis_identity definer
function kluis.merge_guard_confidential_value() owner kluis_identity definer
function kluis.merge_guard_favourite() owner kluis_identity definer
function kluis.merge_guard_file() owner kluis_identity definer
function kluis.merge_guard_follow() owner kluis_identity definer
function kluis.merge_guard_import_change() owner kluis_identity definer
function kluis.merge_guard_joint_party() owner kluis_identity definer
function kluis.merge_guard_merge() owner kluis_identity definer
function kluis.merge_guard_name_prefix() owner kluis_identity definer
function kluis.merge_guard_note() owner kluis_identity definer
function kluis.merge_guard_note_version() owner kluis_identity definer
function kluis.merge_guard_notification() owner kluis_identity definer
function kluis.merge_guard_record_change() owner kluis_identity definer
function kluis.merge_guard_record_share() owner kluis_identity definer
function kluis.merge_guard_relation() owner kluis_identity definer
function kluis.merge_guard_reveal() owner kluis_identity definer
function kluis.merge_guard_task() owner kluis_identity definer
function kluis.open_break_glass(uuid,kluis.sealed) owner kluis_identity definer
function kluis.opens_confidential() owner kluis_identity definer
function kluis.outlines(text,timestamp with time zone,uuid,integer) owner kluis_identity definer
function kluis.pass_guard(bytea,text,bytea) owner kluis_identity definer
function kluis.photo_id(kluis.person) owner kluis_admin
function kluis.raise_alarm(uuid,text,text,bigint,uuid) owner kluis_identity definer
function kluis.raise_budget() owner kluis_identity definer
function kluis.raised_until() owner kluis_identity definer
function kluis.reach_of(uuid) owner kluis_identity definer
function kluis.read_reminders(uuid[]) owner kluis_identity definer
function kluis.read_waiting_imports(uuid[]) owner kluis_identity definer
function kluis.recently_opened() owner kluis_identity definer
function kluis.record_changed() owner kluis_identity definer
function kluis.record_opening(text,text,uuid[],text,uuid[],uuid[]) owner kluis_identity definer
function kluis.refuse_move_out_of_sight() owner kluis_admin
function kluis.refuse_move_to_merged() owner kluis_identity definer
function kluis.refuse_ring() owner kluis_identity definer
function kluis.refuse_team_ring() owner kluis_identity definer
function kluis.require_not_erased(uuid) owner kluis_identity definer
function kluis.retained_until(text,date) owner kluis_identity definer
function kluis.review_break_glass(uuid,kluis.sealed,integer) owner kluis_identity definer
function kluis.review_rights(uuid,text,uuid[],uuid[],boolean) owner kluis_identity definer
function kluis.reviews_due(boolean) owner kluis_identity definer
function kluis.rights_of(uuid) owner kluis_identity definer
function kluis.role_budgeted() owner kluis_identity definer
function kluis.role_fields(text) owner kluis_identity definer
function kluis.role_reach(text) owner kluis_identity definer
function kluis.scope(text) owner kluis_identity definer
function kluis.seen_as(uuid,text,uuid,integer) owner kluis_identity definer
function kluis.seen_by(uuid) owner kluis_identity definer
function kluis.session_id() owner kluis_identity definer
function kluis.session_terms() owner kluis_identity definer
function kluis.set_up_scopes(text) owner kluis_identity definer
function kluis.shared(text) owner kluis_identity definer
function kluis.shares_of(uuid) owner kluis_identity definer
function kluis.slot_guard_affiliation_insert() owner kluis_identity definer
function kluis.slot_guard_affiliation_update() owner kluis_identity definer
function kluis.slot_guard_company_insert() owner kluis_identity definer
function kluis.slot_guard_company_update() owner kluis_identity definer
function kluis.slot_guard_confidential_value_insert() owner kluis_identity definer
function kluis.slot_guard_confidential_value_update() owner kluis_identity definer
function kluis.slot_guard_file_insert() owner kluis_identity definer
function kluis.slot_guard_file_update() owner kluis_identity definer
function kluis.slot_guard_import_change_insert() owner kluis_identity definer
function kluis.slot_guard_import_change_update() owner kluis_identity definer
function kluis.slot_guard_joint_dossier_insert() owner kluis_identity definer
function kluis.slot_guard_joint_dossier_update() owner kluis_identity definer
function kluis.slot_guard_joint_party_insert() owner kluis_identity definer
function kluis.slot_guard_joint_party_update() owner kluis_identity definer
function kluis.slot_guard_merge_insert() owner kluis_identity definer
function kluis.slot_guard_merge_update() owner kluis_identity definer
function kluis.slot_guard_note_insert() owner kluis_identity definer
function kluis.slot_guard_note_update() owner kluis_identity definer
function kluis.slot_guard_note_version_insert() owner kluis_identity definer
function kluis.slot_guard_note_version_update() owner kluis_identity definer
function kluis.slot_guard_person_insert() owner kluis_identity definer
function kluis.slot_guard_person_update() owner kluis_identity definer
function kluis.slot_guard_relation_insert() owner kluis_identity definer
function kluis.slot_guard_relation_update() owner kluis_identity definer
function kluis.slot_guard_reveal_insert() owner kluis_identity definer
function kluis.slot_guard_reveal_update() owner kluis_identity definer
function kluis.slot_guard_task_insert() owner kluis_identity definer
function kluis.slot_guard_task_update() owner kluis_identity definer
function kluis.slot_of(bytea) owner kluis_admin
function kluis.stamp_actor() owner kluis_admin
function kluis.stamp_row() owner kluis_admin
function kluis.take_alarm_mail() owner kluis_identity definer
function kluis.take_due_mail() owner kluis_identity definer
function kluis.take_security_mail() owner kluis_identity definer
function kluis.takes_four_eyes(text) owner kluis_identity definer
function kluis.teams_of(uuid) owner kluis_identity definer
function kluis.tell_assigned(uuid) owner kluis_identity definer
function kluis.tell_ended_break_glass() owner kluis_identity definer
function kluis.tell_followers(uuid[],uuid[],uuid,uuid) owner kluis_identity definer
function kluis.tell_mentioned(uuid,uuid[]) owner kluis_identity definer
function kluis.tell_security(uuid,text) owner kluis_identity definer
function kluis.tell_shared() owner kluis_identity definer
function kluis.tie_changed() owner kluis_identity definer
function kluis.uid() owner kluis_identity definer
function kluis.unseen_parties(uuid[]) owner kluis_identity definer
function kluis.unused_rights() owner kluis_identity definer
function kluis.view_taken_back() owner kluis_identity definer
function kluis.who() owner kluis_identity definer
function kluis.who_sees(uuid) owner kluis_identity definer
function kluis.withdraw_approval(uuid) owner kluis_identity definer
function kluis_auth.account_left() owner kluis_identity definer
function kluis_auth.account_rights_given() owner kluis_identity definer
function kluis_auth.came_by_provider_of(uuid,uuid) owner kluis_identity definer
function kluis_auth.colleague_may(uuid,text,uuid,uuid,uuid) owner kluis_identity definer
function kluis_auth.end_break_glass_of(uuid,timestamp with time zone) owner kluis_identity definer
function kluis_auth.guard_program() owner kluis_identity definer
function kluis_auth.is_for_people(text) owner kluis_identity
function kluis_auth.is_wider(kluis_auth.standing,kluis_auth.standing) owner kluis_admin
function kluis_auth.may_decide(uuid,uuid) owner kluis_identity definer
function kluis_auth.may_look(uuid) owner kluis_identity definer
function kluis_auth.may_review(uuid) owner kluis_identity definer
function kluis_auth.party_seen_by(uuid,uuid,text) owner kluis_identity definer
function kluis_auth.refresh_standing() owner kluis_identity definer
function kluis_auth.refuse_program() owner kluis_identity definer
function kluis_auth.role_rights_given() owner kluis_identity definer
function kluis_auth.rule_of(uuid,text,uuid,uuid,uuid) owner kluis_identity definer
function kluis_auth.scope_in(text,text[],smallint[],uuid[]) owner kluis_admin
function kluis_auth.seeing_only(text[]) owner kluis_identity
function kluis_auth.shared_with(uuid,text) owner kluis_identity definer
function kluis_auth.stamp_recovery() owner kluis_identity definer
function kluis_auth.standing_changed() owner kluis_identity definer
function kluis_ledger.attach(regclass) owner kluis_admin
function kluis_ledger.encoding_of(regclass,text[],text) owner kluis_admin
function kluis_ledger.record_event(text,jsonb,uuid) owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_access_review() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_affiliation() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_alarm() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_approval() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_auth_identity_provider() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_auth_password() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_auth_provisioned_user() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_auth_recovery() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_auth_role_sign_in() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_break_glass() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_budget() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_company() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_confidential_value() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_erasure() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_field_definition() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_field_role() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_file() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_freeze() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_import_mapping() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_import_run() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_joint_dossier() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_joint_party() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_merge() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_not_duplicate() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_note() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_note_version() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_organisation() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_person() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_record_share() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_relation() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_retained_opening() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_reveal() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_role_permission() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_safeguard() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_saved_view() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_search_setting() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_task() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_team() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_team_member() owner kluis_ledger_owner definer
function kluis_ledger.rows_kluis_user_account() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_access_review_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_access_review_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_access_review_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_affiliation_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_affiliation_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_affiliation_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_alarm_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_alarm_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_alarm_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_approval_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_approval_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_approval_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_identity_provider_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_identity_provider_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_identity_provider_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_invite_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_invite_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_invite_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_password_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_password_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_password_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_provisioned_user_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_provisioned_user_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_provisioned_user_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_recovery_code_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_recovery_code_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_recovery_code_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_recovery_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_recovery_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_recovery_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_role_sign_in_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_role_sign_in_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_auth_role_sign_in_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_break_glass_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_break_glass_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_break_glass_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_budget_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_budget_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_budget_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_company_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_company_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_company_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_confidential_value_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_confidential_value_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_confidential_value_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_default_view_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_default_view_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_default_view_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_erasure_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_erasure_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_erasure_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_field_definition_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_field_definition_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_field_definition_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_field_role_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_field_role_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_field_role_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_file_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_file_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_file_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_freeze_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_freeze_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_freeze_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_import_mapping_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_import_mapping_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_import_mapping_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_import_run_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_import_run_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_import_run_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_joint_dossier_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_joint_dossier_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_joint_dossier_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_joint_party_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_joint_party_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_joint_party_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_merge_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_merge_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_merge_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_not_duplicate_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_not_duplicate_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_not_duplicate_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_note_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_note_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_note_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_note_version_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_note_version_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_note_version_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_organisation_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_organisation_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_organisation_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_person_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_person_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_person_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_record_share_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_record_share_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_record_share_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_relation_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_relation_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_relation_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_retained_opening_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_retained_opening_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_retained_opening_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_retention_rule_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_retention_rule_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_retention_rule_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_reveal_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_reveal_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_reveal_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_role_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_role_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_role_permission_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_role_permission_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_role_permission_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_role_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_safeguard_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_safeguard_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_safeguard_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_saved_view_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_saved_view_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_saved_view_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_search_setting_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_search_setting_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_search_setting_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_task_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_task_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_task_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_team_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_team_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_team_member_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_team_member_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_team_member_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_team_update() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_user_account_delete() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_user_account_insert() owner kluis_ledger_owner definer
function kluis_ledger.trace_kluis_user_account_update() owner kluis_ledger_owner definer
