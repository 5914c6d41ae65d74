import { ActionIcon, Button, Checkbox, Menu, Popover, Tooltip } from '@mantine/core'
import { IconColumns3, IconDots, IconDownload, IconPlus, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { useKeys } from '../frame/keys.ts'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { BulkBar } from './bulk-bar.tsx'
import { CardList } from './card-list.tsx'
import { allColumns, useColumns } from './columns.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Grid } from './grid.tsx'
import { requestNew, useListState, useNewRequested } from './list-memory.ts'
import { rememberOrder } from './list-order.ts'
import { NewRecord } from './new-record.tsx'
import { useRecords } from './use-records.ts'

const RecordPanel = lazy(
  patient(async () => ({ default: (await import('../record/record-view.tsx')).RecordPanel })),
)

/** A list with its filters, its side panel and its keys: the same for people and companies. */
export function RecordList({ kind, openId }: { kind: RecordKind; openId: string | undefined }) {
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const [state, change] = useListState(kind)
  const { list, rows, total, allIds } = useRecords(kind, state)
  const { columns, chosen, toggle } = useColumns(kind)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState(-1)
  const search = useRef<HTMLInputElement>(null)
  const isNewWanted = useNewRequested(kind)

  const open = (id: string | undefined) => {
    if (id && isPhone) void navigate({ to: `/${kind}/$id`, params: { id } })
    else void navigate({ to: `/${kind}`, search: id ? { open: id } : {}, replace: Boolean(openId) })
  }
  const openFull = (id: string) => void navigate({ to: `/${kind}/$id`, params: { id } })
  const toggleSelected = (id: string) =>
    setSelected((now) => {
      const next = new Set(now)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const focusGrid = () =>
    document.querySelector<HTMLElement>('.k-grid')?.focus({ preventScroll: true })
  const move = (step: number) => {
    // Away from the button one came from: Enter is now for the row.
    focusGrid()
    const next = Math.max(0, Math.min(rows.length - 1, active + step))
    setActive(next)
    if (openId && rows[next]) open(rows[next].id)
  }
  const onRow = (act: (id: string) => void) => () => {
    const row = rows[active]
    if (row) act(row.id)
  }
  useKeys({
    j: () => move(1),
    ArrowDown: (event) => {
      event.preventDefault()
      move(1)
    },
    k: () => move(-1),
    ArrowUp: (event) => {
      event.preventDefault()
      move(-1)
    },
    Enter: (event) => {
      // Enter on a button or a link belongs to that button or link.
      if (event.target instanceof HTMLElement && event.target.closest('a, button, [role=menuitem]'))
        return
      onRow(open)()
    },
    o: onRow(openFull),
    x: onRow(toggleSelected),
    n: () => requestNew(kind),
    '/': (event) => {
      event.preventDefault()
      search.current?.focus()
    },
    Escape: () => {
      if (openId) {
        open(undefined)
        focusGrid()
      } else setSelected(new Set())
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new question starts at its first row
  useEffect(() => {
    setActive(-1)
    setSelected(new Set())
  }, [state])

  useEffect(
    () =>
      rememberOrder(
        kind,
        rows.map((row) => row.id),
      ),
    [kind, rows],
  )

  const view = {
    kind,
    rows,
    total,
    list,
    selected,
    toggleSelected,
    active,
    openId,
    open,
    state,
    change,
  }
  return (
    <>
      <ListTop kind={kind} total={total} chosen={chosen} toggle={toggle} />
      <div className="k-split">
        <main className="k-list">
          <FilterBar
            kind={kind}
            state={state}
            change={change}
            searchRef={search}
            leave={() => move(active < 0 ? 1 : 0)}
          />
          {isPhone ? (
            <CardList {...view} />
          ) : (
            <Grid
              {...view}
              columns={columns}
              setActive={setActive}
              openFull={openFull}
              selectAll={(isAll) => setSelected(new Set(isAll ? rows.map((row) => row.id) : []))}
            />
          )}
        </main>
        {openId && !isPhone && (
          <Suspense fallback={<PanelAhead />}>
            <RecordPanel
              kind={kind}
              id={openId}
              close={() => {
                open(undefined)
                focusGrid()
              }}
            />
          </Suspense>
        )}
      </div>
      {selected.size > 0 && (
        <BulkBar
          kind={kind}
          selected={selected}
          clear={() => setSelected(new Set())}
          selectAll={
            selected.size >= rows.length && total !== null && total > selected.size
              ? { total, select: async () => setSelected(new Set(await allIds())) }
              : undefined
          }
        />
      )}
      {isNewWanted && (
        <NewRecord
          kind={kind}
          close={() => requestNew(kind, false)}
          created={(id) => {
            requestNew(kind, false)
            open(id)
            requestAnimationFrame(focusGrid)
          }}
        />
      )}
    </>
  )
}

function PanelAhead() {
  return (
    <aside className="k-panel" style={{ padding: 24 }}>
      <Lines count={8} />
    </aside>
  )
}

function ListTop({
  kind,
  total,
  chosen,
  toggle,
}: {
  kind: RecordKind
  total: number | null
  chosen: Set<string>
  toggle: (id: string) => void
}) {
  const t = useWords()
  const may = useMay()
  return (
    <header className="k-topline">
      <h1>{t(kind)}</h1>
      {total !== null && (
        <span className="k-dim" role="status">
          {t.number(total)}
        </span>
      )}
      <span style={{ flex: 1 }} />
      <Popover position="bottom-end" width={230} shadow="md" trapFocus>
        <Popover.Target>
          <Tooltip label={t('columns')}>
            <ActionIcon size="lg" aria-label={t('columns')} visibleFrom="sm">
              <IconColumns3 size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown>
          {allColumns(kind).map((column) => (
            <Checkbox
              key={column.id}
              size="sm"
              py={5}
              label={t(column.word)}
              checked={chosen.has(column.id)}
              onChange={() => toggle(column.id)}
            />
          ))}
        </Popover.Dropdown>
      </Popover>
      <Menu position="bottom-end" shadow="md" width={210}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t('more')}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may('imports:run') && (
            <Menu.Item
              component={Link}
              to="/import"
              leftSection={<IconDownload size={15} aria-hidden />}
            >
              {t('importExport')}
            </Menu.Item>
          )}
          <Menu.Item
            component={Link}
            to={`/${kind}/trash`}
            leftSection={<IconTrash size={15} aria-hidden />}
          >
            {t('trash')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {may(`${kind}:edit`) && (
        <Button
          size="compact-md"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => requestNew(kind)}
        >
          {t(kind === 'people' ? 'newPerson' : 'newCompany')}
        </Button>
      )}
    </header>
  )
}
