/**
 * Looks through all records for likely duplicates, in the background and a little at a time. What it finds is held
 * in memory only, as ids: which records have a similar name is not written down anywhere.
 *
 * Trusts: nothing of what it finds; a list asks row security who may see both, and the records what they are now.
 * If lost: it is found again at the next look.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { Database, SessionToken } from '#platform/db.ts'
import type { IndexScope } from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { Reason } from './contract.ts'
import { likenessOf, SCORE_MIN } from './likeness.ts'
import type { Side } from './records.ts'
import * as store from './store.ts'

type Place = { ownerId: string; teamId: string }
/** The smaller id is the first. `shared`: what blind indexes tell. */
export type Pair = {
  first: string
  second: string
  score: number
  shared: Reason[]
  places: [Place, Place]
}

type LookParts = {
  /** As the keeper, under the indexer's session. */
  db: Database
  token: SessionToken
  vault: KeeperVault
  index: RecordIndex
  sides: Record<store.Kind, Side>
}

const KINDS: store.Kind[] = ['person', 'company']
const TOKENS_A_SLICE = 2_000
// More records than this share a switchboard, not a customer.
const SHARING_MAX = 8
const PAIRS_A_BATCH = 200
const PAIRS_MAX = 20_000
// Between two slices whoever waits for an answer goes first.
const PAUSE_MS = 4
// At most a twentieth of one core goes into looking, however many there are.
const REST_FACTOR = 20
const REST_MS_MIN = 10_000

export class LikelyPairs {
  readonly #pairs: Record<store.Kind, Pair[]> = { person: [], company: [] }
  /** Of the pairs above; a list asks the database too. */
  readonly #toldApart: Record<store.Kind, Set<string>> = { person: new Set(), company: new Set() }
  readonly #merged: Record<store.Kind, Set<string>> = { person: new Set(), company: new Set() }
  #lookedAt: Date | undefined
  #isLooking = false
  #isStale = true
  #isClosed = false
  #rest = new AbortController()
  #working: Promise<void> = Promise.resolve()

  get lookedAt(): Date | undefined {
    return this.#lookedAt
  }
  get isLooking(): boolean {
    return this.#isLooking
  }

  /** Best first. The order is total, so that a place in it can be named. */
  of(kind: store.Kind): readonly Pair[] {
    return this.#pairs[kind]
  }

  /** As many as this person would find; what row security says decides later, pair by pair. */
  count(kind: store.Kind, scope: IndexScope, of?: string): number {
    return this.#pairs[kind].filter(
      (pair) =>
        isWith(pair, of) &&
        isInScope(pair, scope) &&
        !this.#toldApart[kind].has(keyOf(pair)) &&
        !this.#merged[kind].has(pair.first) &&
        !this.#merged[kind].has(pair.second),
    ).length
  }

  tellApart(kind: store.Kind, first: string, second: string, isApart: boolean): void {
    const key = keyOf(inOrder(first, second))
    if (isApart) this.#toldApart[kind].add(key)
    else this.#toldApart[kind].delete(key)
  }

  /** Merged into another a moment ago, so that its pairs are none; or not any more. */
  setMerged(kind: store.Kind, id: string, isMerged: boolean): void {
    if (isMerged) this.#merged[kind].add(id)
    else this.#merged[kind].delete(id)
  }

  /** Something changed: the next look is worth its work. */
  touch(): void {
    this.#isStale = true
  }

  /** Looks again and again while there are changes, with a rest in between. */
  start(look: () => Promise<void>, log: (what: string) => void): void {
    const go = async () => {
      while (!this.#isClosed) {
        const started = performance.now()
        if (this.#isStale) await look().catch((error: Error) => log(error.message))
        const restMs = Math.max(REST_MS_MIN, (performance.now() - started) * REST_FACTOR)
        await wait(restMs, undefined, { ref: false, signal: this.#rest.signal }).catch(() => {})
      }
    }
    this.#working = go()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#rest.abort()
    await this.#working
  }

  async look(parts: LookParts): Promise<void> {
    this.#isStale = false
    this.#isLooking = true
    try {
      for (const kind of KINDS) {
        const candidates = await this.#candidates(parts, kind)
        const pairs = await this.#weigh(parts, kind, candidates)
        if (this.#isClosed) return
        pairs.sort(byScore)
        this.#pairs[kind] = pairs.slice(0, PAIRS_MAX)
      }
      this.#lookedAt = new Date()
    } catch (error) {
      this.#isStale = true
      throw error
    } finally {
      this.#isLooking = false
    }
  }

  async #candidates(
    { db, token, index }: LookParts,
    kind: store.Kind,
  ): Promise<Map<string, Set<Reason>>> {
    const found = new Map<string, Set<Reason>>()
    const add = (a: string, b: string, reason?: Reason) => {
      const key = keyOf(inOrder(a, b))
      const reasons = found.get(key) ?? new Set()
      if (reason) reasons.add(reason)
      found.set(key, reasons)
    }
    for await (const group of this.#sharing(db, token, kind))
      for (const [at, one] of group.entries())
        for (const other of group.slice(at + 1)) {
          const reason = Reason.safeParse(one.kind)
          add(one.id, other.id, reason.data)
        }
    for await (const slice of index.likely(kind)) {
      for (const { a, b } of slice) add(a, b)
      await this.#pause()
    }
    return found
  }

  /** Records that share a blind index, token by token. */
  async *#sharing(
    db: Database,
    token: SessionToken,
    kind: store.Kind,
  ): AsyncGenerator<store.Token[]> {
    const tx = db.reader(token, 'duplicates')
    let from: Buffer = Buffer.alloc(16)
    let isIncluded = true
    while (!this.#isClosed) {
      const rows = await store.listTokens(tx, kind, from, isIncluded, TOKENS_A_SLICE)
      const last = rows.at(-1)?.token
      const groups = Map.groupBy(rows, (row) => row.token.toString('hex'))
      const isEnd = rows.length < TOKENS_A_SLICE
      for (const [hex, group] of groups) {
        // The last one may go on in the next slice, where it is read whole.
        const isWhole = isEnd || hex !== last!.toString('hex')
        if (isWhole && group.length > 1 && group.length <= SHARING_MAX) yield group
      }
      if (isEnd) return
      // A token that fills a whole slice is a switchboard.
      isIncluded = groups.size > 1
      from = last!
      await this.#pause()
    }
  }

  async #weigh(
    { db, token, vault, sides }: LookParts,
    kind: store.Kind,
    candidates: Map<string, Set<Reason>>,
  ): Promise<Pair[]> {
    const tx = db.reader(token, 'duplicates')
    const keys = [...candidates.keys()]
    const pairs: Pair[] = []
    const toldApart = new Set<string>()
    for (let at = 0; at < keys.length && !this.#isClosed; at += PAIRS_A_BATCH) {
      const batch = keys
        .slice(at, at + PAIRS_A_BATCH)
        .map((key) => key.split(' ') as [string, string])
      const ids = [...new Set(batch.flat())]
      const [found, told] = await Promise.all([
        vault.openRecords<store.RecordRow, { contact: never }>(tx, {
          table: kind,
          classes: ['contact'],
          also: store.COLUMNS,
          ids,
          purpose: 'index',
          record: 'none',
          isUnseen: true,
        }),
        store.listToldApart(tx, kind, ids),
      ])
      for (const pair of told) toldApart.add(pair)
      for (const [first, second] of batch) {
        const [a, b] = [found.get(first), found.get(second)]
        if (a?.opened.contact?.kind !== 'open' || b?.opened.contact?.kind !== 'open') continue
        if (a.row.deleted_at || b.row.deleted_at) continue
        const { identityOf } = sides[kind]
        const shared = [...candidates.get(`${first} ${second}`)!].filter((one) => one === 'iban')
        const { score } = likenessOf(
          identityOf(a.opened.contact.value),
          identityOf(b.opened.contact.value),
          shared,
        )
        if (score >= SCORE_MIN)
          pairs.push({ first, second, score, shared, places: [placeOf(a.row), placeOf(b.row)] })
      }
      await this.#pause()
    }
    this.#toldApart[kind] = toldApart
    return pairs
  }

  async #pause(): Promise<void> {
    if (!this.#isClosed) await wait(PAUSE_MS)
  }
}

function placeOf(row: store.RecordRow): Place {
  return { ownerId: row.owner_id, teamId: row.team_id }
}

function inOrder(a: string, b: string): { first: string; second: string } {
  return a < b ? { first: a, second: b } : { first: b, second: a }
}

export function keyOf({ first, second }: { first: string; second: string }): string {
  return `${first} ${second}`
}

export function byScore(
  a: Pick<Pair, 'first' | 'second' | 'score'>,
  b: Pick<Pair, 'first' | 'second' | 'score'>,
): number {
  return b.score - a.score || (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0)
}

/** Of whichever record, when none is named. */
export const isWith = (pair: Pick<Pair, 'first' | 'second'>, id: string | undefined): boolean =>
  id === undefined || pair.first === id || pair.second === id

export function isInScope({ places }: Pair, scope: IndexScope): boolean {
  return (
    scope.everything ||
    places.every(
      ({ ownerId, teamId }) => ownerId === scope.userId || scope.teamIds.includes(teamId),
    )
  )
}
