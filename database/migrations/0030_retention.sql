-- 0030: files that a law has kept, each under a key of its own, so that erasing whom they are of does not destroy them.

-- The law as data: for how long, from when, by which statute. Sources: the statutes named; the European one is Regulation (EU) 2024/1624.
create table kluis.retention_rule (
  code text primary key check (code ~ '^[A-Z]{2}-[A-Z]+-[0-9]+$'),
  jurisdiction text not null check (jurisdiction in ('BE', 'NL', 'EU')),
  name_nl text not null,
  name_en text not null,
  statute text not null,
  years int not null check (years between 1 and 100),
  -- document: from its date. end-of-relation: from the end of the relation with the customer, and until that is known without an end.
  starts_at text not null check (starts_at in ('document', 'end-of-relation')),
  -- Whether the years are counted from the first of January that follows.
  from_new_year boolean not null,
  valid_from date,
  valid_until date
);
insert into kluis.retention_rule (code, jurisdiction, name_nl, name_en, statute, years, starts_at, from_new_year, valid_from) values
  ('BE-FISC-10', 'BE', 'Facturen, boeken en bewijsstukken', 'Invoices, books and evidence', 'WIB 92 art. 315; WBTW art. 60', 10, 'document', true, '2023-01-01'),
  ('BE-ACC-7', 'BE', 'Boekhouding, alleen voor de boekhoudwet', 'Accounts, for accounting law alone', 'WER art. III.86 en III.88', 7, 'document', true, null),
  ('BE-AML-10', 'BE', 'Cliëntenonderzoek tegen witwassen', 'Customer due diligence against money laundering', 'Wet van 18 september 2017 art. 60', 10, 'end-of-relation', false, null),
  ('NL-FISC-7', 'NL', 'Facturen en administratie', 'Invoices and administration', 'AWR art. 52', 7, 'document', true, null),
  ('NL-VAT-10', 'NL', 'Administratie over onroerende zaken', 'Administration of immovable property', 'Wet OB 1968, herziening van btw', 10, 'document', true, null),
  ('NL-AML-5', 'NL', 'Cliëntenonderzoek tegen witwassen', 'Customer due diligence against money laundering', 'Wwft art. 33', 5, 'end-of-relation', false, null),
  ('NL-ADV-1', 'NL', 'Financieel advies', 'Financial advice', 'BGfo art. 32a', 1, 'document', false, null),
  ('EU-AML-5', 'EU', 'Cliëntenonderzoek tegen witwassen', 'Customer due diligence against money laundering', 'Verordening (EU) 2024/1624 art. 77', 5, 'end-of-relation', false, '2027-07-10'),
  ('EU-MIFID-5', 'EU', 'Orders en gesprekken over beleggen', 'Orders and communication on investments', 'MiFID II art. 16', 5, 'document', false, null);

alter table kluis.file
  add column key_slot bigint,
  add column retention_rule text references kluis.retention_rule (code),
  -- The day of the document, or of the end of the relation.
  add column retained_from date,
  -- The first day on which it may go; kept by the database: database/functions/retention.sql.
  add column retained_until date,
  -- Since whom it is of was erased: out of the dossier, shown for a stated purpose alone.
  add column set_apart_at timestamptz,
  -- Once it has one it keeps it, also when no law has it kept any more: then it goes with whom it is of.
  add constraint file_own_key check (retention_rule is null or key_slot is not null),
  add constraint file_photo_not_retained check (photo_of is null or retention_rule is null),
  add constraint file_set_apart check (set_apart_at is null or retention_rule is not null);
create index file_retained on kluis.file (retained_until, id) where retention_rule is not null;
create index file_set_apart_of on kluis.file (set_apart_at, id) where set_apart_at is not null;

-- Keys of files that are gone, and in copies of before still open: destroyed with whom the files were of.
create table kluis.left_key (
  slot bigint primary key check (slot >= 64),
  subject_id uuid not null
);
create index left_key_of on kluis.left_key (subject_id);
insert into kluis.table_opt_out values
  ('kluis.left_key', 'ledger', 'follows from the file that was removed, which the ledger tells of');

-- For what a file that was set apart was opened. No reference: the file goes in its time, this stays.
create table kluis.retained_opening (
  id uuid primary key default gen_random_uuid(),
  file_id uuid not null,
  purpose text not null check (purpose in ('audit', 'dispute', 'authority', 'access-request')),
  content_sealed kluis.sealed not null,
  content_seal_counter int not null default 1,
  row_version int not null default 1,
  created_at timestamptz not null default now(),
  created_by uuid,
  updated_at timestamptz not null default now(),
  updated_by uuid
);
create index retained_opening_of on kluis.retained_opening (file_id, created_at desc);

-- What was kept by a law goes at its time with a certificate of its own.
alter table kluis.erasure drop constraint erasure_kind_check;
alter table kluis.erasure add constraint erasure_kind_check check (kind in ('person', 'company', 'file'));
