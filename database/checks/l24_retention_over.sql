-- id: L24
-- severity: medium
-- title: what a law no longer has kept goes within ninety days
-- why: without a reason to keep them, personal data should go; what is kept too long can still be stolen
-- remedy: whoever looks after erasures erases it under Settings, Erasures; or says which other law has it kept
select 'file ' || f.id as object, 'could go since ' || to_char(f.retained_until, 'YYYY-MM-DD') || ', kept by ' || f.retention_rule as detail
from kluis.file f
where f.retained_until < current_date - 90 and f.completed_at is not null
