import { Button, CloseButton, Menu, Popover, TextInput } from '@mantine/core'
import { IconFlag, IconTag, IconTrash, IconUser, IconUsers } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { BulkChange, BulkReply, FieldKind, RecordKind, Stage } from '../api/shapes.ts'
import { useCustomFields } from '../fields/custom-fields.ts'
import { patient } from '../frame/patient.ts'
import { useMay, useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { useRowPatch } from './use-records.ts'

const stages: Stage[] = ['lead', 'prospect', 'customer', 'former']
// What the server takes at once; a larger selection goes in parts.
const BULK_MAX = 1_000
// Removing is confirmed once, not once a part.
const TRASH_MAX = 10_000
// More in one go is work for an import; their names would all have to be opened first.
const SELECT_MAX = 10_000

// Other kinds are about one customer at a time.
const bulkKinds: readonly FieldKind[] = ['choice', 'choices', 'yes-no', 'date', 'text']
const OwnFieldChange = lazy(
  patient(async () => ({ default: (await import('../fields/bulk-change.tsx')).OwnFieldChange })),
)

type Change = BulkChange['change']

/** Floats over the list while rows are selected. Each choice says how many it touches; all can be undone. */
export function BulkBar({
  kind,
  selected,
  clear,
  selectAll,
}: {
  kind: RecordKind
  selected: ReadonlySet<string>
  clear: () => void
  /** There when all that is loaded is selected and more matches. */
  selectAll: { total: number; select: () => Promise<void> } | undefined
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { apply, isBusy } = useBulk(kind, selected, clear)
  const own = useCustomFields(kind).filter(
    (one) =>
      bulkKinds.includes(one.kind) &&
      one.sensitivity === 'contact' &&
      // One by which records are found again is nobody else's.
      one.search !== 'exact' &&
      !one.isArchived,
  )
  const [isSelecting, setSelecting] = useState(false)
  const preview = t.count(
    kind === 'people' ? 'changesOnePerson' : 'changesOneCompany',
    kind === 'people' ? 'changesManyPeople' : 'changesManyCompanies',
    selected.size,
  )
  const choices = (
    label: string,
    icon: React.ReactNode,
    options: { key: string; name: string; change: Change }[],
  ) => (
    <Menu shadow="md" position="top" width={220}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={icon}
          disabled={isBusy}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        <Menu.Label>{preview}</Menu.Label>
        {options.map(({ key, name, change }) => (
          <Menu.Item key={key} onClick={() => apply(change)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
  return (
    <section className="k-bulk" aria-label={t('selection')}>
      <strong role="status" style={{ fontSize: 13, marginRight: 6 }}>
        {t.count('oneSelected', 'manySelected', selected.size)}
      </strong>
      {selectAll && selectAll.total <= SELECT_MAX && (
        <Button
          size="compact-sm"
          variant="light"
          loading={isSelecting}
          onClick={() => {
            setSelecting(true)
            selectAll
              .select()
              .catch((error: unknown) => tellRefusal(t, error))
              .finally(() => setSelecting(false))
          }}
        >
          {t('selectAllMatching', { count: t.number(selectAll.total) })}
        </Button>
      )}
      {may(`${kind}:edit`) && (
        <>
          {choices(
            t('stage'),
            <IconFlag size={15} aria-hidden />,
            stages.map((stage) => ({
              key: stage,
              name: t(`stage.${stage}`),
              change: { kind: 'stage', stage },
            })),
          )}
          {choices(
            t('owner'),
            <IconUser size={15} aria-hidden />,
            names.colleagues
              .filter((one) => one.status === 'active')
              .map((one) => ({
                key: one.id,
                name: one.name,
                change: { kind: 'owner', ownerId: one.id },
              })),
          )}
          {choices(
            t('team'),
            <IconUsers size={15} aria-hidden />,
            names.teams.map((one) => ({
              key: one.id,
              name: one.name,
              change: { kind: 'team', teamId: one.id },
            })),
          )}
          <TagChange preview={preview} apply={apply} isBusy={isBusy} />
          {own.length > 0 && (
            <Suspense>
              <OwnFieldChange fields={own} preview={preview} apply={apply} isBusy={isBusy} />
            </Suspense>
          )}
        </>
      )}
      {may(`${kind}:delete`) && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={isBusy}
          leftSection={<IconTrash size={15} aria-hidden />}
          onClick={() => apply({ kind: 'trash' })}
        >
          {t('toTrash')}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t('clearSelection')} onClick={clear} />
    </section>
  )
}

function TagChange({
  preview,
  apply,
  isBusy,
}: {
  preview: string
  apply: (change: Change) => void
  isBusy: boolean
}) {
  const t = useWords()
  const [tag, setTag] = useState('')
  const [isOpen, setOpen] = useState(false)
  const go = (kind: 'add-tag' | 'remove-tag') => {
    if (tag.trim() === '') return
    setOpen(false)
    apply({ kind, tag: tag.trim() })
    setTag('')
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top" shadow="md" width={250} trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={isBusy}
          leftSection={<IconTag size={15} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {t('tag')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form noValidate onSubmit={sentBy(() => go('add-tag'))}>
          <TextInput
            label={t('tag')}
            description={preview}
            value={tag}
            maxLength={60}
            onChange={(event) => setTag(event.currentTarget.value)}
          />
          <div style={{ display: 'flex', gap: 6, marginTop: 10 }}>
            <Button size="compact-sm" type="submit">
              {t('addTag')}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => go('remove-tag')}>
              {t('removeTag')}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

function useBulk(kind: RecordKind, selected: ReadonlySet<string>, clear: () => void) {
  const t = useWords()
  const { patch, refresh } = useRowPatch(kind)
  const [isBusy, setBusy] = useState(false)
  const send = async (ids: string[], change: Change): Promise<BulkReply['results']> => {
    const results: BulkReply['results'] = []
    const most = change.kind === 'trash' ? TRASH_MAX : BULK_MAX
    for (let from = 0; from < ids.length; from += most) {
      const part = ids.slice(from, from + most)
      const body = { ids: part, change: forPart(change, new Set(part)) }
      results.push(...(await ask<BulkReply>('POST', `/api/${kind}/bulk`, { body })).results)
    }
    return results
  }
  const apply = (change: Change) => {
    setBusy(true)
    show(change, selected, patch)
    send([...selected], change)
      .then((results) => {
        const changed = results.filter((one) => one.outcome === 'changed')
        const left = results.length - changed.length
        clear()
        if (changed.length === 0) return tell(t('nothingChanged'))
        const said = t.count('oneChanged', 'manyChanged', changed.length)
        const message = left > 0 ? `${said} ${t('unchangedCount', { count: left })}` : said
        tellWithUndo(t, message, async () => {
          const ids = changed.map((one) => one.id)
          await send(ids, undoOf(change, changed))
          await refresh()
        })
      })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => {
        setBusy(false)
        void refresh()
      })
  }
  return { apply, isBusy }
}

/** The rows show it at once; the server's answer corrects what did not work. */
function show(
  change: Change,
  ids: ReadonlySet<string>,
  patch: ReturnType<typeof useRowPatch>['patch'],
): void {
  if (change.kind === 'stage') patch(ids, { stage: change.stage })
  if (change.kind === 'owner') patch(ids, { ownerId: change.ownerId })
  if (change.kind === 'team') patch(ids, { teamId: change.teamId })
  if (change.kind === 'trash') patch(ids, 'gone')
}

type Changed = Extract<BulkReply['results'][number], { outcome: 'changed' }>

function undoOf(change: Change, changed: Changed[]): Change {
  if (change.kind === 'trash') return { kind: 'untrash' }
  return { kind: 'restore', before: changed.map(({ id, before }) => ({ id, ...before })) }
}

function forPart(change: Change, ids: ReadonlySet<string>): Change {
  if (change.kind !== 'restore') return change
  return { kind: 'restore', before: change.before.filter((one) => ids.has(one.id)) }
}
