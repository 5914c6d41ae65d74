import { IconCloudOff } from '@tabler/icons-react'
import { onlineManager, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { isServerThere, whenConnectionChanges } from '../api/client.ts'
import { useWords } from '../language/words.tsx'
import { isAnswering } from './patient.ts'

const LOOK_AGAIN_MS = 4_000

/** Says that Kluis can't be reached while what one sees stays; gone by itself, with fresh rows, when it is back. */
export function ConnectionBanner() {
  const t = useWords()
  const queries = useQueryClient()
  const isThere = useSyncExternalStore(whenConnectionChanges, isServerThere)
  const isOnline = useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  )
  const isAway = !isThere || !isOnline
  useEffect(() => {
    if (!isAway) return
    const timer = setInterval(async () => {
      if (!(await isAnswering())) return
      isServerThere(true)
      await queries.invalidateQueries()
    }, LOOK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [isAway, queries])
  if (!isAway) return null
  return (
    <div className="k-banner" role="status">
      <IconCloudOff size={17} stroke={1.7} aria-hidden />
      {t(isOnline ? 'serverAway' : 'offline')}
    </div>
  )
}
