-- 0006: why account numbers were opened. The reason is free text about a person, so it is sealed under
-- that person's key; who and when stay readable.
create table kluis.reveal (
  id uuid primary key default gen_random_uuid(),
  person_id uuid not null references kluis.person on delete cascade,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create index reveal_person on kluis.reveal (person_id, created_at desc);

-- Tasks of everybody, by the day they are due.
create index task_due on kluis.task ((coalesce(due_on, 'infinity'::date)), id);
