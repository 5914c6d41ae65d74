-- 0027: keys that are replaced while work goes on, and records whose keys were erased.

-- A second version of the sealed record: docs/formats/sealed-record.md.
alter domain kluis.sealed drop constraint sealed_check;
alter domain kluis.sealed add constraint sealed_check
  check (octet_length(value) >= 63 and substring(value from 1 for 3) in ('\x4b5301'::bytea, '\x4b5302'::bytea));

-- How far the replacing of keys is. One at a time; killed, it goes on from here.
create table kluis.key_rotation (
  id uuid primary key default gen_random_uuid(),
  what text not null check (what in ('root', 'organisation', 'segments', 'records', 'search', 'algorithm')),
  phase text not null check (phase in ('keystore', 'draw', 'reseal', 'close', 'sweep', 'destroy', 'hash', 'hash-again', 'done')),
  -- Which of the tables, in the program's order, and behind which of its rows.
  table_place int not null default 0,
  after_id uuid not null default '00000000-0000-0000-0000-000000000000',
  -- Key slots up to this one are of before.
  old_until bigint not null default 63,
  done bigint not null default 0,
  total bigint not null default 0,
  -- Rows that did not open, and so keep their keys.
  unopened bigint not null default 0,
  rows_per_second int not null check (rows_per_second between 1 and 100000),
  started_by uuid,
  started_at timestamptz not null default now(),
  moved_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((ended_at is null) = (phase <> 'done'))
);
create unique index key_rotation_one on kluis.key_rotation ((true)) where ended_at is null;
create index key_rotation_newest on kluis.key_rotation (started_at desc);

-- Nothing is written under a key of before once the last of them were looked for.
create table kluis.key_boundary (
  is_only boolean primary key default true check (is_only),
  closed_until bigint not null default 63
);
insert into kluis.key_boundary default values;

-- Whose keys were destroyed, so that a copy of before does not bring them back. No reference: the record may go, this stays.
create table kluis.erasure (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('person', 'company')),
  subject_id uuid not null,
  -- What went with it: what was merged into it, and the companies of a sole trader.
  also_ids uuid[] not null default '{}',
  -- When the copies of the keystore that still open it are gone.
  complete_on date not null,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create index erasure_newest on kluis.erasure (created_at desc, id);
create index erasure_of on kluis.erasure (subject_id);

insert into kluis.table_opt_out values
  ('kluis.key_rotation', 'ledger', 'how far the replacing of keys is; its begin and end are events'),
  ('kluis.key_boundary', 'ledger', 'moved by the replacing of keys, whose begin and end are events');

insert into kluis.role_permission
select role_id, permission
from (values
  ('administrator', array['keys:manage']),
  ('privacy-officer', array['erasures:run'])
) as granted(role_id, permissions), unnest(permissions) as permission;
