import { type Position, readPosition, tryPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { IndexKind, IndexScope } from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { RecordQuery } from './contract.ts'

type Newest = (
  before: Position | undefined,
  limit: number,
) => Promise<{ id: string; position: string }[]>

/** The same rule as `kluis.scope()`: counts and menus must not tell of what the list then hides. */
export function scopeOf({ seesAll, userId, teamIds, visibility }: Who): IndexScope {
  return { everything: seesAll, userId, teamIds: visibility === 'owner' ? [] : teamIds }
}

/**
 * The ids of one page. The index proposes and row security decides afterwards; while the index is not
 * there the database gives the newest, so that nobody waits to work.
 */
export async function findPage(
  index: RecordIndex,
  kind: IndexKind,
  who: Who,
  query: RecordQuery,
  newest: Newest,
): Promise<{
  ids: string[]
  nextCursor: string | null
  total: number | null
  isIndexReady: boolean
}> {
  // A list begun from the database ends there: its order is another one.
  const isFromDatabase = query.cursor !== undefined && tryPosition(query.cursor) !== undefined
  const found = isFromDatabase ? undefined : await index.query(asIndexQuery(kind, who, query))
  if (found)
    return {
      ids: found.ids,
      nextCursor: found.nextCursor ?? null,
      total: found.total,
      isIndexReady: true,
    }
  if (query.cursor && !isFromDatabase) refuse('index-loading')
  const rows = await newest(query.cursor ? readPosition(query.cursor) : undefined, query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    ids: page.map((row) => row.id),
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
    total: null,
    isIndexReady: index.isReady,
  }
}

function asIndexQuery(kind: IndexKind, who: Who, query: RecordQuery) {
  const filters: Record<string, string[]> = {}
  if (query.stage) filters.stage = query.stage
  if (query.owner) filters.ownerId = query.owner
  if (query.team) filters.teamId = query.team
  if (query.tag) filters.tag = query.tag
  if (query.city) filters.city = query.city
  if (query.language) filters.language = query.language
  const by = query.sort?.replace('-', '') as 'name' | 'createdAt' | 'updatedAt' | undefined
  // What fits best stands first as long as nobody asked for another order.
  const isRanked = Boolean(query.search) && (by === undefined || query.sort === 'name')
  return {
    kind,
    filters,
    scope: scopeOf(who),
    limit: query.limit,
    deleted: query.deleted === 'true',
    ...(query.search ? { text: query.search } : {}),
    ...(isRanked || !by ? {} : { sort: { by, descending: query.sort!.startsWith('-') } }),
    ...(query.cursor ? { cursor: query.cursor } : {}),
  }
}

/** What the filter menus offer: values the caller can see, most frequent first, with their counts. */
export async function showFacets(index: RecordIndex, kind: IndexKind, who: Who) {
  const found = await index.facets(
    kind,
    ['stage', 'ownerId', 'teamId', 'tag', 'city', 'language'],
    scopeOf(who),
  )
  const [stage = [], owner = [], team = [], tag = [], city = [], language = []] = found ?? []
  return { isIndexReady: found !== undefined, stage, owner, team, tag, city, language }
}
