/**
 * The last day on which somebody used a permission, so that what nobody uses can be taken away. Coarse on purpose: no hour,
 * no customer, one row a permission.
 */
import { sql } from 'kysely'
import type { Database, SessionToken } from '#platform/db.ts'

const KEPT_MAX = 50_000

export class RightUse {
  readonly #told = new Set<string>()
  readonly #writing = new Set<Promise<void>>()
  readonly #db: Database
  readonly #warn: (error: Error) => void
  #day = ''
  constructor(db: Database, warn: (error: Error) => void) {
    this.#db = db
    this.#warn = warn
  }

  /** Written beside the request, once a day; lost with a crash, it is written at the next one. */
  note(token: SessionToken, userId: string, permission: string, now: Date): void {
    const day = now.toISOString().slice(0, 10)
    if (day !== this.#day || this.#told.size >= KEPT_MAX) this.#told.clear()
    this.#day = day
    const key = `${userId} ${permission}`
    if (this.#told.has(key)) return
    this.#told.add(key)
    const written = this.#db
      .writeAtOnce(
        token,
        (tx) =>
          tx.run(sql`
          insert into kluis.right_use as u (user_id, permission, last_on) values (${userId}::uuid, ${permission}, current_date)
          on conflict (user_id, permission) do update set last_on = excluded.last_on where u.last_on < excluded.last_on`),
        'right-use',
      )
      .then(() => {})
      .catch((error: Error) => {
        this.#told.delete(key)
        this.#warn(error)
      })
    this.#writing.add(written)
    written.finally(() => this.#writing.delete(written))
  }

  async close(): Promise<void> {
    await Promise.all(this.#writing)
  }
}
