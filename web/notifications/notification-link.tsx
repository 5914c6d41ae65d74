import { IconBell } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWords } from '../language/words.tsx'
import { unreadQuery } from './unread.ts'

/** The way to the notifications, with how many wait. */
export function NotificationLink({ className, size }: { className?: string; size: number }) {
  const t = useWords()
  const count = useQuery(unreadQuery).data?.unread ?? 0
  return (
    <Link to="/notifications" className={className}>
      <span className="k-bell">
        <IconBell size={size} stroke={1.7} aria-hidden />
        {count > 0 && <span className="k-bell-dot" aria-hidden />}
      </span>
      {t('notifications')}
      {count > 0 && (
        <>
          <span className="k-count" aria-hidden>
            {t.number(count)}
          </span>
          <span className="k-hidden">{t.count('oneUnread', 'manyUnread', count)}</span>
        </>
      )}
    </Link>
  )
}
