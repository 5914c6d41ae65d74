import { type Route, read, write } from '#security/access/route.ts'
import { IdParams, PageQuery } from '../contract.ts'
import {
  Following,
  MailState,
  MailWish,
  NotificationPage,
  Read,
  Unread,
  WishedMail,
} from './contract.ts'
import type { NotificationMails } from './mail.ts'
import {
  changeFollowing,
  listNotifications,
  type NotificationParts,
  showFollowing,
  showUnread,
} from './notifications.ts'
import { findMailWish, keepMailWish, markRead, type SubjectKind } from './store.ts'

export function notificationRoutes(
  parts: NotificationParts & { isMailSet: () => boolean },
): Route[] {
  const { isMailSet } = parts
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
      ({ query, ...asking }) => listNotifications(parts, asking, query),
    ),
    read(
      'GET /api/notifications/unread',
      { needs: 'signed-in', reply: Unread, isUnattended: true },
      (asking) => showUnread(parts, asking),
    ),
    write(
      'POST /api/notifications/read',
      { needs: 'signed-in', body: Read, reply: Unread },
      async ({ body, writeAtOnce, ...asking }) => {
        await writeAtOnce((write) => markRead(write, body.ids ?? null))
        return showUnread(parts, asking)
      },
    ),
    read(
      'GET /api/notifications/mail',
      { needs: 'signed-in', reply: MailWish },
      async ({ tx }) => ({
        isSet: isMailSet(),
        wish: ((await findMailWish(tx)) ?? 'soon') as MailWish['wish'],
      }),
    ),
    write(
      'PATCH /api/notifications/mail',
      { needs: 'signed-in', body: WishedMail, reply: MailWish },
      async ({ who, body, writeAtOnce }) => {
        await writeAtOnce((write) => keepMailWish(write, who.userId, body.wish))
        return { isSet: isMailSet(), wish: body.wish }
      },
    ),
  ]
}

/** How mail leaves, for administrators. */
export function mailRoutes(mails: NotificationMails): Route[] {
  return [
    read('GET /api/mail', { needs: 'organisation:manage', reply: MailState }, async () =>
      mails.state(),
    ),
    write('POST /api/mail/test', { needs: 'organisation:manage', reply: MailState }, ({ who }) =>
      mails.sendTest(who.userId, who.language),
    ),
  ]
}
