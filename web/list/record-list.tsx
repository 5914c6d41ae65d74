import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconDots,
  IconDownload,
  IconPlus,
  IconPrinter,
  IconTable,
  IconTrash,
} from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { useKeys } from '../frame/keys.ts'
import { patient } from '../frame/patient.ts'
import { exchangePermissions, useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { highlightIn } from '../parts/highlight-later.ts'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { telLink } from '../parts/phone-number.ts'
import { CardList } from './card-list.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { FilterBar } from './filter-bar.tsx'
import { Grid } from './grid.tsx'
import { requestNew, useListState, useNewRequested } from './list-memory.ts'
import { rememberOrder } from './list-order.ts'
import { type Columns, useColumns } from './use-columns.ts'
import { useRecords } from './use-records.ts'
import { useSheet } from './use-sheet.ts'
import { ViewsMenu } from './views-menu.tsx'

const RecordPanel = lazy(
  patient(async () => ({ default: (await import('../record/record-view.tsx')).RecordPanel })),
)

const NewRecord = lazy(
  patient(async () => ({ default: (await import('./new-record.tsx')).NewRecord })),
)
const BulkBar = lazy(patient(async () => ({ default: (await import('./bulk-bar.tsx')).BulkBar })))
const PrintList = lazy(
  patient(async () => ({ default: (await import('./print-list.tsx')).PrintList })),
)

/** A list with its filters, its side panel and its keys: the same for people and companies. */
export function RecordList({ kind, openId }: { kind: RecordKind; openId: string | undefined }) {
  const navigate = useNavigate()
  const isPhone = useIsPhone()
  const [state, change] = useListState(kind)
  const layout = useColumns(kind)
  const records = useRecords(kind, state, sumsOf(kind, layout))
  const { total } = records
  const may = useMay()
  const t = useWords()
  const [isSheet, setSheet] = useState(false)
  const [isPrinting, setPrinting] = useState(false)
  const sheet = useSheet(kind, records, layout, () => setSheet(false))
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
    const next = Math.max(0, Math.min(records.count - 1, active + step))
    setActive(next)
    const line = records.lineAt(next)
    if (openId && line.kind === 'row' && line.row) open(line.row.id)
  }
  const onRow = (act: (id: string) => void) => () => {
    if (active < 0 || active >= records.count) return
    const line = records.lineAt(active)
    if (line.kind === 'group') records.toggleGroup(line.group.value)
    else if (line.row) act(line.row.id)
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
    b: () => {
      const line = active >= 0 && active < records.count ? records.lineAt(active) : undefined
      if (line?.kind === 'row' && line.row?.phone) location.assign(telLink(line.row.phone))
    },
    x: onRow(toggleSelected),
    n: () => requestNew(kind),
    e: () => {
      if (may(`${kind}:edit`) && !isPhone) setSheet(true)
    },
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
  }, [JSON.stringify(records.question)])

  const { search: searched } = records.question
  useEffect(() => highlightIn('.k-list', searched), [searched])

  const inSight = records.inSight().join(' ')
  const { firstInSight } = records
  useEffect(
    () =>
      rememberOrder(kind, {
        ids: inSight === '' ? [] : inSight.split(' '),
        from: firstInSight,
        count: total ?? 0,
      }),
    [kind, inSight, firstInSight, total],
  )

  const view = {
    kind,
    records,
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
      <ListTop
        kind={kind}
        total={total}
        layout={layout}
        isSheet={isSheet}
        setSheet={setSheet}
        print={() => setPrinting(true)}
      />
      <div className="k-split">
        <main className="k-list">
          <FilterBar
            kind={kind}
            state={state}
            change={change}
            searchRef={search}
            leave={() => move(active < 0 ? 1 : 0)}
          />
          {isSheet && !isPhone && (
            <div className="k-sheet-bar">
              <strong>{t('sheetMode')}</strong>
              <span className="k-dim">{t('sheetHint')}</span>
              <span style={{ flex: 1 }} />
              <Button size="compact-xs" variant="default" onClick={() => setSheet(false)}>
                {t('close')}
              </Button>
            </div>
          )}
          {records.groups && records.groups.others > 0 && (
            <p className="k-dim k-small" style={{ margin: '6px 16px' }}>
              {t('groupsLeftOut', { count: t.number(records.groups.others) })}
            </p>
          )}
          {isPhone ? (
            <CardList {...view} />
          ) : (
            <Grid
              {...view}
              layout={layout}
              sheet={isSheet ? sheet : undefined}
              setActive={setActive}
              openFull={openFull}
              selectAll={(isAll) =>
                setSelected(new Set(isAll ? records.loaded().map((row) => row.id) : []))
              }
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
        <Suspense>
          <BulkBar
            kind={kind}
            selected={selected}
            clear={() => setSelected(new Set())}
            selectAll={
              // A phone has no box for all that is loaded.
              (isPhone || selected.size >= records.loaded().length) &&
              total !== null &&
              total > selected.size
                ? { total, select: async () => setSelected(new Set(await records.allIds())) }
                : undefined
            }
          />
        </Suspense>
      )}
      {isPrinting && (
        <Suspense>
          <PrintList
            kind={kind}
            records={records}
            layout={layout}
            close={() => setPrinting(false)}
          />
        </Suspense>
      )}
      {isNewWanted && (
        <Suspense>
          <NewRecord
            kind={kind}
            close={() => requestNew(kind, false)}
            created={(id) => {
              requestNew(kind, false)
              open(id)
              requestAnimationFrame(focusGrid)
            }}
          />
        </Suspense>
      )}
    </>
  )
}

// As many as the server adds up at once.
const SUMS_MAX = 10

/** What is added up in the head of each group: the numbers that are in sight. */
function sumsOf(kind: RecordKind, { columns }: Columns): string[] {
  const own = columns.filter(({ field }) => field?.kind === 'number' || field?.kind === 'money')
  const fixed = kind === 'companies' ? ['employeeCount'] : []
  return [...fixed, ...own.map(({ id }) => id)].slice(0, SUMS_MAX)
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
  layout,
  isSheet,
  setSheet,
  print,
}: {
  kind: RecordKind
  total: number | null
  layout: Columns
  isSheet: boolean
  setSheet: (isOn: boolean) => void
  print: () => void
}) {
  const t = useWords()
  const may = useMay()
  const isPhone = useIsPhone()
  return (
    <header className="k-topline">
      <h1>{t(kind)}</h1>
      {total !== null && (
        <span className="k-dim" role="status">
          {t.number(total)}
        </span>
      )}
      <ViewsMenu kind={kind} layout={layout} />
      <span style={{ flex: 1 }} />
      {may(`${kind}:edit`) && (
        <Tooltip label={t('sheetMode')}>
          <ActionIcon
            size="lg"
            aria-label={t('sheetMode')}
            aria-pressed={isSheet}
            visibleFrom="sm"
            onClick={() => setSheet(!isSheet)}
          >
            <IconTable size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      <ColumnMenu kind={kind} layout={layout} />
      <Menu position="bottom-end" shadow="md" width={210}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={t('more')}>
            <IconDots size={18} stroke={1.7} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPrinter size={15} aria-hidden />} onClick={print}>
            {t('print')}
          </Menu.Item>
          {exchangePermissions.some(may) && (
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
      {may(`${kind}:create`) && isPhone && (
        <ActionIcon
          size="lg"
          variant="filled"
          color="petrol"
          aria-label={t(kind === 'people' ? 'newPerson' : 'newCompany')}
          onClick={() => requestNew(kind)}
        >
          <IconPlus size={18} stroke={1.7} />
        </ActionIcon>
      )}
      {may(`${kind}:create`) && !isPhone && (
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
