-- 0028: whether what people wrote can be searched too, or only who they are.
create table kluis.search_setting (
  id uuid primary key default gen_random_uuid(),
  is_only boolean not null default true unique check (is_only),
  -- Notes, titles of tasks and names of files; off, their words are in no memory.
  content_search boolean not null default true,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
insert into kluis.search_setting default values;
