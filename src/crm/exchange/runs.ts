import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { Imported, ImportRun, Problem, Reverted } from './contract.ts'
import { BYTE_ORDER_MARK, csvLine, csvShape } from './csv-lines.ts'
import type { Asking, ExchangeParts } from './exchange.ts'
import * as store from './store.ts'

const RUNS_MAX = 100
const TOLD_MAX = 20_000
const SHOWN_MAX = 2_000
const KEPT_MAX = 1_000

type RunContent = { fileName: string; headers: string[] }
type RowContent = { problems: Problem[]; cells: string[] }
type Looking = Pick<Asking, 'tx' | 'who'>

/** The caller's own imports, newest first. */
export async function listImports(vault: Vault, { tx }: Looking): Promise<{ items: ImportRun[] }> {
  const rows = await store.listRuns(tx, RUNS_MAX)
  const contents = await openRuns(
    vault,
    tx,
    rows.map((row) => row.id),
  )
  return { items: rows.map((row) => showRun(row, contents.get(row.id)!)) }
}

/** One import with the rows that were not simply created. */
export async function showImport(
  vault: Vault,
  { tx }: Looking,
  id: string,
): Promise<ImportRun & Pick<Imported, 'rows'>> {
  const row = (await store.findRun(tx, id)) ?? refuse('not-found')
  const content = (await openRuns(vault, tx, [id])).get(id)!
  const told = await openTold(
    vault,
    tx,
    id,
    ['created', 'updated', 'skipped', 'refused'],
    SHOWN_MAX,
  )
  const rows = told.map(({ line, outcome, content: { problems } }) => ({ line, outcome, problems }))
  return { ...showRun(row, content), rows: rows as Imported['rows'] }
}

/** The refused rows as they stood in the file, each with why: to correct and import again. */
export async function refusedCsv(vault: Vault, { tx, who }: Looking, id: string): Promise<Buffer> {
  if (!(await store.findRun(tx, id))) refuse('not-found')
  const { headers } = (await openRuns(vault, tx, [id])).get(id)!
  const told = await openTold(vault, tx, id, ['refused'], TOLD_MAX)
  const shape = csvShape(who.language)
  const own = who.language === 'nl' ? ['Regel', 'Geweigerd omdat'] : ['Line', 'Refused because']
  const lines = told.map(({ line, content: { cells, problems } }) => [
    // Rows differ in length when they were refused for it; the reason stays in its column.
    String(line),
    problems.map((one) => one.problem).join(' '),
    ...cells,
  ])
  return Buffer.from(
    BYTE_ORDER_MARK +
      [[...own, ...headers], ...lines].map((cells) => csvLine(cells, shape)).join(''),
  )
}

/** Takes an import back: what it made goes, but for what someone worked on since. Updates of others stay. */
export async function revertImport(
  parts: ExchangeParts,
  { tx, now, write }: Asking,
  id: string,
): Promise<Reverted> {
  const run = (await store.findRun(tx, id)) ?? refuse('not-found')
  if (run.state === 'reverted') refuse('already-done')
  if (run.state === 'running') refuse('already-done', { state: run.state })
  const removed = await write(async (changing) => {
    // People first: a company goes only when nobody is left in it.
    const people = await store.deleteUntouched(changing, 'person', id)
    const companies = await store.deleteUntouched(changing, 'company', id)
    await store.updateRun(changing, id, run.row_version, { state: 'reverted', revertedAt: now })
    return { people, companies }
  })
  parts.recordsGone('person', removed.people)
  parts.recordsGone('company', removed.companies)
  const [people, companies] = await Promise.all([
    store.listImported(tx, 'person', id, KEPT_MAX),
    store.listImported(tx, 'company', id, KEPT_MAX),
  ])
  return {
    removed: removed.people.length,
    removedCompanies: removed.companies.length,
    keptBecauseChanged: people.length + companies.length,
    kept: [
      ...people.map((row) => ({ kind: 'person' as const, id: row.id })),
      ...companies.map((row) => ({ kind: 'company' as const, id: row.id })),
    ],
  }
}

async function openRuns(
  vault: Vault,
  tx: Looking['tx'],
  ids: string[],
): Promise<Map<string, RunContent>> {
  const opened = await vault.open<RunContent>(tx, {
    table: 'import_run',
    sealedClass: 'content',
    ids,
    purpose: 'import',
    record: 'none',
  })
  return new Map(ids.map((id) => [id, openedOrRefuse(opened.get(id))]))
}

async function openTold(
  vault: Vault,
  tx: Looking['tx'],
  importId: string,
  outcomes: string[],
  limit: number,
) {
  const rows = await store.listToldRows(tx, importId, outcomes, limit)
  const contents = new Map<string, RowContent>()
  for (let at = 0; at < rows.length; at += 10_000) {
    const opened = await vault.open<RowContent>(tx, {
      table: 'import_row',
      sealedClass: 'content',
      ids: rows.slice(at, at + 10_000).map((row) => row.id),
      purpose: 'import',
      record: 'none',
    })
    for (const [id, outcome] of opened) contents.set(id, openedOrRefuse(outcome))
  }
  return rows.map((row) => ({ ...row, content: contents.get(row.id)! }))
}

function showRun(row: store.RunRow, content: RunContent): ImportRun {
  return {
    id: row.id,
    fileName: content.fileName,
    state: row.state as ImportRun['state'],
    read: row.read_rows,
    created: row.created_rows,
    updated: row.updated_rows,
    skipped: row.skipped_rows,
    refused: row.refused_rows,
    flagged: row.flagged_rows,
    startedAt: row.created_at.toISOString(),
    revertedAt: row.reverted_at?.toISOString() ?? null,
  }
}
