/**
 * The notes and tasks that hang on the customers a file names, so that the same file brought in twice hangs nothing
 * twice. What is there is opened and compared: a key kept beside each note would tell a thief which notes are equal.
 */
import { createHash } from 'node:crypto'
import type { ReadTx } from '#platform/db.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Step } from '../decide.ts'
import type { RecordKind } from '../duplicates.ts'
import * as store from './store.ts'

// What the vault opens at once.
const OPENED_AT_ONCE = 10_000

type Content = { body?: string; title?: string }

export class HungMemory {
  /** By record, or by line of the file for one that is not there yet; each text as a hash, since a run meets many. */
  readonly #texts = new Map<string, Set<string>>()

  /** Takes from these rows what hangs there already. A row that has nothing else to say is skipped. */
  async leaveOut(vault: Vault, tx: ReadTx, steps: Step[]): Promise<Step[]> {
    const hanging = steps.filter(({ draft }) => draft.note || draft.task)
    for (const kind of ['person', 'company'] as const) {
      const ids = hanging.flatMap((step) =>
        'id' in step && step.kind === kind && !this.#texts.has(step.id) ? step.id : [],
      )
      if (ids.length > 0) await this.#meet(vault, tx, kind, [...new Set(ids)])
    }
    return steps.map((step) => this.#leaveOutOf(step))
  }

  #leaveOutOf(step: Step): Step {
    const { draft, outcome } = step
    const { note, task } = draft
    if ((!note && !task) || (outcome !== 'created' && outcome !== 'updated')) return step
    const key = 'id' in step ? step.id : `line ${'line' in step ? step.line : draft.line}`
    const texts = this.#texts.get(key) ?? new Set()
    this.#texts.set(key, texts)
    const isNew = (text: string) => {
      const hash = hashOf(text)
      if (texts.has(hash)) return false
      texts.add(hash)
      return true
    }
    if (note && !isNew(note)) draft.note = ''
    if (task && !isNew(taskText(task.title, task.dueOn))) delete draft.task
    if (draft.note === note && draft.task === task) return step
    draft.problems.push({ problem: 'hangs-already', field: '', value: '' })
    return draft.attach && !draft.note && !draft.task ? { outcome: 'skipped', draft } : step
  }

  async #meet(vault: Vault, tx: ReadTx, kind: RecordKind, ids: string[]): Promise<void> {
    for (const id of ids) this.#texts.set(id, new Set())
    for (const table of ['note', 'note_version', 'task'] as const) {
      const rows = await store.listHanging(tx, table, kind, ids)
      for (let at = 0; at < rows.length; at += OPENED_AT_ONCE) {
        const piece = rows.slice(at, at + OPENED_AT_ONCE)
        const opened = await vault.open<Content>(tx, {
          table,
          sealedClass: 'content',
          ids: piece.map((row) => row.id),
          purpose: 'import',
          record: 'none',
          isUnseen: true,
        })
        for (const { id, subject_id, due_on } of piece) {
          const outcome = opened.get(id)
          if (outcome?.kind !== 'open') continue
          const { body = '', title = '' } = outcome.value
          const text = table === 'task' ? taskText(title, due_on ?? '') : body
          this.#texts.get(subject_id)?.add(hashOf(text))
        }
      }
    }
  }
}

function taskText(title: string, dueOn: string): string {
  return `${title.trim()}\0${dueOn}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text.trim()).digest('base64')
}
