import { type Route, read, write } from '#security/access/route.ts'
import { Notifications, ReadMark, Unread } from './contract.ts'
import { listNotifications, markRead, type NotificationParts } from './notifications.ts'

export function notificationRoutes(parts: NotificationParts): Route[] {
  return [
    read('GET /api/notifications', { needs: 'signed-in', reply: Notifications }, (asking) =>
      listNotifications(parts, asking),
    ),
    write(
      'POST /api/notifications/read',
      { needs: 'signed-in', body: ReadMark, reply: Unread },
      ({ body, writeAtOnce, ...asking }) => markRead(parts, asking, body, writeAtOnce),
    ),
  ]
}
