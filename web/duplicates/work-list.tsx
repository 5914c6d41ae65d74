import { Button, SegmentedControl } from '@mantine/core'
import { IconCopyCheck } from '@tabler/icons-react'
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import type { LikelyPage, LikelyPair, LikelyRecord, RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useKeys } from '../frame/keys.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Empty, Lines, StageMark } from '../parts/marks.tsx'
import { groupDigits, telLink } from '../parts/phone-number.ts'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { QuickLink } from '../record/quick-view.tsx'
import { Likeness } from './likeness.tsx'

const LOOKING_MS = 3_000

/** Pairs that may be one customer, best first. Arrows or j and k move, Enter compares, d tells them apart. */
export function Duplicates() {
  const t = useWords()
  const navigate = useNavigate()
  const kind: RecordKind = useSearch({ from: '/frame/duplicates' }).kind ?? 'people'
  const list = useLikely(kind)
  const pairs = list.data?.pages.flatMap((page) => page.items) ?? []
  const newest = list.data?.pages.at(-1)
  const tellApart = useTellApart(kind)
  const [at, setAt] = useState(-1)
  const active = Math.min(at, pairs.length - 1)
  useEffect(() => {
    document.querySelector('.k-pair[data-active]')?.scrollIntoView({ block: 'nearest' })
  })
  const move = (by: number) => (event: KeyboardEvent) => {
    event.preventDefault()
    setAt(Math.max(0, Math.min(pairs.length - 1, active + by)))
  }
  const open = ({ first, second }: LikelyPair) =>
    void navigate({
      to: '/duplicates/$kind/$keptId/$otherId',
      params: { kind, keptId: first.id, otherId: second.id },
    })
  useKeys({
    j: move(1),
    k: move(-1),
    ArrowDown: move(1),
    ArrowUp: move(-1),
    Enter: (event) => {
      // On a button or a link Enter is its own.
      if ((event.target as HTMLElement).closest('a, button, input')) return
      if (pairs[active]) open(pairs[active])
    },
    d: () => pairs[active] && tellApart(pairs[active]),
  })
  if (list.error && !list.data) return <Broken error={list.error} />
  return (
    <>
      <header className="k-topline">
        <h1>{t('duplicates')}</h1>
        {newest && <span className="k-dim">{t.number(newest.total)}</span>}
        <span style={{ flex: 1 }} />
        <SegmentedControl
          size="xs"
          aria-label={t('duplicates')}
          value={kind}
          onChange={(chosen) => {
            setAt(-1)
            void navigate({
              to: '/duplicates',
              search: chosen === 'companies' ? { kind: 'companies' } : {},
            })
          }}
          data={(['people', 'companies'] as const).map((one) => ({ value: one, label: t(one) }))}
        />
      </header>
      <main className="k-scroll">
        <p className="k-dim k-small" role="status" style={{ margin: 0, padding: '10px 16px 2px' }}>
          {newest?.lookedAt
            ? t('duplicatesLookedAt', { when: t.ago(newest.lookedAt) })
            : newest && t('duplicatesLooking')}
        </p>
        {list.isPending && (
          <div style={{ padding: 16 }}>
            <Lines count={6} />
          </div>
        )}
        {newest?.lookedAt && pairs.length === 0 && (
          <Empty
            icon={<IconCopyCheck size={32} stroke={1.4} aria-hidden />}
            title={t('duplicatesNone')}
          >
            <p>{t('duplicatesNoneText')}</p>
          </Empty>
        )}
        <ul className="k-pairs">
          {pairs.map((pair, index) => (
            <Pair
              key={`${pair.first.id} ${pair.second.id}`}
              kind={kind}
              pair={pair}
              isActive={index === active}
              tellApart={() => tellApart(pair)}
            />
          ))}
        </ul>
        {list.hasNextPage && (
          <Button m={16} variant="default" onClick={() => void list.fetchNextPage()}>
            {t('loadMore')}
          </Button>
        )}
      </main>
    </>
  )
}

const keyOf = (kind: RecordKind) => ['duplicates', kind]

function useLikely(kind: RecordKind) {
  return useInfiniteQuery({
    queryKey: keyOf(kind),
    queryFn: ({ pageParam }) =>
      ask<LikelyPage>('GET', `/api/${kind}/likely-duplicates`, { query: { cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    // The first look after a start takes a moment.
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.lookedAt === null ? LOOKING_MS : false,
  })
}

/** Gone from the list at once, with a way back. */
function useTellApart(kind: RecordKind): (pair: LikelyPair) => void {
  const t = useWords()
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: keyOf(kind) })
  return (pair) => {
    queries.setQueryData<InfiniteData<LikelyPage>>(
      keyOf(kind),
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            total: page.total - 1,
            items: page.items.filter(
              ({ first, second }) => first.id !== pair.first.id || second.id !== pair.second.id,
            ),
          })),
        },
    )
    ask<{ id: string }>('POST', `/api/${kind}/not-duplicates`, {
      body: { ids: [pair.first.id, pair.second.id] },
    })
      .then(({ id }) =>
        tellWithUndo(t, t('toldApart'), async () => {
          await ask('DELETE', `/api/${kind}/not-duplicates/${id}`)
          await refresh()
        }),
      )
      .catch((error: unknown) => {
        tellRefusal(t, error)
        void refresh()
      })
  }
}

function Pair({
  kind,
  pair,
  isActive,
  tellApart,
}: {
  kind: RecordKind
  pair: LikelyPair
  isActive: boolean
  tellApart: () => void
}) {
  const t = useWords()
  const { first, second } = pair
  const names = { first: first.displayName, second: second.displayName }
  return (
    <li
      className="k-pair"
      aria-label={t('duplicateOf', names)}
      {...(isActive ? { 'data-active': true, 'aria-current': true } : {})}
    >
      <PairRecord kind={kind} record={first} />
      <PairRecord kind={kind} record={second} />
      <div className="k-pair-reasons">
        <Likeness reasons={pair.reasons} cautions={pair.cautions} />
      </div>
      <div className="k-pair-do">
        <Score score={pair.score} />
        <Button
          component={Link}
          to={`/duplicates/${kind}/${first.id}/${second.id}`}
          size="compact-sm"
          aria-label={t('comparePair', names)}
        >
          {t('compare')}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={tellApart}
          aria-label={t('notDuplicatePair', names)}
        >
          {t('notDuplicate')}
        </Button>
      </div>
    </li>
  )
}

function PairRecord({ kind, record }: { kind: RecordKind; record: LikelyRecord }) {
  const t = useWords()
  const names = useNames()
  const place = [record.street, record.city].filter(Boolean).join(', ')
  return (
    <div className="k-pair-record">
      <QuickLink kind={kind} id={record.id}>
        {record.displayName}
      </QuickLink>
      <div>{record.email && <a href={`mailto:${record.email}`}>{record.email}</a>}</div>
      <div>{record.phone && <a href={telLink(record.phone)}>{groupDigits(record.phone)}</a>}</div>
      <div>{place}</div>
      {record.birthday && <div>{t.day(record.birthday)}</div>}
      <div className="k-small" style={{ marginTop: 4 }}>
        <StageMark stage={record.stage} /> {names.user(record.ownerId)} ·{' '}
        {t('createdLine', { when: t.instant(record.createdAt) })}
      </div>
    </div>
  )
}

const SURE = 75
const LIKELY = 50

function Score({ score }: { score: number }) {
  const t = useWords()
  const word =
    score >= SURE ? 'likeness.sure' : score >= LIKELY ? 'likeness.likely' : 'likeness.doubtful'
  return (
    <div role="img" aria-label={`${t('likeness')}: ${t(word)}, ${t('likenessOf', { score })}`}>
      <div
        className="k-small"
        style={{ display: 'flex', justifyContent: 'space-between', marginBottom: 3 }}
      >
        <span>{t(word)}</span>
        <span className="k-dim">{score}</span>
      </div>
      <div className="k-meter">
        <span style={{ width: `${score}%` }} />
      </div>
    </div>
  )
}
