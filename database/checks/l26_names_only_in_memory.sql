-- id: L26
-- severity: low
-- title: names are found in memory alone
-- why: beginnings of names in the database can be told by counting; an organisation that chose this knowingly accepts it
-- remedy: none where it is meant; else Settings → Search: switch it off, and replace the search key, so that older copies are not tied to newer ones
select 'kluis.search_setting' as object, 'accepted by whoever manages the organisation: names are findable in the database' as detail
from kluis.search_setting s where s.name_prefixes
