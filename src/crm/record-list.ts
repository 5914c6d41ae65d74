import type { ReadTx } from '#platform/db.ts'
import { type Position, readPosition, tryPosition, writePosition } from '#platform/page-cursor.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Permission } from '#security/access/permissions.ts'
import type { Who } from '#security/access/who.ts'
import { inOrderName } from '#security/search/declared-filters.ts'
import type {
  IndexFilter,
  IndexKind,
  IndexPage,
  IndexScope,
  IndexSort,
  RowScope,
} from '#security/search/index-types.ts'
import type { RecordFinder } from '#security/search/record-index.ts'
import { fold } from '#security/search/words.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { RecordQuery } from './contract.ts'
import type { ListFields } from './filter-fields.ts'
import { type Beside, indexFilter } from './filter-question.ts'
import { listByNames, listRecentlyOpened } from './store.ts'
import { openNames } from './subject-names.ts'
import type { Filter, GroupQuestion, Groups, ListQuestion } from './views/contract.ts'
import {
  type ByPrefix,
  isByPrefix,
  namedOf,
  orderedWithout,
  refuseWithout,
} from './without-index.ts'

type Newest = (
  before: Position | undefined,
  limit: number,
) => Promise<{ id: string; position: string }[]>

type FoundPage = {
  ids: string[]
  /** Where nothing was found: who is called nearly so. */
  closest: string[]
  total: number | null
  isIndexReady: boolean
  isByPrefix: boolean
}

const sees = { person: 'people:see', company: 'companies:see' } as const

/**
 * The same rule as `kluis.scope()` and `kluis.shared()`: counts and menus must not tell of what the list then hides, nor
 * of tasks and notes that the caller may not read.
 */
export function scopeOf(who: Who, kind: IndexKind): IndexScope {
  const of = (permission: Permission, on: IndexKind) => rowScope(who, permission, on)
  return {
    asker: who.token,
    ...of(sees[kind], kind),
    beside: {
      linked: kind === 'person' ? of('companies:see', 'company') : of('people:see', 'person'),
      task: of('tasks:see', kind),
      note: of('notes:see', kind),
      file: of('files:see', kind),
    },
  }
}

function rowScope(
  { reaches, userId, reachedTeamIds, shared }: Who,
  right: Permission,
  kind: IndexKind,
): RowScope {
  const reach = reaches.get(right)
  return {
    everything: reach === 'organisation',
    userId: reach ? userId : '',
    teamIds: reach === 'team' ? reachedTeamIds : [],
    shared: reach ? shared[kind] : [],
  }
}

/**
 * The ids of one page. The index proposes and row security decides afterwards; while the index is not
 * there the database gives the newest, so that nobody waits to work.
 */
export async function findPage(
  index: RecordFinder,
  kind: IndexKind,
  { counted, byPrefix }: Filtering,
  { tx, who }: Pick<Asking, 'tx' | 'who'>,
  query: RecordQuery,
  newest: Newest,
): Promise<FoundPage & { nextCursor: string | null }> {
  // A list begun from the database ends there: its order is another one.
  const isFromDatabase = query.cursor !== undefined && tryPosition(query.cursor) !== undefined
  // The next page goes on in the order of the first.
  const recent = query.search && !query.cursor ? await recentIds(tx, kind) : undefined
  const asked = { ...asIndexQuery(kind, who, query), ...(recent ? { recent } : {}) }
  const narrows = [query.search && fold(query.search), asked.filters]
  const isNarrowed = Boolean(query.search) || Object.keys(asked.filters).length > 0
  const [found] = await Promise.all([
    isFromDatabase ? undefined : index.query(asked),
    isNarrowed && counted(tx, [kind, query.deleted === 'true', ...narrows]),
  ])
  if (found) return { ...whole(found), nextCursor: found.nextCursor ?? null }
  if (query.cursor && !isFromDatabase) refuseWithout(index)
  const isFiltered = Object.keys(asked.filters).length > 0
  if (index.isOff && isFiltered) refuseWithout(index)
  const before = query.cursor ? readPosition(query.cursor) : undefined
  const named =
    query.search && !isFiltered ? await namedOf(byPrefix, tx, kind, query.search) : undefined
  if (!named && index.isOff && query.search) refuseWithout(index)
  const limit = query.limit + 1
  const rows = named
    ? await listByNames(tx, kind, named, { isInTrash: asked.deleted, before, limit })
    : await newest(before, limit)
  const page = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? page.at(-1) : undefined
  return {
    ids: page.map((row) => row.id),
    closest: [],
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
    total: null,
    // Not there when it was asked: what is shown is not what was searched for, though it may be there by now.
    isIndexReady: isFromDatabase && index.isReady,
    isByPrefix: named !== undefined,
  }
}

const whole = ({ ids, closest = [], total }: IndexPage) => ({
  ids,
  closest,
  total,
  isIndexReady: true,
  isByPrefix: false,
})

async function recentIds(tx: ReadTx, kind: IndexKind): Promise<string[]> {
  const rows = await listRecentlyOpened(tx)
  return rows.flatMap((row) => (row.table_name === kind ? [row.subject_id] : []))
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
    scope: scopeOf(who, kind),
    limit: query.limit,
    deleted: query.deleted === 'true',
    ...(query.search ? { text: query.search } : {}),
    ...(isRanked || !by ? {} : { sort: { by, descending: query.sort!.startsWith('-') } }),
    ...(query.cursor ? { cursor: query.cursor } : {}),
  }
}

/** What the filter menus offer: values the caller can see, most frequent first, with their counts. */
export async function showFacets(
  index: RecordFinder,
  kind: IndexKind,
  { byPrefix }: Filtering,
  { tx, who }: Pick<Asking, 'tx' | 'who'>,
) {
  const found = await index.facets(
    kind,
    ['stage', 'ownerId', 'teamId', 'tag', 'city', 'language'],
    scopeOf(who, kind),
  )
  const [stage = [], owner = [], team = [], tag = [], city = [], language = []] = found ?? []
  const isIndexReady = found !== undefined
  const indexProgress = isIndexReady ? 1 : Math.floor(index.progress * 100) / 100
  return {
    ...{ isIndexReady, indexProgress, isIndexOff: index.isOff },
    isByPrefix: !isIndexReady && (await isByPrefix(byPrefix, tx, kind)),
    ...{ stage, owner, team, tag, city, language },
  }
}

/** What a list knows beside its records: which fields it has, and what the segments of the caller say. */
export type Filtering = {
  fieldsOf: (who: Who) => ListFields
  beside: (tx: ReadTx, who: Who) => Beside
  /** A question that narrows the list, as one customer that the caller learns of. */
  counted: (tx: ReadTx, question: unknown[]) => Promise<void>
  byPrefix: ByPrefix
}
type Asking = { tx: ReadTx; who: Who; now: Date }

async function whereOf(
  { fieldsOf, beside }: Filtering,
  { tx, who, now }: Asking,
  filter: Filter | undefined,
): Promise<IndexFilter | undefined> {
  return filter && indexFilter(fieldsOf(who), filter, beside(tx, who), now)
}

/** The ids of the rows at a place, and how many there are in all; the newest while the index is not there. */
export async function findPlace(
  index: RecordFinder,
  kind: IndexKind,
  filtering: Filtering,
  asking: Asking,
  question: ListQuestion,
  newest: Newest,
): Promise<FoundPage & { nextCursor: null }> {
  const { search, sort, limit, from, deleted } = question
  const where = await whereOf(filtering, asking, question.filter)
  const asked = index.query({
    kind,
    scope: scopeOf(asking.who, kind),
    deleted,
    limit,
    from,
    ...(where ? { where } : {}),
    ...(search ? { text: search } : {}),
    ...(sort && !(search && sort === 'name')
      ? { sort: await sortOf(filtering, asking, sort) }
      : {}),
  })
  const [found] = await Promise.all([
    asked,
    countNarrowed(filtering, asking, [kind, deleted], question),
  ])
  if (found) return { ...whole(found), nextCursor: null }
  // What is asked for can't be found out without it; the whole list at least begins, and so do names where they are kept.
  if (where || from > 0) refuseWithout(index)
  if (index.isOff && sort && !orderedWithout.has(sort)) refuseWithout(index)
  const named = search
    ? ((await namedOf(filtering.byPrefix, asking.tx, kind, search)) ?? refuseWithout(index))
    : undefined
  const rows = named
    ? await listByNames(asking.tx, kind, named, { isInTrash: deleted, before: undefined, limit })
    : await newest(undefined, limit)
  return {
    ids: rows.map((row) => row.id),
    closest: [],
    nextCursor: null,
    total: null,
    isIndexReady: false,
    isByPrefix: named !== undefined,
  }
}

/** Of a list, a count and groups alike: each tells how many there are. */
async function countNarrowed(
  { counted }: Filtering,
  { tx }: Asking,
  of: unknown[],
  { search, filter }: { search?: string | undefined; filter?: Filter | undefined },
): Promise<void> {
  if (search || filter) await counted(tx, [...of, search && fold(search), filter])
}

async function sortOf(
  { fieldsOf, beside }: Filtering,
  { tx, who }: Asking,
  sort: string,
): Promise<IndexSort> {
  const descending = sort.startsWith('-')
  const by = descending ? sort.slice(1) : sort
  if (by === 'createdAt' || by === 'updatedAt') return { by, descending }
  // `name` is the order of the alphabet, with particles where the organisation puts them.
  if (by === 'name') return { by, descending }
  const field = fieldsOf(who).byName.get(by)
  if (!field?.isSortable)
    refuse('invalid-fields', { fields: [{ field: 'sort', problem: 'unknown' }] })
  const { recordKind } = field
  if (recordKind) {
    const became = await beside(tx, who).becameOf(recordKind)
    return { by: { field: by, recordKind, became }, descending }
  }
  // A list of choices has an order of its own, which their ids do not know.
  const isOption = field.kind === 'choice' && by.startsWith('custom.')
  return { by: { field: isOption ? inOrderName(by) : by }, descending }
}

// Of a text, which may name somebody.
const GROUP_MIN = 3

/** How many records have each value of a field, as far as the caller sees them. */
export async function findGroups(
  index: RecordFinder,
  kind: IndexKind,
  filtering: Filtering,
  asking: Asking,
  { search, filter, deleted, by, part, sums }: GroupQuestion,
): Promise<Groups> {
  const { byName } = filtering.fieldsOf(asking.who)
  const field = byName.get(by)
  if (!field?.isGroupable)
    refuse('invalid-fields', { fields: [{ field: 'by', problem: 'unknown' }] })
  if (sums.some((name) => byName.get(name)?.kind !== 'number'))
    refuse('invalid-fields', { fields: [{ field: 'sums', problem: 'number' }] })
  const where = await whereOf(filtering, asking, filter)
  const isDay = field.kind === 'day' || field.kind === 'yearly' || field.kind === 'instant'
  const beside = filtering.beside(asking.tx, asking.who)
  const { recordKind } = field
  const asked = index.groups({
    kind,
    by,
    ...(recordKind ? { became: await beside.becameOf(recordKind) } : {}),
    sums,
    deleted,
    scope: scopeOf(asking.who, kind),
    ...(isDay ? { part } : {}),
    ...(where ? { where } : {}),
    ...(search ? { text: search } : {}),
  })
  const narrowed = countNarrowed(filtering, asking, [kind, deleted, by, part], { search, filter })
  const [found] = await Promise.all([asked, narrowed])
  if (!found) return { isIndexReady: false, total: 0, sums: {}, others: 0, groups: [] }
  // A value that one or two have in common is theirs and no group: names and addresses are read in lists, where they count.
  const groups = found.groups.filter(
    ({ value, count }) => field.kind !== 'text' || value === null || count >= GROUP_MIN,
  )
  const values = groups.flatMap(({ value }) => value ?? [])
  const names = recordKind ? await beside.namesOf(recordKind, values) : {}
  return {
    isIndexReady: true,
    total: found.total,
    sums: rounded(found.sums),
    others: found.others + found.groups.length - groups.length,
    groups: groups.map((group) => ({
      ...group,
      name: names[group.value ?? ''] ?? null,
      sums: rounded(group.sums),
    })),
  }
}

/** Ten cents and twenty are thirty, whatever adding up fractions makes of it. */
function rounded(sums: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [name, Math.round(sum * 1e6) / 1e6]),
  )
}

// More of one name are as ambiguous as two.
const NAMED_MAX = 20

/** Whom the caller sees that is called exactly so, whatever the capitals and accents. */
export async function findNamed(
  { index, vault }: { index: RecordFinder; vault: Vault },
  { tx, who }: Pick<Asking, 'tx' | 'who'>,
  kind: IndexKind,
  name: string,
): Promise<string[]> {
  const found = await index.query({ kind, text: name, scope: scopeOf(who, kind), limit: NAMED_MAX })
  if (!found) refuseWithout(index)
  const names = await openNames(
    vault,
    tx,
    found.ids.map((id) => ({ kind, id })),
  )
  return found.ids.filter((id) => fold(names.get(id) ?? '').trim() === fold(name).trim())
}

/** How many records a filter lets through for the caller; null where it can't be answered now. */
export async function findCount(
  index: RecordFinder,
  kind: IndexKind,
  filtering: Filtering,
  asking: Asking,
  filter: Filter,
): Promise<number | null> {
  try {
    const where = await whereOf(filtering, asking, filter)
    const [found] = await Promise.all([
      index.query({
        kind,
        scope: scopeOf(asking.who, kind),
        limit: 0,
        from: 0,
        ...(where ? { where } : {}),
      }),
      countNarrowed(filtering, asking, [kind, false], { filter }),
    ])
    return found?.total ?? null
  } catch (error) {
    // A segment made of one that was removed says so where it is opened, and takes no other's count with it.
    if (error instanceof Problem && error.code === 'invalid-fields') return null
    throw error
  }
}

/** Row security decides of whom is called nearly so as of the others. */
export async function openPage<
  Page extends { ids: string[]; closest: string[] },
  Line extends { id: string; displayName: string; closed: string | null },
>({ ids, closest, ...page }: Page, open: (ids: string[]) => Promise<Line[]>) {
  const isFound = ids.length > 0
  const lines = await open(isFound ? ids : closest)
  const near = isFound ? [] : lines.filter((line) => line.closed === null)
  return {
    ...page,
    items: isFound ? lines : [],
    closest: near.map(({ id, displayName }) => ({ id, displayName })),
  }
}
