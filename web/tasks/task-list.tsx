import { ActionIcon, Checkbox } from '@mantine/core'
import { IconArrowRight, IconBell, IconChecklist, IconRepeat, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, Page, Task } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { patient } from '../frame/patient.ts'
import { useMay, useNames, useSession } from '../frame/session.ts'
import { useMayMove } from '../joint/use-joint.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { useDraft } from '../parts/drafts.ts'
import { Closed, Empty, Lines } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { subjectKinds } from '../record/dossier-kind.ts'
import { QuickLink } from '../record/quick-view.tsx'
import { bodyOf, TaskForm, type TypedTask, today } from './task-form.tsx'
import { comingOf, once } from './task-repeat.tsx'

const SharedElsewhere = lazy(patient(() => import('../joint/shared-elsewhere.tsx')))
const Move = lazy(patient(() => import('../joint/move.tsx')))

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
    return change(task, { isDone })
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
  return { tick, remove, change, refresh }
}

export function TaskRow({
  task,
  isSubjectShown = false,
  place,
}: {
  task: Task
  isSubjectShown?: boolean
  /** The dossier it stands in, from where it may move. */
  place?: { kind: DossierKind; id: string }
}) {
  const t = useWords()
  const may = useMay()
  const names = useNames()
  const { tick, remove, change } = useTaskActions()
  const [isMoving, setMoving] = useState(false)
  const mayMove = useMayMove(place?.kind ?? 'companies', place?.id ?? '')
  const [typed, setTyped] = useState<TypedTask>()
  // Shown at once; the server's answer, when it comes, is what counts.
  const [isTicked, setTicked] = useState<boolean>()
  const isLate = task.dueOn !== null && task.doneAt === null && task.dueOn < today()
  const kind = task.subject.kind === 'person' ? 'people' : 'companies'
  if (typed)
    return (
      <li className="k-task">
        <div style={{ flex: 1 }}>
          <TaskForm
            typed={typed}
            change={setTyped}
            label={t('save')}
            cancel={() => setTyped(undefined)}
            save={async (confirmed) => {
              await change(task, { ...bodyOf(typed), confirmed })
              setTyped(undefined)
            }}
          />
        </div>
      </li>
    )
  return (
    <li className="k-task" {...(task.doneAt ? { 'data-done': true } : {})}>
      <Checkbox
        mt={2}
        size="sm"
        radius="xl"
        disabled={!may('tasks:edit')}
        checked={isTicked ?? task.doneAt !== null}
        aria-label={t('tickTask', { title: task.title ?? '' })}
        onChange={(event) => {
          setTicked(event.currentTarget.checked)
          void tick(task).finally(() => setTicked(undefined))
        }}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        <div className="k-task-title">
          {task.closed ? (
            <Closed why={task.closed} />
          ) : may('tasks:edit') && !task.doneAt ? (
            <button
              type="button"
              className="k-value"
              style={{ marginLeft: -7, fontSize: 14, padding: '0 6px', minHeight: 24 }}
              aria-label={t('editTask', { title: task.title ?? '' })}
              onClick={() =>
                setTyped({
                  title: task.title ?? '',
                  dueOn: task.dueOn ?? '',
                  assigneeId: task.assigneeId,
                  ...comingOf(task),
                })
              }
            >
              {task.title}
            </button>
          ) : (
            task.title
          )}
        </div>
        <div
          className="k-dim k-small"
          style={{ display: 'flex', flexWrap: 'wrap', gap: '2px 10px' }}
        >
          {isSubjectShown &&
            (task.subject.kind === 'joint_dossier' ? (
              <Link to="/joint-dossiers/$id" params={{ id: task.subject.id }}>
                {task.subjectName ?? t('open')}
              </Link>
            ) : (
              <QuickLink kind={kind} id={task.subject.id}>
                {task.subjectName ?? t('open')}
              </QuickLink>
            ))}
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
          {task.remindAt && !task.doneAt && (
            <span>
              <IconBell size={12} style={{ verticalAlign: -2 }} aria-label={t('remindAt')} />{' '}
              {t.instant(task.remindAt)}
            </span>
          )}
          {task.assigneeId && !isSubjectShown && <span>{names.user(task.assigneeId)}</span>}
        </div>
      </div>
      {mayMove && may('tasks:edit') && !task.closed && (
        <ActionIcon
          size="sm"
          aria-label={t('moveTask', { title: task.title ?? '' })}
          onClick={() => setMoving(true)}
        >
          <IconArrowRight size={14} stroke={1.6} />
        </ActionIcon>
      )}
      {place && isMoving && (
        <Suspense fallback={null}>
          <Move
            moved={{ what: 'tasks', id: task.id, rowVersion: task.rowVersion }}
            from={place}
            close={() => setMoving(false)}
          />
        </Suspense>
      )}
      {may('tasks:delete') && (
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

const askedBy = {
  people: 'personId',
  companies: 'companyId',
  'joint-dossiers': 'jointDossierId',
} as const satisfies Record<DossierKind, string>

/** The tasks of one dossier, with a line to add one. */
export function TasksOf({
  kind,
  id,
  isEnded = false,
}: {
  kind: DossierKind
  id: string
  /** Nothing new is hung on it. */
  isEnded?: boolean
}) {
  const t = useWords()
  const may = useMay()
  const tasks = useQuery({
    queryKey: ['tasks', kind, id],
    queryFn: () =>
      ask<Page<Task>>('GET', '/api/tasks', {
        query: { [askedBy[kind]]: id, limit: 200 },
      }),
  })
  if (tasks.error) return <Broken error={tasks.error} />
  return (
    <>
      {may('tasks:create') && !isEnded && <NewTask kind={kind} id={id} />}
      {tasks.isPending && <Lines />}
      {tasks.data?.items.length === 0 && (
        <Empty icon={<IconChecklist size={28} stroke={1.4} aria-hidden />} title={t('noTasks')} />
      )}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {tasks.data?.items.map((task) => (
          <TaskRow key={task.id} task={task} place={{ kind, id }} />
        ))}
      </ul>
      {kind === 'people' && (
        <Suspense fallback={null}>
          <SharedElsewhere personId={id} />
        </Suspense>
      )}
    </>
  )
}

/** The line to add one. */
function NewTask({ kind, id }: { kind: DossierKind; id: string }) {
  const t = useWords()
  const { user } = useSession()
  const { refresh } = useTaskActions()
  const [title, setTitle, clear] = useDraft(`task-${id}`, '')
  const [dueOn, setDueOn] = useState('')
  const [assigneeId, setAssigneeId] = useState<string | null>(user.id)
  const [coming, setComing] = useState(once)
  const save = async (confirmed: boolean) => {
    const subject = { kind: subjectKinds[kind], id }
    await ask('POST', '/api/tasks', { body: { subject, ...bodyOf(typed), confirmed } })
    clear()
    setDueOn('')
    setComing(once)
    await refresh()
  }
  const typed = { title, dueOn, assigneeId, ...coming }
  return (
    <TaskForm
      typed={typed}
      change={(next) => {
        if (next.title !== title) setTitle(next.title)
        setDueOn(next.dueOn)
        setAssigneeId(next.assigneeId)
        setComing({ repeats: next.repeats, remindAt: next.remindAt })
      }}
      save={save}
      label={t('add')}
    />
  )
}
