import type { ReadTx } from '#platform/db.ts'
import { type Position, readPosition, writePosition } from '#platform/page-cursor.ts'
import { refuse } from '#platform/problem.ts'
import type { Permission } from '#security/access/permissions.ts'
import type { Who } from '#security/access/who.ts'
import { fold } from '#security/search/folding.ts'
import type { Vault } from '#security/vault/vault.ts'
import { recordJointLook } from '../joint-names.ts'
import type {
  DossierTrash,
  Revision,
  TimelineEntry,
  TimelinePage,
  TimelineQuery,
} from './contract.ts'
import { type Entry, noteEntry, openEntries, openThrown } from './entries.ts'
import * as store from './store.ts'

export type DossierParts = { vault: Vault }
type Asking = { tx: ReadTx; who: Who }

/** Opens nothing, so it is no look at the dossier either. */
export async function showRevision(tx: ReadTx, subject: store.Subject): Promise<Revision> {
  const row = (await store.findRevision(tx, subject)) ?? refuse('not-found')
  return { rowVersion: row.row_version, at: row.updated_at.toISOString(), by: row.updated_by }
}

// A search opens what it looks through: this many rows at once, and no more than this many for one page.
const SEARCH_STEP = 200
const SEARCH_MAX = 2_000

/** What happened with one record, newest first. What is opened for it is recorded as a look at the dossier. */
export async function showTimeline(
  { vault }: DossierParts,
  asking: Asking,
  subject: store.Subject,
  query: TimelineQuery,
): Promise<TimelinePage> {
  const { tx } = asking
  const before = query.cursor === undefined ? undefined : readPosition(query.cursor)
  const words = fold(query.search ?? '')
    .split(' ')
    .filter(Boolean)
  const isPlain = !before && !query.kind && !query.by && words.length === 0
  const [found, joint, pinned] = await Promise.all([
    store.findSubject(tx, subject),
    store.listJointOf(tx, subject),
    isPlain ? store.listPinned(tx, subject) : [],
    recordLook(vault, tx, subject),
  ])
  if (!found) refuse('not-found')
  const ask = { subject, joint, found, query }
  if (words.length > 0) return searchTimeline(vault, asking, ask, words, before)
  const { page, next } = await readPage(asking, ask, before, query.limit)
  const [items, opened] = await Promise.all([
    openEntries(vault, tx, page, 'dossier', subject),
    openPinned(vault, tx, pinned),
  ])
  return { items, nextCursor: next ? writePosition(next) : null, pinned: opened }
}

/** Of a joint dossier it is an opening of its own, which each of its parties is told of. */
function recordLook(vault: Vault, tx: ReadTx, subject: store.Subject): Promise<void> {
  return subject.kind === 'joint_dossier'
    ? recordJointLook(vault, tx, subject)
    : vault.countLook(tx, subject)
}

async function openPinned(vault: Vault, tx: ReadTx, rows: store.NoteRow[]) {
  if (rows.length === 0) return []
  const opened = await vault.open<{ body: string }>(tx, {
    table: 'note',
    sealedClass: 'content',
    ids: rows.map((row) => row.id),
    purpose: 'dossier',
    record: 'none',
  })
  return rows.map((row) => noteEntry(row, opened.get(row.id), null))
}

type Ask = {
  subject: store.Subject
  /** Dossiers that the subject is a party of: what hangs on them stands in the same timeline. */
  joint: readonly string[]
  found: store.SubjectRow
  query: TimelineQuery
}

/** The next rows behind a place, of the kinds asked and that the caller's role may see. */
async function readPage(
  { tx, who }: Asking,
  { subject, joint, found, query }: Ask,
  before: Position | undefined,
  limit: number,
): Promise<{ page: Entry[]; next: Position | undefined }> {
  const kinds = query.kind ?? ['note', 'task', 'file', 'change', 'tie']
  const wants = (kind: (typeof kinds)[number], needs: Permission) =>
    kinds.includes(kind) && who.permissions.has(needs)
  const isOfImport = kinds.includes('import')
  const part = { subject, before, by: query.by, limit: limit + 1, isImported: false }
  const hanging = joint.length > 0 ? [part, { ...part, joint }] : [part]
  const all = async <Row>(list: (tx: ReadTx, part: store.Part) => Promise<Row[]>) =>
    (await Promise.all(hanging.map((one) => list(tx, one)))).flat()
  const imported = { ...part, isImported: true }
  // What changed of the record itself; a joint dossier says when it began and ended.
  const changing = { ...part, subject: subject as store.RecordSubject }
  const isRecord = subject.kind !== 'joint_dossier'
  const isOfChanges = kinds.includes('change')
  const isOfTies = kinds.includes('tie')
  const [notes, tasks, files, removed, changes, merges] = await Promise.all([
    wants('note', 'notes:see')
      ? all(store.listNotes)
      : isOfImport && who.permissions.has('notes:see')
        ? store.listNotes(tx, imported)
        : [],
    wants('task', 'tasks:see') ? all(store.listTasks) : [],
    wants('file', 'files:see') ? all(store.listFiles) : [],
    // What lies in the trash is found by no search.
    wants('file', 'files:see') && !query.search ? all(store.listRemoved) : [],
    isRecord && (isOfChanges || isOfTies)
      ? store.listChanges(tx, changing, isOfChanges && isOfTies ? undefined : isOfTies)
      : isRecord && isOfImport
        ? store.listChanges(tx, { ...changing, isImported: true })
        : [],
    isRecord && isOfChanges ? store.listMerges(tx, changing) : [],
  ])
  const isCreationShown =
    (isOfChanges || (isOfImport && found.import_id !== null)) &&
    (!query.by || query.by === found.created_by) &&
    (!before || compare(before, positionOf(found)) > 0)
  const rows = newestFirst([
    ...notes.map((row) => ({ kind: 'note' as const, row })),
    ...tasks.map((row) => ({ kind: 'task' as const, row })),
    ...files.map((row) => ({ kind: 'file' as const, row })),
    ...removed.map(({ deleted_at, deleted_by, ...row }) => ({
      kind: 'file-removed' as const,
      row: { ...row, created_at: deleted_at!, created_by: deleted_by },
    })),
    ...changes.map((row) => ({ kind: 'change' as const, row })),
    ...merges.map((row) => ({ kind: 'merge' as const, row })),
    ...(isCreationShown ? [{ kind: 'created' as const, row: found }] : []),
  ])
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return { page, next: last && positionOf(last.row) }
}

/** Opens the dossier's texts from the newest on, on the server, and gives those that hold every word. */
async function searchTimeline(
  vault: Vault,
  asking: Asking,
  ask: Ask,
  words: string[],
  from: Position | undefined,
): Promise<TimelinePage> {
  const items: TimelineEntry[] = []
  const kinds = (ask.query.kind ?? ['note', 'task', 'file']).filter(
    (kind) => kind !== 'change' && kind !== 'tie',
  )
  if (kinds.length === 0) return { items, nextCursor: null, pinned: [] }
  const texts = { ...ask, query: { ...ask.query, kind: kinds } }
  let before = from
  for (let seen = 0; seen < SEARCH_MAX; seen += SEARCH_STEP) {
    const { page, next } = await readPage(asking, texts, before, SEARCH_STEP)
    const opened = await openEntries(vault, asking.tx, page, 'search', ask.subject)
    for (const [i, entry] of opened.entries()) {
      const text = fold(textOf(entry))
      if (text === '' || !words.every((word) => text.includes(word))) continue
      items.push(entry)
      if (items.length < ask.query.limit) continue
      const isMore = next !== undefined || i < opened.length - 1
      const nextCursor = isMore ? writePosition(positionOf(page[i]!.row)) : null
      return { items, nextCursor, pinned: [] }
    }
    if (!next) return { items, nextCursor: null, pinned: [] }
    before = next
  }
  return { items, nextCursor: before ? writePosition(before) : null, pinned: [] }
}

function textOf(entry: TimelineEntry): string {
  if (entry.kind === 'note') return entry.text ?? ''
  if (entry.kind === 'task') return entry.title ?? ''
  return entry.kind === 'file' ? (entry.name ?? '') : ''
}

const positionOf = (row: { position: string; id: string }): Position => ({
  at: row.position,
  id: row.id,
})

// Ties in the shown millisecond go by PostgreSQL's own text and then the id, as its order does.
function newestFirst(entries: Entry[]): Entry[] {
  return entries.sort(
    ({ row: a }, { row: b }) =>
      b.created_at.getTime() - a.created_at.getTime() || compare(positionOf(b), positionOf(a)),
  )
}

/** Two places in one order: PostgreSQL leaves out zeros at the end of a second, so the text is filled up first. */
function compare(a: Position, b: Position): number {
  const [left, right] = [comparable(a), comparable(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function comparable({ at, id }: Position): string {
  const [, second = at, fraction = ''] = /^([^.+]*)(?:\.(\d+))?/.exec(at) ?? []
  return `${second}.${fraction.padEnd(6, '0')} ${id}`
}

export async function showTrash(
  { vault }: DossierParts,
  { tx, who }: Asking,
  subject: store.Subject,
): Promise<DossierTrash> {
  const [found, notes, files] = await Promise.all([
    store.findSubject(tx, subject),
    store.listThrown(tx, 'note', subject),
    who.permissions.has('files:see') ? store.listThrown(tx, 'file', subject) : [],
    recordLook(vault, tx, subject),
  ])
  if (!found) refuse('not-found')
  const thrown = [
    ...notes.map((row) => ({ kind: 'note' as const, row })),
    ...files.map((row) => ({ kind: 'file' as const, row })),
  ].sort((a, b) => b.row.deleted_at!.getTime() - a.row.deleted_at!.getTime())
  return { items: await openThrown(vault, tx, thrown) }
}
