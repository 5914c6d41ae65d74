/**
 * One import under way. A batch of 500 rows, what it made, what was told of it and how far the run is are stored in
 * one transaction: whatever stops the program, a run goes on behind its last whole batch, with the same memory of
 * the rows before it.
 */
import { randomUUID } from 'node:crypto'
import { Problem as Refusal } from '#platform/problem.ts'
import { openedOrRefuse } from '#security/vault/vault.ts'
import { prepareBatch, tellLost } from './batch.ts'
import type { Column, ImportField, ImportQuery, PresetId, Preview } from './contract.ts'
import { refuseUnseen } from './custom-columns.ts'
import { CompanyMemory, decideRow, type MetCompany, type Place, type Step } from './decide.ts'
import { type Draft, type DraftOptions, readRow } from './draft.ts'
import { FileMemory, type RecordKind } from './duplicates.ts'
import type { Asking, ExchangeParts } from './exchange.ts'
import type { FileKind, Row, Table } from './files/table.ts'
import { HungMemory } from './hung/memory.ts'
import { PhotoMemory } from './hung/photos.ts'
import { findTies, tieNamed } from './hung/ties.ts'
import { findKnown } from './known.ts'
import type { Runnable } from './live-runs.ts'
import { ownTarget } from './own-target.ts'
import { secondsLeft } from './pace.ts'
import { showRow } from './show-row.ts'
import * as store from './store.ts'

/** What a run was asked; sealed beside it. */
export type RunContent = Pick<
  ImportQuery,
  'duplicates' | 'key' | 'nationalNumbers' | 'fileName'
> & {
  headers: string[]
  fields: ImportField[]
  kind: FileKind
  separator: string
  sheet: string
  preset: PresetId | null
  rememberedId: string | null
}

/** What a batch leaves for the next one to know, as it is written down. */
type Journal = {
  /** Line, what became of it (created, or repeated another line), and where its record is. */
  rows: [line: number, repeats: number, kind: RecordKind, id: string, keySlot: number][]
  met: MetCompany[]
}

type RunParts = {
  parts: ExchangeParts
  asking: Asking
  /** Null: a dry run. */
  id: string | null
  table: Table
  columns: Column[]
  content: RunContent
  options: DraftOptions
  onProgress?: ((done: number, total: number) => void) | undefined
}

const BATCH_ROWS = 500
// What a screen can show; the counts are always whole, and the file to download holds every refused row.
const ROWS_TOLD_MAX = 2_000
const FIRST_ROWS = 20
// A file with more rows of its own than this has no use for each one's reasons being kept.
const ROWS_KEPT_MAX = 100_000

export class Run implements Runnable {
  readonly result: Preview
  readonly #given: RunParts
  readonly #memory = new FileMemory()
  readonly #companies = new CompanyMemory()
  readonly #hung = new HungMemory()
  readonly #photos = new PhotoMemory()
  readonly #placeOfLine = new Map<number, Place>()
  readonly #asked = new Set<string>()
  #next = 0
  #keptRows = 0
  #version = 1
  #isPausing = false
  #startedAt = 0
  #startedRow = 0

  constructor(given: RunParts) {
    this.#given = given
    const { id, table, columns, content } = given
    this.result = {
      importId: id,
      state: 'running',
      total: table.rows.length,
      kind: table.kind,
      encoding: table.encoding,
      separator: table.separator,
      sheets: table.sheets,
      sheet: table.sheet,
      notices: table.notices,
      preset: content.preset,
      rememberedId: content.rememberedId,
      mapping: columns,
      read: 0,
      created: 0,
      updated: 0,
      skipped: 0,
      refused: 0,
      flagged: 0,
      people: 0,
      companies: 0,
      rows: [],
      firstRows: [],
    }
  }

  progress() {
    const done = this.result.read
    const total = this.#given.table.rows.length
    const seconds = (performance.now() - this.#startedAt) / 1000
    return { done, total, secondsLeft: secondsLeft(done, total, this.#startedRow, seconds) }
  }

  pause(): void {
    this.#isPausing = true
  }

  async toEnd(): Promise<Preview> {
    const { table, id, onProgress } = this.#given
    this.#startedAt = performance.now()
    this.#startedRow = this.#next
    try {
      while (this.#next < table.rows.length && !this.#isPausing) {
        const rows = table.rows.slice(this.#next, this.#next + BATCH_ROWS)
        await this.#takeBatch(rows)
        this.#next += rows.length
        onProgress?.(this.#next, table.rows.length)
      }
      this.result.state = this.#next < table.rows.length ? 'paused' : 'done'
      if (id) await this.#end(id, this.result.state)
    } catch (error) {
      this.result.state = 'failed'
      // What is away comes back, and then the run goes on; the batches before this one are stored and counted.
      const isAway = error instanceof Refusal && error.status === 503
      if (id && !isAway) await this.#end(id, 'failed').catch(() => {})
      throw error
    }
    return this.result
  }

  async #end(id: string, state: 'paused' | 'done' | 'failed'): Promise<void> {
    await this.#given.asking.write(async (tx) => {
      await store.updateRun(tx, id, this.#version, { state })
      if (state === 'done') await store.deleteProgress(tx, id)
    })
    this.#version++
  }

  async #takeBatch(rows: Row[]): Promise<void> {
    const { parts, asking, id, options, content } = this.#given
    const { vault } = parts
    const drafts = rows.map((row) => readRow(row, options))
    await refuseUnseen(asking.tx, drafts, options.custom)
    const known = await findKnown(
      { vault, tx: asking.tx, companies: this.#companies, asked: this.#asked },
      drafts,
    )
    for (const draft of drafts) this.#joinCompany(draft)
    const decided = drafts.map((draft) => this.#decide(draft, known))
    const steps = await this.#hung.leaveOut(vault, asking.tx, decided)
    await this.#photos.leaveOut(asking.tx, asking.who, steps)
    if (!id) {
      await this.#countMade(steps)
      this.#count(steps, [])
      return
    }
    const batch = await prepareBatch(
      {
        vault,
        files: parts.files,
        fields: parts.fields,
        tx: asking.tx,
        who: asking.who,
        importId: id,
        placeOfLine: this.#placeOfLine,
        companies: this.#companies,
        withNames: content.key !== 'auto',
      },
      steps,
    )
    const told = await this.#sealTold(id, steps)
    const journal = await this.#sealJournal(steps)
    const people = steps.filter(({ outcome, draft }) => outcome === 'created' && draft.person)
    await asking.write(async (tx) => {
      await batch.write(tx)
      this.result.people += people.length
      this.result.companies += batch.newCompanies
      this.#count(steps, batch.lost)
      const lost = new Set(batch.lost.map(({ draft }) => draft.line))
      await Promise.all([
        store.insertToldRows(
          tx,
          told.map((row) => (lost.has(row.line) ? { ...row, outcome: 'refused' } : row)),
        ),
        store.insertBatch(tx, id, this.#next, journal),
        store.updateRun(tx, id, this.#version, { ...this.result, state: 'running' }),
      ])
    })
    this.#version++
    for (const kind of ['company', 'person'] as const) parts.changed(kind, batch.changed[kind])
  }

  /** A person whose company is named by another program's id only gets that company's name. */
  #joinCompany({ person, company, companyReference }: Draft): void {
    if (!person || company || !companyReference) return
    const met = this.#companies.findByReference(companyReference)
    if (met) person.contact.company = met.name
  }

  #decide(draft: Draft, known: Parameters<typeof decideRow>[2]): Step {
    const { content } = this.#given
    const step = decideRow(draft, this.#memory, known, content)
    if (step.outcome === 'created') this.#memory.remember(draft)
    const repeated = draft.problems.find((one) => one.problem === 'duplicate-in-file')?.line
    if (repeated !== undefined) this.#memory.absorb(repeated, draft)
    return step
  }

  /** A dry run makes nothing, and still says how many companies would come beside the people. */
  async #countMade(steps: Step[]): Promise<void> {
    const { parts, asking } = this.#given
    const ids = steps.flatMap((step) => ('id' in step && step.draft.company ? step.id : []))
    const ties = await findTies(parts.vault, asking.tx, ids)
    for (const step of steps) {
      const { outcome, draft } = step
      if (outcome === 'created' && draft.person) this.result.people++
      if (!draft.company || (outcome !== 'created' && outcome !== 'updated')) continue
      if (!draft.person && outcome === 'updated') continue
      const own = 'id' in step ? ties.get(step.id) : undefined
      if (own && tieNamed(own, draft)) continue
      if (draft.person && this.#companies.find(draft.company.contact)) continue
      this.result.companies++
      this.#companies.remember(draft.company.contact, {
        kind: 'company',
        id: '',
        keySlot: 0,
        isNew: true,
      })
    }
  }

  #count(steps: Step[], lost: Step[]): void {
    const { result } = this
    for (const step of steps) {
      const { draft } = step
      const isLost = lost.includes(step)
      if (isLost) tellLost(draft)
      const outcome = isLost ? 'refused' : step.outcome
      result.read++
      result[outcome]++
      if (draft.isFlagged) result.flagged++
      if (draft.problems.length > 0 && result.rows.length < ROWS_TOLD_MAX)
        result.rows.push({ line: draft.line, outcome, problems: draft.problems })
      if (result.firstRows.length < FIRST_ROWS) result.firstRows.push(showRow(draft))
    }
  }

  /** What is told of a row is kept, sealed; a refused one as it stood, to be handed back, but not a flagged one. */
  async #sealTold(importId: string, steps: Step[]): Promise<store.ToldRow[]> {
    const { vault } = this.#given.parts
    const told = steps.filter(
      ({ outcome, draft }) => outcome !== 'created' || draft.problems.length > 0,
    )
    const rows = told
      .slice(0, Math.max(0, ROWS_KEPT_MAX - this.#keptRows))
      .map(({ outcome, draft }) => ({ id: randomUUID(), draft, outcome: outcome as string }))
    this.#keptRows += rows.length
    const sealed = await vault.seal(
      rows.map(({ id, draft, outcome }) => {
        // An update may still be lost to a colleague's, and is then handed back like a refused row.
        const isHandedBack = (outcome === 'refused' || outcome === 'updated') && !draft.isFlagged
        return {
          target: ownTarget(vault, 'import_row', id),
          value: {
            problems: draft.problems,
            cells: isHandedBack ? draft.cells : [],
            ...(isHandedBack && draft.original ? { original: draft.original } : {}),
          },
        }
      }),
    )
    return rows.map(({ id, draft, outcome }, i) => ({
      id,
      import_id: importId,
      line: draft.line,
      outcome,
      sealed: sealed[i]!,
    }))
  }

  async #sealJournal(steps: Step[]): Promise<store.BatchRow> {
    const { vault } = this.#given.parts
    const rows = steps.flatMap(({ outcome, draft }): Journal['rows'] => {
      const repeats = draft.problems.find((one) => one.problem === 'duplicate-in-file')?.line ?? 0
      const place = this.#placeOfLine.get(draft.line)
      if (outcome !== 'created' && repeats === 0) return []
      return [[draft.line, repeats, place?.kind ?? 'person', place?.id ?? '', place?.keySlot ?? 0]]
    })
    const journal: Journal = { rows, met: this.#companies.takeFresh() }
    const id = randomUUID()
    const [sealed] = await vault.seal([
      { target: ownTarget(vault, 'import_batch', id), value: journal },
    ])
    return { id, content: sealed! }
  }

  /** Knows again what it knew when it stopped: the rows before are read anew, what became of them is in the journal. */
  async recall(row: store.RunRow): Promise<void> {
    const { parts, asking, id, table, options } = this.#given
    this.#version = row.row_version
    Object.assign(this.result, {
      read: row.read_rows,
      created: row.created_rows,
      updated: row.updated_rows,
      skipped: row.skipped_rows,
      refused: row.refused_rows,
      flagged: row.flagged_rows,
      people: row.people,
      companies: row.companies,
    })
    this.#next = row.read_rows
    this.#keptRows = row.read_rows - row.created_rows
    const batches = await store.listBatches(asking.tx, id!)
    const opened = await parts.vault.open<Journal>(asking.tx, {
      table: 'import_batch',
      sealedClass: 'content',
      ids: batches.map((batch) => batch.id),
      purpose: 'import',
      record: 'none',
    })
    const known = new Map<number, Journal['rows'][number]>()
    for (const batch of batches) {
      const journal = openedOrRefuse(opened.get(batch.id))
      for (const one of journal.rows) known.set(one[0], one)
      for (const met of journal.met) this.#companies.recall(met)
    }
    this.#companies.takeFresh()
    for (const before of table.rows.slice(0, this.#next)) {
      const what = known.get(before.line)
      if (!what) continue
      const [line, repeats, kind, recordId, keySlot] = what
      const draft = readRow(before, options)
      this.#photos.recall(repeats > 0 ? repeats : line, draft)
      if (repeats > 0) this.#memory.absorb(repeats, draft)
      else {
        this.#memory.remember(draft)
        this.#placeOfLine.set(line, { kind, id: recordId, keySlot, isNew: true })
      }
    }
    if (row.state !== 'running') {
      await asking.write((tx) => store.updateRun(tx, id!, this.#version, { state: 'running' }))
      this.#version++
    }
  }
}
