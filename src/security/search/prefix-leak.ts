// Written by `npm run drill -- leakage`, as docs/assurance/leakage.md is.
export const prefixLeak = {
  measured: '2026-11-26',
  people: 4009,
  countryPeople: 100000,
  familyNames: { demo: 0.218, country: 0.581 },
  givenNames: { demo: 0.055, country: 0.522 },
}
