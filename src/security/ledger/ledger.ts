/**
 * The ledger: who changed which record when, as a Merkle log that can't be rewritten unseen.
 *
 * Trusts: the signing key for origin, the checkpoint file outside PostgreSQL for what was said before.
 * If lost: customers' data are unharmed; proof of history before the last kept checkpoint is gone.
 */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
  sign,
} from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RoleDatabase } from '#platform/db.ts'
import type { Keystore } from '#security/vault/keystore.ts'
import { checkpointText, Frontier, keyId, leafHash, openNote } from '#verify/merkle.ts'
import { isTornNote, openCheckpointMirror } from './checkpoint-mirror.ts'
import * as store from './store.ts'

const BATCH = 2_000
const NAME = 'kluis'
const SETTLE_MS = 20_000
// What looks so while a change still waits to become a leaf.
const WAITING = new Set([
  'row without leaf',
  'leaf without row',
  'row differs from its newest leaf',
])

export type Finding = {
  table: string
  row: string
  what:
    | 'row without leaf'
    | 'leaf without row'
    | 'row differs from its newest leaf'
    | 'table is not compared'
    | 'leaf was changed'
    | 'leaves are missing'
    | 'checkpoint does not fit'
    | 'checkpoint is not signed by this installation'
}
export type LedgerCheck = {
  leaves: number
  checkpoints: number
  rows: number
  findings: Finding[]
  isComplete: boolean
}

type Newest = { hash: string | null; table: string; rowVersion: number | null }

export type Change = { table: string; rowId: string; rowVersion: number | null; action: string }
export interface Ledger {
  /** One pass: gives how many rows became leaves. */
  sequence(): Promise<number>
  start(everyMs: number, onChanges: (changes: Change[]) => void): void
  /** Until nothing waits any more; false when a transaction elsewhere holds the rest back for too long. */
  settle(): Promise<boolean>
  /**
   * Whether the database knows fewer leaves than the newest checkpoint kept outside it, or that file is gone:
   * then it was put back from a copy.
   */
  isRolledBack(): Promise<boolean>
  /** First the leaves are counted towards `total`, then the rows. */
  verify(onProgress?: (progress: { done: number; total: number }) => void): Promise<LedgerCheck>
  /** What leaves call a record, a colleague (`user`) or what an event is about (`event`). */
  nameOf(table: string, id: string): string
  /** A signed note of this text, which ends with a new line, under the key of the checkpoints. */
  signed(text: string): string
  isSigned(note: string): boolean
  stop(): Promise<void>
}

// Ed25519 from a 32-byte seed: RFC 8410's fixed prefix of a PKCS#8 key.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

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
  const privateKey = createPrivateKey({
    format: 'der',
    type: 'pkcs8',
    key: Buffer.concat([PKCS8, keystore.namedKey('ledger-signing')]),
  })
  const publicKey = Buffer.from(
    createPublicKey(privateKey as KeyObject).export({ format: 'jwk' }).x!,
    'base64url',
  )
  // As bytes it would be made into a key twice a leaf, which costs more than the HMAC.
  const pseudonymKey = createSecretKey(keystore.namedKey('ledger-pseudonym'))
  const origin = `kluis/${keystore.organisationId}`
  const pseudonym = (what: string) =>
    createHmac('sha256', pseudonymKey).update(what).digest().subarray(0, 16).toString('base64')
  const record = (table: string, id: string) => pseudonym(`${table} ${id}`)
  const mirror = openCheckpointMirror(directory)

  // An array, so that the order of the fields is fixed without saying more: docs/formats/ledger.md.
  const leafBody = (row: store.OutboxRow) =>
    Buffer.from(
      JSON.stringify([
        'kluis-leaf/1',
        row.at.toISOString(),
        row.actor_id && pseudonym(`user ${row.actor_id}`),
        row.action,
        row.table_name,
        row.row_id && record(row.table_name ?? 'event', row.row_id),
        row.row_version,
        row.hash_version,
        row.row_hash?.toString('base64') ?? null,
        row.purpose,
        row.detail ?? null,
      ]),
    )

  function signed(text: string): string {
    return `${text}\n— ${NAME} ${Buffer.concat([keyId(NAME, publicKey), sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`
  }

  let listen: (changes: Change[]) => void = () => {}
  async function sequence(): Promise<number> {
    let note: string | undefined
    const taken = await db.write(async (tx) => {
      if (!(await store.lockSequencer(tx))) return []
      const [rows, head] = await Promise.all([store.takeSettled(tx, BATCH), store.readHead(tx)])
      if (rows.length === 0) return []
      const frontier = new Frontier(head.tree_size, head.frontier)
      const bodies = rows.map(leafBody)
      const hashes = bodies.map(leafHash)
      for (const hash of hashes) frontier.add(hash)
      note = signed(checkpointText({ origin, size: frontier.size, root: frontier.root() }))
      await store.appendLeaves(
        tx,
        head.tree_size + 1,
        bodies,
        hashes,
        rows.map((row) => row.id),
      )
      await store.moveHead(tx, frontier.size, frontier.edges, note)
      return rows
    })
    // After the commit: a crash in between leaves the mirror one checkpoint behind, never ahead.
    if (note) mirror.append(note)
    if (taken.length)
      listen(
        taken.flatMap((row) =>
          // The same values under another key: whoever keeps a copy has it already.
          row.table_name && row.row_id && row.purpose !== 'key-rotation'
            ? [
                {
                  table: row.table_name,
                  rowId: row.row_id,
                  rowVersion: row.row_version,
                  action: row.action,
                },
              ]
            : [],
        ),
      )
    return taken.length
  }

  async function settle(): Promise<boolean> {
    for (const until = Date.now() + SETTLE_MS; Date.now() < until; ) {
      while ((await sequence()) > 0);
      if ((await store.countOutbox(db.reader())) === 0) return true
      await sleep(50)
    }
    return false
  }

  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> = Promise.resolve()
  const tick = (everyMs: number) => {
    timer = setTimeout(() => {
      running = sequence()
        .catch(onError)
        .then((n) => tick(n === BATCH ? 0 : everyMs))
    }, everyMs)
  }

  return {
    sequence,
    settle,
    nameOf: record,
    signed,
    isSigned: (note) => openNote(note, NAME, publicKey) !== undefined,
    start(everyMs, onChanges) {
      listen = onChanges
      tick(everyMs)
    },
    async stop() {
      clearTimeout(timer)
      await running
      clearTimeout(timer)
    },
    async isRolledBack() {
      const { tree_size: size } = await store.readHead(db.reader())
      const newest = mirror.read().notes.at(-1)
      return newest ? Number(newest.split('\n')[1]) > size : size > 0
    },
    async verify(onProgress = () => {}) {
      const isComplete = await settle()
      const tx = db.reader()
      const { tree_size: total } = await store.readHead(tx)
      const findings: Finding[] = []
      const frontier = new Frontier()
      const roots = new Map<number, Buffer>()
      const newest = new Map<string, Newest>()
      const wanted = new Set(
        (await store.listCheckpoints(tx)).map((checkpoint) => checkpoint.tree_size),
      )
      for (let from = 1; ; ) {
        const leaves = await store.listLeaves(tx, from, 10_000)
        if (leaves.length === 0) break
        for (const leaf of leaves) {
          if (leaf.seq !== frontier.size + 1)
            findings.push({
              table: 'kluis_ledger.leaf',
              row: String(leaf.seq),
              what: 'leaves are missing',
            })
          const hash = leafHash(leaf.body)
          if (!hash.equals(leaf.leaf_hash))
            findings.push({
              table: 'kluis_ledger.leaf',
              row: String(leaf.seq),
              what: 'leaf was changed',
            })
          frontier.add(hash)
          if (wanted.has(frontier.size)) roots.set(frontier.size, frontier.root())
          const [, , , , table, recordName, rowVersion, , rowHash] = JSON.parse(
            leaf.body.toString(),
          ) as [
            string,
            string,
            string | null,
            string,
            string | null,
            string | null,
            number | null,
            number | null,
            string | null,
          ]
          if (table && recordName) newest.set(recordName, { hash: rowHash, table, rowVersion })
        }
        from = leaves.at(-1)!.seq + 1
        onProgress({ done: frontier.size, total: Math.max(frontier.size, total) })
      }
      const checkpoints = await store.listCheckpoints(tx)
      const known = checkpoints.map((checkpoint) => checkpoint.note)
      const { notes, torn } = mirror.read()
      const strange = torn.filter((line) => !isTornNote(line, known))
      for (const note of new Set([...known, ...notes, ...strange])) {
        const checkpoint = openNote(note, NAME, publicKey)
        if (!checkpoint || checkpoint.origin !== origin)
          findings.push({
            table: 'kluis_ledger.checkpoint',
            row: note.split('\n')[1] ?? '?',
            what: 'checkpoint is not signed by this installation',
          })
        else if (!roots.get(checkpoint.size)?.equals(checkpoint.root))
          findings.push({
            table: 'kluis_ledger.checkpoint',
            row: String(checkpoint.size),
            what: 'checkpoint does not fit',
          })
      }
      const rows = await compareRows(newest, findings, onProgress)
      // What still waits in the outbox is no leaf yet: not tampering, but not proof either.
      return {
        leaves: frontier.size,
        checkpoints: checkpoints.length,
        rows,
        findings: isComplete ? findings : findings.filter((one) => !WAITING.has(one.what)),
        isComplete,
      }
    },
  }

  async function compareRows(
    newest: Map<string, Newest>,
    findings: Finding[],
    onProgress: (progress: { done: number; total: number }) => void,
  ): Promise<number> {
    const tx = db.reader()
    const tables = (await store.listCoveredTables(tx)).map(({ table_name }) => table_name)
    const isExpected = (leaf: Newest) => leaf.hash !== null && tables.includes(leaf.table)
    const total = [...newest.values()].filter(isExpected).length
    let count = 0
    // Leaves with a version are of tables whose rows are compared: the database must not say which it leaves out.
    const told = new Set(
      [...newest.values()].flatMap((leaf) => (leaf.rowVersion ? leaf.table : [])),
    )
    for (const table of tables) told.delete(table)
    for (const table of told) findings.push({ table, row: '*', what: 'table is not compared' })
    for (const table of tables) {
      for (const row of await store.listRowHashes(tx, table)) {
        count++
        const leaf = newest.get(record(table, row.row_id))
        if (!leaf) findings.push({ table, row: row.row_id, what: 'row without leaf' })
        else if (leaf.hash !== row.row_hash.toString('base64'))
          findings.push({ table, row: row.row_id, what: 'row differs from its newest leaf' })
        newest.delete(record(table, row.row_id))
      }
      for (const [name, leaf] of newest) {
        if (leaf.table === table && leaf.hash !== null)
          findings.push({ table, row: name, what: 'leaf without row' })
      }
      onProgress({ done: count, total: Math.max(count, total) })
    }
    return count
  }
}
