import { ActionIcon, Button, Menu, Textarea } from '@mantine/core'
import { IconCheckbox, IconDots, IconNote, IconPencil, IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Page, RecordKind, TimelineEntry } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useMay, useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { useDraft } from '../parts/drafts.ts'
import { Closed, Empty, Lines, Lock } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { NationalNumberDialog, useConfirmedText } from './national-number.tsx'

/** What happened with this customer, newest first; the box for a note stands on top. */
export function Timeline({
  kind,
  id,
  teamId,
  only,
}: {
  kind: RecordKind
  id: string
  teamId: string
  only?: 'note'
}) {
  const t = useWords()
  const may = useMay()
  const list = useInfiniteQuery({
    queryKey: [kind, 'timeline', id],
    queryFn: ({ pageParam }) =>
      ask<Page<TimelineEntry>>('GET', `/api/${kind}/${id}/timeline`, {
        query: { limit: 50, cursor: pageParam },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const all = list.data?.pages.flatMap((page) => page.items) ?? []
  const entries = only ? all.filter((entry) => entry.kind === only) : all
  return (
    <>
      {may('notes:edit') && <NoteBox kind={kind} id={id} teamId={teamId} />}
      {list.error && <Broken error={list.error} />}
      {list.isPending && <Lines />}
      {list.data && entries.length === 0 && (
        <Empty icon={<IconNote size={28} stroke={1.4} aria-hidden />} title={t('timelineEmpty')}>
          <p>{t('timelineEmptyText')}</p>
        </Empty>
      )}
      {entries.map((entry) =>
        entry.kind === 'task' ? (
          <TaskLine key={entry.id} task={entry} />
        ) : (
          <NoteLine key={entry.id} kind={kind} recordId={id} note={entry} />
        ),
      )}
      {list.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          mt="sm"
          onClick={() => void list.fetchNextPage()}
        >
          {t('loadMore')}
        </Button>
      )}
    </>
  )
}

function NoteBox({ kind, id, teamId }: { kind: RecordKind; id: string; teamId: string }) {
  const t = useWords()
  const queries = useQueryClient()
  const [text, setText, clear] = useDraft(`note-${id}`, '')
  const note = useConfirmedText(async (isConfirmed) => {
    await ask('POST', `/api/${kind}/${id}/notes`, { body: { body: text, isConfirmed } })
    clear()
    await queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void note.send()
      }}
      style={{ marginBottom: 12 }}
    >
      <Textarea
        label={
          <>
            {t('newNote')} <Lock teamId={teamId} />
          </>
        }
        aria-label={t('newNote')}
        placeholder={t('notePlaceholder')}
        autosize
        minRows={2}
        maxRows={14}
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void note.send()
        }}
      />
      <div
        style={{
          display: 'flex',
          alignItems: 'center',
          justifyContent: 'flex-end',
          gap: 10,
          marginTop: 6,
        }}
      >
        {text.trim() && (
          <span className="k-dim k-small">
            <kbd className="k-key">Ctrl</kbd> <kbd className="k-key">Enter</kbd>
          </span>
        )}
        <Button type="submit" size="compact-sm" disabled={text.trim() === ''} loading={note.isBusy}>
          {t('saveNote')}
        </Button>
      </div>
      <NationalNumberDialog text={note} typed={text} />
    </form>
  )
}

type NoteLike = Extract<TimelineEntry, { kind: 'note' }>

function NoteLine({
  kind,
  recordId,
  note,
}: {
  kind: RecordKind
  recordId: string
  note: NoteLike
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { user } = useSession()
  const queries = useQueryClient()
  const [typed, setTyped] = useState<string>()
  const refresh = () => queries.invalidateQueries({ queryKey: [kind, 'timeline', recordId] })
  const edited = useConfirmedText(async (isConfirmed) => {
    await ask('PATCH', `/api/notes/${note.id}`, {
      body: { rowVersion: note.rowVersion, body: typed, isConfirmed },
    })
    setTyped(undefined)
    await refresh()
  })
  const remove = () => {
    ask('DELETE', `/api/notes/${note.id}`)
      .then(async () => {
        await refresh()
        const { text } = note
        if (text === null) return
        tellWithUndo(t, t('noteRemoved'), async () => {
          await ask('POST', `/api/${kind}/${recordId}/notes`, {
            body: { body: text, isConfirmed: true },
          })
          await refresh()
        })
      })
      .catch((error: unknown) => tellRefusal(t, error))
  }
  return (
    <article className="k-entry">
      <IconNote size={18} stroke={1.5} className="k-dim" aria-hidden style={{ marginTop: 1 }} />
      <div>
        <div className="k-entry-head">
          <strong>
            {note.createdBy === user.id ? capital(t('you')) : names.user(note.createdBy)}
          </strong>
          <time dateTime={note.createdAt}>{t.instant(note.createdAt)}</time>
          {note.rowVersion > 1 && <span>{t('edited')}</span>}
          <span style={{ flex: 1 }} />
          {may('notes:edit') && !note.closed && (
            <Menu position="bottom-end" shadow="md">
              <Menu.Target>
                <ActionIcon size="sm" aria-label={t('more')}>
                  <IconDots size={15} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconPencil size={14} aria-hidden />}
                  onClick={() => setTyped(note.text ?? '')}
                >
                  {t('edit')}
                </Menu.Item>
                <Menu.Item leftSection={<IconTrash size={14} aria-hidden />} onClick={remove}>
                  {t('remove')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
        {note.closed && <Closed why={note.closed} />}
        {typed === undefined ? (
          !note.closed && <p>{note.text}</p>
        ) : (
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              void edited.send()
            }}
          >
            <Textarea
              autoFocus
              aria-label={t('note')}
              autosize
              minRows={2}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            <div style={{ display: 'flex', gap: 6, marginTop: 6 }}>
              <Button
                type="submit"
                size="compact-sm"
                loading={edited.isBusy}
                disabled={typed.trim() === ''}
              >
                {t('save')}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => setTyped(undefined)}>
                {t('cancel')}
              </Button>
            </div>
          </form>
        )}
        <NationalNumberDialog text={edited} typed={typed ?? ''} />
      </div>
    </article>
  )
}

function TaskLine({ task }: { task: Extract<TimelineEntry, { kind: 'task' }> }) {
  const t = useWords()
  const names = useNames()
  return (
    <article className="k-entry">
      <IconCheckbox size={18} stroke={1.5} className="k-dim" aria-hidden style={{ marginTop: 1 }} />
      <div>
        <div className="k-entry-head">
          <strong>{names.user(task.createdBy)}</strong>
          <time dateTime={task.createdAt}>{t.instant(task.createdAt)}</time>
        </div>
        {task.closed ? <Closed why={task.closed} /> : <p>{task.title}</p>}
        <span className="k-dim k-small">
          {task.doneAt
            ? t('taskDoneBy', { who: names.user(task.doneBy), when: t.instant(task.doneAt) })
            : [names.user(task.assigneeId), task.dueOn && t('dueOnDay', { day: t.day(task.dueOn) })]
                .filter(Boolean)
                .join(' · ')}
        </span>
      </div>
    </article>
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
