/**
 * The process that holds the names. Started with the right to read its own source files and to write nothing;
 * it ends when the server goes or the vault locks, and the kernel clears its pages.
 *
 * **Trusts** the process that started it, alone: it listens to no one else.
 * **If lost** (killed, out of memory) searching stops until the server fills a new one; nothing else is lost.
 */
import { type Cursors, openCursors } from './cursor.ts'
import { find } from './find.ts'
import type { IndexKind, IndexPage, IndexQuery } from './index-types.ts'
import { KindIndex } from './kind-index.ts'
import type { Ask, AskName, Asks, Reply } from './messages.ts'
import { facets, similar } from './similar.ts'

let kinds: Record<IndexKind, KindIndex>
let cursors: Cursors
let isReady = false
// What was removed during loading must not come back with a batch that was read before.
const removedMeanwhile = new Set<string>()

const answers: { [Name in AskName]: (ask: Asks[Name]['ask']) => Asks[Name]['reply'] } = {
  open({ order, cursorKey }) {
    kinds = { person: new KindIndex('person', order), company: new KindIndex('company', order) }
    cursors = openCursors(cursorKey)
    return null
  },
  load(documents) {
    for (const one of documents) if (!removedMeanwhile.has(one.id)) kinds[one.kind].put(one)
    return null
  },
  loaded() {
    isReady = true
    removedMeanwhile.clear()
    // What loading leaves behind is names too, and twice the memory of the index.
    globalThis.gc?.()
    return null
  },
  put(documents) {
    for (const one of documents) kinds[one.kind].put(one)
    return null
  },
  remove({ kind, ids }) {
    for (const id of ids) {
      kinds[kind].remove(id)
      if (!isReady) removedMeanwhile.add(id)
    }
    return null
  },
  query: answerQuery,
  facets: ({ kind, field, scope }) => facets(kinds[kind], field, scope),
  similar: (ask) => similar(kinds[ask.kind], ask),
  state: () => ({
    ready: isReady,
    loaded: kinds.person.rowOf.size + kinds.company.rowOf.size,
    memoryBytes: process.memoryUsage.rss(),
  }),
}

function answerQuery(query: IndexQuery): IndexPage | 'unknown-cursor' {
  const after = query.cursor === undefined ? undefined : cursors.open(query, query.cursor)
  if (after === 'unknown-cursor') return after
  const { ids, total, next } = find(kinds[query.kind], query, after)
  return next ? { ids, total, nextCursor: cursors.seal(query, next) } : { ids, total }
}

function answer<Name extends AskName>(name: Name, ask: Asks[Name]['ask']): Asks[Name]['reply'] {
  return answers[name](ask)
}

process.on('message', ({ seq, name, ask }: Ask) => {
  let reply: Reply
  try {
    reply = { seq, reply: answer(name, ask) }
  } catch {
    reply = { seq, failed: true }
  }
  process.send?.(reply)
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C and a service manager reach the whole group: the server ends this process once it has let go itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
// The default would print the failing values to standard error, and so into a log.
process.on('uncaughtException', () => process.exit(70))
