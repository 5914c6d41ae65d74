import type { Database, SessionToken } from '#platform/db.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import * as store from './store.ts'

const BATCH = 50

/**
 * What is left of merges after 30 days goes: the sealed state before, the record that was merged away, then its key.
 * Killed in between, the next look goes on where this one ended. Gives how many merges were cleared.
 */
export async function clearRemains(
  { db, vault }: { db: Database; vault: KeeperVault },
  token: SessionToken,
): Promise<number> {
  let cleared = 0
  for (;;) {
    const due = await store.listDue(db.reader(token, 'merge-remains'), BATCH)
    if (due.length === 0) return cleared
    let done = 0
    for (const row of due) {
      const isClear =
        row.is_cleared ||
        (await db.write(token, (tx) => store.clearRemains(tx, row), 'merge-remains'))
      // A record that is there needs its key, whatever this row says.
      const isThere = await store.isRecordThere(
        db.reader(token, 'merge-remains'),
        row.kind,
        row.merged_id,
      )
      if (!isClear || isThere) continue
      vault.eraseKey(row.key_slot)
      await db.writeAtOnce(token, (tx) => store.forgetSlot(tx, row.id), 'merge-remains')
      done++
    }
    cleared += done
    // What could not be cleared is tried again at the next look, not now and for ever.
    if (done < due.length) return cleared
  }
}
