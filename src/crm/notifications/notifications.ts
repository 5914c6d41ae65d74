import type { ReadTx, Tx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Following, NotificationPage } from './contract.ts'
import * as store from './store.ts'

export type NotificationParts = {
  vault: Vault
  /** How people and companies are called; the modules that know are not this one's to import. */
  nameOf: { person: (contact: never) => string; company: (contact: never) => string }
}
type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

/** What the caller was told; the names are opened for it, and their opening is recorded as a list. */
export async function listNotifications(
  { vault, nameOf }: NotificationParts,
  tx: ReadTx,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<NotificationPage> {
  const before = cursor === undefined ? undefined : readPosition(cursor)
  const rows = await store.listNotifications(tx, before, limit + 1)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const namesOf = async (kind: store.SubjectKind) => {
    const ids = [...new Set(page.flatMap((row) => row[`${kind}_id`] ?? []))]
    if (ids.length === 0) return new Map<string, string>()
    const opened = await vault.open<never>(tx, {
      table: kind,
      sealedClass: 'contact',
      ids,
      purpose: 'list',
      record: 'list',
    })
    return new Map(
      [...opened].flatMap(([id, outcome]) =>
        outcome.kind === 'open' ? [[id, nameOf[kind](outcome.value)] as const] : [],
      ),
    )
  }
  const [people, companies] = await Promise.all([namesOf('person'), namesOf('company')])
  return {
    items: page.map((row) => {
      const subject: store.Subject = row.person_id
        ? { kind: 'person', id: row.person_id }
        : { kind: 'company', id: row.company_id! }
      return {
        id: row.id,
        kind: row.kind as NotificationPage['items'][number]['kind'],
        subject,
        subjectName: (subject.kind === 'person' ? people : companies).get(subject.id) ?? null,
        noteId: row.note_id,
        at: row.told_at.toISOString(),
        by: row.told_by,
        isRead: row.read_at !== null,
      }
    }),
    nextCursor: last ? writePosition({ at: last.position, id: last.id }) : null,
  }
}

export async function showFollowing(tx: ReadTx, subject: store.Subject): Promise<Following> {
  const [isThere, isFollowing] = await Promise.all([
    store.isSubjectThere(tx, subject),
    store.isFollowing(tx, subject),
  ])
  if (!isThere) refuse('not-found')
  return { isFollowing }
}

export async function changeFollowing(
  tx: ReadTx,
  who: Who,
  subject: store.Subject,
  isFollowing: boolean,
  writeAtOnce: WriteAtOnce,
): Promise<Following> {
  if (!(await store.isSubjectThere(tx, subject))) refuse('not-found')
  await writeAtOnce((write) =>
    isFollowing ? store.follow(write, who.userId, subject) : store.unfollow(write, subject),
  )
  return { isFollowing }
}
