import { Checkbox, Skeleton } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, lazy, Suspense, useEffect, useRef } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { patient } from '../frame/patient.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Closed, Initials } from '../parts/marks.tsx'
import { type Column, columnTitle, nameColumns, turned } from './columns.tsx'
import { GroupTitle } from './group-title.tsx'
import type { ListState } from './list-memory.ts'
import { SheetCell } from './sheet-cell.tsx'
import type { Columns } from './use-columns.ts'
import type { Records } from './use-records.ts'
import type { Sheet } from './use-sheet.ts'

const ROW_PX = 41
const NARROW_PX = 40

export type ListView = {
  kind: RecordKind
  records: Records
  selected: ReadonlySet<string>
  toggleSelected: (id: string) => void
  active: number
  openId: string | undefined
  open: (id: string | undefined) => void
  state: ListState
  change: (change: Partial<ListState>) => void
}

/** The table: only the rows in sight are in the page and fetched, however many there are. */
export function Grid({
  layout,
  setActive,
  openFull,
  selectAll,
  sheet,
  ...view
}: ListView & {
  layout: Columns
  setActive: (at: number) => void
  openFull: (id: string) => void
  selectAll: (isAll: boolean) => void
  /** There while cells are edited. */
  sheet: Sheet | undefined
}) {
  const { kind, records, selected, toggleSelected, active, openId, open, state, change } = view
  const t = useWords()
  const names = useNames()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: records.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollPaddingStart: 40,
  })
  const shown = virtual.getVirtualItems()
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  const { want } = records
  useEffect(() => want(first, last), [want, first, last])
  useEffect(() => {
    if (active >= 0) virtual.scrollToIndex(active)
  }, [active, virtual])
  const cursorRow = sheet?.cursor?.row
  useEffect(() => {
    if (cursorRow !== undefined) virtual.scrollToIndex(cursorRow)
  }, [cursorRow, virtual])
  const isEditing = sheet !== undefined
  useEffect(() => {
    if (isEditing) scroller.current?.focus()
  }, [isEditing])

  if (records.error && records.count === 0) return <Broken error={records.error} />
  if (!records.isPending && records.count === 0) return <NothingHere {...view} />
  const columns = [nameColumns[kind], ...layout.columns]
  const places = placesOf(columns, layout.frozen)
  const selectedLoaded = selected.size > 0 && selected.size >= records.loaded().length
  return (
    <div
      ref={scroller}
      className="k-grid"
      role="grid"
      tabIndex={0}
      aria-label={t(kind)}
      aria-rowcount={records.count + 1}
      aria-colcount={columns.length + 1}
      aria-busy={records.isFetching}
      aria-activedescendant={sheet?.activeId ?? (active >= 0 ? `row-${active}` : undefined)}
      {...(isEditing ? { 'data-sheet': true } : {})}
      onKeyDown={sheet?.onKeyDown}
      onCopy={sheet?.onCopy}
      onPaste={sheet?.onPaste}
      onCut={sheet?.onCut}
    >
      <div className="k-grid-head" role="rowgroup">
        <div
          role="row"
          tabIndex={-1}
          aria-rowindex={1}
          style={{ display: 'flex', minWidth: '100%' }}
        >
          <div
            className="k-cell"
            data-narrow
            data-frozen
            style={{ left: 0 }}
            role="columnheader"
            tabIndex={-1}
          >
            <Checkbox
              size="xs"
              aria-label={t('selectAllLoaded')}
              checked={selectedLoaded}
              indeterminate={selected.size > 0 && !selectedLoaded}
              onChange={(event) => selectAll(event.currentTarget.checked)}
            />
          </div>
          {columns.map((column, at) => (
            <HeadCell
              key={column.id}
              column={column}
              state={state}
              change={change}
              place={places[at]!}
              {...(at > 0 ? { resize: (px: number) => layout.resize(column.id, px) } : {})}
            />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {records.isPending && <FirstRows />}
        {shown.map(({ index, start }) => {
          const line = records.lineAt(index)
          if (line.kind === 'group')
            return (
              <div
                key={`group-${line.group.value}`}
                id={`row-${index}`}
                className="k-grid-row k-group-row"
                role="row"
                tabIndex={-1}
                aria-rowindex={index + 2}
                {...(index === active ? { 'data-active': true } : {})}
                style={{ transform: `translateY(${start}px)` }}
              >
                <div role="gridcell" tabIndex={-1} aria-colspan={columns.length + 1}>
                  <button
                    type="button"
                    className="k-group-toggle"
                    aria-expanded={line.isOpen}
                    onClick={() => records.toggleGroup(line.group.value)}
                  >
                    {line.isOpen ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
                    <GroupTitle kind={kind} by={state.groupBy!} group={line.group} />
                  </button>
                </div>
              </div>
            )
          const { row } = line
          if (!row) return <RowSkeleton key={`ahead-${index}`} start={start} />
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list do the same from anywhere
            <div
              key={`${row.id}-${index}`}
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
                if (isEditing) return
                setActive(index)
                open(row.id)
              }}
              onDoubleClick={() => {
                if (!isEditing) openFull(row.id)
              }}
            >
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: keeps a click on the box from opening the row */}
              <div
                className="k-cell"
                data-narrow
                data-frozen
                style={{ left: 0 }}
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
              {columns.map((column, at) => (
                <SheetCell
                  key={column.id}
                  sheet={sheet}
                  row={row}
                  at={{ row: index, column: at }}
                  column={column}
                  place={places[at]!}
                >
                  {at === 0 ? (
                    <>
                      <Initials
                        name={row.displayName}
                        id={row.id}
                        isCompany={kind === 'companies'}
                      />
                      {row.closed ? <Closed why={row.closed} /> : <span>{row.displayName}</span>}
                    </>
                  ) : (
                    (column.show?.(row, { t, names }) ?? (
                      <span>{column.text(row, { t, names })}</span>
                    ))
                  )}
                </SheetCell>
              ))}
            </div>
          )
        })}
      </div>
    </div>
  )
}

export type Place = { style: CSSProperties; isFrozen: boolean }

/** Widths, and for frozen columns where they stay. The name is always in sight. */
function placesOf(columns: readonly Column[], frozen: number): Place[] {
  let left = NARROW_PX
  return columns.map(({ width }, at) => {
    const isFrozen = at <= frozen
    const style: Record<string, string | number> = { '--w': `${width}px` }
    if (isFrozen) {
      style.left = left
      // A frozen column keeps its width, or the one behind it would not know where it begins.
      style.flex = 'none'
      left += width
    }
    return { style: style as CSSProperties, isFrozen }
  })
}

function HeadCell({
  column,
  state,
  change,
  place,
  resize,
}: {
  column: Column
  state: ListState
  change: ListView['change']
  place: Place
  resize?: (px: number) => void
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
      style={place.style}
      {...(place.isFrozen ? { 'data-frozen': true } : {})}
      {...(direction ? { 'aria-sort': direction } : {})}
    >
      {sort ? (
        <button
          type="button"
          className="k-sort"
          onClick={() => change({ sort: turned(state.sort, sort) })}
        >
          {columnTitle(column, t)}
          {direction === 'ascending' && <IconArrowUp size={13} aria-hidden />}
          {direction === 'descending' && <IconArrowDown size={13} aria-hidden />}
        </button>
      ) : (
        <span>{columnTitle(column, t)}</span>
      )}
      {resize && <Edge column={column} resize={resize} />}
    </div>
  )
}

const STEP_PX = 16

/** The right edge of a head: dragged, or moved by the arrow keys. */
function Edge({ column, resize }: { column: Column; resize: (px: number) => void }) {
  const t = useWords()
  const from = useRef<{ x: number; width: number } | undefined>(undefined)
  return (
    <span
      className="k-edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={t('columnWidth', { column: columnTitle(column, t) })}
      aria-valuenow={column.width}
      tabIndex={0}
      onPointerDown={(event) => {
        from.current = { x: event.clientX, width: column.width }
        event.currentTarget.setPointerCapture(event.pointerId)
        event.preventDefault()
      }}
      onPointerMove={(event) => {
        if (from.current) resize(from.current.width + event.clientX - from.current.x)
      }}
      onPointerUp={() => {
        from.current = undefined
      }}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
        event.preventDefault()
        event.stopPropagation()
        resize(column.width + (event.key === 'ArrowLeft' ? -STEP_PX : STEP_PX))
      }}
    />
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
      <Skeleton height={12} width="72%" radius="sm" animate={false} />
    </div>
  )
}

function FirstRows() {
  const starts = Array.from({ length: 14 }, (_, row) => row * ROW_PX)
  return starts.map((start) => <RowSkeleton key={start} start={start} />)
}

const Nothing = lazy(patient(() => import('./nothing-here.tsx')))
export function NothingHere(view: ListView) {
  return (
    <Suspense>
      <Nothing {...view} />
    </Suspense>
  )
}
