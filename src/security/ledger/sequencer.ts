/** Turns settled outbox rows into leaves and signs what the tree has become. */
import type { RoleDatabase, Tx } from '#platform/db.ts'
import { leafBody, type Names } from './leaf.ts'
import type { Mirror } from './mirror.ts'
import { type Checkpoint, type CheckpointSigner, openNote } from './note.ts'
import * as store from './store.ts'
import { Frontier, leafHash } from './tree.ts'

export const BATCH = 2_000
// An ML-DSA-44 signature is 3.3 kB as text: one every few minutes is enough, since the next covers what was before.
const POST_QUANTUM_EVERY_MS = 5 * 60_000

export type Change = { table: string; rowId: string; rowVersion: number | null; action: string }

export type SequencerParts = {
  db: RoleDatabase
  signer: CheckpointSigner
  names: Names
  mirror: Mirror
}

/** One pass takes at most `BATCH` changes. While another sequencer is at work it takes none. */
export function openSequencer({ db, signer, names, mirror }: SequencerParts) {
  let postQuantumAt = 0
  let known: { note: string; checkpoint: Checkpoint } | undefined

  return async function sequence(now = new Date()): Promise<{ taken: number; changes: Change[] }> {
    let made: typeof known
    const taken = await db.write(async (tx) => {
      if (!(await store.lockSequencer(tx))) return []
      const [rows, frontier] = await Promise.all([store.takeSettled(tx, BATCH), continueTree(tx)])
      if (rows.length === 0) return []
      const bodies = rows.map((row) => leafBody(row, names))
      const hashes = bodies.map(leafHash)
      const first = frontier.size + 1
      for (const hash of hashes) frontier.add(hash)
      const isDue = now.getTime() - postQuantumAt >= POST_QUANTUM_EVERY_MS
      const checkpoint = {
        origin: signer.keys.origin,
        size: frontier.size,
        root: frontier.root(),
      }
      made = { checkpoint, note: signer.sign(checkpoint, isDue ? { postQuantumAt: now } : {}) }
      if (isDue) postQuantumAt = now.getTime()
      const ids = rows.map((row) => row.id)
      await Promise.all([
        store.appendLeaves(tx, first, bodies, hashes, ids),
        store.moveHead(tx, frontier.size, frontier.edges, made.note),
      ])
      return rows
    })
    // After the commit: a crash in between leaves the mirror behind, never ahead; the next pass makes it good.
    if (made) {
      mirror.append(made.note)
      known = made
    }
    return { taken: taken.length, changes: changesOf(taken) }
  }

  /** The tree as it was signed last. Anything else was put there by somebody, and is not carried on. */
  async function continueTree(tx: Tx): Promise<Frontier> {
    const [head, newest] = await Promise.all([store.readHead(tx), store.findNewestCheckpoint(tx)])
    const frontier = new Frontier(head.tree_size, head.frontier)
    const stop = (what: string): never => {
      throw new Error(
        `the ledger was not continued: ${what}\nstate: nothing was written; changes wait in the outbox\ntry: kluis ledger verify`,
      )
    }
    if (frontier.size < mirror.newestSize())
      stop(
        `the database knows ${frontier.size} leaves, the copy of the checkpoints ${mirror.newestSize()}`,
      )
    if (!newest) return frontier.size === 0 ? frontier : stop('the newest checkpoint is gone')
    if (newest.note !== known?.note) {
      const opened = openNote(newest.note, signer.keys)
      if (opened.kind === 'refused') return stop(`the newest checkpoint is refused (${opened.why})`)
      known = { note: newest.note, checkpoint: opened.checkpoint }
    }
    const { size, root } = known.checkpoint
    if (size !== frontier.size || !root.equals(frontier.root()))
      stop(`the tree of ${frontier.size} leaves is not the one that was signed`)
    if (size > mirror.newestSize()) mirror.append(newest.note)
    return frontier
  }
}

function changesOf(rows: store.OutboxRow[]): Change[] {
  return rows.flatMap((row) =>
    row.table_name && row.row_id
      ? [
          {
            table: row.table_name,
            rowId: row.row_id,
            rowVersion: row.row_version,
            action: row.action,
          },
        ]
      : [],
  )
}
