-- What stands in the database and is not sealed, said per column: a stolen dump shows this, and the administrator of the
-- database reads it. Check L19 refuses any other column that could hold text. Columns with the words of a fixed list, and
-- those that refer to one, say it by their constraint.
-- Ids that say which records hang together (who works where, who is tied to whom, who are parties of one joint dossier, which companies are one group, who has a
-- photo, who follows whom), numbers, sizes and moments are readable too.
--   readable: as it is      token: a keyed hash, equal for equal values      hash: of a random secret, or of sealed rows
--   key: the public half of a key pair
do $$
declare
  d record;
begin
  for d in select * from (values
    ('kluis_migrations.applied', 'name', 'readable: names of files of this program'),
    ('kluis_migrations.applied', 'sha256', 'hash: of files of this program'),
    ('kluis.table_opt_out', 'table_name', 'readable: names of tables'),
    ('kluis.table_opt_out', 'reason', 'readable: written in migrations'),
    ('kluis.team', 'name', 'readable: the names the organisation gives its teams'),
    ('kluis.role', 'id', 'readable: names of roles'),
    ('kluis.role', 'name', 'readable: the names the organisation gives its roles'),
    ('kluis.role_permission', 'permission', 'readable: words of the program'),
    ('kluis.right_use', 'permission', 'readable: words of the program'),
    ('kluis.access_review', 'role_before', 'readable: names of roles'),
    ('kluis.access_review', 'role_after', 'readable: names of roles'),
    ('kluis.user_account', 'email_token', 'token: of the colleague''s e-mail'),
    ('kluis.client_id', 'table_name', 'readable: names of tables'),
    ('kluis.opening', 'purpose', 'readable: words of the program'),
    ('kluis.opening', 'table_name', 'readable: names of tables'),
    ('kluis.person_lookup', 'kind', 'readable: words of the program, or the id of a custom field'),
    ('kluis.person_lookup', 'token', 'token: of an e-mail, phone, account or customer number; equal where two records share it'),
    ('kluis.company_lookup', 'kind', 'readable: words of the program, or the id of a custom field'),
    ('kluis.company_lookup', 'token', 'token: of an e-mail, phone or number; equal where two records share it'),
    ('kluis.name_prefix', 'token', 'token: of the beginning of a name, only where names are findable in the database; most can be told by counting'),
    ('kluis.confidential_value', 'exact_token', 'token: of a confidential value that is found whole; equal where two records share it'),
    ('kluis.import_mapping', 'source', 'token: of the heading of a file'),
    ('kluis.retention_rule', 'code', 'readable: words of the program'),
    ('kluis.retention_rule', 'name_nl', 'readable: words of the program'),
    ('kluis.retention_rule', 'name_en', 'readable: words of the program'),
    ('kluis.retention_rule', 'statute', 'readable: words of the program'),
    ('kluis.record_change', 'what', 'readable: names of classes and columns that changed and ids of custom fields, never what they hold'),
    ('kluis.record_change', 'stage_before', 'readable: a stage, as the record has it'),
    ('kluis.record_change', 'stage_after', 'readable: a stage, as the record has it'),
    ('kluis_auth.session', 'token_hash', 'hash: of a random token'),
    ('kluis_auth.session', 'purpose', 'readable: words of the program'),
    ('kluis_auth.session', 'factor', 'readable: words of the program'),
    ('kluis_auth.session', 'user_agent', 'readable: browser and system of a colleague''s device'),
    ('kluis_auth.session', 'address_ranges', 'readable: networks from which a program''s key is taken'),
    ('kluis_auth.step_up', 'token_hash', 'hash: of a random token'),
    ('kluis_auth.step_up', 'operation', 'readable: words of the program'),
    ('kluis_auth.step_up', 'request', 'token: of a request, equal for equal requests'),
    ('kluis.safeguard', 'four_eyes', 'readable: words of the program'),
    ('kluis.approval', 'operation', 'readable: words of the program'),
    ('kluis.approval', 'request', 'token: of a request, equal for equal requests'),
    ('kluis.approval', 'proof', 'hash: keyed, of the row and of who approved it'),
    ('kluis_auth.passkey', 'credential_id', 'readable: a random id the authenticator gave'),
    ('kluis_auth.passkey', 'public_key', 'key: of the authenticator'),
    ('kluis_auth.passkey', 'name', 'readable: what the colleague calls the passkey'),
    ('kluis_auth.passkey', 'proof', 'hash: keyed, of the row''s own columns'),
    ('kluis_auth.recovery_code', 'code_hash', 'hash: of a random code'),
    ('kluis_auth.invite', 'token_hash', 'hash: of a random token'),
    ('kluis_auth.invite', 'code_hash', 'hash: keyed, of a random code'),
    ('kluis_auth.federated_identity', 'subject_token', 'token: of who a colleague is at a provider'),
    ('kluis_auth.federated_identity', 'proof', 'hash: keyed, of the row''s own columns'),
    ('kluis_auth.scim_token', 'token_hash', 'hash: of a random token'),
    ('kluis_auth.provisioned_user', 'user_name_token', 'token: of what a provider calls a colleague'),
    ('kluis_auth.provisioned_user', 'external_id_token', 'token: of the number a provider gave a colleague'),
    ('kluis_auth.known_place', 'key', 'hash: keyed, of a colleague and a network'),
    ('kluis_auth.attempt', 'key', 'hash: of an account or a network that is keyed itself, or of a colleague''s id'),
    ('kluis_auth.standing', 'role_id', 'readable: names of roles'),
    ('kluis_auth.standing', 'language', 'readable: nl or en'),
    ('kluis_auth.standing', 'permissions', 'readable: words of the program'),
    ('kluis_ledger.outbox', 'table_name', 'readable: names of tables'),
    ('kluis_ledger.outbox', 'row_hash', 'hash: of a row, with its sealed columns as they stand'),
    ('kluis_ledger.outbox', 'purpose', 'readable: words of the program'),
    ('kluis_ledger.outbox', 'detail', 'readable: numbers and words of the program about an event, never of a customer'),
    ('kluis_ledger.leaf', 'body', 'readable: which row changed when and by whom, with the hash of the row'),
    ('kluis_ledger.leaf', 'leaf_hash', 'hash: of the leaf'),
    ('kluis_ledger.head', 'frontier', 'hash: of the tree'),
    ('kluis_ledger.checkpoint', 'note', 'readable: size and root of the tree with their signatures'),
    ('kluis_ledger.hashed_columns', 'table_name', 'readable: names of tables'),
    ('kluis_ledger.hashed_columns', 'columns', 'readable: names of columns')
  ) as declared (table_name, column_name, shows)
  loop
    execute format('comment on column %s.%I is %L', d.table_name, d.column_name, d.shows);
  end loop;
end $$;
