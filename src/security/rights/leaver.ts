/** What somebody who leaves had goes to colleagues, batch by batch; then their account is closed. */
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Leaving } from './contract.ts'
import * as store from './store.ts'

// One transaction's worth of records: quick, and nobody waits long for a row of it.
const BATCH = 500
// A request gives an answer before anybody wonders; whoever asked goes on until nothing is left.
const REQUEST_MS = 8_000

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

export async function showLeaving(
  tx: ReadTx,
  id: string,
  programs: { name: string; responsibleId: string }[],
): Promise<Leaving> {
  const counted = (await store.findLeaving(tx, id)) ?? refuse('not-found')
  const answeredFor = programs.filter(({ responsibleId }) => responsibleId === id)
  return { ...counted, programs: answeredFor.map(({ name }) => name) }
}

/** Each batch is whole; broken off, the rest is still theirs and the same request goes on. */
export async function leave(
  id: string,
  receivers: string[],
  writeAtOnce: WriteAtOnce,
): Promise<number> {
  const until = Date.now() + REQUEST_MS
  for (;;) {
    const left = await writeAtOnce((tx) => store.handOver(tx, id, receivers, BATCH))
    if (left === 0 || Date.now() > until) return left
  }
}
