import { Button, Menu } from '@mantine/core'
import {
  IconBookmark,
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconFilter,
  IconPencil,
  IconReplace,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Filter, RecordKind, View, ViewContent } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import {
  filterOf,
  type ListState,
  noFilters,
  noView,
  stateOf,
  useListState,
} from './list-memory.ts'
import type { Columns } from './use-columns.ts'
import { useCounts, useForgetViews, useViews } from './use-views.ts'

const FirstViewOf = lazy(
  patient(async () => ({ default: (await import('./first-view-of.tsx')).FirstViewOf })),
)

const ViewForm = lazy(
  patient(async () => ({ default: (await import('./view-form.tsx')).ViewForm })),
)
const ViewRemoval = lazy(
  patient(async () => ({ default: (await import('./view-form.tsx')).ViewRemoval })),
)

/** What one is asked over the list: to name what is kept, to change that, who begins with it, or whether it may go. */
type Asked = { of: 'new'; kind: View['kind'] } | { of: 'edit' | 'roles' | 'removal'; view: View }

/** Which view one looks at; the others, the segments with their counts, and how to keep what one made. */
export function ViewsMenu({ kind, layout }: { kind: RecordKind; layout: Columns }) {
  const t = useWords()
  const may = useMay()
  const [state, change] = useListState(kind)
  const views = useViews(kind)
  const forget = useForgetViews(kind)
  const [isOpen, setOpen] = useState(false)
  const [asked, setAsked] = useState<Asked>()
  const counts = useCounts(kind, isOpen)
  useDefaultView(kind)
  const close = () => setAsked(undefined)
  const items = views?.items ?? []
  const current = items.find((one) => one.id === state.viewId)
  const segments = items.filter((one) => one.kind === 'segment')
  const content = contentOf(state, layout)
  const isChanged =
    current?.content &&
    (current.kind === 'view'
      ? !isSame(current.content, { ...content, name: current.content.name })
      : // A segment that names itself would go round in a ring.
        !names(content.filter, current.id) &&
        JSON.stringify(content.filter) !== JSON.stringify(current.content.filter))
  const edit = (view: View, body: { content?: ViewContent; sharedWith?: View['sharedWith'] }) =>
    ask<View>('PATCH', `/api/views/${view.id}`, { body: { rowVersion: view.rowVersion, ...body } })
      .then((saved) => tell(t('viewSaved', { name: saved.content!.name })))
      .finally(() => void forget())
  const save = (view: View, changed: Partial<ViewContent>) =>
    void edit(view, { content: { ...view.content!, ...changed } }).catch((error: unknown) =>
      tellRefusal(t, error),
    )
  const remove = async (view: View) => {
    await ask('DELETE', `/api/views/${view.id}`).finally(() => void forget())
    if (state.viewId === view.id) change(view.kind === 'segment' ? noView : { viewId: null })
    tell(t('viewRemoved', { name: view.content?.name ?? '' }))
  }
  const line = (view: View) => (
    <Menu.Item
      key={view.id}
      leftSection={
        view.id === state.viewId ? (
          <IconCheck size={14} aria-hidden />
        ) : view.kind === 'segment' ? (
          <IconFilter size={14} aria-hidden />
        ) : (
          <IconBookmark size={14} aria-hidden />
        )
      }
      disabled={!view.content}
      rightSection={
        <span className="k-dim k-small">
          {view.kind === 'segment'
            ? counts.get(view.id) != null && t.number(counts.get(view.id)!)
            : view.sharedWith !== 'nobody' && t(`shared.${view.sharedWith}`)}
        </span>
      }
      onClick={() => {
        if (!view.content) return
        if (view.kind === 'view') change(stateOf(view.id, view.content))
        else
          change({
            ...noView,
            viewId: view.id,
            filter: { field: 'segment', operator: 'is', values: [view.id] },
          })
      }}
    >
      {view.content?.name ?? t('viewUntitled')}
    </Menu.Item>
  )
  return (
    <>
      <Menu opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" width={290}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-md"
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {current?.content?.name ?? t('views')}
            {isChanged ? ' •' : ''}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          <Menu.Item
            leftSection={
              state.viewId === null ? (
                <IconCheck size={14} aria-hidden />
              ) : (
                <span style={{ width: 14 }} />
              )
            }
            onClick={() => change(noView)}
          >
            {t('viewNone')}
          </Menu.Item>
          {items.some((one) => one.kind === 'view') && <Menu.Label>{t('views')}</Menu.Label>}
          {items.filter((one) => one.kind === 'view').map(line)}
          {segments.length > 0 && <Menu.Label>{t('segments')}</Menu.Label>}
          {segments.map(line)}
          <Menu.Divider />
          {current?.mayChange && current.kind === 'view' && (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={14} aria-hidden />}
              disabled={!isChanged}
              onClick={() => save(current, content)}
            >
              {t('viewSave')}
            </Menu.Item>
          )}
          {current?.mayChange && current.content && current.kind === 'segment' && (
            <>
              <Menu.Item
                leftSection={<IconFilter size={14} aria-hidden />}
                onClick={() => change({ ...noFilters, filter: current.content!.filter })}
              >
                {t('segmentOpenFilter')}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconReplace size={14} aria-hidden />}
                disabled={!isChanged || content.filter === null}
                onClick={() => save(current, { filter: content.filter })}
              >
                {t('segmentReplaceFilter')}
              </Menu.Item>
            </>
          )}
          {current?.mayChange && current.content && (
            <Menu.Item
              leftSection={<IconPencil size={14} aria-hidden />}
              onClick={() => setAsked({ of: 'edit', view: current })}
            >
              {t('viewEdit', { name: current.content.name })}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconBookmark size={14} aria-hidden />}
            onClick={() => setAsked({ of: 'new', kind: 'view' })}
          >
            {t('viewSaveAs')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilter size={14} aria-hidden />}
            disabled={filterOf(state) === null}
            onClick={() => setAsked({ of: 'new', kind: 'segment' })}
          >
            {t('segmentSaveAs')}
          </Menu.Item>
          {may('views:share') && current?.sharedWith === 'everyone' && current.kind === 'view' && (
            <Menu.Item
              leftSection={<IconUsers size={14} aria-hidden />}
              onClick={() => setAsked({ of: 'roles', view: current })}
            >
              {t('viewDefaultOf')}
            </Menu.Item>
          )}
          {current?.mayChange && (
            <Menu.Item
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => setAsked({ of: 'removal', view: current })}
            >
              {t('viewRemove', { name: current.content?.name ?? '' })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Suspense>
        {asked?.of === 'new' && (
          <ViewForm
            kind={asked.kind}
            close={close}
            save={async ({ name, sharedWith }) => {
              const body = {
                list: kind,
                kind: asked.kind,
                sharedWith,
                content: { ...content, name },
              }
              const made = await ask<View>('POST', '/api/views', { body })
              await forget()
              if (made.kind === 'view') change({ viewId: made.id, layout: state.layout })
              tell(t('viewSaved', { name }))
            }}
          />
        )}
        {asked?.of === 'edit' && (
          <ViewForm
            kind={asked.view.kind}
            was={{ name: asked.view.content!.name, sharedWith: asked.view.sharedWith }}
            close={close}
            save={({ name, sharedWith }) => {
              const { view } = asked
              const isShared = sharedWith !== view.sharedWith
              return edit(view, {
                content: { ...view.content!, name },
                ...(isShared ? { sharedWith } : {}),
              })
            }}
          />
        )}
        {asked?.of === 'roles' && <FirstViewOf kind={kind} view={asked.view} close={close} />}
        {asked?.of === 'removal' && (
          <ViewRemoval view={asked.view} close={close} remove={() => remove(asked.view)} />
        )}
      </Suspense>
    </>
  )
}

/** The first time one comes to a list, the role's view is what one finds. */
function useDefaultView(kind: RecordKind): void {
  const [state, change] = useListState(kind)
  const views = useViews(kind)
  const isDone = useRef(false)
  useEffect(() => {
    if (!views || isDone.current || began.has(kind)) return
    isDone.current = true
    began.add(kind)
    const view = views.items.find((one) => one.id === views.defaultId)
    if (view?.content && !state.viewId && filterOf(state) === null)
      change(stateOf(view.id, view.content))
  }, [views, kind, state, change])
}
const began = new Set<RecordKind>()

function contentOf(state: ListState, layout: Columns): Omit<ViewContent, 'name'> {
  return {
    filter: filterOf(state),
    search: state.search.trim(),
    sort: state.sort,
    columns: layout.columns.map(({ id, width }) => ({ id, widthPx: width })),
    frozen: layout.frozen,
    groupBy: state.groupBy,
    groupPart: state.groupPart,
  }
}

function names(filter: Filter | null, segmentId: string): boolean {
  if (filter === null) return false
  if ('field' in filter) return filter.values.includes(segmentId)
  const parts = 'all' in filter ? filter.all : filter.any
  return parts.some((one) => names(one, segmentId))
}

function isSame(a: ViewContent, b: ViewContent): boolean {
  const written = ({
    name,
    filter,
    search,
    sort,
    columns,
    frozen,
    groupBy,
    groupPart,
  }: ViewContent) =>
    JSON.stringify([
      name,
      filter,
      search,
      sort,
      columns.map(({ id, widthPx }) => [id, widthPx]),
      frozen,
      groupBy,
      groupPart,
    ])
  return written(a) === written(b)
}
