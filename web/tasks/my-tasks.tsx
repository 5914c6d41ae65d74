import { Button } from '@mantine/core'
import { IconConfetti } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Page, Task } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useWords, type Word } from '../language/words.tsx'
import { Empty, Lines } from '../parts/marks.tsx'
import { today } from './task-form.tsx'
import { TaskRow } from './task-list.tsx'

/** What I have to do: too late, today, later, some day. */
export function MyTasks() {
  const t = useWords()
  const list = useInfiniteQuery({
    queryKey: ['tasks', 'mine'],
    queryFn: ({ pageParam }) =>
      ask<Page<Task>>('GET', '/api/tasks', {
        query: { mine: true, done: false, limit: 200, cursor: pageParam },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const tasks = list.data?.pages.flatMap((page) => page.items) ?? []
  const now = today()
  const groups: [Word, Task[]][] = [
    ['tasksOverdue', tasks.filter((task) => task.dueOn !== null && task.dueOn < now)],
    ['tasksToday', tasks.filter((task) => task.dueOn === now)],
    ['tasksLater', tasks.filter((task) => task.dueOn !== null && task.dueOn > now)],
    ['tasksNoDay', tasks.filter((task) => task.dueOn === null)],
  ]
  if (list.error && !list.data) return <Broken error={list.error} />
  return (
    <>
      <header className="k-topline">
        <h1>{t('myTasks')}</h1>
        {list.data && <span className="k-dim">{t.number(tasks.length)}</span>}
      </header>
      <main className="k-page">
        <div className="k-narrow">
          {list.isPending && <Lines count={6} />}
          {list.data && tasks.length === 0 && (
            <Empty icon={<IconConfetti size={32} stroke={1.4} aria-hidden />} title={t('noTasks')}>
              <p>{t('noTasksText')}</p>
            </Empty>
          )}
          {groups.map(
            ([word, some]) =>
              some.length > 0 && (
                <section key={word} style={{ marginBottom: 26 }}>
                  <h2 style={{ margin: '0 0 4px', fontSize: 14 }}>
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
          {list.hasNextPage && (
            <Button variant="default" onClick={() => void list.fetchNextPage()}>
              {t('loadMore')}
            </Button>
          )}
        </div>
      </main>
    </>
  )
}
