-- 0031: joint dossiers: what two or more people share, under a key of its own, so that erasing one of them leaves it. What
-- it is called and what each is to it is sealed; who is a party stays readable, as of relations.

create table kluis.joint_dossier (
  id uuid primary key default gen_random_uuid(),
  key_slot bigint not null check (key_slot >= 64),
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  -- From then on nothing new is hung on it.
  ended_at timestamptz,
  ended_by uuid,
  -- A party was erased then: somebody must read what of it was about that one alone.
  review_since timestamptz,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);

create table kluis.joint_party (
  id uuid primary key default gen_random_uuid(),
  joint_dossier_id uuid not null references kluis.joint_dossier on delete cascade,
  person_id uuid not null references kluis.person on delete cascade,
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create index joint_party_dossier on kluis.joint_party (joint_dossier_id, created_at);
create index joint_party_person on kluis.joint_party (person_id);

do $$
declare
  hung text;
begin
  foreach hung in array array['note', 'note_version', 'task', 'file'] loop
    execute format('alter table kluis.%I add column joint_dossier_id uuid references kluis.joint_dossier on delete cascade', hung);
    execute format('alter table kluis.%1$I drop constraint %2$I, add constraint %2$I check (num_nonnulls(person_id, company_id, joint_dossier_id) = 1)', hung, hung || '_check');
  end loop;
end $$;
create index note_joint_dossier on kluis.note (joint_dossier_id, created_at desc) where joint_dossier_id is not null;
create index note_version_joint_dossier on kluis.note_version (joint_dossier_id) where joint_dossier_id is not null;
create index task_joint_dossier on kluis.task (joint_dossier_id, created_at desc) where joint_dossier_id is not null;
create index file_joint_dossier on kluis.file (joint_dossier_id, created_at desc) where joint_dossier_id is not null;

alter table kluis.erasure
  drop constraint erasure_kind_check,
  add constraint erasure_kind_check check (kind in ('person', 'company', 'joint_dossier', 'file'));
