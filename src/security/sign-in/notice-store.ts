import { sql } from 'kysely'
import type { ReadTx, Tx } from '#platform/db.ts'

export type NoticeKind =
  | 'new-device'
  | 'recovery-asked'
  | 'recovery-to-agree'
  | 'factors-reset'
  | 'factors-changed'
  | 'sessions-ended'
  | 'key-orphaned'
  | 'key-elsewhere'
export type DueNotice = { id: string; user_id: string; language: 'nl' | 'en'; kind: NoticeKind }

/** Stands under the bell until it is read, and goes by mail where there is a mail server. */
export async function tellSecurity(tx: ReadTx, userId: string, kind: NoticeKind): Promise<void> {
  await tx.run(sql`select kluis.tell_security(${userId}::uuid, ${kind})`)
}

export function takeSecurityMail(tx: Tx): Promise<DueNotice[]> {
  return tx.run(sql<DueNotice>`select * from kluis.take_security_mail()`)
}

export async function giveBackSecurityMail(tx: Tx, ids: string[]): Promise<void> {
  await tx.run(sql`select kluis.give_back_security_mail(${ids}::uuid[])`)
}
