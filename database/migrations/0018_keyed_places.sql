-- 0018: where colleagues signed in is hashed with a key since; what was hashed without one goes. Their next sign-in from there is
-- one from a new place.
delete from kluis_auth.known_place;
delete from kluis_auth.attempt;
