import { Button } from '@mantine/core'
import {
  IconAlarm,
  IconAlertTriangle,
  IconArrowsExchange,
  IconAt,
  IconBell,
  IconDevices,
  IconFileAlert,
  IconFileCheck,
  IconPlayerPause,
  IconShieldCheck,
  IconShieldLock,
  IconShieldQuestion,
  IconShieldX,
  IconSquareCheck,
  IconUrgent,
  IconUserShare,
  IconUsers,
} from '@tabler/icons-react'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Notification, NotificationPage, RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import type { SettingsTab } from '../frame/settings-tabs.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { Empty, Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { tellRefusal } from '../parts/tell.tsx'
import { RecordPanel } from '../record/record-view.tsx'
import { unreadQuery } from './unread.ts'
import '../language/late-access.ts'
import '../language/late-budgets.ts'
import '../language/late-exchange.ts'
import '../language/late-grants.ts'

const icons = {
  mention: IconAt,
  change: IconArrowsExchange,
  'hand-over': IconUserShare,
  assigned: IconSquareCheck,
  reminder: IconAlarm,
  'import-done': IconFileCheck,
  'import-failed': IconFileAlert,
  'import-waiting': IconPlayerPause,
  'approval-asked': IconShieldQuestion,
  'approval-approved': IconShieldCheck,
  'approval-refused': IconShieldX,
  'break-glass-opened': IconUrgent,
  'break-glass-ended': IconUrgent,
  shared: IconUsers,
  'handed-over': IconUserShare,
  'reviews-due': IconShieldCheck,
  alarm: IconAlertTriangle,
  'new-device': IconDevices,
  'recovery-asked': IconShieldLock,
  'recovery-to-agree': IconShieldLock,
  'factors-reset': IconShieldLock,
  'factors-changed': IconShieldLock,
  'sessions-ended': IconDevices,
  'key-orphaned': IconShieldLock,
  'key-elsewhere': IconShieldLock,
}
/** Of no record: where one sees more of it. */
const tabs: Partial<Record<Notification['kind'], SettingsTab>> = {
  alarm: 'budgets',
  'new-device': 'security',
  'recovery-asked': 'security',
  'recovery-to-agree': 'colleagues',
  'factors-reset': 'security',
  'factors-changed': 'security',
  'sessions-ended': 'security',
  'key-orphaned': 'programs',
  'key-elsewhere': 'programs',
  'reviews-due': 'reviews',
}
type Shown = NonNullable<Notification['subject']>
const kindOf = ({ kind }: Shown): RecordKind => (kind === 'person' ? 'people' : 'companies')

/** What colleagues did that one wants to know; each opens its record beside the list. */
export function Notifications() {
  const t = useWords()
  const isPhone = useIsPhone()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [shown, setShown] = useState<{ id: string; subject: Shown }>()
  const list = useInfiniteQuery({
    queryKey: ['notifications', 'list'],
    queryFn: ({ pageParam }) =>
      ask<NotificationPage>('GET', '/api/notifications', {
        query: { limit: 50, cursor: pageParam },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const read = (ids?: string[]) =>
    ask<{ unread: number }>('POST', '/api/notifications/read', { body: ids ? { ids } : {} })
      .then((now) => queries.setQueryData(unreadQuery.queryKey, now))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void queries.invalidateQueries({ queryKey: ['notifications', 'list'] }))
  const open = (one: Notification) => {
    if (!one.isRead && one.kind !== 'reviews-due') void read([one.id])
    const { id, subject, kind } = one
    if (/^(approval|break-glass)-/.test(kind)) return void navigate({ to: '/approvals' })
    const tab = tabs[kind]
    if (kind === 'handed-over') return void navigate({ to: '/people' })
    // An import stands under its own id.
    if (tab) void navigate({ to: '/settings', search: { tab } })
    else if (!subject) void navigate({ to: '/import', search: { run: id } })
    else if (isPhone) void navigate({ to: `/${kindOf(subject)}/$id`, params: { id: subject.id } })
    else setShown({ id, subject })
  }
  return (
    <>
      <header className="k-topline">
        <h1>{t('notifications')}</h1>
        <span style={{ flex: 1 }} />
        {items.some((one) => !one.isRead) && (
          <Button variant="default" size="compact-md" onClick={() => void read()}>
            {t('allRead')}
          </Button>
        )}
      </header>
      <div className="k-split">
        <main className="k-list k-notifications">
          {list.error && <Broken error={list.error} />}
          {list.isPending && <Lines />}
          {list.data && items.length === 0 && (
            <Empty
              icon={<IconBell size={30} stroke={1.4} aria-hidden />}
              title={t('noNotifications')}
            >
              <p>{t('noNotificationsText')}</p>
            </Empty>
          )}
          <ul>
            {items.map((one) => (
              <Line key={one.id} one={one} isShown={shown?.id === one.id} open={() => open(one)} />
            ))}
          </ul>
          {list.hasNextPage && (
            <Button
              variant="default"
              size="compact-sm"
              m="sm"
              onClick={() => void list.fetchNextPage()}
            >
              {t('loadMore')}
            </Button>
          )}
        </main>
        {shown && !isPhone && (
          <RecordPanel
            key={shown.subject.id}
            kind={kindOf(shown.subject)}
            id={shown.subject.id}
            close={() => setShown(undefined)}
          />
        )}
      </div>
    </>
  )
}

function Line({ one, isShown, open }: { one: Notification; isShown: boolean; open: () => void }) {
  const t = useWords()
  const names = useNames()
  const Icon = icons[one.kind]
  return (
    <li>
      <button
        type="button"
        className="k-notification"
        data-unread={!one.isRead || undefined}
        aria-current={isShown || undefined}
        onClick={open}
      >
        <Icon size={18} stroke={1.6} aria-hidden />
        <span style={{ flex: 1, minWidth: 0 }}>
          {t(`told.${one.kind}`, {
            who: names.user(one.by) || t('openingSystem'),
            count: one.count ?? 0,
            name: (one.import ? one.import.fileName : one.subjectName) || t('aRecord'),
          })}
          {one.import && <span className="k-dim"> · {howFar(t, one.import)}</span>}
          {one.title && <span className="k-dim">: {one.title}</span>}
          {!one.isRead && <span className="k-hidden"> ({t('unread')})</span>}
          <time className="k-dim k-small" dateTime={one.at}>
            {t.instant(one.at)}
          </time>
        </span>
      </button>
    </li>
  )
}

function howFar(t: Speak, { total, read, refused }: NonNullable<Notification['import']>): string {
  if (read < total) return t('importingDone', { done: t.number(read), count: t.number(total) })
  const rows = t.count('rowOne', 'rowMany', read)
  return refused > 0 ? `${rows}, ${t('toldRefused', { count: t.number(refused) })}` : rows
}
