import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Imported } from './contract.ts'
import { type Draft, draftOf } from './draft.ts'
import { fields, type Mapping, suggestMapping } from './mapping.ts'
import { findRun, insertRun, markReverted } from './store.ts'
import { readTable } from './table.ts'

type WriteAtOnce = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>

/** What the modules of people and notes do for an import; handed over where the parts are put together. */
export type ExchangeParts = {
  /** For each draft the keys it shares with another: opaque, equal when e-mail, phone, account or customer number are. */
  keysOf(draft: Draft): string[]
  /** Which of these keys someone the caller sees has already. */
  knownKeys(tx: ReadTx, keys: string[]): Promise<Set<string>>
  preparePeople(
    asking: { tx: ReadTx; who: Who },
    drafts: Draft[],
    importId: string,
  ): Promise<{ insert(tx: Tx): Promise<void>; afterwards(): Promise<void> }>
  removeImported(tx: Tx, importId: string): Promise<{ ids: string[]; kept: number }>
  forget(ids: string[]): void
}

const BATCH = 500
// What a screen can show; the counts are always whole.
const ROWS_TOLD_MAX = 2_000

export type ImportAsk = {
  bytes: Buffer
  isDryRun: boolean
  mapping?: Mapping
  onProgress?: (done: number, total: number) => void
}

/** Reads, plans, and unless it is a dry run stores, 500 rows at a time. Someone who is there already is skipped, never doubled. */
export async function importPeople(
  parts: ExchangeParts,
  asking: { tx: ReadTx; who: Who },
  ask: ImportAsk,
  writeAtOnce: WriteAtOnce,
): Promise<Imported> {
  const table = readTable(ask.bytes)
  const mapping = ask.mapping ?? suggestMapping(table.headers)
  if (mapping.every((field) => field === null))
    refuse('file-unreadable', { why: 'no header is known', fields })
  const importId = randomUUID()
  const result: Imported = {
    importId: ask.isDryRun ? null : importId,
    encoding: table.encoding,
    separator: table.separator,
    mapping: table.headers.map((header, i) => ({ header, field: mapping[i] ?? null })),
    read: table.rows.length,
    created: 0,
    updated: 0,
    skipped: 0,
    refused: 0,
    rows: [],
  }
  const seen = new Set<string>()
  const tell = (row: Imported['rows'][number]) =>
    result.rows.length < ROWS_TOLD_MAX && result.rows.push(row)

  for (let start = 0; start < table.rows.length; start += BATCH) {
    const drafts = table.rows.slice(start, start + BATCH).flatMap(({ line, cells }) => {
      const draft = draftOf(line, cells, mapping)
      if (draft) return [draft]
      result.refused++
      tell({
        line,
        outcome: 'refused',
        problems: [{ field: 'familyName', problem: 'no-name', value: '' }],
      })
      return []
    })
    const keyed = drafts.map((draft) => ({ draft, keys: parts.keysOf(draft) }))
    const known = await parts.knownKeys(
      asking.tx,
      keyed.flatMap(({ keys }) => keys),
    )
    const fresh: Draft[] = []
    for (const { draft, keys } of keyed) {
      const isDouble = keys.some((key) => known.has(key) || seen.has(key))
      for (const key of keys) seen.add(key)
      if (isDouble) result.skipped++
      else fresh.push(draft)
      if (isDouble || draft.warnings.length)
        tell({
          line: draft.line,
          outcome: isDouble ? 'skipped' : 'created',
          problems: isDouble
            ? [{ field: '', problem: 'duplicate', value: '' }, ...draft.warnings]
            : draft.warnings,
        })
    }
    result.created += fresh.length
    if (!ask.isDryRun && fresh.length > 0) {
      const prepared = await parts.preparePeople(asking, fresh, importId)
      await writeAtOnce((tx) => prepared.insert(tx))
      await prepared.afterwards()
    }
    ask.onProgress?.(Math.min(start + BATCH, table.rows.length), table.rows.length)
  }
  if (!ask.isDryRun)
    await writeAtOnce((tx) =>
      insertRun(tx, importId, asking.who.userId, {
        read_rows: result.read,
        created_rows: result.created,
        skipped_rows: result.skipped,
        refused_rows: result.refused,
      }),
    )
  return result
}

/** Takes an import back: whoever it made goes, unless someone worked on them since. */
export async function revertImport(
  parts: ExchangeParts,
  { tx }: { tx: ReadTx },
  id: string,
  now: Date,
  write: <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>,
): Promise<{ removed: number; keptBecauseChanged: number }> {
  const run = (await findRun(tx, id)) ?? refuse('not-found')
  if (run.reverted_at) refuse('already-done')
  const { ids, kept } = await write(async (changing) => {
    const removed = await parts.removeImported(changing, id)
    await markReverted(changing, id, now)
    return removed
  })
  parts.forget(ids)
  return { removed: ids.length, keptBecauseChanged: kept }
}

export function readMapping(text: string | undefined): Mapping | undefined {
  if (!text) return undefined
  const known = new Set<string>(fields)
  return text.split(',').map((name) =>
    name === ''
      ? null
      : known.has(name)
        ? (name as Mapping[number])
        : refuse('invalid-fields', {
            fields: [{ field: name, problem: 'unknown-field' }],
            known: fields,
          }),
  )
}
