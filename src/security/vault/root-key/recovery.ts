/**
 * The shares of the root key in use: making them, and showing that two of them give it back. Asked for only with a screen or
 * terminal in front of somebody; of what was typed nothing is stored, only that it was right and on what day.
 */

import { timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeDurably } from '../durable-file.ts'
import type { HeldRootKey } from './held-root-key.ts'
import {
  type Combined,
  combineShares,
  installationName,
  makeShares,
  rootKeyMark,
  type ShareSet,
} from './shares.ts'

const Kept = z.object({
  format: z.literal(1),
  set: z.string(),
  day: z.string(),
  rootKeyMark: z.string(),
  testedOn: z.string().nullable(),
})
type Kept = z.infer<typeof Kept>

export type RecoveryState = {
  provider: HeldRootKey['provider']['kind']
  installation: string
  /** Those made last. `isCurrent` is false once the root key was rotated: they open what was kept before. */
  shares: { set: string; day: string; testedOn: string | null; isCurrent: boolean } | null
}
export type Tested =
  | { kind: 'opens'; set: string; day: string }
  | { kind: 'does-not-open' }
  | Exclude<Combined, { kind: 'key' }>

export interface RootKeyRecovery {
  state(): RecoveryState
  makeShares(now: Date): Promise<ShareSet>
  test(texts: readonly [string, string], now: Date): Promise<Tested>
}

/** `notePath`: which shares were made last and when they were tested; nothing secret. */
export function openRecovery(
  held: Pick<HeldRootKey, 'key' | 'organisationId' | 'provider'>,
  notePath: string,
): RootKeyRecovery {
  const read = (): Kept | undefined => {
    if (!existsSync(notePath)) return undefined
    try {
      return Kept.parse(JSON.parse(readFileSync(notePath, 'utf8')))
    } catch {
      // A note that can not be read says as much as none: make new shares.
      return undefined
    }
  }
  const write = (kept: Kept) => writeDurably(notePath, Buffer.from(`${JSON.stringify(kept)}\n`))

  return {
    state() {
      const kept = read()
      return {
        provider: held.provider.kind,
        installation: installationName(held.organisationId),
        shares: kept
          ? {
              set: kept.set,
              day: kept.day,
              testedOn: kept.testedOn,
              isCurrent: kept.rootKeyMark === rootKeyMark(held.key),
            }
          : null,
      }
    },

    async makeShares(now) {
      const made = await makeShares(held.key, held.organisationId, now)
      write({
        format: 1,
        set: made.set,
        day: made.day,
        rootKeyMark: rootKeyMark(held.key),
        testedOn: null,
      })
      return made
    },

    async test(texts, now) {
      const combined = await combineShares(texts, held.organisationId)
      if (combined.kind !== 'key') return combined
      const isRight = timingSafeEqual(combined.key, held.key)
      combined.key.fill(0)
      if (!isRight) return { kind: 'does-not-open' }
      const { set, day } = combined.label
      const kept = read()
      if (kept && kept.set === set && kept.day === day)
        write({ ...kept, testedOn: now.toISOString().slice(0, 10) })
      return { kind: 'opens', set, day }
    },
  }
}
