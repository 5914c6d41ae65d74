-- id: L23
-- severity: medium
-- title: no column with a blind index has few values, or one that many records share
-- why: who holds a copy of the database counts equal tokens: with few values, or one very frequent, the counts tell which is which
-- remedy: Settings → Custom fields: take the exact search from this field, which removes its tokens; a column of the program itself is to be reported
-- Beginnings of names are uneven by choice: L25 and L26 ask whether somebody chose them.
select spread.kind as object,
  format('%s records, %s different values, the most frequent one in %s', records, different, most) as detail
from (
  select kind, sum(held)::bigint as records, count(*) as different, max(held) as most
  from (
    select 'person ' || l.kind as kind, count(*) as held from kluis.person_lookup l group by l.kind, l.token
    union all
    select 'company ' || l.kind, count(*) from kluis.company_lookup l group by l.kind, l.token
    union all
    select 'confidential custom:' || v.field_id, count(*) from kluis.confidential_value v
    where v.exact_token is not null group by v.field_id, v.exact_token
  ) as tokens
  group by kind
) as spread
-- The same bounds as src/security/vault/spread.ts.
where records >= 200 and (different * 2 < records or most * 20 > records)
