import { type Route, read } from '#security/access/route.ts'
import { type ActivityParts, listActivity } from './activity.ts'
import { ActivityPage, ActivityQuery } from './contract.ts'

export function activityRoutes(parts: ActivityParts): Route[] {
  return [
    read(
      'GET /api/activity',
      { needs: 'signed-in', query: ActivityQuery, reply: ActivityPage },
      ({ query, ...asking }) => listActivity(parts, asking, query),
    ),
  ]
}
