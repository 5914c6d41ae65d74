import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { Imported, ImportRun, Problem } from './contract.ts'
import type { Asking, ExchangeParts } from './exchange.ts'
import { BYTE_ORDER_MARK, csvLine } from './files/csv-lines.ts'
import { writeWorkbook } from './files/workbook-writer.ts'
import type { LiveRuns } from './live-runs.ts'
import { refusalText } from './refusal-words.ts'
import type { RunContent } from './run.ts'
import { openRunContent } from './run-store.ts'
import * as store from './store.ts'

const RUNS_MAX = 100
const TOLD_MAX = 100_000
const SHOWN_MAX = 2_000

type RowContent = { problems: Problem[]; cells: string[]; original?: string }
type Looking = Pick<Asking, 'tx' | 'who'>

/** The caller's own imports, newest first. */
export async function listImports(
  { vault, live }: ExchangeParts,
  { tx }: Looking,
): Promise<{ items: ImportRun[] }> {
  const progressBefore = live.snapshot()
  const rows = await store.listRuns(tx, RUNS_MAX)
  const opened = await vault.open<RunContent>(tx, {
    table: 'import_run',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'import',
    record: 'none',
  })
  return {
    items: rows.map((row) =>
      showRun(live, progressBefore, row, openedOrRefuse(opened.get(row.id))),
    ),
  }
}

/** One import with the rows that were not simply created. */
export async function showImport(
  { vault, live }: ExchangeParts,
  { tx }: Looking,
  id: string,
): Promise<ImportRun & Pick<Imported, 'rows'>> {
  const progressBefore = live.snapshot()
  const row = (await store.findRun(tx, id)) ?? refuse('not-found')
  const content = await openRunContent(vault, tx, id)
  const told = await openTold(
    vault,
    tx,
    id,
    ['created', 'updated', 'skipped', 'refused'],
    SHOWN_MAX,
  )
  const rows = told.map(({ line, outcome, content: { problems } }) => ({ line, outcome, problems }))
  return { ...showRun(live, progressBefore, row, content), rows: rows as Imported['rows'] }
}

/** Stops one behind the batch under way; it goes on when its owner says so. */
export async function pauseImport(
  parts: ExchangeParts,
  asking: Asking,
  id: string,
): Promise<ImportRun> {
  const row = (await store.findRun(asking.tx, id)) ?? refuse('not-found')
  if (!(await parts.live.pause(id)) && row.state !== 'running')
    refuse('already-done', { state: row.state })
  return findRun(parts, asking, id)
}

export async function findRun(
  { vault, live }: ExchangeParts,
  { tx }: Looking,
  id: string,
): Promise<ImportRun> {
  const progressBefore = live.snapshot()
  const row = (await store.findRun(tx, id)) ?? refuse('not-found')
  return showRun(live, progressBefore, row, await openRunContent(vault, tx, id))
}

export type Download = { fileName: string; type: string; bytes: Buffer }

/** The refused rows as they stood in the file, each with why, in the kind of file they came in: to correct and import again. */
export async function refusedFile(
  vault: Vault,
  { tx, who }: Looking,
  id: string,
): Promise<Download> {
  if (!(await store.findRun(tx, id))) refuse('not-found')
  const content = await openRunContent(vault, tx, id)
  const told = await openTold(vault, tx, id, ['refused'], TOLD_MAX)
  const { language } = who
  const own = language === 'nl' ? ['Regel', 'Geweigerd omdat'] : ['Line', 'Refused because']
  const why = (problems: Problem[]) =>
    problems.map((one) => refusalText(one.problem, language)).join('; ')
  const name = language === 'nl' ? 'kluis-geweigerd' : 'kluis-refused'
  if (content.kind === 'vcard') {
    const cards = told.map(({ content: { original, problems } }) =>
      (original ?? '').replace(
        /(\r\nEND:VCARD)$/i,
        `\r\nX-KLUIS-REFUSED:${why(problems).replace(/[,;\\]/g, '\\$&')}$1`,
      ),
    )
    return download(`${name}.vcf`, 'text/vcard; charset=utf-8', Buffer.from(cards.join('\r\n')))
  }
  const lines = [
    [...own, ...content.headers],
    // Rows differ in length when they were refused for it; the reason stays in its column.
    ...told.map(({ line, content: { cells, problems } }) => [
      String(line),
      why(problems),
      ...cells,
    ]),
  ]
  if (content.kind === 'xlsx')
    return download(
      `${name}.xlsx`,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      await writeWorkbook(own[1]!, lines),
    )
  const shape = { separator: content.separator }
  const text = lines.map((cells) => csvLine(cells, shape)).join('')
  return download(`${name}.csv`, 'text/csv; charset=utf-8', Buffer.from(BYTE_ORDER_MARK + text))
}

function download(fileName: string, type: string, bytes: Buffer): Download {
  return { fileName, type, bytes }
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

function showRun(
  live: LiveRuns,
  before: ReturnType<LiveRuns['snapshot']>,
  row: store.RunRow,
  content: RunContent,
): ImportRun {
  // One that ended while its row was read was not stopped: it was at work when we began to look.
  const progress = live.progressOf(row.id) ?? before.get(row.id)
  const isStopped = row.state === 'running' && !progress
  return {
    id: row.id,
    fileName: content.fileName,
    state: isStopped ? 'interrupted' : (row.state as ImportRun['state']),
    total: row.total_rows,
    read: row.read_rows,
    created: row.created_rows,
    updated: row.updated_rows,
    skipped: row.skipped_rows,
    refused: row.refused_rows,
    flagged: row.flagged_rows,
    people: row.people,
    companies: row.companies,
    secondsLeft: progress?.secondsLeft ?? null,
    startedAt: row.created_at.toISOString(),
    revertedAt: row.reverted_at?.toISOString() ?? null,
  }
}
