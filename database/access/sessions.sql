-- Rules of sign-in, recoveries and notices. Keys of programs are sessions (core.sql).
grant select, insert, update on kluis_auth.role_sign_in, kluis_auth.recovery to kluis_sign_in;
create policy sign_in on kluis_auth.role_sign_in to kluis_sign_in using (true) with check (true);
create policy sign_in on kluis_auth.recovery to kluis_sign_in using (true) with check (true);

-- One's own notices. They are written by a function; the app only says that they were read.
grant select on kluis.security_notice to kluis_app;
grant update (read_at) on kluis.security_notice to kluis_app;
create policy own on kluis.security_notice for select to kluis_app using (user_id = (select kluis.uid()));
create policy own_read on kluis.security_notice for update to kluis_app
  using (user_id = (select kluis.uid())) with check (user_id = (select kluis.uid()));

grant select, insert, update on kluis.security_notice to kluis_identity;
create policy identity_tells on kluis.security_notice to kluis_identity using (true) with check (true);

grant execute on function kluis.session_terms() to kluis_app, kluis_worker;
grant execute on function kluis.tell_security(uuid, text), kluis.take_security_mail(), kluis.give_back_security_mail(uuid[]) to kluis_sign_in;
grant execute on function kluis_auth.is_for_people(text) to kluis_sign_in, kluis_identity;
