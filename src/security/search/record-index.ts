/**
 * The search index as the program uses it: started, filled, and started and filled again when it is lost.
 *
 * **Trusts** the index process for order and totals only; what is shown is confirmed by row security.
 * **If lost** lists go on from the database, newest first, until a new process is filled.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Problem, refuse } from '#platform/problem.ts'
import type { Spread } from '#security/vault/spread.ts'
import type {
  GroupQuery,
  IndexDocument,
  Indexed,
  IndexGroups,
  IndexKind,
  IndexPage,
  IndexQuery,
  IndexScope,
  IndexState,
  LikelyPair,
  RelatedDocument,
  Relation,
  Similar,
  SimilarQuery,
} from './index-types.ts'
import { type OpenSearchIndex, openSearchIndex } from './search-index.ts'

export type IndexSource = () => AsyncIterable<Indexed[]> | Iterable<Indexed[]>
export type FacetValue = { value: string; count: number }

// Versions put by ourselves, so that the ledger's news of them needs no second opening; the oldest go first.
const VERSIONS_MAX = 20_000
// A process that dies again and again must not keep a core busy.
const START_AGAIN_MS = 1_000
const CURSOR_KEY_BYTES = 32

/** What lists are found by and told what changed: the index itself, or the way to it from another process. */
/** Records that were made, changed or thrown away: the index looks at them, and whoever asks next finds them as they are. */
export type Changed = (kind: IndexKind, ids: string[]) => void

export interface RecordFinder {
  readonly isReady: boolean
  /** The operator of the host has none: it will not be ready. */
  readonly isOff: boolean
  readonly progress: number
  query(query: IndexQuery): Promise<IndexPage | undefined>
  groups(query: GroupQuery): Promise<IndexGroups | undefined>
  facets(kind: IndexKind, fields: string[], scope: IndexScope): Promise<FacetValue[][] | undefined>
  similar(query: SimilarQuery): Promise<Similar[]>
}

export class RecordIndex implements RecordFinder {
  #process: OpenSearchIndex | undefined
  #source: IndexSource | undefined
  #isReady = false
  #isContentWanted = true
  #expected = 0
  #loaded = 0
  #isClosed = false
  readonly isOff: boolean
  #waiting: IndexDocument[] = []
  readonly #versions = new Map<string, number>()
  // Removed here, so that one which comes back, as after a merge undone, is told apart from a new one.
  readonly #removed = new Set<string>()
  #returned: string[] = []
  // One for all processes: a cursor outlives the process that gave it.
  readonly #cursorKey = randomBytes(CURSOR_KEY_BYTES)
  readonly #log: (what: string) => void

  constructor(log: (what: string) => void, { isOff = false } = {}) {
    this.#log = log
    this.isOff = isOff
  }

  get isReady(): boolean {
    return this.#isReady
  }
  get processId(): number | undefined {
    return this.#process?.processId
  }

  /** Resolves once everything is in; the source is read again whenever the process was lost. */
  async fill(source: IndexSource): Promise<void> {
    if (this.isOff) return
    this.#source = source
    const started = await openSearchIndex({
      order: 'nl',
      cursorKey: this.#cursorKey,
      onLost: (exitCode) => this.#lost(exitCode),
    })
    if (this.#isClosed) return started.close()
    this.#process = started
    this.#loaded = 0
    await started.contents(this.#isContentWanted ? 'filling' : 'off')
    await started.load(this.#counted(source()))
    if (this.#isContentWanted) await started.contents('on')
    this.#isReady = true
  }

  async *#counted(batches: ReturnType<IndexSource>): AsyncGenerator<Indexed[]> {
    for await (const batch of batches) {
      yield batch
      this.#loaded += batch.length
    }
  }

  /** How many there are about to be, so that whoever waits is told how far it is. */
  expect(count: number): void {
    this.#expected = count
  }

  /** From 0 to 1; 1 only once everything is there. */
  get progress(): number {
    if (this.#isReady) return 1
    return this.#expected === 0 ? 0 : Math.min(0.99, this.#loaded / this.#expected)
  }

  /** Whether what people wrote is to be held too; a process that is started later does the same. */
  get isContentWanted(): boolean {
    return this.#isContentWanted
  }

  /** Lets go of what people wrote. */
  async dropContents(): Promise<void> {
    this.#isContentWanted = false
    await this.#process?.contents('off').catch(() => {})
  }

  /** Takes in what people wrote, of what is there; until the end, questions about it are refused. */
  async fillContents(batches: AsyncIterable<RelatedDocument[]>): Promise<void> {
    this.#isContentWanted = true
    const process = this.#process
    // Not filled yet: filling takes it along.
    if (!process || !this.#isReady) return
    await process.contents('filling')
    for await (const batch of batches) await process.renew(batch)
    if (this.#isContentWanted) await process.contents('on')
  }

  /** Undefined while the index is not there. */
  async state(): Promise<IndexState | undefined> {
    return this.#process?.state().catch(() => undefined)
  }

  #lost(exitCode: number | null): void {
    this.#process = undefined
    this.#isReady = false
    this.#versions.clear()
    this.#removed.clear()
    if (this.#isClosed || !this.#source) return
    this.#log(`the search index ended (${exitCode ?? 'killed'}) and is filled again`)
    const source = this.#source
    wait(START_AGAIN_MS, undefined, { ref: false })
      .then(() => (this.#isClosed ? undefined : this.fill(source)))
      .catch((error: Error) => this.#log(`the search index did not load: ${error.message}`))
  }

  /** In the order of the calls: whoever asks afterwards finds it. A lost process is filled anew anyway. */
  put(documents: IndexDocument[]): void {
    if (documents.length === 0 || this.isOff) return
    // What several requests change in one turn travels as one message: waking the process costs more than its work.
    if (this.#waiting.length === 0) setImmediate(() => this.#send())
    this.#waiting.push(...documents)
    for (const { id, rowVersion } of documents) {
      if (this.#removed.delete(id)) this.#returned.push(id)
      if (this.#versions.size >= VERSIONS_MAX)
        this.#versions.delete(this.#versions.keys().next().value!)
      this.#versions.set(id, rowVersion)
    }
  }

  /** What is held of many records said anew, for those that are there still when it arrives. */
  renew(documents: IndexDocument[]): void {
    if (documents.length === 0) return
    this.#send()
    this.#process?.renew(documents).catch(() => {})
  }

  #send(): void {
    if (this.#waiting.length === 0) return
    const documents = this.#waiting
    this.#waiting = []
    this.#process?.put(documents).catch(() => {
      for (const { id } of documents) this.#versions.delete(id)
    })
  }

  /** Whether this version, or a newer one, was put here already. */
  holds(id: string, rowVersion: number): boolean {
    return (this.#versions.get(id) ?? 0) >= rowVersion
  }

  /** What hangs on records; it follows the ledger, and nothing waits for it. */
  putRelated(documents: RelatedDocument[]): void {
    if (documents.length === 0) return
    this.#send()
    this.#process?.put(documents).catch(() => {})
  }

  remove(kind: IndexKind | Relation, ids: string[]): void {
    this.#send()
    for (const id of ids) {
      this.#versions.delete(id)
      if (kind === 'person' || kind === 'company') this.#removed.add(id)
    }
    this.#process?.remove(kind, ids).catch(() => {})
  }

  /** Records that were removed and put again since the last time: what hangs on them went with them, and is not back. */
  takeReturned(): string[] {
    const returned = this.#returned
    this.#returned = []
    return returned
  }

  /** Undefined while the index is not there: the caller then asks the database. */
  async query(query: IndexQuery): Promise<IndexPage | undefined> {
    return this.#ask((index) => index.query(query))
  }

  /** Undefined while the index is not there. */
  async groups(query: GroupQuery): Promise<IndexGroups | undefined> {
    return this.#ask((index) => index.groups(query))
  }

  async facets(
    kind: IndexKind,
    fields: string[],
    scope: IndexScope,
  ): Promise<FacetValue[][] | undefined> {
    return this.#ask((index) =>
      Promise.all(fields.map((field) => index.facets(kind, field, scope))),
    )
  }

  async similar(query: SimilarQuery): Promise<Similar[]> {
    return (await this.#ask((index) => index.similar(query))) ?? []
  }

  /** Undefined while the index is not there. */
  async spread(kind: IndexKind, field: string): Promise<Spread | undefined> {
    if (this.isOff) refuse('index-off')
    return this.#ask((index) => index.spread(kind, field))
  }

  /** All pairs of a kind that may be one customer, slice by slice; ends early when the index is lost. */
  async *likely(kind: IndexKind): AsyncGenerator<LikelyPair[]> {
    for (let begin = true; ; begin = false) {
      const slice = await this.#ask((index) => index.likely(kind, begin))
      if (!slice) return
      yield slice
    }
  }

  async #ask<T>(ask: (index: OpenSearchIndex) => Promise<T>): Promise<T | undefined> {
    if (!this.#process || !this.#isReady) return undefined
    this.#send()
    try {
      return await ask(this.#process)
    } catch (error) {
      if (error instanceof Problem && error.code === 'index-loading') return undefined
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#isReady = false
    await this.#process?.close()
  }
}
