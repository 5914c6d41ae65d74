import type { Sealed } from '#database/sealed.ts'
import { refuse } from '#platform/problem.ts'
import type { RecordColumn } from '#security/vault/blind-index.ts'
import type { SealTarget, Vault } from '#security/vault/vault.ts'
import type { Place } from './decide.ts'

export function target(
  place: Place,
  sealedClass: 'contact' | 'confidential',
  sealCounter: number,
): SealTarget {
  return {
    table: place.kind,
    sealedClass,
    rowId: place.id,
    subjectId: place.id,
    keySlot: place.keySlot,
    sealCounter,
  }
}

/** What hangs on a record is sealed under that record's key. */
export function under(
  table: 'note' | 'affiliation' | 'task' | 'file' | 'import_change',
  rowId: string,
  place: Place,
): SealTarget {
  return {
    table,
    sealedClass: 'content',
    rowId,
    subjectId: place.id,
    keySlot: place.keySlot,
    sealCounter: 1,
  }
}

/** Gathers what is to be sealed, so that a batch asks the vault once. */
export class Sealer {
  readonly #vault: Vault
  readonly #waiting: { target: SealTarget; value: unknown }[] = []
  #sealed: Sealed[] = []
  readonly #exact: { column: RecordColumn; value: string }[] = []
  #tokens: Buffer[] = []
  constructor(vault: Vault) {
    this.#vault = vault
  }
  add(to: SealTarget, value: unknown): () => Sealed {
    const at = this.#waiting.push({ target: to, value }) - 1
    return () => this.#sealed[at] ?? refuse('internal')
  }
  /** The blind token of a value, known when all is sealed. */
  addExact(column: RecordColumn, value: string): () => Buffer {
    const at = this.#exact.push({ column, value }) - 1
    return () => this.#tokens[at] ?? refuse('internal')
  }
  async sealAll(): Promise<void> {
    ;[this.#sealed, this.#tokens] = await Promise.all([
      this.#vault.seal(this.#waiting),
      this.#vault.blindTokens(this.#exact),
    ])
  }
}
