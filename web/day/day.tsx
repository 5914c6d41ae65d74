import { Button } from '@mantine/core'
import { IconConfetti } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Fragment, lazy, type ReactNode, Suspense } from 'react'
import { ask } from '../api/client.ts'
import type { Activity, Page, Subjects, Task } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { patient } from '../frame/patient.ts'
import { useMay, useNames, useSession } from '../frame/session.ts'
import { useWords, type Word } from '../language/words.tsx'
import '../language/late.ts'
import { Empty, Initials, Lines } from '../parts/marks.tsx'
import { QuickLink } from '../record/quick-view.tsx'
import { today } from '../tasks/task-form.tsx'
import { TaskRow } from '../tasks/task-list.tsx'

const COMING_DAYS = 7

const SharedWithMe = lazy(
  patient(() =>
    import('../rights/shared-with-me.tsx').then((part) => ({ default: part.SharedWithMe })),
  ),
)

/** Where a day begins: what is late, what is for today and what comes; whom one needs; what happened. */
export function Day() {
  const t = useWords()
  const may = useMay()
  return (
    <>
      <header className="k-topline">
        <h1>{t('myDay')}</h1>
        <span className="k-dim">{t.day(today())}</span>
      </header>
      <main className="k-page">
        <div className="k-day">
          <div>
            {may('tasks:see') && <DayTasks />}
            <Feed />
          </div>
          <div>
            <Records title="favourites" path="/api/favourites" empty="favouritesEmpty" />
            <Records title="recent" path="/api/recent" empty="recentEmpty" />
            <Suspense fallback={null}>
              <SharedWithMe />
            </Suspense>
          </div>
        </div>
      </main>
    </>
  )
}

function dayFrom(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00`)
  at.setDate(at.getDate() + days)
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`
}

function DayTasks() {
  const t = useWords()
  const now = today()
  const until = dayFrom(now, COMING_DAYS)
  const list = useQuery({
    queryKey: ['tasks', 'day', until],
    queryFn: () =>
      ask<Page<Task>>('GET', '/api/tasks', {
        query: { mine: true, done: false, dueUntil: until, limit: 200 },
      }),
  })
  if (list.error && !list.data) return <Broken error={list.error} />
  const tasks = list.data?.items ?? []
  const groups: [Word, Task[]][] = [
    ['tasksOverdue', tasks.filter((task) => task.dueOn! < now)],
    ['tasksToday', tasks.filter((task) => task.dueOn === now)],
    ['upcoming', tasks.filter((task) => task.dueOn! > now)],
  ]
  return (
    <>
      {list.isPending && <Lines count={5} />}
      {list.data && tasks.length === 0 && (
        <Empty icon={<IconConfetti size={30} stroke={1.4} aria-hidden />} title={t('noTasks')}>
          <Link to="/tasks">{t('myTasks')}</Link>
        </Empty>
      )}
      {groups.map(
        ([word, some]) =>
          some.length > 0 && (
            <section key={word}>
              <h2>
                {t(word)} <span className="k-dim">{some.length}</span>
              </h2>
              <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
                {some.map((task) => (
                  <TaskRow key={task.id} task={task} isSubjectShown />
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  )
}

const placeOf = (kind: 'person' | 'company') => (kind === 'person' ? 'people' : 'companies')

function Records({ title, path, empty }: { title: Word; path: string; empty: Word }) {
  const t = useWords()
  const list = useQuery({
    queryKey: ['day', path],
    staleTime: 0,
    queryFn: () => ask<Subjects>('GET', path),
  })
  return (
    <section>
      <h2>{t(title)}</h2>
      {list.isPending && <Lines />}
      {list.data?.items.length === 0 && <p className="k-dim k-small">{t(empty)}</p>}
      <ul className="k-plain-list">
        {list.data?.items.map(({ subject, name }) => (
          <li key={subject.id}>
            <Initials
              name={name ?? '?'}
              id={subject.id}
              size={24}
              isCompany={subject.kind === 'company'}
            />
            <QuickLink kind={placeOf(subject.kind)} id={subject.id}>
              {name ?? t('viewUntitled')}
            </QuickLink>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** `{name}` and `{other}` in a sentence, as links. */
export function sentence(text: string, name: ReactNode, other?: ReactNode): ReactNode {
  return text.split(/(\{name\}|\{other\})/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence keep their places
    <Fragment key={at}>{part === '{name}' ? name : part === '{other}' ? other : part}</Fragment>
  ))
}

function RecordLink({ subject, name }: { subject: Activity['subject']; name: string | null }) {
  const t = useWords()
  if (subject.kind === 'joint_dossier')
    return (
      <Link to="/joint-dossiers/$id" params={{ id: subject.id }} style={{ fontWeight: 500 }}>
        {name ?? t('viewUntitled')}
      </Link>
    )
  return (
    <span style={{ fontWeight: 500 }}>
      <QuickLink kind={placeOf(subject.kind)} id={subject.id}>
        {name ?? t('viewUntitled')}
      </QuickLink>
    </span>
  )
}

function Feed() {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const list = useInfiniteQuery({
    queryKey: ['day', 'activity'],
    staleTime: 0,
    queryFn: ({ pageParam }) =>
      ask<Page<Activity>>('GET', '/api/activity', { query: { cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section>
      <h2>{t('activity')}</h2>
      {list.isPending && <Lines />}
      {list.data && items.length === 0 && <p className="k-dim k-small">{t('activityEmpty')}</p>}
      <ul className="k-plain-list">
        {items.map((one) => {
          const who = one.by === user.id ? t('you') : names.user(one.by) || t('openingSystem')
          const said = t(`happened.${one.kind}`, { who: who[0]!.toUpperCase() + who.slice(1) })
          return (
            <li key={`${one.kind} ${one.id}`}>
              <span style={{ flex: 1, minWidth: 0 }}>
                {sentence(
                  said,
                  <RecordLink subject={one.subject} name={one.name} />,
                  one.other && <RecordLink {...one.other} />,
                )}
                {one.title && <span className="k-dim">: {one.title}</span>}
              </span>
              <span className="k-dim k-small" style={{ flex: 'none' }}>
                {t.ago(one.at)}
              </span>
            </li>
          )
        })}
      </ul>
      {list.hasNextPage && (
        <Button
          mt={10}
          variant="default"
          size="compact-sm"
          onClick={() => void list.fetchNextPage()}
        >
          {t('loadMore')}
        </Button>
      )}
    </section>
  )
}
