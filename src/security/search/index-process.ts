/**
 * The process that holds the names. Started with the right to read its own source files and to write nothing;
 * it ends when the server goes or the vault locks, and the kernel clears its pages.
 *
 * **Trusts** the process that started it, alone: it listens to no one else.
 * **If lost** (killed, out of memory) searching stops until the server fills a new one; nothing else is lost.
 */
import { ContentAway } from './content-index.ts'
import { type Cursors, openCursors } from './cursor.ts'
import { find } from './find.ts'
import { groups } from './groups.ts'
import type {
  Indexed,
  IndexKind,
  IndexPage,
  IndexQuery,
  LikelyPair,
  Relation,
} from './index-types.ts'
import { KindIndex } from './kind-index.ts'
import { likelyPairs } from './likely.ts'
import { TooMuchText } from './long-texts.ts'
import type { Ask, AskName, Asks, Reply } from './messages.ts'
import { newRelations, type World } from './relations.ts'
import { Results } from './results.ts'
import { facets, similar } from './similar.ts'
import { spreadOf } from './spread.ts'

let world: World
let results: Results
let cursors: Cursors
let isReady = false
const looks: Partial<Record<IndexKind, Generator<LikelyPair[], void>>> = {}
// What was removed during loading must not come back with a batch that was read before.
const removedMeanwhile = new Set<string>()

const answers: { [Name in AskName]: (ask: Asks[Name]['ask']) => Asks[Name]['reply'] } = {
  open({ order, cursorKey }) {
    world = {
      kinds: { person: new KindIndex('person', order), company: new KindIndex('company', order) },
      ...newRelations(),
    }
    results = new Results(world)
    cursors = openCursors(cursorKey)
    return null
  },
  load(documents) {
    for (const one of documents) if (!removedMeanwhile.has(one.id)) put(one)
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
    documents.forEach(put)
    return null
  },
  renew(documents) {
    for (const one of documents) {
      const isThere =
        'relation' in one
          ? world.relations[one.relation].has(one.id)
          : world.kinds[one.kind].rowOf.has(one.id)
      if (isThere) put(one)
    }
    return null
  },
  contents(state) {
    world.contents.switchTo(state)
    results.relationsChanged()
    if (state !== 'filling') globalThis.gc?.()
    return null
  },
  remove({ kind, ids }) {
    for (const id of ids) {
      remove(kind, id)
      if (!isReady) removedMeanwhile.add(id)
    }
    return null
  },
  query: answerQuery,
  groups: (ask) => groups(world, ask),
  facets: ({ kind, field, scope }) => facets(world.kinds[kind], field, scope),
  similar: (ask) => similar(world.kinds[ask.kind], ask),
  spread: ({ kind, field }) => spreadOf(world.kinds[kind], field),
  likely({ kind, begin }) {
    if (begin) looks[kind] = likelyPairs(world.kinds[kind])
    const slice = looks[kind]?.next()
    if (slice && !slice.done) return slice.value
    delete looks[kind]
    return undefined
  },
  state: () => ({
    ready: isReady,
    loaded: world.kinds.person.rowOf.size + world.kinds.company.rowOf.size,
    memoryBytes: process.memoryUsage.rss(),
    contents: { state: world.contents.state, ...world.contents.size() },
  }),
}

function put(document: Indexed): void {
  if ('relation' in document) {
    world.relations[document.relation].put(document, (kind, id) => world.kinds[kind].rowOf.get(id))
    results.relationsChanged()
  } else world.kinds[document.kind].put(document)
}

function remove(kind: IndexKind | Relation, id: string): void {
  if (kind !== 'person' && kind !== 'company') {
    world.relations[kind].remove(id)
    results.relationsChanged()
    return
  }
  const row = world.kinds[kind].remove(id)
  if (row === undefined) return
  for (const related of Object.values(world.relations)) related.forgetRow(kind, row)
}

function answerQuery(query: IndexQuery): IndexPage | 'unknown-cursor' {
  if (query.from !== undefined) return results.page(query, query.from)
  const after = query.cursor === undefined ? undefined : cursors.open(query, query.cursor)
  if (after === 'unknown-cursor') return after
  const recent = after ? after.recent : query.recent
  const { next, ...page } = find(world, { ...query, ...(recent ? { recent } : {}) }, after)
  return next ? { ...page, nextCursor: cursors.seal(query, next) } : page
}

function answer<Name extends AskName>(name: Name, ask: Asks[Name]['ask']): Asks[Name]['reply'] {
  return answers[name](ask)
}

function reasonOf(error: unknown): 'unknown' | 'too-much-text' | ContentAway['why'] {
  if (error instanceof ContentAway) return error.why
  return error instanceof TooMuchText ? 'too-much-text' : 'unknown'
}

process.on('message', ({ seq, name, ask }: Ask) => {
  let reply: Reply
  try {
    reply = { seq, reply: answer(name, ask) }
  } catch (error) {
    reply = { seq, failed: reasonOf(error) }
  }
  process.send?.(reply)
})
process.on('disconnect', () => process.exit(0))
// Ctrl-C and a service manager reach the whole group: the server ends this process once it has let go itself.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
// The default would print the failing values to standard error, and so into a log.
process.on('uncaughtException', () => process.exit(70))
