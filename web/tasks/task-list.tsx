import { ActionIcon, Button, Checkbox, Select, TextInput } from '@mantine/core'
import { IconChecklist, IconRepeat, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Page, RecordKind, Task } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useMay, useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { useDraft } from '../parts/drafts.ts'
import { Closed, Empty, Lines } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { NationalNumberDialog, useConfirmedText } from '../record/national-number.tsx'
import { bodyOfComing, type Coming, TaskComing } from './task-repeat.tsx'

export function today(): string {
  const now = new Date()
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`
}

export function useTaskActions() {
  const t = useWords()
  const queries = useQueryClient()
  const refresh = async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['tasks'] }),
      queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === 'timeline' }),
    ])
  }
  const change = (task: Task, body: object) =>
    ask<Task>('PATCH', `/api/tasks/${task.id}`, {
      body: { rowVersion: task.rowVersion, ...body },
    }).finally(refresh)
  const tick = (task: Task) => {
    const isDone = task.doneAt === null
    change(task, { isDone })
      .then((saved) => {
        if (isDone) tellWithUndo(t, t('taskDone'), () => change(saved, { isDone: false }))
      })
      .catch((error: unknown) => tellRefusal(t, error))
  }
  const remove = (task: Task) => {
    ask('DELETE', `/api/tasks/${task.id}`)
      .then(() => {
        const { subject, title, dueOn, assigneeId } = task
        if (title === null) return
        tellWithUndo(t, t('taskRemoved'), () =>
          ask('POST', '/api/tasks', {
            body: { subject, title, dueOn, ...(assigneeId ? { assigneeId } : {}), confirmed: true },
          }).finally(refresh),
        )
      })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void refresh())
  }
  return { tick, remove, refresh }
}

export function TaskRow({
  task,
  isSubjectShown = false,
}: {
  task: Task
  isSubjectShown?: boolean
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { tick, remove } = useTaskActions()
  const isLate = task.dueOn !== null && task.doneAt === null && task.dueOn < today()
  const kind = task.subject.kind === 'person' ? 'people' : 'companies'
  return (
    <li className="k-task" {...(task.doneAt ? { 'data-done': true } : {})}>
      <Checkbox
        mt={2}
        size="sm"
        radius="xl"
        disabled={!may('tasks:edit')}
        checked={task.doneAt !== null}
        aria-label={t('tickTask', { title: task.title ?? '' })}
        onChange={() => tick(task)}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        <div className="k-task-title">
          {task.closed ? <Closed why={task.closed} /> : task.title}
        </div>
        <div
          className="k-dim k-small"
          style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 10px' }}
        >
          {isSubjectShown && (
            <Link
              to={`/${kind}/$id`}
              params={{ id: task.subject.id }}
              style={{ color: 'var(--mantine-color-anchor)' }}
            >
              {task.subjectName ?? t('open')}
            </Link>
          )}
          {task.dueOn && (
            <span className={isLate ? 'k-late' : ''}>
              {isLate ? `${t('overdue')}: ` : ''}
              {task.dueOn === today() ? t('today') : t.day(task.dueOn)}
            </span>
          )}
          {task.repeats && (
            <span>
              <IconRepeat size={12} aria-hidden style={{ verticalAlign: -2 }} />{' '}
              {t(`repeats.${task.repeats}`)}
            </span>
          )}
          {task.assigneeId && !isSubjectShown && <span>{names.user(task.assigneeId)}</span>}
        </div>
      </div>
      {may('tasks:edit') && (
        <ActionIcon
          size="sm"
          aria-label={t('removeValue', { value: task.title ?? t('task') })}
          onClick={() => remove(task)}
        >
          <IconTrash size={14} stroke={1.6} />
        </ActionIcon>
      )}
    </li>
  )
}

/** The tasks of one customer, with a line to add one. */
export function TasksOf({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const may = useMay()
  const tasks = useQuery({
    queryKey: ['tasks', kind, id],
    queryFn: () =>
      ask<Page<Task>>('GET', '/api/tasks', {
        query: { [kind === 'people' ? 'personId' : 'companyId']: id, limit: 200 },
      }),
  })
  if (tasks.error) return <Broken error={tasks.error} />
  return (
    <>
      {may('tasks:edit') && <NewTask kind={kind} id={id} />}
      {tasks.isPending && <Lines />}
      {tasks.data?.items.length === 0 && (
        <Empty icon={<IconChecklist size={28} stroke={1.4} aria-hidden />} title={t('noTasks')} />
      )}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {tasks.data?.items.map((task) => (
          <TaskRow key={task.id} task={task} />
        ))}
      </ul>
    </>
  )
}

function NewTask({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const { refresh } = useTaskActions()
  const [title, setTitle, clear] = useDraft(`task-${id}`, '')
  const [dueOn, setDueOn] = useState('')
  const [assigneeId, setAssigneeId] = useState<string | null>(user.id)
  const [coming, setComing] = useState<Coming>({ repeats: null, remindAt: '' })
  const task = useConfirmedText(async (confirmed) => {
    const subject = { kind: kind === 'people' ? 'person' : 'company', id }
    await ask('POST', '/api/tasks', {
      body: {
        subject,
        title: title.trim(),
        dueOn: dueOn || null,
        ...bodyOfComing(coming, dueOn !== ''),
        ...(assigneeId ? { assigneeId } : {}),
        confirmed,
      },
    })
    clear()
    setDueOn('')
    setComing({ repeats: null, remindAt: '' })
    await refresh()
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void task.send()
      }}
      style={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'flex-end',
        gap: 8,
        marginBottom: 14,
      }}
    >
      <TextInput
        style={{ flex: '1 1 200px' }}
        label={t('newTask')}
        placeholder={t('taskPlaceholder')}
        maxLength={200}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        w={140}
        label={t('dueOn')}
        value={dueOn}
        onChange={(event) => setDueOn(event.currentTarget.value)}
      />
      <Select
        w={150}
        label={t('assignee')}
        data={names.colleagues
          .filter((one) => one.status === 'active')
          .map((one) => ({ value: one.id, label: one.name }))}
        value={assigneeId}
        allowDeselect={false}
        onChange={setAssigneeId}
      />
      <TaskComing typed={coming} change={setComing} hasDay={dueOn !== ''} />
      <Button type="submit" loading={task.isBusy} disabled={title.trim() === ''}>
        {t('add')}
      </Button>
      <NationalNumberDialog text={task} typed={title} />
    </form>
  )
}
