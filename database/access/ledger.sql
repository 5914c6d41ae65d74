-- The outbox is added to by one function's owner and emptied by the sequencer; the app can't even read it.
grant usage on schema kluis_ledger to kluis_ledger, kluis_ledger_owner, kluis_app, kluis_sign_in;
grant usage on schema kluis_auth to kluis_ledger_owner;
grant insert on kluis_ledger.outbox to kluis_ledger_owner;
create policy trigger_adds on kluis_ledger.outbox for insert to kluis_ledger_owner with check (true);
grant select, delete on kluis_ledger.outbox to kluis_ledger;
create policy sequencer_takes on kluis_ledger.outbox for select to kluis_ledger using (true);
create policy sequencer_removes on kluis_ledger.outbox for delete to kluis_ledger using (true);
grant select, insert on kluis_ledger.leaf, kluis_ledger.checkpoint to kluis_ledger;
create policy sequencer_reads on kluis_ledger.leaf for select to kluis_ledger using (true);
create policy sequencer_adds on kluis_ledger.leaf for insert to kluis_ledger with check (true);
create policy sequencer_reads on kluis_ledger.checkpoint for select to kluis_ledger using (true);
create policy sequencer_adds on kluis_ledger.checkpoint for insert to kluis_ledger with check (true);
grant select, update on kluis_ledger.head to kluis_ledger;
create policy sequencer_moves on kluis_ledger.head to kluis_ledger using (true) with check (true);
grant select on kluis_ledger.hashed_columns to kluis_ledger;
create policy sequencer_reads on kluis_ledger.hashed_columns for select to kluis_ledger using (true);
grant execute on function kluis_ledger.record_event(text, jsonb, uuid) to kluis_app, kluis_sign_in;

-- What the trigger functions ask while they run as their owner.
grant execute on function kluis.session_kind(), kluis_ledger.actor_kind(), kluis_ledger.stated_purpose() to kluis_ledger_owner;
grant select, update on kluis_ledger.hashed_columns to kluis_ledger_owner;
create policy owner_marks on kluis_ledger.hashed_columns to kluis_ledger_owner using (true) with check (true);
grant execute on function kluis_ledger.silent_triggers() to kluis_ledger;
select kluis_ledger.write_baseline();
