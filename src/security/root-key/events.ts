import type { RoleDatabase } from '#platform/db.ts'
import type { Actor } from '#security/sign-in/colleagues.ts'
import { actAs, recordEvent } from '#security/sign-in/session-store.ts'

export type KeyEvents = ReturnType<typeof keyEvents>

/** What is done with the root key from the command line, in the ledger: in a colleague's name, or the operator's. */
export function keyEvents(db: RoleDatabase) {
  return (kind: string, detail: Record<string, string | number>, actor: Actor) =>
    db.writeAtOnce((tx) =>
      Promise.all([
        actor ? actAs(tx, actor.token, 'keys') : undefined,
        recordEvent(tx, kind, null, detail),
      ]),
    )
}
