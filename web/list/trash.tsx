import { Button } from '@mantine/core'
import { IconArrowLeft, IconTrash } from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Empty, Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import type { Row } from './columns.tsx'

export function PeopleTrash() {
  return <Trash kind="people" />
}
export function CompaniesTrash() {
  return <Trash kind="companies" />
}

/** What was thrown away and can come back. */
function Trash({ kind }: { kind: RecordKind }) {
  const t = useWords()
  const names = useNames()
  const queries = useQueryClient()
  const trash = useInfiniteQuery({
    queryKey: [kind, 'trash'],
    queryFn: ({ pageParam }) =>
      ask<PersonPage | CompanyPage>('GET', `/api/${kind}`, {
        query: { deleted: true, sort: '-updatedAt', limit: 100, cursor: pageParam },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const items = trash.data?.pages.flatMap((page): Row[] => page.items) ?? []
  const restore = (one: Row) =>
    ask('POST', `/api/${kind}/${one.id}/restore`)
      .then(() => tell(t('restored', { name: one.displayName })))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void queries.invalidateQueries({ queryKey: [kind] }))
  if (trash.error) return <Broken error={trash.error} />
  return (
    <>
      <header className="k-topline">
        <Button
          component={Link}
          to={`/${kind}`}
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconArrowLeft size={15} aria-hidden />}
        >
          {t(kind)}
        </Button>
        <h1>{t('trash')}</h1>
      </header>
      <main className="k-page">
        {trash.isPending && <Lines />}
        {!trash.isPending && items.length === 0 && (
          <Empty icon={<IconTrash size={30} stroke={1.4} aria-hidden />} title={t('trashEmpty')}>
            <p>{t('trashEmptyText')}</p>
          </Empty>
        )}
        {items.length > 0 && (
          <div className="k-table-scroll">
            <table className="k-plain">
              <thead>
                <tr>
                  <th scope="col">{t('name')}</th>
                  <th scope="col">{t('deletedAt')}</th>
                  <th scope="col">{t('owner')}</th>
                  <th scope="col">
                    <span className="k-hidden">{t('restore')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((one) => (
                  <tr key={one.id}>
                    <td className="k-name">{one.displayName}</td>
                    <td>{t.instant(one.updatedAt)}</td>
                    <td>{names.user(one.ownerId)}</td>
                    <td style={{ textAlign: 'right' }}>
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => void restore(one)}
                        aria-label={t('restoreOne', { name: one.displayName })}
                      >
                        {t('restore')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {trash.hasNextPage && (
          <Button mt="md" variant="default" onClick={() => void trash.fetchNextPage()}>
            {t('loadMore')}
          </Button>
        )}
      </main>
    </>
  )
}
