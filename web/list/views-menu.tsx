import { Button, Menu, Modal, SegmentedControl, TextInput } from '@mantine/core'
import {
  IconBookmark,
  IconCheck,
  IconChevronDown,
  IconDeviceFloppy,
  IconFilter,
  IconTrash,
} from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { ask } from '../api/client.ts'
import type { RecordKind, SharedWith, View, ViewContent } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { filterOf, type ListState, noView, stateOf, useListState } from './list-memory.ts'
import type { Columns } from './use-columns.ts'
import { useCounts, useForgetViews, useViews } from './use-views.ts'

const FirstViewOf = lazy(
  patient(async () => ({ default: (await import('./first-view-of.tsx')).FirstViewOf })),
)

type Naming = { kind: View['kind'] }

/** Which view one looks at; the others, the segments with their counts, and how to keep what one made. */
export function ViewsMenu({ kind, layout }: { kind: RecordKind; layout: Columns }) {
  const t = useWords()
  const may = useMay()
  const [state, change] = useListState(kind)
  const views = useViews(kind)
  const forget = useForgetViews(kind)
  const [isOpen, setOpen] = useState(false)
  const [naming, setNaming] = useState<Naming>()
  const counts = useCounts(kind, isOpen)
  useDefaultView(kind)
  const items = views?.items ?? []
  const current = items.find((one) => one.id === state.viewId)
  const segments = items.filter((one) => one.kind === 'segment')
  const content = contentOf(state, layout)
  const isChanged =
    current?.content && !isSame(current.content, { ...content, name: current.content.name })
  const save = (view: View) =>
    ask<View>('PATCH', `/api/views/${view.id}`, {
      body: { rowVersion: view.rowVersion, content: { ...content, name: view.content!.name } },
    })
      .then((saved) => tell(t('viewSaved', { name: saved.content!.name })))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void forget())
  const remove = (view: View) => {
    const { list, kind: of, sharedWith, teamId, content: was } = view
    ask('DELETE', `/api/views/${view.id}`)
      .then(() => {
        if (state.viewId === view.id) change({ viewId: null })
        tellWithUndo(t, t('viewRemoved', { name: was?.name ?? '' }), () =>
          ask('POST', '/api/views', {
            body: { list, kind: of, sharedWith, ...(teamId ? { teamId } : {}), content: was },
          }).finally(() => void forget()),
        )
      })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void forget())
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
              onClick={() => void save(current)}
            >
              {t('viewSave')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconBookmark size={14} aria-hidden />}
            onClick={() => setNaming({ kind: 'view' })}
          >
            {t('viewSaveAs')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilter size={14} aria-hidden />}
            disabled={filterOf(state) === null}
            onClick={() => setNaming({ kind: 'segment' })}
          >
            {t('segmentSaveAs')}
          </Menu.Item>
          {may('views:share') && current?.sharedWith === 'everyone' && current.kind === 'view' && (
            <Suspense>
              <FirstViewOf kind={kind} view={current} />
            </Suspense>
          )}
          {current?.mayChange && (
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={14} aria-hidden />}
              onClick={() => remove(current)}
            >
              {t('viewRemove', { name: current.content?.name ?? '' })}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {naming && (
        <NameDialog
          naming={naming}
          close={() => setNaming(undefined)}
          save={async (name, sharedWith) => {
            const body = {
              list: kind,
              kind: naming.kind,
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
    </>
  )
}

function NameDialog({
  naming,
  close,
  save,
}: {
  naming: Naming
  close: () => void
  save: (name: string, sharedWith: SharedWith) => Promise<void>
}) {
  const t = useWords()
  const may = useMay()
  const [name, setName] = useState('')
  const [sharedWith, setSharedWith] = useState<SharedWith>('nobody')
  const [isBusy, setBusy] = useState(false)
  const choices: SharedWith[] = may('views:share')
    ? ['nobody', 'team', 'everyone']
    : ['nobody', 'team']
  return (
    <Modal
      opened
      onClose={close}
      title={t(naming.kind === 'view' ? 'view' : 'segment')}
      size={420}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setBusy(true)
          save(name.trim(), sharedWith)
            .then(close)
            .catch((error: unknown) => tellRefusal(t, error))
            .finally(() => setBusy(false))
        }}
      >
        <TextInput
          data-autofocus
          label={t('viewName')}
          description={t('viewNameHint')}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p id="view-shared" className="k-dim k-small" style={{ margin: '14px 0 4px' }}>
          {t('viewShared')}
        </p>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-labelledby="view-shared"
          data={choices.map((value) => ({ value, label: t(`shared.${value}`) }))}
          value={sharedWith}
          onChange={(value) => setSharedWith(value as SharedWith)}
        />
        <div className="k-actions" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={name.trim() === ''}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Modal>
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
