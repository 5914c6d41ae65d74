/**
 * What programs of the web process open to work with and show nobody: imports, changes of many at once. Nobody's budget
 * is used up by it, so the keeper holds it to what the role may take out or page through within an hour anyway. Else
 * whoever owns the web process would ask everything so.
 *
 * Trusts: PostgreSQL for the limits of a role.
 * If lost: the hour begins anew, with the keeper.
 */
import { sql } from 'kysely'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'

const HOUR_MS = 3_600_000

type Hour = { beganAt: number; seen: Set<string>; most: number }

export class UnseenOpenings {
  readonly #hours = new Map<string, Hour>()

  /** Refuses before anything is opened. */
  async take(tx: ReadTx, who: Who, ids: readonly string[], now: number): Promise<void> {
    const hour = await this.#hourOf(tx, who, now)
    const fresh = ids.filter((id) => !hour.seen.has(id))
    if (hour.seen.size + fresh.length > hour.most)
      refuse('over-budget', { most: hour.most, again: new Date(hour.beganAt + HOUR_MS) })
    for (const id of fresh) hour.seen.add(id)
  }

  async #hourOf(tx: ReadTx, { userId, roleId }: Who, now: number): Promise<Hour> {
    const known = this.#hours.get(userId)
    if (known && now - known.beganAt < HOUR_MS) return known
    for (const [id, { beganAt }] of this.#hours)
      if (now - beganAt >= HOUR_MS) this.#hours.delete(id)
    const [row] = await tx.run(sql<{ most: number | null }>`
      select max(hour_hard) as most from kluis.budget where role_id = ${roleId} and kind in ('listed', 'exported')`)
    const hour = { beganAt: now, seen: new Set<string>(), most: row?.most ?? 0 }
    // Two at once: the first stands.
    const first = this.#hours.get(userId)
    if (first && now - first.beganAt < HOUR_MS) return first
    this.#hours.set(userId, hour)
    return hour
  }
}
