import { type Route, read, write } from '#security/access/route.ts'
import { IdParams, PageQuery } from '../contract.ts'
import { Following, NotificationPage, Read, Unread } from './contract.ts'
import {
  changeFollowing,
  listNotifications,
  type NotificationParts,
  showFollowing,
  showUnread,
} from './notifications.ts'
import { markRead, type SubjectKind } from './store.ts'

export function notificationRoutes(parts: NotificationParts): Route[] {
  const onSubject = (path: 'people' | 'companies', kind: SubjectKind): Route[] => {
    const asked = { needs: `${path}:see`, params: IdParams, reply: Following } as const
    return [
      read(`GET /api/${path}/:id/follow`, asked, ({ tx, params }) =>
        showFollowing(tx, { kind, id: params.id }),
      ),
      write(`POST /api/${path}/:id/follow`, asked, ({ tx, who, params, writeAtOnce }) =>
        changeFollowing(tx, who, { kind, id: params.id }, true, writeAtOnce),
      ),
      write(`DELETE /api/${path}/:id/follow`, asked, ({ tx, who, params, writeAtOnce }) =>
        changeFollowing(tx, who, { kind, id: params.id }, false, writeAtOnce),
      ),
    ]
  }
  return [
    ...onSubject('people', 'person'),
    ...onSubject('companies', 'company'),
    read(
      'GET /api/notifications',
      { needs: 'signed-in', query: PageQuery, reply: NotificationPage },
      ({ tx, query }) => listNotifications(parts, tx, query),
    ),
    read('GET /api/notifications/unread', { needs: 'signed-in', reply: Unread }, ({ tx }) =>
      showUnread(parts, tx),
    ),
    write(
      'POST /api/notifications/read',
      { needs: 'signed-in', body: Read, reply: Unread },
      async ({ tx, body, writeAtOnce }) => {
        await writeAtOnce((write) => markRead(write, body.ids ?? null))
        return showUnread(parts, tx)
      },
    ),
  ]
}
