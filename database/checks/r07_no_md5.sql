-- id: R07
-- severity: high
-- title: no password is stored as MD5, and SCRAM iterates at least 4096 times
-- why: an MD5 verifier is the password for all practical purposes
-- needs: pg_authid
-- remedy: set password_encryption to scram-sha-256 and set the password anew
select rolname as object,
  case when rolpassword like 'md5%' then 'md5' else 'few iterations' end as detail
from pg_authid
where rolpassword like 'md5%'
   or (rolpassword like 'SCRAM-SHA-256$%' and split_part(split_part(rolpassword, '$', 2), ':', 1)::int < 4096)
