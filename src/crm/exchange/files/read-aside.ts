/**
 * Reads a large file in a thread of its own: what somebody sends may take seconds to take apart, and nobody else's
 * dossier waits for it. One at a time, with a limit on memory and time.
 *
 * Trusts: the file for nothing. If lost: the thread ends and the file is refused; nothing was stored.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Problem, type ProblemCode } from '#platform/problem.ts'
import { readTable } from './read-table.ts'
import type { Row, Table } from './table.ts'

// Read in place, a file of this size holds nobody up; a thread takes longer to start.
const SMALL_BYTES = 128 * 1024
const MEMORY_MB_MAX = 1_500
const MS_MAX = 60_000
// The rows come over in parts, so that receiving them holds nobody up either.
const PART_ROWS = 1_000

type Said =
  | { rows: Row[] }
  | { table: Omit<Table, 'rows'> }
  | { refused: { code: ProblemCode; detail: Record<string, unknown> | undefined } }
  | { failed: string }

let waiting: Promise<unknown> = Promise.resolve()

/** As `readTable`, and refused as too large when it takes too much time or memory. */
export function readTableAside(bytes: Uint8Array, sheet = ''): Promise<Table> {
  if (bytes.length <= SMALL_BYTES) return readTable(bytes, sheet)
  const reading = waiting.then(() => readInThread(bytes, sheet))
  waiting = reading.catch(() => {})
  return reading
}

function readInThread(bytes: Uint8Array, sheet: string): Promise<Table> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = []
    const thread = new Worker(new URL(import.meta.url), {
      workerData: { bytes, sheet },
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
    })
    const tooLarge = () => reject(new Problem('too-large'))
    const timer = setTimeout(() => {
      tooLarge()
      thread.terminate()
    }, MS_MAX)
    thread.on('message', (said: Said) => {
      if ('rows' in said) rows.push(...said.rows)
      else if ('table' in said) resolve({ ...said.table, rows })
      else if ('refused' in said) reject(new Problem(said.refused.code, said.refused.detail))
      else reject(new Error(said.failed))
    })
    thread.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge() : reject(error),
    )
    thread.on('exit', () => {
      clearTimeout(timer)
      // After an answer this says nothing any more.
      reject(new Error('the thread that read a file ended without an answer'))
    })
  })
}

async function answer(): Promise<void> {
  const { bytes, sheet } = workerData as { bytes: Uint8Array; sheet: string }
  const say = (said: Said) => parentPort!.postMessage(said)
  try {
    const { rows, ...table } = await readTable(bytes, sheet)
    for (let at = 0; at < rows.length; at += PART_ROWS)
      say({ rows: rows.slice(at, at + PART_ROWS) })
    say({ table })
  } catch (error) {
    if (error instanceof Problem) say({ refused: { code: error.code, detail: error.detail } })
    else say({ failed: (error as Error).message })
  }
}

if (!isMainThread && parentPort && workerData?.bytes) await answer()
