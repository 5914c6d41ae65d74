import { type Route, read, write } from '#security/access/route.ts'
import { recordEvent } from '#security/sign-in/session-store.ts'
import type { RootKeyRecovery } from '#security/vault/root-key/recovery.ts'
import * as shape from './contract.ts'

/** Recovery shares: which there are, new ones, and the proof that two of them open the root key. */
export function rootKeyRoutes({ recovery }: { recovery: RootKeyRecovery }): Route[] {
  const needs = 'organisation:manage'
  return [
    read('GET /api/root-key', { needs, reply: shape.RecoveryState }, async () => recovery.state()),
    write(
      'POST /api/root-key/shares',
      { needs, operation: 'keys', reply: shape.ShareSet, status: 201 },
      async ({ now, writeAtOnce }) => {
        const made = await recovery.makeShares(now)
        await writeAtOnce((tx) => recordEvent(tx, 'recovery-shares-made', null, { set: made.set }))
        return made
      },
    ),
    write(
      'POST /api/root-key/test',
      { needs, body: shape.SharesTyped, reply: shape.SharesTested },
      async ({ body, now, writeAtOnce }) => {
        const tested = await recovery.test(body.shares, now)
        if (tested.kind === 'opens')
          await writeAtOnce((tx) => recordEvent(tx, 'recovery-tested', null, { set: tested.set }))
        return tested
      },
    ),
  ]
}
