-- id: L25
-- severity: high
-- title: no beginning of a name is kept where the organisation did not choose that
-- why: these tokens are uneven: whoever holds a copy of the database reads a part of the names by counting them
-- remedy: truncate kluis.name_prefix, and find out in PostgreSQL's log who wrote there: Kluis writes none while it is off
select 'kluis.name_prefix' as object, 'tokens are there, and the search by them is off' as detail
where exists (select from kluis.name_prefix) and not (select s.name_prefixes from kluis.search_setting s)
