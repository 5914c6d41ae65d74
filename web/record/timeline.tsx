import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconNote, IconPinned } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, TimelineEntry, TimelinePage } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Empty, Lines } from '../parts/marks.tsx'
import { DossierTrash } from './dossier-trash.tsx'
import { NoteBox } from './note-box.tsx'
import { NoteLine } from './note-line.tsx'
import {
  ChangeLine,
  FileEntryLine,
  FileRemovedLine,
  MergeLine,
  TaskLine,
} from './timeline-entry.tsx'
import { isFiltered, noFilter, type TimelineFilter, TimelineFilters } from './timeline-filters.tsx'

const TYPING_MS = 250
const PAGE = 50

/** What happened with this customer, newest first; the box for a note stands on top. */
export function Timeline({
  kind,
  id,
  teamId,
  only,
  isEnded = false,
}: {
  kind: DossierKind
  id: string
  teamId: string | undefined
  only?: 'note'
  /** Nothing new is hung on it. */
  isEnded?: boolean
}) {
  const t = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const [filter, setFilter] = useState(noFilter)
  const list = useTimeline(kind, id, filter, only)
  const pinned = list.data?.pages[0]?.pinned ?? []
  const isOnTop = new Set(pinned.map((note) => note.id))
  const entries = (list.data?.pages.flatMap((page) => page.items) ?? []).filter(
    (entry) => !isOnTop.has(entry.id),
  )
  const isNarrowed = isFiltered(filter)
  return (
    <>
      {may('notes:create') && !isEnded && <NoteBox kind={kind} id={id} teamId={teamId} />}
      <TimelineFilters filter={filter} change={setFilter} isOfNotes={only === 'note'} />
      {list.error && <Broken error={list.error} />}
      {list.isPending && <Lines />}
      {pinned.length > 0 && (
        <section className="k-pinned" aria-label={t('pinned')}>
          <h3>
            <IconPinned size={13} aria-hidden /> {t('pinned')}
          </h3>
          {pinned.map((note) => (
            <NoteLine key={note.id} kind={kind} recordId={id} note={note} />
          ))}
        </section>
      )}
      {list.data && entries.length === 0 && pinned.length === 0 && !list.hasNextPage && (
        <Empty
          icon={<IconNote size={28} stroke={1.4} aria-hidden />}
          title={t(isNarrowed ? 'timelineNothing' : 'timelineEmpty')}
        >
          <p>{t(isNarrowed ? 'timelineNothingText' : 'timelineEmptyText')}</p>
        </Empty>
      )}
      <div aria-busy={list.isPlaceholderData}>
        {entries.map((entry) => (
          <EntryLine key={`${entry.kind} ${entry.id}`} kind={kind} recordId={id} entry={entry} />
        ))}
      </div>
      {list.hasNextPage && (
        <Button
          variant="default"
          size="compact-sm"
          mt="sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t(filter.search.trim() ? 'searchFurther' : 'loadMore')}
        </Button>
      )}
      <DossierTrash
        kind={kind}
        id={id}
        refresh={() => queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })}
      />
    </>
  )
}

function useTimeline(
  kind: DossierKind,
  id: string,
  { search, by, kinds }: TimelineFilter,
  only: 'note' | undefined,
) {
  const [words] = useDebouncedValue(search.trim(), TYPING_MS)
  const asked = { search: words, by, kind: only ? [only] : kinds }
  return useInfiniteQuery({
    queryKey: [kind, 'timeline', id, asked],
    queryFn: ({ pageParam, signal }) =>
      ask<TimelinePage>('GET', `/api/${kind}/${id}/timeline`, {
        query: { ...asked, limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })
}

function EntryLine({
  kind,
  recordId,
  entry,
}: {
  kind: DossierKind
  recordId: string
  entry: TimelineEntry
}) {
  if (entry.kind === 'note') return <NoteLine kind={kind} recordId={recordId} note={entry} />
  if (entry.kind === 'task') return <TaskLine task={entry} />
  if (entry.kind === 'file') return <FileEntryLine file={entry} />
  if (entry.kind === 'file-removed') return <FileRemovedLine entry={entry} />
  if (entry.kind === 'merge') return <MergeLine entry={entry} />
  return <ChangeLine entry={entry} />
}
