-- id: R08
-- severity: medium
-- title: new passwords are stored as SCRAM-SHA-256
-- why: see R07
-- remedy: alter system set password_encryption = 'scram-sha-256'
select name as object, setting as detail from pg_settings
where name = 'password_encryption' and setting <> 'scram-sha-256'
