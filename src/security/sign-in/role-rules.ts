/** What each role is asked at sign-in, and how long its sessions last. */
import type { RoleDatabase } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Actor } from './colleagues.ts'
import { listPasskeys } from './factor-store.ts'
import * as store from './role-store.ts'
import { actAs, recordEvent } from './session-store.ts'

export type Asks = 'two-factors' | 'passkey' | 'device-bound'
export type RoleRules = {
  idleMinutes: number
  absoluteMinutes: number
  asks: Asks
  recoveredBy: 1 | 2
}

// NIST SP 800-63B asks at most 12 hours and 30 minutes idle at its second level; a working day, and a long lunch.
const DEFAULTS: RoleRules = {
  idleMinutes: 90,
  absoluteMinutes: 12 * 60,
  asks: 'two-factors',
  recoveredBy: 1,
}

type Kept = {
  [K in 'idle_minutes' | 'absolute_minutes' | 'asks' | 'recovered_by']: store.RulesRow[K] | null
}

function rulesOf(row: Kept | undefined): RoleRules {
  return {
    idleMinutes: row?.idle_minutes ?? DEFAULTS.idleMinutes,
    absoluteMinutes: row?.absolute_minutes ?? DEFAULTS.absoluteMinutes,
    asks: (row?.asks ?? DEFAULTS.asks) as Asks,
    recoveredBy: (row?.recovered_by ?? DEFAULTS.recoveredBy) as 1 | 2,
  }
}

export async function rulesOfPerson(db: RoleDatabase, userId: string): Promise<RoleRules> {
  return rulesOf(await store.findRulesOf(db.reader(), userId))
}

export async function rulesOfRole(db: RoleDatabase, roleId: string): Promise<RoleRules> {
  return rulesOf(await store.findRules(db.reader(), roleId))
}

/** `maySync`: the authenticator says that its maker may copy the passkey. Undefined: it is no passkey. */
export function isEnough(asks: Asks, maySync: boolean | null | undefined): boolean {
  if (asks === 'two-factors') return true
  return maySync !== undefined && (asks === 'passkey' || maySync === false)
}

export function requireEnough(asks: Asks, maySync: boolean | null | undefined): void {
  if (!isEnough(asks, maySync)) refuse('factor-not-allowed', { asks, why: asks })
}

export function roleRules(db: RoleDatabase) {
  return {
    async listRoleRules() {
      const [rows, lacking] = await Promise.all([
        store.listRules(db.reader()),
        store.countLacking(db.reader()),
      ])
      return rows.map((row) => {
        const count = lacking.find((one) => one.role_id === row.role_id)
        return {
          roleId: row.role_id,
          ...rulesOf(row),
          lacking: { passkey: count?.no_passkey ?? 0, deviceBound: count?.not_bound ?? 0 },
          rowVersion: row.row_version ?? 0,
        }
      })
    },

    /** Refuses what would keep out whoever asks it. */
    async changeRoleRules(
      roleId: string,
      { rowVersion, ...rules }: RoleRules & { rowVersion: number },
      actor: NonNullable<Actor>,
      ownRoleId: string,
    ): Promise<void> {
      if (rules.idleMinutes > rules.absoluteMinutes)
        refuse('invalid-fields', { fields: [{ field: 'idleMinutes', problem: 'too_big' }] })
      if (roleId === ownRoleId && rules.asks !== 'two-factors') {
        const own = await listPasskeys(db.reader(), actor.userId)
        if (!own.some((one) => isEnough(rules.asks, one.may_sync)))
          refuse('factor-not-allowed', { asks: rules.asks, why: 'own' })
      }
      const row = {
        idle_minutes: rules.idleMinutes,
        absolute_minutes: rules.absoluteMinutes,
        asks: rules.asks,
        recovered_by: rules.recoveredBy,
      }
      await db.write(async (tx) => {
        const [, isKept] = await Promise.all([
          actAs(tx, actor.token, 'change-sign-in-rules'),
          store.keepRules(tx, roleId, row, rowVersion),
        ])
        if (!isKept) refuse('changed-meanwhile')
        await Promise.all([
          store.applyLimits(tx, roleId, row),
          recordEvent(tx, 'sign-in-rules-changed', null, { asks: rules.asks }),
        ])
      })
    },
  }
}
