import { type Route, read, write } from '#security/access/route.ts'
import { SearchChange, SearchState } from './contract.ts'
import { changeSearch, type SearchParts, showSearch } from './search.ts'

const needs = 'organisation:manage' as const

export function searchRoutes(parts: SearchParts): Route[] {
  return [
    read('GET /api/search', { needs, reply: SearchState }, ({ tx }) => showSearch(parts, tx)),
    write(
      'PATCH /api/search',
      { needs, body: SearchChange, reply: SearchState },
      ({ tx, body, writeAtOnce }) => changeSearch(parts, tx, body, writeAtOnce),
    ),
  ]
}
