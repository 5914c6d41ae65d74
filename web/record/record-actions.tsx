import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconBell,
  IconBellFilled,
  IconChevronDown,
  IconChevronUp,
  IconUserShare,
  IconUsersPlus,
} from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Company, Following, Person, RecordKind } from '../api/shapes.ts'
import { useKeys } from '../frame/keys.ts'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import '../language/late.ts'
import { useWords, type Word } from '../language/words.tsx'
import { useNeighbours } from '../list/list-order.ts'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { HandOver } from './hand-over.tsx'

const Share = lazy(patient(() => import('./share.tsx').then((part) => ({ default: part.Share }))))

/** What one does with a whole record, in the bar above it: go to the one before or behind, follow, hand over. */
export function RecordActions({
  kind,
  record,
  place,
  close,
}: {
  kind: RecordKind
  record: Person | Company
  place: 'panel' | 'page'
  close: () => void
}) {
  const t = useWords()
  const may = useMay()
  const [isGiven, setGiven] = useState(false)
  const [isShared, setShared] = useState(false)
  return (
    <>
      {place === 'page' && <Neighbours kind={kind} id={record.id} />}
      <Follow kind={kind} id={record.id} />
      {may(`${kind}:edit`) && (
        <Tooltip label={t('handOver')}>
          <ActionIcon size="lg" aria-label={t('handOver')} onClick={() => setGiven(true)}>
            <IconUserShare size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={t('whoSees')}>
        <ActionIcon size="lg" aria-label={t('whoSees')} onClick={() => setShared(true)}>
          <IconUsersPlus size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      {isShared && (
        <Suspense fallback={null}>
          <Share kind={kind} record={record} close={() => setShared(false)} />
        </Suspense>
      )}
      {isGiven && (
        <HandOver kind={kind} record={record} close={() => setGiven(false)} left={close} />
      )}
    </>
  )
}

function Neighbours({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const navigate = useNavigate()
  const found = useNeighbours(kind, id)
  const go = (to: string | undefined) => {
    if (to) void navigate({ to: `/${kind}/$id`, params: { id: to } })
  }
  useKeys({ j: () => go(found?.next), k: () => go(found?.previous) })
  if (!found || found.count < 2) return null
  const step = (word: Word, to: string | undefined, Icon: typeof IconChevronUp) => (
    <Tooltip label={t(word)}>
      <ActionIcon size="lg" aria-label={t(word)} disabled={!to} onClick={() => go(to)}>
        <Icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  )
  return (
    <>
      <span className="k-dim k-small k-wide-only">
        {t('placeInList', { place: t.number(found.place), count: t.number(found.count) })}
      </span>
      {step('previousRecord', found.previous, IconChevronUp)}
      {step('nextRecord', found.next, IconChevronDown)}
    </>
  )
}

function Follow({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const queries = useQueryClient()
  const queryKey = [kind, 'follow', id]
  const path = `/api/${kind}/${id}/follow`
  const { data } = useQuery({ queryKey, queryFn: () => ask<Following>('GET', path) })
  const isFollowing = data?.isFollowing ?? false
  const toggle = () =>
    ask<Following>(isFollowing ? 'DELETE' : 'POST', path)
      .then((now) => {
        queries.setQueryData(queryKey, now)
        tell(t(now.isFollowing ? 'followed' : 'unfollowed'))
      })
      .catch((error: unknown) => tellRefusal(t, error))
  const label = t(isFollowing ? 'unfollow' : 'follow')
  const Icon = isFollowing ? IconBellFilled : IconBell
  return (
    <Tooltip label={label}>
      <ActionIcon size="lg" aria-label={label} aria-pressed={isFollowing} onClick={toggle}>
        <Icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  )
}
