import { Button, Checkbox, Skeleton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconMoodEmpty, IconUsersPlus } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Closed, Empty, Initials } from '../parts/marks.tsx'
import { type Column, type Row, turned } from './columns.tsx'
import { isFiltered, type ListState, noFilters, requestNew } from './list-memory.ts'
import type { useRecords } from './use-records.ts'

const ROW_PX = 41
// Rows that stand ready as grey bars below what is loaded, so that scrolling never hits a wall.
const AHEAD = 12

export type ListView = {
  kind: RecordKind
  rows: Row[]
  total: number | null
  list: ReturnType<typeof useRecords>['list']
  selected: ReadonlySet<string>
  toggleSelected: (id: string) => void
  active: number
  openId: string | undefined
  open: (id: string | undefined) => void
  state: ListState
  change: (change: Partial<ListState>) => void
}

/** Asks for the next page once its place comes near. */
export function useNextPage(list: ListView['list'], lastShown: number, loaded: number): void {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= loaded - AHEAD * 3) void fetchNextPage()
  }, [lastShown, loaded, hasNextPage, isFetchingNextPage, fetchNextPage])
}

/** The table: only the rows in sight are in the page, however many there are. */
export function Grid({
  columns,
  setActive,
  openFull,
  selectAll,
  ...view
}: ListView & {
  columns: Column[]
  setActive: (at: number) => void
  openFull: (id: string) => void
  selectAll: (isAll: boolean) => void
}) {
  const { kind, rows, total, list, selected, toggleSelected, active, openId, open, state, change } =
    view
  const t = useWords()
  const names = useNames()
  const scroller = useRef<HTMLDivElement>(null)
  const count = rows.length + (list.hasNextPage ? AHEAD : 0)
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollPaddingStart: 40,
  })
  const shown = virtual.getVirtualItems()
  useNextPage(list, shown.at(-1)?.index ?? 0, rows.length)
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active)
  }, [active, virtual])

  if (list.error && rows.length === 0) return <Broken error={list.error} />
  if (!list.isPending && rows.length === 0) return <NothingHere {...view} />
  return (
    <div
      ref={scroller}
      className="k-grid"
      role="grid"
      tabIndex={0}
      aria-label={t(kind)}
      aria-rowcount={(total ?? rows.length) + 1}
      aria-busy={list.isFetching}
      aria-activedescendant={active >= 0 ? `row-${active}` : undefined}
    >
      <div className="k-grid-head" role="rowgroup">
        <div
          role="row"
          tabIndex={-1}
          aria-rowindex={1}
          style={{ display: 'flex', minWidth: '100%' }}
        >
          <div className="k-cell" data-narrow data-fixed role="columnheader" tabIndex={-1}>
            <Checkbox
              size="xs"
              aria-label={t('selectAllLoaded')}
              checked={selected.size > 0 && selected.size === rows.length}
              indeterminate={selected.size > 0 && selected.size < rows.length}
              onChange={(event) => selectAll(event.currentTarget.checked)}
            />
          </div>
          <HeadCell column={nameColumn} state={state} change={change} />
          {columns.map((column) => (
            <HeadCell key={column.id} column={column} state={state} change={change} />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {list.isPending && <FirstRows />}
        {shown.map(({ index, start }) => {
          const row = rows[index]
          if (!row) return <RowSkeleton key={`ahead-${index}`} start={start} />
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list do the same from anywhere
            <div
              key={row.id}
              id={`row-${index}`}
              className="k-grid-row"
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 2}
              aria-selected={selected.has(row.id)}
              {...(row.id === openId ? { 'data-open': true } : {})}
              {...(index === active ? { 'data-active': true } : {})}
              style={{ transform: `translateY(${start}px)` }}
              onClick={() => {
                setActive(index)
                open(row.id)
              }}
              onDoubleClick={() => openFull(row.id)}
            >
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: keeps a click on the box from opening the row */}
              <div
                className="k-cell"
                data-narrow
                data-fixed
                role="gridcell"
                tabIndex={-1}
                onClick={(event) => event.stopPropagation()}
              >
                <Checkbox
                  size="xs"
                  tabIndex={-1}
                  aria-label={t('selectOne', { name: row.displayName })}
                  checked={selected.has(row.id)}
                  onChange={() => toggleSelected(row.id)}
                />
              </div>
              <div
                className="k-cell k-name"
                data-fixed
                role="gridcell"
                tabIndex={-1}
                style={width(nameColumn.width)}
              >
                <Initials name={row.displayName} id={row.id} isCompany={kind === 'companies'} />
                {row.closed ? <Closed why={row.closed} /> : <span>{row.displayName}</span>}
              </div>
              {columns.map((column) => (
                <div
                  key={column.id}
                  className="k-cell"
                  role="gridcell"
                  tabIndex={-1}
                  style={width(column.width)}
                >
                  {column.show(row, { t, names })}
                </div>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

const nameColumn: Column = { id: 'name', word: 'name', width: 230, sort: 'name', show: () => null }
const width = (px: number) => ({ '--w': `${px}px` }) as React.CSSProperties

function HeadCell({
  column,
  state,
  change,
}: {
  column: Column
  state: ListState
  change: ListView['change']
}) {
  const t = useWords()
  const { sort } = column
  const direction =
    state.sort === sort ? 'ascending' : state.sort === `-${sort}` ? 'descending' : undefined
  return (
    <div
      className="k-cell"
      role="columnheader"
      tabIndex={-1}
      style={width(column.width)}
      {...(direction ? { 'aria-sort': direction } : {})}
      {...(column === nameColumn ? { 'data-fixed': true } : {})}
    >
      {sort ? (
        <button
          type="button"
          className="k-sort"
          onClick={() => change({ sort: turned(state.sort, sort) })}
        >
          {t(column.word)}
          {direction === 'ascending' && <IconArrowUp size={13} aria-hidden />}
          {direction === 'descending' && <IconArrowDown size={13} aria-hidden />}
        </button>
      ) : (
        <span>{t(column.word)}</span>
      )}
    </div>
  )
}

function RowSkeleton({ start }: { start: number }) {
  return (
    <div
      className="k-grid-row"
      role="presentation"
      style={{
        transform: `translateY(${start}px)`,
        height: ROW_PX - 1,
        alignItems: 'center',
        padding: '0 14px',
        boxSizing: 'border-box',
      }}
    >
      <Skeleton height={12} width="72%" radius="sm" />
    </div>
  )
}

function FirstRows() {
  const starts = Array.from({ length: 14 }, (_, row) => row * ROW_PX)
  return starts.map((start) => <RowSkeleton key={start} start={start} />)
}

/** Nothing found, or nothing there yet: each with the next step. */
export function NothingHere({ kind, state, change }: Pick<ListView, 'kind' | 'state' | 'change'>) {
  const t = useWords()
  if (isFiltered(state))
    return (
      <Empty icon={<IconMoodEmpty size={32} stroke={1.4} aria-hidden />} title={t('nothingFound')}>
        <p>{t('nothingFoundText')}</p>
        <Button variant="default" onClick={() => change(noFilters)}>
          {t('clearFilters')}
        </Button>
      </Empty>
    )
  return (
    <Empty
      icon={<IconUsersPlus size={32} stroke={1.4} aria-hidden />}
      title={t(kind === 'people' ? 'noPeopleYet' : 'noCompaniesYet')}
    >
      <p>{t('noRecordsText')}</p>
      <div style={{ display: 'flex', gap: 8 }}>
        <Button component="a" href="/import">
          {t('importFile')}
        </Button>
        <Button variant="default" onClick={() => requestNew(kind)}>
          {t(kind === 'people' ? 'newPerson' : 'newCompany')}
        </Button>
      </div>
    </Empty>
  )
}
