import { ActionIcon, Tooltip } from '@mantine/core'
import { IconStar, IconStarFilled } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { RecordKind, Subjects } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'

/** A star beside a record: one's own bookmark, which nobody else sees. */
export function FavouriteStar({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const queries = useQueryClient()
  const key = ['day', '/api/favourites']
  const list = useQuery({ queryKey: key, queryFn: () => ask<Subjects>('GET', '/api/favourites') })
  const isFavourite = list.data?.items.some(({ subject }) => subject.id === id) ?? false
  const label = t(isFavourite ? 'favouriteRemove' : 'favouriteAdd')
  const turn = () => {
    const subject = { kind: kind === 'people' ? 'person' : 'company', id }
    ask('POST', '/api/favourites', { body: { subject, isFavourite: !isFavourite } })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void queries.invalidateQueries({ queryKey: key }))
  }
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} aria-pressed={isFavourite} onClick={turn}>
        {isFavourite ? <IconStarFilled size={17} /> : <IconStar size={17} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  )
}
