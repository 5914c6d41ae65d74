import type { ReadTx } from '#platform/db.ts'
import type { OpenOutcome, Vault } from '#security/vault/vault.ts'
import { openJointNames } from '../joint-names.ts'
import { openNames } from '../subject-names.ts'
import type { DossierTrash, TimelineEntry } from './contract.ts'
import type * as store from './store.ts'

/** It stands where it was thrown away. */
type RemovedRow = Pick<
  store.FileRow,
  'id' | 'created_at' | 'created_by' | 'position' | 'joint_dossier_id'
>

/** A row of the timeline before anything of it was opened. */
export type Entry =
  | { kind: 'note'; row: store.NoteRow }
  | { kind: 'task'; row: store.TaskRow }
  | { kind: 'file'; row: store.FileRow }
  | { kind: 'file-removed'; row: RemovedRow }
  | { kind: 'change'; row: store.ChangeRow }
  | { kind: 'merge'; row: store.MergeRow }
  | { kind: 'created'; row: store.SubjectRow }

type Content = { body?: string; title?: string; name?: string; size?: number }
type Contents = Map<string, OpenOutcome<Content>>
type SealedKind = 'note' | 'task' | 'file' | 'merge'
const sealedKinds: readonly SealedKind[] = ['note', 'task', 'file', 'merge']
/** In which table what is sealed of an entry stands; undefined where nothing is. */
const tableOf = ({ kind, row }: { kind: string; row: object }): string | undefined =>
  kind === 'file-removed'
    ? 'file'
    : // After 30 days, or once it is undone, nothing is sealed of a merge any more.
      kind === 'merge' && !(row as store.MergeRow).is_named
      ? undefined
      : kind

/** What is sealed of these rows. Their opening is recorded under the purpose. */
async function openContents(
  vault: Vault,
  tx: ReadTx,
  rows: readonly { kind: string; row: { id: string } }[],
  purpose: 'dossier' | 'search',
): Promise<Contents> {
  const parts = await Promise.all(
    sealedKinds.map((table) => {
      const ids = rows.filter((entry) => tableOf(entry) === table).map(({ row }) => row.id)
      return ids.length === 0
        ? new Map<string, OpenOutcome<Content>>()
        : vault.open<Content>(tx, {
            table,
            sealedClass: 'content',
            ids,
            purpose,
            record: table === 'merge' ? 'none' : 'dossier',
          })
    }),
  )
  return new Map(parts.flatMap((part) => [...part]))
}

export async function openEntries(
  vault: Vault,
  tx: ReadTx,
  entries: readonly Entry[],
  purpose: 'dossier' | 'search',
  subject: store.Subject,
): Promise<TimelineEntry[]> {
  const others = entries.flatMap(({ kind, row }) => (kind === 'change' ? (otherOf(row) ?? []) : []))
  const joint = entries.flatMap((entry) => jointOf(entry.row) ?? [])
  const isOwn = subject.kind === 'joint_dossier'
  const openPeople = (ids: readonly string[]) =>
    openNames(
      vault,
      tx,
      ids.map((id) => ({ kind: 'person' as const, id })),
    )
  const [contents, names, jointNames] = await Promise.all([
    openContents(vault, tx, entries, purpose),
    openNames(vault, tx, others),
    isOwn ? new Map() : openJointNames(vault, tx, joint, 'dossier', openPeople),
  ])
  return entries.map((entry) => {
    const id = isOwn ? undefined : jointOf(entry.row)
    const dossier = id === undefined ? null : { id, name: jointNames.get(id) ?? null }
    return described(entry, contents.get(entry.row.id), names, dossier)
  })
}

type Joint = { id: string; name: string | null } | null
const jointOf = (row: object): string | undefined =>
  (row as { joint_dossier_id?: string | null }).joint_dossier_id ?? undefined

function otherOf({ other_person_id: person, other_company_id: company }: store.ChangeRow) {
  if (person) return { kind: 'person' as const, id: person }
  return company ? { kind: 'company' as const, id: company } : undefined
}

function described(
  entry: Entry,
  content: OpenOutcome<Content> | undefined,
  names: Map<string, string | null>,
  jointDossier: Joint,
): TimelineEntry {
  switch (entry.kind) {
    case 'note':
      return noteEntry(entry.row, content, jointDossier)
    case 'file':
      return fileEntry(entry.row, content, jointDossier)
    case 'task':
      return {
        kind: 'task',
        title: opened(content)?.title ?? null,
        dueOn: entry.row.due_on,
        assigneeId: entry.row.assignee_id,
        doneAt: entry.row.done_at?.toISOString() ?? null,
        doneBy: entry.row.done_by,
        jointDossier,
        ...commonOf(entry.row, content),
      }
    case 'file-removed':
      return {
        kind: 'file-removed',
        name: opened(content)?.name ?? null,
        closed: content?.kind === 'closed' ? content.why : null,
        jointDossier,
        ...stampOf(entry.row),
      }
    case 'merge':
      return {
        kind: 'merge',
        name: opened(content)?.name ?? null,
        undoneAt: entry.row.undone_at?.toISOString() ?? null,
        undoneBy: entry.row.undone_by,
        ...stampOf(entry.row),
      }
    case 'change':
      return changeEntry(entry.row, names)
    case 'created':
      return {
        kind: 'created',
        ...stampOf(entry.row),
        isImported: entry.row.import_id !== null,
      }
  }
}

const opened = (content: OpenOutcome<Content> | undefined) =>
  content?.kind === 'open' ? content.value : undefined

export function noteEntry(
  row: store.NoteRow,
  content: OpenOutcome<Content> | undefined,
  jointDossier: Joint,
) {
  return {
    jointDossier,
    kind: 'note' as const,
    text: opened(content)?.body ?? null,
    editedAt: row.edited_at?.toISOString() ?? null,
    editedBy: row.edited_by,
    isPinned: row.pinned_at !== null,
    isImported: row.import_id !== null,
    ...commonOf(row, content),
  }
}

function fileEntry(
  row: store.FileRow,
  content: OpenOutcome<Content> | undefined,
  jointDossier: Joint,
) {
  return {
    jointDossier,
    kind: 'file' as const,
    name: opened(content)?.name ?? null,
    size: opened(content)?.size ?? null,
    ...commonOf(row, content),
  }
}

function changeEntry(row: store.ChangeRow, names: Map<string, string | null>): TimelineEntry {
  const other = otherOf(row)
  const both = <T>(before: T | null, after: T | null) =>
    before !== null || after !== null ? { before, after } : null
  return {
    kind: 'change',
    ...stampOf(row),
    what: row.what,
    stage: both(row.stage_before, row.stage_after) as never,
    owner: both(row.owner_before, row.owner_after),
    team: both(row.team_before, row.team_after),
    other: other ? { ...other, name: names.get(other.id) ?? '' } : null,
    isImported: row.is_import,
  }
}

function stampOf(row: { id: string; created_at: Date; created_by: string | null }) {
  return { id: row.id, createdAt: row.created_at.toISOString(), createdBy: row.created_by }
}

type Stamped = Pick<
  store.TaskRow,
  'id' | 'created_at' | 'created_by' | 'updated_at' | 'row_version'
>
function commonOf(row: Stamped, content: OpenOutcome<unknown> | undefined) {
  return {
    ...stampOf(row),
    updatedAt: row.updated_at.toISOString(),
    rowVersion: row.row_version,
    closed: content?.kind === 'closed' ? content.why : null,
  }
}

export async function openThrown(
  vault: Vault,
  tx: ReadTx,
  thrown: readonly { kind: 'note' | 'file'; row: store.ThrownRow }[],
): Promise<DossierTrash['items']> {
  const contents = await openContents(vault, tx, thrown, 'dossier')
  return thrown.map(({ kind, row }) => {
    const content = contents.get(row.id)
    const when = { deletedAt: row.deleted_at!.toISOString(), deletedBy: row.deleted_by }
    const whole = {
      ...row,
      position: '',
      edited_at: null,
      edited_by: null,
      pinned_at: null,
      import_id: null,
      joint_dossier_id: null,
    }
    return kind === 'note'
      ? { ...noteEntry(whole, content, null), ...when }
      : { ...fileEntry(whole, content, null), ...when }
  })
}
