-- 0008: a passkey says under a key of the keystore whose it is, so that nobody can plant one in the database.
-- One from before this lacks it and signs nobody in: its owner gets a new link (kluis users reset-factor).
alter table kluis_auth.passkey add column proof bytea check (octet_length(proof) = 16);
