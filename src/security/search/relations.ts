/**
 * What hangs on the rows of people and companies: tasks, notes, files, affiliations, relations. Held by row number,
 * which stays a record's own as long as it is there.
 *
 * **Trusts** its caller to test whether the other end of a tie may be seen.
 * **If lost** it is filled again with the index.
 */
import { ContentIndex } from './content-index.ts'
import type { IndexKind, RelatedDocument, Relation } from './index-types.ts'
import type { KindIndex } from './kind-index.ts'
import { grown, ListPool } from './list-pool.ts'
import { TextColumn } from './text-column.ts'

const KINDS: IndexKind[] = ['person', 'company']
const NOBODY = -1

/** Related documents of one sort, such as all tasks. */
export class Related {
  readonly ofRow: Record<IndexKind, ListPool> = { person: new ListPool(), company: new ListPool() }
  readonly texts = new Map<string, TextColumn>()
  readonly userIds: (string | null)[] = []
  isMarked = new Uint8Array(256)
  at = new Float64Array(256)
  doneAt = new Float64Array(256)
  /** The rows of both ends; of what hangs on one record the second is nobody's. */
  readonly ends: [Int32Array, Int32Array] = [
    new Int32Array(256).fill(NOBODY),
    new Int32Array(256).fill(NOBODY),
  ]
  /** What the other end is to this one, as a number of `roleNumber`. */
  readonly roles: [Uint8Array, Uint8Array] = [new Uint8Array(256), new Uint8Array(256)]
  readonly #endKinds: [Uint8Array, Uint8Array] = [new Uint8Array(256), new Uint8Array(256)]
  readonly #roleNumbers = new Map<string, number>()
  readonly #slotOf = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #free: number[] = []
  readonly #relation: Relation
  readonly #contents: ContentIndex

  constructor(relation: Relation, contents: ContentIndex) {
    this.#relation = relation
    this.#contents = contents
  }

  get size(): number {
    return this.#slotOf.size
  }

  put(document: RelatedDocument, rowOf: (kind: IndexKind, id: string) => number | undefined): void {
    this.remove(document.id)
    const rows = document.subjects.map(({ kind, id }) => rowOf(kind, id))
    // A record that does not open is not in the index, and what hangs on it is not either.
    if (rows.includes(undefined)) return
    const slot = this.#free.pop() ?? this.#ids.length
    this.#reach(slot)
    this.#ids[slot] = document.id
    this.#slotOf.set(document.id, slot)
    this.isMarked[slot] = document.isMarked ? 1 : 0
    this.at[slot] = document.at ?? Number.NaN
    this.doneAt[slot] = document.doneAt ?? Number.NaN
    this.userIds[slot] = document.userId ?? null
    for (const [field, text] of Object.entries(document.texts ?? {})) {
      if (!this.texts.has(field)) this.texts.set(field, new TextColumn())
      this.texts.get(field)!.set(slot, [text])
    }
    if (document.body) this.#contents.set(this.#relation, slot, document.body)
    document.subjects.forEach(({ kind }, end) => {
      const side = end as 0 | 1
      this.ends[side][slot] = rows[end]!
      this.#endKinds[side][slot] = KINDS.indexOf(kind)
      this.roles[side][slot] = this.#use(document.roles?.[side])
      this.ofRow[kind].append(rows[end]!, slot)
    })
  }

  has(id: string): boolean {
    return this.#slotOf.has(id)
  }

  remove(id: string): void {
    const slot = this.#slotOf.get(id)
    if (slot === undefined) return
    for (const side of [0, 1] as const) {
      const row = this.ends[side][slot]!
      if (row >= 0) this.ofRow[KINDS[this.#endKinds[side][slot]!]!].removeValue(row, slot)
      this.ends[side][slot] = NOBODY
    }
    for (const column of this.texts.values()) column.set(slot, [])
    this.#contents.set(this.#relation, slot, '')
    this.userIds[slot] = null
    this.#ids[slot] = ''
    this.#slotOf.delete(id)
    this.#free.push(slot)
  }

  /** The record itself is gone for good: its number will be another's. */
  forgetRow(kind: IndexKind, row: number): void {
    const pool = this.ofRow[kind]
    while (pool.length(row) > 0) this.remove(this.#ids[pool.at(row, 0)]!)
  }

  /** Whether one of a row's is as asked. */
  some(kind: IndexKind, row: number, isIt: (slot: number) => boolean): boolean {
    const pool = this.ofRow[kind]
    const count = pool.length(row)
    for (let i = 0; i < count; i++) if (isIt(pool.at(row, i))) return true
    return false
  }

  /** How many of a row's are as asked. */
  count(kind: IndexKind, row: number, isIt: (slot: number) => boolean): number {
    const pool = this.ofRow[kind]
    const length = pool.length(row)
    let count = 0
    for (let i = 0; i < length; i++) if (isIt(pool.at(row, i))) count++
    return count
  }

  /** Which end of a tie between two of one kind a row is. */
  sideOf(slot: number, row: number): 0 | 1 {
    return this.ends[0][slot] === row ? 0 : 1
  }

  /** Undefined for what nobody is to anybody. */
  roleNumber(role: string): number | undefined {
    return this.#roleNumbers.get(role)
  }

  #use(role: string | undefined): number {
    if (role === undefined) return 0
    const known = this.#roleNumbers.get(role)
    if (known !== undefined) return known
    const number = this.#roleNumbers.size + 1
    this.#roleNumbers.set(role, number)
    return number
  }

  #reach(slot: number): void {
    const old = this.isMarked.length
    if (slot < old) return
    const size = old * 2
    this.isMarked = grown(this.isMarked, size)
    this.at = grown(this.at, size)
    this.doneAt = grown(this.doneAt, size)
    for (const side of [0, 1] as const) {
      this.ends[side] = grown(this.ends[side], size)
      this.ends[side].fill(NOBODY, old)
      this.roles[side] = grown(this.roles[side], size)
      this.#endKinds[side] = grown(this.#endKinds[side], size)
    }
  }
}

export type Relations = Record<Relation, Related>
/** Everything a filter may look at: the rows of both kinds and what ties them. */
export type World = {
  kinds: Record<IndexKind, KindIndex>
  relations: Relations
  contents: ContentIndex
}

export function newRelations(contents = new ContentIndex()): Pick<World, 'relations' | 'contents'> {
  return {
    contents,
    relations: {
      task: new Related('task', contents),
      note: new Related('note', contents),
      file: new Related('file', contents),
      affiliation: new Related('affiliation', contents),
      relation: new Related('relation', contents),
    },
  }
}
