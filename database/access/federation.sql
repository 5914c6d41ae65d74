-- How colleagues prove who they are elsewhere, and who keeps them here: only sign-in reaches it.
grant select, insert, update, delete on kluis_auth.identity_provider, kluis_auth.federated_identity, kluis_auth.provisioned_user to kluis_sign_in;
-- A token is made, used and ended; it is given to nobody else and lives no longer than it was made for.
grant select, insert, delete, update (last_used_at, revoked_at) on kluis_auth.scim_token to kluis_sign_in;
create policy sign_in on kluis_auth.identity_provider to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.federated_identity to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.scim_token to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.provisioned_user to kluis_sign_in using (true) with check (true);
