import type { ReadTx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { OpenOutcome, Vault } from '#security/vault/vault.ts'
import type { TimelineEntry } from './contract.ts'
import * as store from './store.ts'

export type DossierParts = { vault: Vault }
type PageQuery = { limit: number; cursor?: string | undefined }

/** Notes and tasks of one record, newest first. Their opening is recorded as a look at the dossier. */
export async function showTimeline(
  { vault }: DossierParts,
  tx: ReadTx,
  subject: { kind: store.SubjectKind; id: string },
  { limit, cursor }: PageQuery,
) {
  const { kind, id } = subject
  const before = cursor === undefined ? undefined : readPosition(cursor)
  const [isThere, notes, tasks] = await Promise.all([
    store.isSubjectThere(tx, kind, id),
    store.listNotes(tx, kind, id, before, limit + 1),
    store.listTasks(tx, kind, id, before, limit + 1),
  ])
  if (!isThere) refuse('not-found')
  const rows = newestFirst(notes, tasks)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    items: await openEntries(vault, tx, page),
    nextCursor: last ? writePosition({ at: last.row.position, id: last.row.id }) : null,
  }
}

type Entry = { kind: 'note'; row: store.NoteRow } | { kind: 'task'; row: store.TaskRow }

// Ties in the shown millisecond go by PostgreSQL's own text and then the id, as its order does.
function newestFirst(notes: store.NoteRow[], tasks: store.TaskRow[]): Entry[] {
  const entries: Entry[] = [
    ...notes.map((row) => ({ kind: 'note' as const, row })),
    ...tasks.map((row) => ({ kind: 'task' as const, row })),
  ]
  return entries.sort(
    ({ row: a }, { row: b }) =>
      b.created_at.getTime() - a.created_at.getTime() ||
      compareText(b.position, a.position) ||
      compareText(b.id, a.id),
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function openEntries(vault: Vault, tx: ReadTx, entries: Entry[]): Promise<TimelineEntry[]> {
  const idsOf = (kind: Entry['kind']) =>
    entries.filter((entry) => entry.kind === kind).map((entry) => entry.row.id)
  const open = <T>(table: Entry['kind']) =>
    vault.open<T>(tx, {
      table,
      sealedClass: 'content',
      ids: idsOf(table),
      purpose: 'dossier',
      record: 'dossier',
    })
  if (entries.length === 0) return []
  const [notes, tasks] = await Promise.all([
    open<{ body: string }>('note'),
    open<{ title: string }>('task'),
  ])
  return entries.map((entry) =>
    entry.kind === 'note'
      ? noteEntry(entry.row, notes.get(entry.row.id))
      : taskEntry(entry.row, tasks.get(entry.row.id)),
  )
}

function noteEntry(
  row: store.NoteRow,
  content: OpenOutcome<{ body: string }> | undefined,
): TimelineEntry {
  return {
    kind: 'note',
    text: content?.kind === 'open' ? content.value.body : null,
    ...commonOf(row, content),
  }
}

function taskEntry(
  row: store.TaskRow,
  content: OpenOutcome<{ title: string }> | undefined,
): TimelineEntry {
  return {
    kind: 'task',
    title: content?.kind === 'open' ? content.value.title : null,
    dueOn: row.due_on,
    assigneeId: row.assignee_id,
    doneAt: row.done_at?.toISOString() ?? null,
    doneBy: row.done_by,
    ...commonOf(row, content),
  }
}

function commonOf(row: store.NoteRow, content: OpenOutcome<unknown> | undefined) {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    closed: content?.kind === 'closed' ? content.why : null,
  }
}
