import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { OutlinePage, RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import '../language/late-rights.ts'

/** Records without contact data: how many there are, whose, in which stage. */
export function Outlines({ kind }: { kind: RecordKind }) {
  const t = useWords()
  const names = useNames()
  const list = useInfiniteQuery({
    queryKey: [kind, 'outline'],
    queryFn: ({ pageParam }) =>
      ask<OutlinePage>('GET', `/api/${kind}/outline`, { query: { limit: 100, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  return (
    <>
      <header className="k-topline">
        <h1>{t(kind)}</h1>
      </header>
      <main className="k-page">
        <p className="k-dim">{t('outlineText')}</p>
        {list.error && <Broken error={list.error} />}
        {list.isPending && <Lines />}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <section className="k-table-scroll" tabIndex={0} aria-label={t(kind)}>
          <table className="k-plain">
            <thead>
              <tr>
                <th scope="col">{t('stage')}</th>
                <th scope="col">{t('owner')}</th>
                <th scope="col">{t('team')}</th>
                <th scope="col">{t('createdAt')}</th>
              </tr>
            </thead>
            <tbody>
              {list.data?.pages
                .flatMap((page) => page.items)
                .map((one) => (
                  <tr key={one.id}>
                    <td>{t.known(`stage.${one.stage}`) ?? one.stage}</td>
                    <td>{names.user(one.ownerId)}</td>
                    <td>{names.team(one.teamId)}</td>
                    <td>{t.instant(one.createdAt)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
        {list.hasNextPage && (
          <Button variant="default" mt="sm" onClick={() => void list.fetchNextPage()}>
            {t('loadMore')}
          </Button>
        )}
      </main>
    </>
  )
}
