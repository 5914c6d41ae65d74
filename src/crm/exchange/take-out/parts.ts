/** What each file of a take-out holds, a line a row. */
import { AffiliationContent } from '#crm/affiliations/contract.ts'
import type { JointContent, PartyContent } from '#crm/joint-dossiers/contract.ts'
import type { RelationContent } from '#crm/relations/contract.ts'
import type { ViewContent } from '#crm/views/contract.ts'
import type { SealedClass, SealedTableName } from '#security/vault/catalogue.ts'
import { openedOrRefuse } from '#security/vault/vault.ts'
import type { ValueParts } from '../../record-values.ts'
import { exportedFields } from '../export/custom-columns.ts'
import { type ExportAsking, pagesOf, plain } from '../export/export.ts'
import type { ExportedTable } from '../export/store.ts'
import { requireSession } from '../export/store.ts'
import * as store from './store.ts'

export const FIRST = '00000000-0000-0000-0000-000000000000'
const PAGE = 2_000

/** `table`: under which name its export is recorded, and its rows are counted. */
export type Part = { file: string; table: ExportedTable; lines: AsyncIterable<object[]> }

export function partsOf(parts: ValueParts, asking: ExportAsking): Part[] {
  const { vault } = parts
  const { tx, who } = asking

  async function* records(kind: 'person' | 'company') {
    const columns = exportedFields(parts, who, kind)
    for await (const page of pagesOf(parts, asking, kind))
      yield page.map((line) => ({
        ...plain(line, columns),
        ownerId: line.row.owner_id,
        teamId: line.row.team_id,
      }))
  }

  /** Of rows that hang on records which are in the take-out themselves, the opening is recorded with those. */
  async function* opened<R extends { id: string }, T>(
    list: store.Page<R>,
    table: SealedTableName,
    show: (row: R, content: T | undefined) => object,
    sealedClass: SealedClass = 'content',
    record: 'none' | 'export' = 'none',
  ): AsyncGenerator<object[]> {
    for await (const rows of listed(list)) {
      const ids = rows.map(({ id }) => id)
      const ask = { table, sealedClass, ids, purpose: 'export', record } as const
      const contents = await vault.open<T>(tx, ask)
      yield rows.map((row) => {
        const outcome = contents.get(row.id)
        return show(row, outcome && openedOrRefuse(outcome))
      })
    }
  }

  async function* shown<R extends { id: string }>(
    list: store.Page<R>,
    show: (row: R) => object,
  ): AsyncGenerator<object[]> {
    for await (const rows of listed(list)) yield rows.map(show)
  }

  async function* listed<R extends { id: string }>(list: store.Page<R>): AsyncGenerator<R[]> {
    for (let after = FIRST; ; ) {
      const rows = await list(tx, after, PAGE)
      if (rows.length === 0) return requireSession(tx)
      yield rows
      after = rows.at(-1)!.id
    }
  }

  async function* definitions() {
    const seen = (['person', 'company'] as const).flatMap((kind) => parts.fields.seenBy(kind, who))
    yield seen.map(({ rowVersion: _, ...definition }) => definition)
  }

  return [
    { file: 'people.ndjson', table: 'person', lines: records('person') },
    { file: 'companies.ndjson', table: 'company', lines: records('company') },
    {
      file: 'affiliations.ndjson',
      table: 'affiliation',
      lines: opened(
        store.listAffiliations,
        'affiliation',
        (row, content: Partial<AffiliationContent> | undefined) => ({
          id: row.id,
          personId: row.person_id,
          companyId: row.company_id,
          ...AffiliationContent.parse(content ?? {}),
          createdAt: instant(row.created_at),
        }),
      ),
    },
    {
      file: 'relations.ndjson',
      table: 'relation',
      lines: opened(
        store.listRelations,
        'relation',
        (row, content: RelationContent | undefined) => ({
          ...subjectOf(row),
          ...otherOf(row),
          ...content,
          createdAt: instant(row.created_at),
        }),
      ),
    },
    {
      file: 'joint-dossiers.ndjson',
      table: 'joint_dossier',
      lines: opened(
        store.listJointDossiers,
        'joint_dossier',
        (row, content: JointContent | undefined) => ({
          id: row.id,
          name: content?.name ?? '',
          endedAt: instant(row.ended_at),
          endedBy: row.ended_by,
          reviewSince: instant(row.review_since),
          createdBy: row.created_by,
          createdAt: instant(row.created_at),
        }),
        'content',
        // It is a record itself: each of its parties is told that it was taken out.
        'export',
      ),
    },
    {
      file: 'joint-parties.ndjson',
      table: 'joint_party',
      lines: opened(store.listParties, 'joint_party', (row, content: PartyContent | undefined) => ({
        id: row.id,
        jointDossierId: row.joint_dossier_id,
        personId: row.person_id,
        ...content,
        createdAt: instant(row.created_at),
      })),
    },
    {
      file: 'notes.ndjson',
      table: 'note',
      lines: opened(store.listNotes, 'note', (row, content: { body: string } | undefined) => ({
        ...subjectOf(row),
        body: content?.body ?? '',
        writtenBy: row.created_by,
        writtenAt: instant(row.created_at),
        editedBy: row.edited_by,
        editedAt: instant(row.edited_at),
        pinnedBy: row.pinned_by,
        pinnedAt: instant(row.pinned_at),
      })),
    },
    {
      file: 'note-versions.ndjson',
      table: 'note_version',
      lines: opened(
        store.listNoteVersions,
        'note_version',
        (row, content: { body: string } | undefined) => ({
          ...subjectOf(row),
          noteId: row.note_id,
          body: content?.body ?? '',
          writtenBy: row.written_by,
          writtenAt: instant(row.written_at),
          replacedBy: row.created_by,
          replacedAt: instant(row.created_at),
        }),
      ),
    },
    {
      file: 'tasks.ndjson',
      table: 'task',
      lines: opened(store.listTasks, 'task', (row, content: { title: string } | undefined) => ({
        ...subjectOf(row),
        title: content?.title ?? '',
        dueOn: row.due_on,
        doneAt: instant(row.done_at),
        doneBy: row.done_by,
        assigneeId: row.assignee_id,
        repeats: row.repeats,
        repeatDay: row.repeat_day,
        nextId: row.next_id,
        remindAt: instant(row.remind_at),
        createdBy: row.created_by,
        createdAt: instant(row.created_at),
      })),
    },
    {
      file: 'changes.ndjson',
      table: 'record_change',
      lines: shown(store.listChanges, (row) => ({
        ...subjectOf(row),
        ...otherOf(row),
        what: row.what,
        stage: fromTo(row.stage_before, row.stage_after),
        ownerId: fromTo(row.owner_before, row.owner_after),
        teamId: fromTo(row.team_before, row.team_after),
        isImport: row.is_import,
        changedBy: row.created_by,
        changedAt: instant(row.created_at),
      })),
    },
    {
      file: 'reveals.ndjson',
      table: 'reveal',
      lines: opened(
        store.listReveals,
        'reveal',
        (row, content: { reason: string } | undefined) => ({
          ...subjectOf(row),
          reason: content?.reason ?? '',
          revealedBy: row.created_by,
          revealedAt: instant(row.created_at),
        }),
      ),
    },
    {
      file: 'not-duplicates.ndjson',
      table: 'not_duplicate',
      lines: shown(store.listNotDuplicates, (row) => ({
        id: row.id,
        ...(row.first_person_id
          ? { personIds: [row.first_person_id, row.second_person_id] }
          : { companyIds: [row.first_company_id, row.second_company_id] }),
        saidBy: row.created_by,
        saidAt: instant(row.created_at),
      })),
    },
    {
      file: 'follows.ndjson',
      table: 'follow',
      lines: shown(store.listFollows, (row) => ({
        ...subjectOf(row),
        since: instant(row.created_at),
      })),
    },
    {
      file: 'favourites.ndjson',
      table: 'favourite',
      lines: shown(store.listFavourites, (row) => ({
        ...subjectOf(row),
        since: instant(row.created_at),
      })),
    },
    {
      file: 'views.ndjson',
      table: 'saved_view',
      lines: opened(store.listViews, 'saved_view', (row, content: ViewContent | undefined) => ({
        id: row.id,
        list: row.list,
        kind: row.kind,
        sharedWith: row.shared_with,
        ownerId: row.owner_id,
        teamId: row.team_id,
        defaultOfRoles: row.default_of,
        ...content,
      })),
    },
    { file: 'fields.ndjson', table: 'field_definition', lines: definitions() },
    {
      file: 'colleagues.ndjson',
      table: 'user_account',
      lines: opened(
        store.listColleagues,
        'user_account',
        ({ id, status }, profile: { name: string } | undefined) => ({
          id,
          name: profile?.name ?? '',
          status,
        }),
        'profile',
      ),
    },
  ]
}

export const instant = (at: Date | null) => at?.toISOString() ?? null

export function subjectOf(row: {
  id: string
  person_id: string | null
  company_id: string | null
  joint_dossier_id?: string | null
}) {
  if (row.joint_dossier_id) return { id: row.id, jointDossierId: row.joint_dossier_id }
  return row.person_id
    ? { id: row.id, personId: row.person_id }
    : { id: row.id, companyId: row.company_id }
}

function otherOf(row: { other_person_id: string | null; other_company_id: string | null }) {
  return {
    ...(row.other_person_id ? { otherPersonId: row.other_person_id } : {}),
    ...(row.other_company_id ? { otherCompanyId: row.other_company_id } : {}),
  }
}

const fromTo = (from: string | null, to: string | null) => (from || to ? { from, to } : undefined)
