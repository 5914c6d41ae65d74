import { Button, CloseButton, Menu, Popover, TextInput } from '@mantine/core'
import { IconFlag, IconTag, IconTrash, IconUser, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { RecordKind, Row, Stage } from '../api/shapes.ts'
import { useMay, useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { stages } from '../record/stages.ts'
import { useRowPatch } from './use-records.ts'

type Change =
  | { stage: Stage }
  | { ownerId: string }
  | { teamId: string }
  | { tag: string; isAdded: boolean }
  | { trash: true }

/** Floats over the list while rows are selected. Each choice says how many it touches; all can be undone. */
export function BulkBar({
  kind,
  selected,
  rows,
  clear,
}: {
  kind: RecordKind
  selected: ReadonlySet<string>
  rows: Row[]
  clear: () => void
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { apply, isBusy } = useBulk(
    kind,
    rows.filter((row) => selected.has(row.id)),
    clear,
  )
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
      {may(`${kind}:edit`) && (
        <>
          {choices(
            t('stage'),
            <IconFlag size={15} aria-hidden />,
            stages.map((stage) => ({ key: stage, name: t(`stage.${stage}`), change: { stage } })),
          )}
          {choices(
            t('owner'),
            <IconUser size={15} aria-hidden />,
            names.colleagues
              .filter((one) => one.status === 'active')
              .map((one) => ({ key: one.id, name: one.name, change: { ownerId: one.id } })),
          )}
          {choices(
            t('team'),
            <IconUsers size={15} aria-hidden />,
            names.teams.map((one) => ({ key: one.id, name: one.name, change: { teamId: one.id } })),
          )}
          <TagChange preview={preview} apply={apply} isBusy={isBusy} />
        </>
      )}
      {may(`${kind}:delete`) && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={isBusy}
          leftSection={<IconTrash size={15} aria-hidden />}
          onClick={() => apply({ trash: true })}
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
  const go = (isAdded: boolean) => {
    if (tag.trim() === '') return
    setOpen(false)
    apply({ tag: tag.trim(), isAdded })
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
        <form
          onSubmit={(event) => {
            event.preventDefault()
            go(true)
          }}
        >
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
            <Button size="compact-sm" variant="default" onClick={() => go(false)}>
              {t('removeTag')}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}

/** One request for each record, so that every record's own rules and version hold; a few at a time. */
function useBulk(kind: RecordKind, rows: Row[], clear: () => void) {
  const t = useWords()
  const { patch, refresh } = useRowPatch(kind)
  const [isBusy, setBusy] = useState(false)
  const apply = (change: Change) => {
    setBusy(true)
    const before = new Map(rows.map((row) => [row.id, row]))
    if ('stage' in change || 'ownerId' in change || 'teamId' in change)
      patch(new Set(before.keys()), change)
    inTurns(rows, (row) => changeOne(kind, row, change))
      .then(async ({ done, problem }) => {
        await refresh()
        clear()
        if (problem) tellRefusal(t, problem)
        if (done.length === 0) return
        tellWithUndo(t, t.count('oneChanged', 'manyChanged', done.length), async () => {
          await inTurns(done, (row) => undoOne(kind, before.get(row.id) ?? row, change))
          await refresh()
        })
      })
      .finally(() => setBusy(false))
  }
  return { apply, isBusy }
}

// Browsers keep about six connections to one host; the screen itself needs some of them.
const AT_ONCE = 4

async function inTurns(
  rows: Row[],
  act: (row: Row) => Promise<unknown>,
): Promise<{ done: Row[]; problem: unknown }> {
  const waiting = [...rows]
  const done: Row[] = []
  let problem: unknown
  const worker = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const current = row
      await act(current).then(
        () => done.push(current),
        (error: unknown) => {
          problem = error
        },
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { done, problem }
}

function changeOne(kind: RecordKind, row: Row, change: Change): Promise<unknown> {
  const path = `/api/${kind}/${row.id}`
  if ('trash' in change) return ask('DELETE', path)
  const body = 'tag' in change ? { tags: tagged(row.tags, change) } : change
  return ask('PATCH', path, { body: { rowVersion: row.rowVersion, ...body } })
}

/** Back to what the row was, if nobody changed it since. */
function undoOne(kind: RecordKind, before: Row, change: Change): Promise<unknown> {
  const path = `/api/${kind}/${before.id}`
  if ('trash' in change) return ask('POST', `${path}/restore`)
  const { stage, ownerId, teamId, tags, rowVersion } = before
  const was =
    'stage' in change
      ? { stage }
      : 'ownerId' in change
        ? { ownerId }
        : 'teamId' in change
          ? { teamId }
          : { tags }
  return ask('PATCH', path, { body: { rowVersion: rowVersion + 1, ...was } })
}

function tagged(tags: string[], change: Extract<Change, { tag: string }>): string[] {
  const others = tags.filter((one) => one !== change.tag)
  return change.isAdded ? [...others, change.tag] : others
}
