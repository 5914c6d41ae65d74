-- Standing is written by one function's owner, and read inside the identity functions only.
grant select, insert, update, delete on kluis_auth.standing to kluis_identity;
grant select on kluis_auth.role_rights, kluis_auth.reached_team, kluis_auth.standing_due to kluis_identity;
create policy derived on kluis_auth.standing to kluis_identity using (true) with check (true);

-- A release may change what follows from a role; the policies it is read under stand only now.
select kluis_auth.refresh_standing();
