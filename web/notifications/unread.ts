import { queryOptions } from '@tanstack/react-query'
import { ask } from '../api/client.ts'

const EVERY_MS = 60_000

/** How many notifications wait. Asked again each minute while the page is looked at. */
export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'unread'],
  queryFn: () => ask<{ unread: number }>('GET', '/api/notifications/unread'),
  refetchInterval: EVERY_MS,
  refetchOnWindowFocus: true,
})
