-- Only sign-in reaches factors.
grant select, insert, update, delete on kluis_auth.password, kluis_auth.totp, kluis_auth.passkey, kluis_auth.recovery_code, kluis_auth.known_place, kluis_auth.invite, kluis_auth.attempt to kluis_sign_in;
create policy sign_in on kluis_auth.password to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.totp to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.passkey to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.recovery_code to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.known_place to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.invite to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.attempt to kluis_sign_in using (true) with check (true);
