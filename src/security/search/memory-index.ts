/**
 * Finds sealed names. In memory only: it is filled at start through the vault and gone with the process.
 *
 * Trusts: nothing it returns is shown before row security has confirmed it. If lost: the next start fills it again.
 */
import { fold, isWithinOne } from './folding.ts'

export type SearchDocument = {
  id: string
  /** Names, then everything else that is searched: e-mails, phones, company, city, customer number. */
  names: string
  others: string
  sortKey: string
  ownerId: string
  teamId: string
  stage: string
  tags: string[]
  city: string
  createdAt: number
  updatedAt: number
  isInTrash: boolean
  rowVersion: number
}

export type Scope = { seesAll: boolean; userId: string; teamIds: string[] }
export type IndexQuery = {
  text: string
  sort: 'name' | 'createdAt' | 'updatedAt'
  isDescending: boolean
  filters: { stage?: string; ownerId?: string; tag?: string; city?: string; isInTrash: boolean }
  scope: Scope
  offset: number
  limit: number
}

type Entry = SearchDocument & {
  nameWords: string[]
  joinedNames: string
  foldedOthers: string
  foldedCity: string
}

export class MemoryIndex {
  readonly #entries = new Map<string, Entry>()
  readonly #sorted = new Map<IndexQuery['sort'], Entry[]>()
  isReady = false

  get size(): number {
    return this.#entries.size
  }

  /** Older versions than the one already held are ignored. */
  put(document: SearchDocument): void {
    const held = this.#entries.get(document.id)
    if (held && held.rowVersion > document.rowVersion) return
    const names = fold(document.names)
    const nameWords = names.split(' ').filter(Boolean)
    this.#entries.set(document.id, {
      ...document,
      nameWords,
      joinedNames: names.replaceAll(' ', ''),
      foldedOthers: fold(document.others),
      foldedCity: fold(document.city),
    })
    this.#sorted.clear()
  }

  remove(id: string): void {
    if (this.#entries.delete(id)) this.#sorted.clear()
  }

  clear(): void {
    this.#entries.clear()
    this.#sorted.clear()
    this.isReady = false
  }

  /** Exact words first, then beginnings, then fragments; one letter may be wrong when nothing else fits. */
  query(asked: IndexQuery): { ids: string[]; total: number } {
    const visible = this.#order(asked.sort, asked.isDescending).filter(
      (entry) => isVisible(entry, asked.scope) && fits(entry, asked.filters),
    )
    const words = fold(asked.text).split(' ').filter(Boolean)
    if (words.length === 0) return page(visible, asked)
    const joined = words.join('')
    const ranks: Entry[][] = [[], [], [], []]
    for (const entry of visible) {
      const rank = rankOf(entry, words, joined)
      if (rank < 4) ranks[rank]!.push(entry)
    }
    const found = ranks.flat()
    return page(found.length > 0 ? found : visible.filter((entry) => isAlmost(entry, words)), asked)
  }

  #order(sort: IndexQuery['sort'], isDescending: boolean): Entry[] {
    let sorted = this.#sorted.get(sort)
    if (!sorted) {
      sorted = [...this.#entries.values()].sort(
        sort === 'name' ? byName : (a, b) => a[sort] - b[sort] || (a.id < b.id ? -1 : 1),
      )
      this.#sorted.set(sort, sorted)
    }
    return isDescending ? sorted.toReversed() : sorted
  }
}

function byName(a: Entry, b: Entry): number {
  return a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : a.id < b.id ? -1 : 1
}

function isVisible(entry: Entry, { seesAll, userId, teamIds }: Scope): boolean {
  return seesAll || entry.ownerId === userId || teamIds.includes(entry.teamId)
}

function fits(entry: Entry, filters: IndexQuery['filters']): boolean {
  return (
    entry.isInTrash === filters.isInTrash &&
    (filters.stage === undefined || entry.stage === filters.stage) &&
    (filters.ownerId === undefined || entry.ownerId === filters.ownerId) &&
    (filters.tag === undefined || entry.tags.includes(filters.tag)) &&
    (filters.city === undefined || entry.foldedCity === fold(filters.city))
  )
}

/** 0 every word is a name's word; 1 every word begins one; 2 every word is a fragment somewhere; 4 no hit. */
function rankOf(entry: Entry, words: string[], joined: string): number {
  let rank = 0
  for (const word of words) {
    if (entry.nameWords.includes(word)) continue
    if (entry.nameWords.some((name) => name.startsWith(word))) rank = Math.max(rank, 1)
    else if (
      word.length >= 3 &&
      (entry.joinedNames.includes(word) || entry.foldedOthers.includes(word))
    )
      rank = Math.max(rank, 2)
    else return entry.joinedNames.includes(joined) && joined.length >= 4 ? 3 : 4
  }
  return rank
}

function isAlmost(entry: Entry, words: string[]): boolean {
  return words.every((word) =>
    word.length >= 4
      ? entry.nameWords.some((name) => isWithinOne(word, name))
      : entry.nameWords.includes(word),
  )
}

function page(found: Entry[], { offset, limit }: IndexQuery): { ids: string[]; total: number } {
  return { ids: found.slice(offset, offset + limit).map((entry) => entry.id), total: found.length }
}
