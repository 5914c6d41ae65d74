/**
 * The rows of one kind: what was put in, in numbered form. Finding is in `find.ts`.
 *
 * **Trusts** what the vault opened and the scope its caller names; answers are ids, confirmed by row security.
 * **If lost** nothing is lost: it is filled again at the next start, and is never written anywhere.
 */
import { Alphabet } from './alphabet.ts'
import type { AlphabetOrder, IndexDocument, IndexKind } from './index-types.ts'
import { Lexicon } from './lexicon.ts'
import { grown, ListPool } from './list-pool.ts'
import { NumberColumn } from './number-column.ts'
import { Orders } from './orders.ts'
import { SearchedLexicon } from './searched-lexicon.ts'
import { TextColumn } from './text-column.ts'
import { fold, fragmentWords, nameWords, sortKey } from './words.ts'

/** How a row holds a word, in the two lowest bits of each entry of `rowWords`. */
export const HELD_AS = { name: 0, joinedName: 1, fragment: 2 } as const

/** Owner and team are numbers of `values`, -1 for none; status as in `KindIndex`. */
type Standing = { owner: number; team: number; status: number }

export class KindIndex {
  readonly words = new SearchedLexicon()
  readonly values = new Lexicon()
  readonly wordRows = new ListPool()
  /** The first two letters of words, and which rows have a word that begins so: the first that somebody types. */
  readonly heads = new Lexicon()
  readonly headRows = new ListPool()
  readonly rowWords = new ListPool()
  readonly rowValues = new ListPool()
  readonly alphabet = new Alphabet()
  readonly texts = new Map<string, TextColumn>()
  readonly numbers = new Map<string, NumberColumn>()
  readonly orders = new Orders(this)
  /** Rises with every change, so that whoever kept an answer knows that it is old. */
  generation = 0
  readonly ids: string[] = []
  readonly rowOf = new Map<string, number>()
  /** Whose a row is and whether it is in the bin: a number in `standings`. */
  standingOf = new Int32Array(256)
  /** What there is of owner, team and status; the first is of free rows, which stand in no list. */
  readonly standings: Standing[] = [{ owner: -1, team: -1, status: 0 }]
  /** So that a whole list's total needs no look at its rows, and who sees few is asked of those alone. */
  readonly standingRows = new ListPool()
  /** Where in the list of its standing a row is. */
  #standingPlaces = new Int32Array(256)
  /** 0 free, 1 in use, 2 in the bin. */
  status = new Uint8Array(256)
  createdAt = new Float64Array(256)
  updatedAt = new Float64Array(256)
  #versions = new Float64Array(256)
  readonly #standingAt = new Map<number, number>()
  readonly #freeStandings: number[] = []
  readonly #freeRows: number[] = []
  readonly #kind: IndexKind
  readonly #order: AlphabetOrder

  constructor(kind: IndexKind, order: AlphabetOrder) {
    this.#kind = kind
    this.#order = order
  }

  put(document: IndexDocument): void {
    const held = this.rowOf.get(document.id)
    if (held !== undefined && this.#versions[held]! > document.rowVersion) return
    if (held !== undefined) this.#clear(document.id, held)
    this.generation++
    // The alphabet decides among equals, so a new name is a new place in every order.
    const row = this.#freeRows.pop() ?? this.ids.length
    this.#reach(row)
    this.ids[row] = document.id
    this.rowOf.set(document.id, row)
    this.#versions[row] = document.rowVersion
    this.createdAt[row] = document.createdAt
    this.updatedAt[row] = document.updatedAt
    this.status[row] = document.isDeleted ? 2 : 1
    this.#putWords(row, document)
    this.#putValues(row, document)
    this.#putColumns(row, document)
    this.#stand(row, document)
    this.orders.touch(row)
    const key = sortKey(this.#kind, this.#order, document.sortName)
    // The id makes the order total, so that a cursor names one place.
    this.alphabet.add(row, `${key}\u0000${document.id}`)
  }

  /** The number the row had, which another row will get. */
  remove(id: string): number | undefined {
    const row = this.rowOf.get(id)
    if (row === undefined) return undefined
    this.generation++
    this.orders.touch(row)
    for (const column of this.texts.values()) column.set(row, [])
    for (const column of this.numbers.values()) column.set(row, undefined)
    this.#clear(id, row)
    return row
  }

  #clear(id: string, row: number): void {
    this.alphabet.remove(row)
    this.#leaveStanding(row)
    for (const head of this.#headsOf(row)) {
      this.headRows.removeValue(head, row)
      this.heads.release(head)
    }
    for (let i = 0; i < this.rowWords.length(row); i++) {
      const word = this.rowWords.at(row, i) >> 2
      this.wordRows.removeValue(word, row)
      this.words.release(word)
    }
    for (let i = 0; i < this.rowValues.length(row); i++)
      this.values.release(this.rowValues.at(row, i))
    this.rowWords.set(row, [])
    this.rowValues.set(row, [])
    this.rowOf.delete(id)
    this.ids[row] = ''
    this.status[row] = 0
    this.#freeRows.push(row)
  }

  #stand(row: number, { ownerId, teamId }: IndexDocument): void {
    const owner = this.#valueOf('ownerId', ownerId)
    const team = this.#valueOf('teamId', teamId)
    const status = this.status[row]!
    const key = standingKey({ owner, team, status })
    let standing = this.#standingAt.get(key)
    if (standing === undefined) {
      standing = this.#freeStandings.pop() ?? this.standings.length
      this.standings[standing] = { owner, team, status }
      this.#standingAt.set(key, standing)
    }
    this.#standingPlaces[row] = this.standingRows.length(standing)
    this.standingRows.append(standing, row)
    this.standingOf[row] = standing
  }

  #leaveStanding(row: number): void {
    const standing = this.standingOf[row]!
    const place = this.#standingPlaces[row]!
    this.#standingPlaces[this.standingRows.removeAt(standing, place)] = place
    this.standingOf[row] = 0
    if (this.standingRows.length(standing) > 0) return
    this.#standingAt.delete(standingKey(this.standings[standing]!))
    this.#freeStandings.push(standing)
  }

  #putWords(row: number, document: IndexDocument): void {
    const heldAs = new Map<string, number>()
    const hold = (word: string, as: number) => {
      if ((heldAs.get(word) ?? 9) > as) heldAs.set(word, as)
    }
    for (const name of document.names) {
      const { words, joined, forms } = nameWords(this.#kind, name)
      for (const word of words) hold(word, HELD_AS.name)
      for (const word of joined) hold(word, HELD_AS.joinedName)
      for (const word of forms) hold(word, HELD_AS.name)
    }
    for (const fragment of document.fragments)
      for (const word of fragmentWords(fragment)) hold(word, HELD_AS.fragment)
    const list: number[] = []
    for (const [text, as] of heldAs) {
      const word = this.words.use(text)
      this.wordRows.append(word, row)
      list.push((word << 2) | as)
    }
    this.rowWords.set(row, list)
    for (const head of new Set([...heldAs.keys()].map((text) => text.slice(0, 2))))
      this.headRows.append(this.heads.use(head), row)
  }

  #headsOf(row: number): Set<number> {
    const heads = new Set<number>()
    for (let i = 0; i < this.rowWords.length(row); i++) {
      const text = this.words.word(this.rowWords.at(row, i) >> 2)
      heads.add(this.heads.find(text.slice(0, 2))!)
    }
    return heads
  }

  #putValues(row: number, document: IndexDocument): void {
    const texts = new Set<string>()
    for (const [field, given] of Object.entries(document.filters))
      for (const value of typeof given === 'string' ? [given] : given)
        texts.add(valueText(field, value))
    if (document.ownerId !== null) texts.add(valueText('ownerId', document.ownerId))
    if (document.teamId !== null) texts.add(valueText('teamId', document.teamId))
    for (const address of document.addresses ?? []) texts.add(addressText(address))
    const list = [...texts].map((text) => this.values.use(text))
    this.rowValues.set(row, list)
  }

  #putColumns(row: number, { texts = {}, numbers = {} }: IndexDocument): void {
    for (const field of Object.keys(texts))
      if (!this.texts.has(field)) this.texts.set(field, new TextColumn())
    for (const field of Object.keys(numbers))
      if (!this.numbers.has(field)) this.numbers.set(field, new NumberColumn())
    // Fields that the record has no longer are emptied too.
    for (const [field, column] of this.texts) column.set(row, texts[field] ?? [])
    for (const [field, column] of this.numbers) column.set(row, numbers[field])
  }

  /** Undefined for a field that is no number. */
  numberOf(field: string): ((row: number) => number) | undefined {
    const column = this.numbers.get(field)
    return column && ((row) => column.at(row))
  }

  /** A row's values of a field of few values. */
  valuesOf(row: number, field: string): string[] {
    const start = valueText(field, '')
    const found: string[] = []
    for (let i = 0; i < this.rowValues.length(row); i++) {
      const text = this.values.word(this.rowValues.at(row, i))
      if (text.startsWith(start)) found.push(text.slice(start.length))
    }
    return found
  }

  #valueOf(field: string, value: string | null): number {
    return value === null ? -1 : this.values.find(valueText(field, value))!
  }

  #reach(row: number): void {
    if (row < this.status.length) return
    const size = this.status.length * 2
    this.standingOf = grown(this.standingOf, size)
    this.#standingPlaces = grown(this.#standingPlaces, size)
    this.status = grown(this.status, size)
    this.createdAt = grown(this.createdAt, size)
    this.updatedAt = grown(this.updatedAt, size)
    this.#versions = grown(this.#versions, size)
  }
}

function standingKey({ owner, team, status }: Standing): number {
  // A number of a value has far fewer than 24 bits.
  return ((owner + 1) * 2 ** 24 + team + 1) * 4 + status
}

export function valueText(field: string, value: string): string {
  return `${field}\u0000${value}`
}

/** Not a field anybody can filter by: it holds a character that no field name has. */
export function addressText(address: { street: string; city: string }): string {
  return `\u0001${fold(address.street).replace(/\W+/g, ' ').trim()}\u0001${fold(address.city).trim()}`
}
