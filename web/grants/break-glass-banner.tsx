/** While break-glass is open, whoever opened it and whoever reviews it see that on every screen. */
import '../language/late-grants.ts'
import { Button } from '@mantine/core'
import { IconUrgent } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask, look } from '../api/client.ts'
import type { Live } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'

const LOOK_AGAIN_MS = 30_000
const liveQuery = {
  queryKey: ['break-glass', 'live'],
  queryFn: () => look<Live>('/api/break-glass/live'),
  refetchInterval: LOOK_AGAIN_MS,
  staleTime: 0,
}

export default function BreakGlassBanner() {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const queries = useQueryClient()
  const live = useQuery(liveQuery).data?.items ?? []
  const end = (id: string) =>
    ask('POST', `/api/break-glass/${id}/end`)
      // What was seen through it is not to stay on the screen.
      .then(() => location.reload())
      .catch((error: unknown) => {
        tellRefusal(t, error)
        void queries.invalidateQueries({ queryKey: ['break-glass'] })
      })
  return live.map(({ id, userId, endsAt }) => (
    <div key={id} className="k-banner k-banner-loud" role="alert">
      <IconUrgent size={17} stroke={1.7} aria-hidden />
      <span style={{ flex: 1 }}>
        {userId === user.id
          ? t('breakGlassMine', { until: t.instant(endsAt) })
          : t('breakGlassOther', { who: names.user(userId), until: t.instant(endsAt) })}
      </span>
      {userId === user.id ? (
        <Button size="compact-sm" variant="default" onClick={() => void end(id)}>
          {t('breakGlassEnd')}
        </Button>
      ) : (
        <Link to="/approvals">{t('breakGlassLook')}</Link>
      )}
    </div>
  ))
}
