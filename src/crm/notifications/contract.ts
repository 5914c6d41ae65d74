/**
 * What a colleague follows and is told of: ids and times only; the name is opened for the one who reads it.
 *
 * GET    /api/notifications             PageQuery → NotificationPage, the last first
 * GET    /api/notifications/unread                → Unread
 * POST   /api/notifications/read        Read      → Unread
 * GET    /api/notifications/mail                  → MailWish
 * PATCH  /api/notifications/mail        WishedMail → MailWish
 * GET    /api/mail                                → MailState, for administrators
 * POST   /api/mail/test                           → MailState
 * GET    /api/people/:id/follow                   → Following; companies alike
 * POST   /api/people/:id/follow                   → Following
 * DELETE /api/people/:id/follow                   → Following
 */
import { z } from 'zod'
import { Id, Instant, page, Subject } from '../contract.ts'

const Count = z.number().int()

/**
 * `subjectName` is null when the vault could not open it; `at` is when it was told last. Of an import of one's own there
 * is no subject, nor of an approval or of break-glass: `import` says how it went, and `import-waiting` that it stands still until its owner goes on with it.
 */
export const Notification = z.object({
  id: Id,
  kind: z.enum([
    'mention',
    'change',
    'hand-over',
    'assigned',
    'reminder',
    'import-done',
    'import-failed',
    'import-waiting',
    'approval-asked',
    'approval-approved',
    'approval-refused',
    'break-glass-opened',
    'break-glass-ended',
    'shared',
    // Of a colleague who left: how many records and tasks one got, in one line.
    'handed-over',
    'reviews-due',
    // Of one's own account: no subject, and no more than that it happened.
    'new-device',
    'recovery-asked',
    'recovery-to-agree',
    'factors-reset',
    'factors-changed',
    'sessions-ended',
    'key-orphaned',
    'key-elsewhere',
    // Of no record: where budgets are kept says what it is about.
    'alarm',
  ]),
  subject: Subject.nullable(),
  subjectName: z.string().nullable(),
  noteId: Id.nullable(),
  /** The task that was given or is due, with its title as far as the vault opened it. */
  taskId: Id.nullable(),
  title: z.string().nullable(),
  import: z.object({ fileName: z.string(), total: Count, read: Count, refused: Count }).nullable(),
  /** Of `handed-over` how many; of `reviews-due` how many colleagues' rights were to be looked at by now. Read once they are. */
  count: Count.nullable(),
  at: Instant,
  by: Id.nullable(),
  isRead: z.boolean(),
})
export type Notification = z.infer<typeof Notification>
/** What is due now stands before everything else, on the first page. */
export const NotificationPage = page(Notification).extend({ unread: z.number().int() })
export type NotificationPage = z.infer<typeof NotificationPage>

export const Unread = z.object({ unread: z.number().int() })
/** Without ids: all of them. */
export const Read = z.strictObject({ ids: z.array(Id).max(200).nullable().optional() })
export type Read = z.infer<typeof Read>
export const Following = z.object({ isFollowing: z.boolean() })
export type Following = z.infer<typeof Following>

const Wish = z.enum(['never', 'soon', 'daily'])
/** `isSet`: the installation can send mail at all. */
export const MailWish = z.object({ isSet: z.boolean(), wish: Wish })
export type MailWish = z.infer<typeof MailWish>
export const WishedMail = z.strictObject({ wish: Wish })

/** `server` is null where none is set; `lastProblem` is what it said, until a mail leaves again. */
export const MailState = z.object({
  server: z.string().nullable(),
  from: z.string().nullable(),
  lastSentAt: Instant.nullable(),
  lastProblem: z.string().nullable(),
})
export type MailState = z.infer<typeof MailState>
