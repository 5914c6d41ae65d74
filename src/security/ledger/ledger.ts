/**
 * The ledger: who changed which record when, as a Merkle log that can't be rewritten unseen.
 *
 * Trusts: the signing key for origin, the copy of the checkpoints outside PostgreSQL for what was said before.
 * Does not trust: anything it reads back from the database; the tree is continued only from what was signed.
 * If lost: customers' data are unharmed; proof of history before the last kept checkpoint is gone.
 */
import type { RoleDatabase } from '#platform/db.ts'
import type { Keystore } from '#security/vault/keystore.ts'
import { exportLedger, type LedgerExport, policyText } from './export.ts'
import { openNames } from './leaf.ts'
import { openMirror } from './mirror.ts'
import { openSigner } from './note.ts'
import { BATCH, type Change, openSequencer } from './sequencer.ts'
import { measureLag } from './store.ts'
import { type LedgerCheck, verifyLedger } from './verify.ts'

export type { Change, LedgerCheck }

/** `refusal`: why the sequencer stands still, when it does. */
export type LedgerState = {
  leaves: number
  waiting: number
  oldestWaitingSeconds: number
  refusal: string | null
}

export interface Ledger {
  /** One pass: gives how many changes became leaves. */
  sequence(): Promise<number>
  start(everyMs: number, onChanges: (changes: Change[]) => void): void
  state(): Promise<LedgerState>
  verify(): Promise<LedgerCheck>
  export(directory: string): Promise<LedgerExport>
  /** The public keys, as a policy file for the verifier. */
  policy(): string
  stop(): Promise<void>
}

// While passes fail they come ever more slowly, at most this far apart.
const SLOWEST_MS = 60_000

export function openLedger({
  db,
  keystore,
  directory,
  onError,
}: {
  db: RoleDatabase
  keystore: Keystore
  directory: string
  onError: (error: Error) => void
}): Ledger {
  const signer = openSigner(`kluis/${keystore.organisationId}`, keystore.namedKey('ledger-signing'))
  const names = openNames(keystore.namedKey('ledger-pseudonym'))
  const mirror = openMirror(directory)
  const pass = openSequencer({ db, signer, names, mirror })
  const parts = { db, keys: signer.keys, names, mirror }
  let listen: (changes: Change[]) => void = () => {}
  let refusal: string | null = null
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()

  async function sequence(): Promise<number> {
    const { taken, changes } = await pass()
    if (changes.length > 0) listen(changes)
    return taken
  }

  function schedule(waitMs: number, everyMs: number): void {
    timer = setTimeout(() => {
      running = sequence().then(
        (taken) => {
          refusal = null
          schedule(taken === BATCH ? 0 : everyMs, everyMs)
        },
        (error: Error) => {
          // The same trouble is reported once, not five times a second.
          if (refusal !== error.message) onError(error)
          refusal = error.message
          schedule(Math.min(waitMs * 2 + everyMs, SLOWEST_MS), everyMs)
        },
      )
    }, waitMs)
  }

  return {
    sequence,
    start(everyMs, onChanges) {
      listen = onChanges
      schedule(everyMs, everyMs)
    },
    async state() {
      const lag = await measureLag(db.reader())
      return {
        leaves: lag.tree_size,
        waiting: lag.waiting,
        oldestWaitingSeconds: lag.oldest_seconds,
        refusal,
      }
    },
    verify: () => verifyLedger(parts),
    export: (target) => exportLedger(parts, target),
    policy: () => policyText(signer.keys),
    async stop() {
      clearTimeout(timer)
      await running
      clearTimeout(timer)
    },
  }
}
