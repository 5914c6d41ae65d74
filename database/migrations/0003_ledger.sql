-- 0003: the ledger. A change's trigger adds a row to the outbox in the same transaction; one sequencer turns
-- outbox rows into leaves of a Merkle tree. No personal data in either: ids, counters, hashes.
-- docs/formats/ledger.md.

create table kluis_ledger.outbox (
  -- Drawn while the changed row is locked: of two changes of one row the later has the higher id, in
  -- whatever order their transactions began or are sequenced.
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null default now(),
  actor_id uuid,
  -- The session's kind; without a session 'role:' and the role that signed in to PostgreSQL.
  actor_kind text not null,
  action text not null check (action in ('insert', 'update', 'delete', 'event')),
  table_name text,
  row_id uuid,
  row_version int,
  hash_version int,
  row_hash bytea check (octet_length(row_hash) = 32),
  purpose text,
  event text,
  detail jsonb,
  check ((action = 'event') = (event is not null)),
  check ((action = 'event') = (table_name is null))
);

create table kluis_ledger.leaf (
  seq bigint primary key check (seq >= 1),
  body bytea not null,
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32)
);

-- The right edge of the tree, so that the next leaf needs no look at the earlier ones.
create table kluis_ledger.head (
  is_only boolean primary key default true check (is_only),
  tree_size bigint not null default 0,
  frontier bytea[] not null default '{}'
);
insert into kluis_ledger.head default values;

create table kluis_ledger.checkpoint (
  tree_size bigint primary key,
  at timestamptz not null default now(),
  note text not null
);

-- Which columns a row's hash covers. A new column makes a new version; old proofs stay true.
create table kluis_ledger.hashed_columns (
  table_name text not null,
  version int not null,
  columns text[] not null,
  -- Whether the rows that were there before have their leaves.
  is_written boolean not null default false,
  primary key (table_name, version)
);
