/**
 * What a colleague is told: a task for them, a mention, a followed record that changed, a reminder.
 *
 * GET  /api/notifications                   → Notifications
 * POST /api/notifications/read   ReadMark   → Unread
 */
import { z } from 'zod'
import { Id, Instant } from '../contract.ts'

export const NotificationKind = z.enum([
  'mention',
  'change',
  'hand-over',
  'assigned',
  'reminder',
  'import-done',
])
export const Notification = z.object({
  id: Id,
  kind: NotificationKind,
  subject: z.object({ kind: z.enum(['person', 'company', 'import']), id: Id }),
  /** Null for an import, and where the vault could not open it. */
  name: z.string().nullable(),
  taskId: Id.nullable(),
  title: z.string().nullable(),
  noteId: Id.nullable(),
  by: Id.nullable(),
  at: Instant,
  isRead: z.boolean(),
})
export type Notification = z.infer<typeof Notification>
export const Unread = z.object({ unread: z.number().int() })
/** Newest first, at most 100. */
export const Notifications = z.object({
  items: z.array(Notification),
  unread: z.number().int(),
})
export type Notifications = z.infer<typeof Notifications>
export const ReadMark = z.strictObject({
  /** Null: all of them. */
  ids: z.array(Id).max(200).nullable(),
})
export type ReadMark = z.infer<typeof ReadMark>
