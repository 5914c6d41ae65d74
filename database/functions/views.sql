-- What a colleague of a role sees first is a view of everyone: one that is taken back from everyone is that of no role
-- any more, whoever takes it back. Shared again, it is chosen again.
create or replace function kluis.view_taken_back() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
  delete from kluis.default_view d where d.view_id = new.id;
  return null;
end $$;
alter function kluis.view_taken_back() owner to kluis_identity;
create or replace trigger y_taken_back after update on kluis.saved_view for each row
  when (old.shared_with = 'everyone' and new.shared_with <> 'everyone') execute function kluis.view_taken_back();
