import { type Route, read, write } from '#security/access/route.ts'
import { SearchChange, SearchState } from './contract.ts'
import { changeSearch, type SearchParts, showSearch } from './search.ts'

const needs = 'organisation:manage' as const

export function searchRoutes(parts: SearchParts): Route[] {
  return [
    read('GET /api/search', { needs, reply: SearchState }, ({ tx }) => showSearch(parts, tx)),
    write(
      'PATCH /api/search',
      {
        needs,
        // It weakens what every copy of the database keeps; to let go of it asks nothing.
        operation: ({ body }: { body: SearchChange }) =>
          body.areNamesKept ? 'change-safeguards' : undefined,
        preview: () => ({ what: 'name-prefixes' as const, facts: {} }),
        body: SearchChange,
        reply: SearchState,
      },
      ({ tx, body, writeAtOnce }) => changeSearch(parts, tx, body, writeAtOnce),
    ),
  ]
}
