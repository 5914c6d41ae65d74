/**
 * What hangs on the rows of people and companies: open tasks, notes, affiliations. Held by row number, which stays
 * a record's own as long as it is there.
 *
 * **Trusts** its caller to test whether the other side of an affiliation may be seen.
 * **If lost** it is filled again with the index.
 */
import type { IndexKind, RelatedDocument, Relation } from './index-types.ts'
import type { KindIndex } from './kind-index.ts'
import { grown, ListPool } from './list-pool.ts'

/** Related documents of one sort, such as all tasks. */
export class Related {
  readonly ofRow: Record<IndexKind, ListPool> = { person: new ListPool(), company: new ListPool() }
  readonly texts: string[] = []
  readonly userIds: (string | null)[] = []
  isOpen = new Uint8Array(256)
  at = new Float64Array(256)
  rows: Record<IndexKind, Int32Array> = {
    person: new Int32Array(256).fill(-1),
    company: new Int32Array(256).fill(-1),
  }
  readonly #slotOf = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#slotOf.size
  }

  put(document: RelatedDocument, rowOf: (kind: IndexKind, id: string) => number | undefined): void {
    this.remove(document.id)
    const rows = document.subjects.map(({ kind, id }) => [kind, rowOf(kind, id)] as const)
    // A record that does not open is not in the index, and what hangs on it is not either.
    if (rows.some(([, row]) => row === undefined)) return
    const slot = this.#free.pop() ?? this.#ids.length
    this.#reach(slot)
    this.#ids[slot] = document.id
    this.#slotOf.set(document.id, slot)
    this.isOpen[slot] = document.isOpen ? 1 : 0
    this.at[slot] = document.at ?? Number.NaN
    this.texts[slot] = document.text ?? ''
    this.userIds[slot] = document.userId ?? null
    for (const [kind, row] of rows) {
      this.rows[kind][slot] = row!
      this.ofRow[kind].append(row!, slot)
    }
  }

  remove(id: string): void {
    const slot = this.#slotOf.get(id)
    if (slot === undefined) return
    for (const kind of ['person', 'company'] as const) {
      const row = this.rows[kind][slot]!
      if (row >= 0) this.ofRow[kind].removeValue(row, slot)
      this.rows[kind][slot] = -1
    }
    this.texts[slot] = ''
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

  #reach(slot: number): void {
    if (slot < this.isOpen.length) return
    const size = this.isOpen.length * 2
    const old = this.isOpen.length
    this.isOpen = grown(this.isOpen, size)
    this.at = grown(this.at, size)
    for (const kind of ['person', 'company'] as const) {
      this.rows[kind] = grown(this.rows[kind] as Int32Array<ArrayBuffer>, size)
      this.rows[kind].fill(-1, old)
    }
  }
}

export type Relations = Record<Relation, Related>
/** Everything a filter may look at: the rows of both kinds and what ties them. */
export type World = { kinds: Record<IndexKind, KindIndex>; relations: Relations }

export function newRelations(): Relations {
  return { task: new Related(), note: new Related(), affiliation: new Related() }
}
