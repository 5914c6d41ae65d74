/**
 * The server's side of the memory index: starts the process that holds the names and passes questions on.
 *
 * **Trusts** the index process for order and totals only; what is shown is confirmed by row security.
 * **If lost** the process is gone with everything in it; a new one is filled through the vault.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { Problem } from '#platform/problem.ts'
import type { AlphabetOrder, SearchIndex } from './index-types.ts'
import type { AskName, Asks, Reply } from './messages.ts'

const PROGRAM = fileURLToPath(new URL('./index-process.ts', import.meta.url))
const ROOM = fileURLToPath(new URL('.', import.meta.url))
const PACKAGE_FILE = fileURLToPath(new URL('../../../package.json', import.meta.url))
// A million records took 1.1 GB; a process without a limit could take the whole machine.
const HEAP_MB = 4096
// Messages larger than this hold up the questions between them for longer than a person notices.
const BATCH_MAX = 500

export type SearchIndexOptions = {
  order: AlphabetOrder
  /** Called once when the process ends without having been told to. */
  onLost: (exitCode: number | null) => void
  /** 32 bytes; several servers that share one keep each other's cursors valid. */
  cursorKey?: Uint8Array
}

type Waiting = { resolve: (reply: never) => void; reject: (error: Error) => void }

/** Also tells the process id, for operators and tests. */
export type OpenSearchIndex = SearchIndex & { readonly processId: number }

export async function openSearchIndex(options: SearchIndexOptions): Promise<OpenSearchIndex> {
  const child = startProcess()
  const waiting = new Map<number, Waiting>()
  let seq = 0
  let isClosing = false
  let total: number | undefined

  child.on('message', (message: Reply) => {
    const waiter = waiting.get(message.seq)
    waiting.delete(message.seq)
    if ('failed' in message)
      waiter?.reject(
        message.failed === 'unknown'
          ? new Error('the index process failed on one question')
          : new Problem('invalid-fields', {
              fields: [{ field: 'filter', problem: message.failed }],
            }),
      )
    else waiter?.resolve(message.reply as never)
  })
  const gone = new Promise<void>((resolve) => {
    child.on('exit', (exitCode) => {
      for (const { reject } of waiting.values()) reject(new Problem('index-loading'))
      waiting.clear()
      if (!isClosing) options.onLost(exitCode)
      resolve()
    })
  })

  function tell<Name extends AskName>(
    name: Name,
    ask: Asks[Name]['ask'],
  ): Promise<Asks[Name]['reply']> {
    if (!child.connected) return Promise.reject(new Problem('index-loading'))
    return new Promise((resolve, reject) => {
      waiting.set(++seq, { resolve, reject })
      const mine = seq
      // It may end between the question above and this: then an error without a taker would end the server too.
      child.send({ seq, name, ask }, (error) => {
        if (error && waiting.delete(mine)) reject(new Problem('index-loading'))
      })
    })
  }

  async function tellInBatches<Entry>(
    entries: Entry[],
    send: (part: Entry[]) => Promise<null>,
  ): Promise<void> {
    for (let at = 0; at < entries.length; at += BATCH_MAX)
      await send(entries.slice(at, at + BATCH_MAX))
  }

  const cursorKey = options.cursorKey ?? randomBytes(32)
  await tell('open', { order: options.order, cursorKey })
  return {
    processId: child.pid!,
    async load(batches, announced) {
      total = announced
      for await (const batch of batches) await tellInBatches(batch, (part) => tell('load', part))
      await tell('loaded', null)
    },
    put: (documents) => tellInBatches(documents, (part) => tell('put', part)),
    renew: (documents) => tellInBatches(documents, (part) => tell('renew', part)),
    async contents(state) {
      await tell('contents', state)
    },
    remove: (kind, ids) => tellInBatches(ids, (part) => tell('remove', { kind, ids: part })),
    async query(query) {
      const page = await tell('query', query)
      if (page === 'unknown-cursor') throw new Problem('bad-request', { field: 'cursor' })
      return page
    },
    groups: (query) => tell('groups', query),
    facets: (kind, field, scope) => tell('facets', { kind, field, scope }),
    similar: (query) => tell('similar', query),
    spread: (kind, field) => tell('spread', { kind, field }),
    likely: (kind, begin) => tell('likely', { kind, begin }),
    async state() {
      const state = await tell('state', null)
      return total === undefined ? state : { ...state, total }
    },
    async close() {
      isClosing = true
      child.kill('SIGKILL')
      await gone
    },
  }
}

function startProcess(): ChildProcess {
  return fork(PROGRAM, [], {
    serialization: 'advanced',
    // Node refuses it every file but its own source, every write, and every process of its own.
    execArgv: [
      '--permission',
      `--allow-fs-read=${ROOM}*`,
      `--allow-fs-read=${PACKAGE_FILE}`,
      `--max-old-space-size=${HEAP_MB}`,
      '--expose-gc',
    ],
    env: {},
    // Nothing it could print is worth the risk of a name in a log.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}
