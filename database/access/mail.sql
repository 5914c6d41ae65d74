-- Everyone chooses for themselves how they hear; when they were told last is kept by the function that takes due mails.
grant select, insert (user_id, wish), update (wish) on kluis.notification_mail to kluis_app;
create policy own on kluis.notification_mail for select to kluis_app using (user_id = (select kluis.uid()));
create policy own_new on kluis.notification_mail for insert to kluis_app with check (user_id = (select kluis.uid()));
create policy own_changed on kluis.notification_mail for update to kluis_app
  using (user_id = (select kluis.uid())) with check (user_id = (select kluis.uid()));

grant select, insert, update on kluis.notification_mail to kluis_identity;
create policy identity_mails on kluis.notification_mail to kluis_identity using (true) with check (true);
-- The role that knows the addresses of colleagues, and no customer.
grant execute on function kluis.take_due_mail(), kluis.give_back_mail(uuid, timestamptz, timestamptz) to kluis_sign_in;
