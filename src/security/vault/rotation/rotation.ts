/**
 * Replaces keys while work goes on, in steps that are all or nothing: how far it is stands in the database, both keys in the
 * keystore until nothing is left under the old one. Killed at any point, the next start goes on.
 *
 * Trusts: the keystore's head for which keys there are. If lost: nothing; what was sealed anew is read like the rest.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReadTx } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import { type KeyWork, ofSubjects, recordEvent } from '../key-work.ts'
import { FIRST_SUBJECT_SLOT, SEGMENT_SLOTS } from '../keystore.ts'
import type { HeldRootKey } from '../root-key/held-root-key.ts'
import { drawKeySlots } from '../store.ts'
import type * as shape from './contract.ts'
import { type Hashing, rehashRecords, rehashValues } from './rehash.ts'
import { replaceRootKey } from './replace-root-key.ts'
import { resealBatch } from './reseal.ts'
import * as store from './store.ts'

export type RotationParts = KeyWork & {
  hashing: Hashing
  rootKey: HeldRootKey
  /** Slots that were drawn ahead, so that no new record gets a key of before. */
  forgetDrawn: () => void
  /** How long a request may be on its way that was begun with the lookup key of before. */
  settleMs?: number
  warn: (error: Error) => void
}
export type Starting = { what: shape.What; rowsPerSecond: number; by: string | null }
export type Rotations = ReturnType<typeof openRotations>

const SETTLE_MS = 60_000
const RETRY_MS = 30_000
const BATCH_MAX = 100
// What a batch costs beside its rows is paid no oftener than this, until batches are as long as nobody should wait for.
const BATCHES_PER_SECOND = 4
// Looking at the first bytes of a row beside opening and sealing it.
const LOOK_SHARE = 0.05
const LOOK_ROWS = 20
const PURPOSE = 'key-rotation'
const LAST_MAX = 200

const firstPhase = (what: shape.What): shape.Phase => (what === 'records' ? 'draw' : 'keystore')

export function openRotations(parts: RotationParts) {
  const { keystore, db, inTurn, warn } = parts
  const ofCustomers = ofSubjects(parts.tables)
  const subjects = ofCustomers.filter(({ subject }) => subject === 'itself')
  const hanging = ofCustomers.filter(({ subject }) => subject !== 'itself')
  // A joint dossier is found by nothing but its parties.
  const found = [
    ...subjects.filter(({ table }) => table !== 'joint_dossier'),
    ...hanging.filter(({ table }) => table === 'confidential_value'),
  ]
  let problem: string | null = null
  let running: Promise<void> | undefined
  // After a start, from there on: whoever answers requests may have gone on while this process was away.
  let lookupBegunAt = Date.now()
  const stopping = new AbortController()

  const move = async (row: store.RotationRow, to: store.Progress) => {
    const next = await db.write(
      await parts.token(),
      async (tx) => {
        const moved = await store.moveRotation(tx, row, to)
        const { what, done, unopened } = moved
        if (moved.phase === 'done')
          await recordEvent(tx, 'key-rotation-ended', row.id, { what, done, unopened })
        return moved
      },
      PURPOSE,
    )
    return next
  }
  const begin = (phase: shape.Phase): store.Progress => ({
    phase,
    table_place: 0,
    after_id: store.FIRST_ID,
  })

  type Batch = { looked: number; changed: number; unopened: number; last: string | undefined }
  /** The next batch of a pass over tables; behind the last table comes the next phase. */
  async function pass(
    row: store.RotationRow,
    tables: typeof ofCustomers,
    batch: (table: (typeof ofCustomers)[number], limit: number) => Promise<Batch>,
    next: shape.Phase,
  ): Promise<Stepped> {
    const table = tables[row.table_place]
    if (!table) {
      // What did not open is counted by the last pass alone.
      const counted = next === 'sweep' || next === 'hash-again' ? { unopened: 0 } : {}
      return { row: await move(row, { ...begin(next), ...counted }), cost: 0 }
    }
    const limit = Math.max(
      1,
      Math.min(BATCH_MAX, Math.ceil(row.rows_per_second / BATCHES_PER_SECOND)),
    )
    const result = await batch(table, limit)
    const moved = await move(row, {
      ...(result.last
        ? { after_id: result.last }
        : { table_place: row.table_place + 1, after_id: store.FIRST_ID }),
      done: row.done + result.looked,
      unopened: row.unopened + result.unopened,
    })
    return { row: moved, cost: result.changed + result.looked * LOOK_SHARE }
  }
  const reseal =
    (row: store.RotationRow, oldUntil: number) =>
    async (table: (typeof ofCustomers)[number], limit: number): Promise<Batch> => {
      const { resealed: changed, ...rest } = await resealBatch(
        parts,
        table,
        row.after_id,
        limit * (row.phase === 'sweep' ? LOOK_ROWS : 1),
        { oldUntil },
      )
      return { ...rest, changed }
    }
  const rehash = (row: store.RotationRow) => (table: (typeof ofCustomers)[number], limit: number) =>
    (table.subject === 'itself' ? rehashRecords : rehashValues)(
      parts,
      parts.hashing,
      table,
      row.after_id,
      limit,
    )

  type Stepped = { row: store.RotationRow; cost: number }
  async function step(row: store.RotationRow): Promise<Stepped> {
    if (keystore.state() === 'away') throw new Problem('keystore-unavailable')
    const oldUntil = row.what === 'records' ? row.old_until : 0
    switch (row.phase) {
      case 'keystore':
        return inKeystore(row)
      case 'draw': {
        if (row.old_until < FIRST_SUBJECT_SLOT) {
          const reader = db.reader(await parts.token(), PURPOSE)
          const old_until = await drawKeySlots(reader, 1)
          return { row: await move(row, { old_until }), cost: 0 }
        }
        return pass(row, subjects, reseal(row, oldUntil), 'reseal')
      }
      case 'reseal': {
        const tables = row.what === 'algorithm' ? ofCustomers : hanging
        return pass(
          row,
          tables,
          reseal(row, oldUntil),
          row.what === 'algorithm' ? 'sweep' : 'close',
        )
      }
      case 'close': {
        parts.forgetDrawn()
        const token = await parts.token()
        await db.writeAtOnce(token, (tx) => store.closeSlots(tx, row.old_until), PURPOSE)
        // Asked once that is committed: while it was being, others began, and saw the boundary of before.
        const xid = await db.writeAtOnce(token, store.newestTransaction, PURPOSE)
        // Whoever looked at the boundary before it moved has ended then, and what they wrote is seen.
        while (!(await store.isAlone(db.reader(token, PURPOSE), xid)))
          await sleep(50, undefined, { signal: stopping.signal })
        return { row: await move(row, { ...begin('sweep'), unopened: 0 }), cost: 0 }
      }
      case 'sweep':
        return pass(
          row,
          ofCustomers,
          reseal(row, oldUntil),
          row.what === 'records' ? 'destroy' : 'done',
        )
      case 'destroy':
        return destroy(row)
      case 'hash':
        return pass(row, found, rehash(row), 'hash-again')
      case 'hash-again':
        return pass(row, found, rehash(row), 'done')
      case 'done':
        return { row, cost: 0 }
    }
  }

  async function inKeystore(row: store.RotationRow): Promise<Stepped> {
    const { rotate } = keystore
    switch (row.what) {
      case 'root':
        await replaceRootKey(keystore, parts.rootKey)
        return { row: await move(row, { phase: 'done', done: 1 }), cost: 0 }
      case 'organisation':
        rotate.organisationKey()
        return { row: await move(row, { phase: 'done', done: 1 }), cost: 0 }
      case 'segments': {
        const segment = row.table_place
        if (segment * SEGMENT_SLOTS > keystore.highestSlot())
          return { row: await move(row, { phase: 'done' }), cost: 0 }
        rotate.segment(segment)
        const done = (segment + 1) * SEGMENT_SLOTS
        return { row: await move(row, { table_place: segment + 1, done }), cost: SEGMENT_SLOTS }
      }
      case 'algorithm':
        rotate.sealWith(2)
        return { row: await move(row, begin('reseal')), cost: 0 }
      case 'search':
        rotate.beginLookupKey()
        lookupBegunAt = Date.now()
        return { row: await move(row, begin('hash')), cost: 0 }
      case 'records':
        return { row: await move(row, begin('draw')), cost: 0 }
    }
  }

  /** Segment by segment; where a row did not open, its key may be needed still, and all of them stay. */
  async function destroy(row: store.RotationRow): Promise<Stepped> {
    const first = Math.max(FIRST_SUBJECT_SLOT, row.table_place * SEGMENT_SLOTS)
    if (row.unopened > 0)
      // Such a record keeps its key, and whoever works on it goes on with that.
      await db.writeAtOnce(
        await parts.token(),
        (tx) => store.closeSlots(tx, FIRST_SUBJECT_SLOT - 1),
        PURPOSE,
      )
    if (row.unopened > 0 || first > row.old_until)
      return { row: await move(row, { phase: 'done' }), cost: 0 }
    const end = Math.min(row.old_until, (row.table_place + 1) * SEGMENT_SLOTS - 1)
    const slots = Array.from({ length: end - first + 1 }, (_, i) => first + i)
    // Lost is not destroyed on purpose, and its records go on saying so.
    keystore.eraseSlots(slots.filter((slot) => !keystore.isGivenUp(slot)))
    return { row: await move(row, { table_place: row.table_place + 1 }), cost: SEGMENT_SLOTS }
  }

  // At a row a second a segment is more than an hour: another rate does not wait for that.
  let otherRate = new AbortController()
  async function pause(ms: number): Promise<void> {
    otherRate = new AbortController()
    const signal = AbortSignal.any([stopping.signal, otherRate.signal])
    await sleep(ms, undefined, { signal }).catch(() => stopping.signal.throwIfAborted())
  }

  async function run(first: store.RotationRow): Promise<void> {
    let row = first
    while (row.phase !== 'done' && !stopping.signal.aborted) {
      const began = Date.now()
      try {
        const settledAt = lookupBegunAt + (parts.settleMs ?? SETTLE_MS)
        // Whoever began with the key of before has written by then, and the second look finds it.
        if (row.phase === 'hash-again' && Date.now() < settledAt)
          await sleep(settledAt - Date.now(), undefined, { signal: stopping.signal })
        const stepped = await inTurn(() => step(row))
        problem = null
        row = stepped.row
        if (row.what === 'search' && row.phase === 'done') keystore.rotate.endLookupKey()
        const pauseMs = (stepped.cost / row.rows_per_second) * 1_000 - (Date.now() - began)
        if (pauseMs > 0) await pause(pauseMs)
      } catch (error) {
        if (stopping.signal.aborted) return
        problem = (error as Error).message
        warn(error as Error)
        await sleep(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  const go = (row: store.RotationRow) => {
    running ??= run(row)
      .catch((error: Error) => {
        if (!stopping.signal.aborted) warn(error)
      })
      .finally(() => {
        running = undefined
      })
    return running
  }

  return {
    /** Refuses while another is not done. It goes on by itself; `ended` waits for it. */
    async start({ what, rowsPerSecond, by }: Starting): Promise<store.RotationRow> {
      const token = await parts.token()
      const total = await totalOf(what, db.reader(token, PURPOSE))
      const given = { what, phase: firstPhase(what), rows_per_second: rowsPerSecond, total }
      const row = await db.write(
        token,
        async (tx) => {
          const made = await store.insertRotation(tx, { ...given, started_by: by })
          if (made) await recordEvent(tx, 'key-rotation-begun', made.id, { what })
          return made
        },
        PURPOSE,
      )
      if (!row) refuse('rotation-running')
      problem = null
      void go(row)
      return row
    },

    /** At a start: goes on with what was not done. */
    async resume(): Promise<boolean> {
      const row = await store.findUnfinished(db.reader(await parts.token(), PURPOSE))
      // Killed between the end in the database and the end in the keystore.
      if (!row && keystore.state() === 'there' && keystore.lookupKeys().length > 1)
        keystore.rotate.endLookupKey()
      if (row) void go(row)
      return row !== undefined
    },

    ended: async () => running,

    async changeRate(id: string, rowsPerSecond: number): Promise<void> {
      const token = await parts.token()
      if (!(await db.writeAtOnce(token, (tx) => store.changeRate(tx, id, rowsPerSecond), PURPOSE)))
        refuse('not-found')
      otherRate.abort()
    },

    /** For whoever may manage keys: row security says so. */
    async show(tx: ReadTx): Promise<shape.Keys> {
      const state = keystore.keystoreState()
      const rows = (await store.listRotations(tx, LAST_MAX)).map(shown)
      const ended = rows.filter(({ phase }) => phase === 'done')
      const newest = [...Map.groupBy(ended, ({ what }) => what).values()].map(([one]) => one!)
      return {
        keystore: {
          state: state.kind,
          why: state.kind === 'away' ? state.why : null,
          segments: state.kind === 'there' ? state.segments : 0,
          isMirrored: state.kind === 'there' && state.isMirrored,
          sealVersion: keystore.sealVersion(),
        },
        running: rows.find(({ phase }) => phase !== 'done') ?? null,
        problem,
        last: newest,
      }
    },

    async showAll(): Promise<shape.Keys> {
      return this.show(db.reader(await parts.token(), PURPOSE))
    },

    async close(): Promise<void> {
      stopping.abort()
      await running
    },
  }

  async function totalOf(what: shape.What, tx: ReadTx): Promise<number> {
    if (what === 'root' || what === 'organisation') return 1
    if (what === 'segments') return keystore.highestSlot() + 1
    // Each row is looked at twice: once to seal it anew, once to see that none was left.
    return 2 * (await store.countRows(tx, what === 'search' ? found : ofCustomers))
  }
}

export function shown(row: store.RotationRow): shape.Rotation {
  return {
    id: row.id,
    what: row.what,
    phase: row.phase,
    done: row.done,
    total: row.total,
    unopened: row.unopened,
    rowsPerSecond: row.rows_per_second,
    startedBy: row.started_by,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
  }
}
