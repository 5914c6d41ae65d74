import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { ask } from '../api/client.ts'
import type { CompanyPage, Filter, Groups, PersonPage, RecordKind } from '../api/shapes.ts'
import type { Row } from './columns.tsx'
import { filterOf, type ListState } from './list-memory.ts'
import { useIsDay } from './use-fields.ts'

const PAGE = 100
// What the server gives at once.
const PAGE_MAX = 200
const TYPING_MS = 120

type RecordPage = PersonPage | CompanyPage
export type Group = Groups['groups'][number]
/** Rows that stand together: the whole list, or one open group of it. `count` is undefined until it is known. */
type Section = {
  filter: Filter | null
  count: number | undefined
  group: Group | undefined
  isOpen: boolean
}
export type Line =
  | { kind: 'row'; row: Row | undefined }
  | { kind: 'group'; group: Group; isOpen: boolean }
type Wanted = { section: number; page: number }

/** A list that is entered at any place: only the hundreds in sight are fetched, however far one scrolls at once. */
export function useRecords(kind: RecordKind, state: ListState, sums: string[]) {
  const queries = useQueryClient()
  const [search] = useDebouncedValue(state.search.trim(), TYPING_MS)
  const filter = filterOf(state)
  const { sort, groupBy, groupPart } = state
  const [open, setOpen] = useState<ReadonlySet<string | null>>(new Set())
  const [range, setRange] = useState<[from: number, to: number]>([0, PAGE - 1])
  const grouped = useQuery({
    queryKey: [kind, 'groups', { search, filter, groupBy, groupPart, sums }],
    enabled: groupBy !== null,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      ask<Groups>('POST', `/api/${kind}/groups`, {
        body: {
          search,
          ...(filter ? { filter } : {}),
          by: groupBy,
          part: groupPart,
          sums,
        },
        signal,
      }),
  })
  const questionOf = (section: Section) => ({ search, sort, filter: section.filter })
  const keyOf = (section: Section, page: number) => [kind, 'list', questionOf(section), page]
  const cached = (section: Section, page: number) =>
    queries.getQueryData<RecordPage>(keyOf(section, page))

  const isDay = useIsDay(kind, groupBy)
  const whole: Section = { filter, count: undefined, group: undefined, isOpen: true }
  const sections: Section[] =
    groupBy === null
      ? [whole]
      : (grouped.data?.groups ?? []).map((group) => ({
          filter: and(filter, conditionOf(groupBy, isDay ? groupPart : 'day', group.value)),
          count: group.count,
          group,
          isOpen: open.has(group.value),
        }))
  const wanted = pagesWanted(sections, range)
  const pages = useQueries({
    queries: wanted.map(({ section, page }) => {
      const asked = sections[section]!
      return {
        queryKey: keyOf(asked, page),
        // While somebody types, the rows of before stay; those of another place never stand in for these.
        placeholderData: (
          before: RecordPage | undefined,
          query: { queryKey: readonly unknown[] } | undefined,
        ) => (query?.queryKey[3] === page ? before : undefined),
        queryFn: ({ signal }: { signal: AbortSignal }) => {
          const { filter: of, ...question } = questionOf(asked)
          return ask<RecordPage>('POST', `/api/${kind}/list`, {
            body: { ...question, ...(of ? { filter: of } : {}), from: page * PAGE, limit: PAGE },
            signal,
          })
        },
      }
    }),
  })
  let total = grouped.data?.total ?? null
  if (groupBy === null) {
    const found =
      pages.find(({ data }) => data)?.data ??
      queries
        .getQueriesData<RecordPage>({ queryKey: [kind, 'list', questionOf(whole)] })
        .find(([, data]) => data)?.[1]
    total = found?.total ?? null
    // While the index loads nobody knows how many there are; what came is shown.
    whole.count = found ? (found.total ?? found.items.length) : 0
  }
  const rowIn = (section: number, at: number): Row | undefined => {
    const page = Math.floor(at / PAGE)
    const asked = wanted.findIndex((one) => one.section === section && one.page === page)
    const data = asked >= 0 ? pages[asked]?.data : cached(sections[section]!, page)
    return data?.items[at % PAGE] as Row | undefined
  }
  const places = sectionStarts(sections)
  const count = places.at(-1) ?? 0
  const lineAt = (at: number): Line => {
    const section = sectionAt(places, at)
    const { group, isOpen } = sections[section]!
    const inside = at - (places[section - 1] ?? 0)
    if (group && inside === 0) return { kind: 'group', group, isOpen }
    return { kind: 'row', row: rowIn(section, inside - (group ? 1 : 0)) }
  }
  const want = useCallback((first: number, last: number) => {
    // By whole hundreds, so that the list around the grid is not drawn anew at each step of scrolling.
    const from = Math.floor(first / PAGE) * PAGE
    const to = Math.floor(last / PAGE) * PAGE + PAGE - 1
    setRange((old) => (old[0] === from && old[1] === to ? old : [from, to]))
  }, [])
  const loaded = (): Row[] =>
    queries
      .getQueriesData<RecordPage>({ queryKey: [kind, 'list', questionOf(sections[0] ?? whole)] })
      .flatMap(([, data]) => (data?.items as Row[] | undefined) ?? [])
  const allIds = async (): Promise<string[]> => {
    const ids: string[] = []
    for (let from = 0; ; from += PAGE_MAX) {
      const page: RecordPage = await ask('POST', `/api/${kind}/list`, {
        body: { search, sort, ...(filter ? { filter } : {}), from, limit: PAGE_MAX },
      })
      for (const { id } of page.items) ids.push(id)
      if (page.items.length < PAGE_MAX) return ids
    }
  }
  /** The rows in sight and around, in their order. */
  const inSight = (): string[] => {
    const ids: string[] = []
    for (let at = range[0]; at <= Math.min(range[1], count - 1); at++) {
      const line = lineAt(at)
      if (line.kind === 'row' && line.row) ids.push(line.row.id)
    }
    return ids
  }
  const failed = pages.find(({ error }) => error)?.error ?? grouped.error
  return {
    count,
    total,
    /** Where nothing was found: who is called nearly so. */
    closest: pages[0]?.data?.closest ?? [],
    groups: groupBy === null ? undefined : grouped.data,
    lineAt,
    want,
    loaded,
    inSight,
    firstInSight: range[0],
    /** The ids of all that match, also of what was not scrolled to yet. */
    allIds,
    toggleGroup: (value: string | null) =>
      setOpen((now) => {
        const next = new Set(now)
        if (!next.delete(value)) next.add(value)
        return next
      }),
    question: { search, sort, filter },
    isPending: groupBy === null ? pages.every(({ data }) => !data) && !failed : grouped.isPending,
    isFetching: pages.some((page) => page.isFetching) || grouped.isFetching,
    error: failed ?? null,
  }
}
export type Records = ReturnType<typeof useRecords>

/** Where each section ends, in lines. */
function sectionStarts(sections: Section[]): number[] {
  let end = 0
  return sections.map(({ count = 0, group, isOpen }) => {
    end += (group ? 1 : 0) + (isOpen ? count : 0)
    return end
  })
}

function sectionAt(ends: number[], at: number): number {
  const found = ends.findIndex((end) => at < end)
  return found < 0 ? Math.max(0, ends.length - 1) : found
}

/** The hundreds that a range of lines touches. */
function pagesWanted(sections: Section[], [from, to]: [number, number]): Wanted[] {
  const ends = sectionStarts(sections)
  const wanted: Wanted[] = []
  sections.forEach(({ group, isOpen, count }, section) => {
    if (!isOpen) return
    const head = group ? 1 : 0
    const start = (ends[section - 1] ?? 0) + head
    const first = Math.max(0, from - start)
    const last = Math.min(to - start, count === undefined ? Number.MAX_SAFE_INTEGER : count - 1)
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE) && last >= 0; page++)
      wanted.push({ section, page })
  })
  return wanted
}

function and(filter: Filter | null, condition: Filter): Filter {
  return filter ? { all: [filter, condition] } : condition
}

/** What the rows of a group have in common. */
function conditionOf(field: string, part: 'day' | 'month' | 'year', value: string | null): Filter {
  if (value === null) return { field, operator: 'empty', values: [] }
  if (part === 'day') return { field, operator: 'is', values: [value] }
  const [year, month = 1] = value.split('-').map(Number) as [number, number?]
  const edge = (days: number, months: number, years: number) =>
    new Date(Date.UTC(year + years, month - 1 + months, 1 + days)).toISOString().slice(0, 10)
  return {
    all: [
      { field, operator: 'after', values: [edge(-1, 0, 0)] },
      { field, operator: 'before', values: [part === 'month' ? edge(0, 1, 0) : edge(0, 0, 1)] },
    ],
  }
}

/** Shows a change in every list that is open before the server has been asked again. */
export function useRowPatch(kind: RecordKind) {
  const queries = useQueryClient()
  return {
    patch: (ids: ReadonlySet<string>, change: Partial<Row> | 'gone') =>
      queries.setQueriesData<RecordPage>({ queryKey: [kind, 'list'] }, (old) =>
        old
          ? ({
              ...old,
              items: (old.items as Row[]).flatMap((row) => {
                if (!ids.has(row.id)) return [row]
                return change === 'gone' ? [] : [{ ...row, ...change } as Row]
              }),
            } as RecordPage)
          : old,
      ),
    refresh: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: [kind] }),
        queries.invalidateQueries({ queryKey: ['facets', kind] }),
      ]),
  }
}
