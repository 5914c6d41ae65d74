import { Button, Popover } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Notification, Notifications } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { useNames } from './session.ts'

// Soon enough for a task somebody gives you, seldom enough to cost nothing.
const LOOK_AGAIN_MS = 30_000

/** What one is told, with how many one did not read; as a line of the menu, or a button of the phone's bar. */
export function Bell({ isBar = false }: { isBar?: boolean }) {
  const t = useWords()
  const names = useNames()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const list = useQuery({
    queryKey: ['notifications'],
    staleTime: LOOK_AGAIN_MS,
    refetchInterval: LOOK_AGAIN_MS,
    queryFn: () => ask<Notifications>('GET', '/api/notifications'),
  })
  const unread = list.data?.unread ?? 0
  const mark = (ids: string[] | null) =>
    ask('POST', '/api/notifications/read', { body: { ids } })
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => void queries.invalidateQueries({ queryKey: ['notifications'] }))
  const go = ({ subject, id, isRead }: Notification) => {
    setOpen(false)
    if (!isRead) void mark([id])
    if (subject.kind === 'import') void navigate({ to: '/import' })
    else
      void navigate({
        to: subject.kind === 'person' ? '/people/$id' : '/companies/$id',
        params: { id: subject.id },
      })
  }
  const label = unread > 0 ? t('notificationsUnread', { count: unread }) : t('notifications')
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position={isBar ? 'top' : 'right-start'}
      width={340}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button
          type="button"
          className={isBar ? undefined : 'k-nav-item'}
          aria-label={label}
          aria-expanded={isOpen}
          onClick={() => {
            setOpen(!isOpen)
            void list.refetch()
          }}
        >
          <IconBell size={isBar ? 21 : 17} stroke={isBar ? 1.6 : 1.7} aria-hidden />
          {t('notifications')}
          {unread > 0 && <span className="k-bell-count">{unread}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={8} mah="70vh" style={{ overflowY: 'auto' }}>
        <div style={{ display: 'flex', alignItems: 'center', padding: '2px 8px 8px' }}>
          <strong style={{ flex: 1 }}>{t('notifications')}</strong>
          {unread > 0 && (
            <Button size="compact-xs" variant="subtle" onClick={() => void mark(null)}>
              {t('notificationsReadAll')}
            </Button>
          )}
        </div>
        {list.data?.items.length === 0 && (
          <p className="k-dim k-small" style={{ margin: 8 }}>
            {t('notificationsEmpty')}
          </p>
        )}
        {list.data?.items.map((one) => (
          <button
            key={`${one.kind} ${one.id}`}
            type="button"
            className="k-told"
            {...(one.isRead ? {} : { 'data-unread': true })}
            onClick={() => go(one)}
          >
            {t(`told.${one.kind}`, {
              who: names.user(one.by),
              name: one.name ?? t('viewUntitled'),
            })}
            {one.title && <span className="k-dim">: {one.title}</span>}
            <span className="k-dim k-small" style={{ display: 'block' }}>
              {t.ago(one.at)}
            </span>
          </button>
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}
