import type { ReadTx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { Subject } from '../contract.ts'
import { hangsOnOf } from '../hangs-on.ts'
import { openNames } from '../subject-names.ts'
import type { Activity, ActivityQuery } from './contract.ts'
import * as store from './store.ts'

export type ActivityParts = { vault: Vault }

/** Read from the records themselves under the caller's session: what they may not see did not happen for them. */
export async function listActivity(
  { vault }: ActivityParts,
  { tx, who }: { tx: ReadTx; who: Who },
  { limit, cursor }: ActivityQuery,
) {
  const before = cursor === undefined ? undefined : readPosition(cursor)
  const found = await Promise.all(
    store.sources
      .filter((source) => isSeen(source, who))
      .map(async (source) =>
        (await store.listHappened(tx, source, before, limit + 1)).map((row) => ({ source, row })),
      ),
  )
  const all = found.flat().sort(newestFirst)
  const page = all.slice(0, limit)
  const last = all.length > limit ? page.at(-1) : undefined
  const subjects = page.flatMap(({ row }) => [hangsOnOf(row), ...(otherOf(row) ?? [])])
  const titled = (wanted: keyof typeof titleOf) =>
    openTitles(
      vault,
      tx,
      wanted,
      page.filter(({ source, row }) => source === wanted && row.is_named !== false),
    )
  const [names, ...titles] = await Promise.all([
    openNames(vault, tx, subjects),
    titled('task'),
    titled('file'),
    titled('merge'),
  ])
  const titleOfRow = new Map(titles.flat())
  return {
    items: page.map(({ source, row }): Activity => {
      const subject = hangsOnOf(row)
      const [other] = otherOf(row) ?? []
      return {
        id: row.id,
        kind: kindOf(source, row),
        subject,
        name: names.get(subject.id) ?? null,
        title: titleOfRow.get(row.id) ?? null,
        other: other ? { subject: other, name: names.get(other.id) ?? null } : null,
        by: row.updated_by,
        at: row.updated_at.toISOString(),
      }
    }),
    nextCursor: last ? writePosition({ at: last.row.position, id: last.row.id }) : null,
  }
}

const needs = {
  person: 'people:see',
  company: 'companies:see',
  note: 'notes:see',
  task: 'tasks:see',
  file: 'files:see',
} as const
/** Of ties and merges row security decides alone: by both records. */
function isSeen(source: store.Source, who: Who): boolean {
  return source === 'tie' || source === 'merge' || who.permissions.has(needs[source])
}

type Found = { source: store.Source; row: store.Happened }

// As the database orders it: by instant, to the microsecond, then by id.
function newestFirst({ row: a }: Found, { row: b }: Found): number {
  return (
    b.updated_at.getTime() - a.updated_at.getTime() ||
    (a.position === b.position ? (a.id < b.id ? -1 : 1) : a.position < b.position ? 1 : -1)
  )
}

function otherOf(row: store.Happened): Subject[] | undefined {
  if (row.other_person_id) return [{ kind: 'person', id: row.other_person_id }]
  return row.other_company_id ? [{ kind: 'company', id: row.other_company_id }] : undefined
}

function kindOf(source: store.Source, row: store.Happened): Activity['kind'] {
  const isNew = row.row_version === 1
  // PostgreSQL writes one of the three words.
  if (source === 'tie') return row.what![0] as 'tie-added'
  if (source === 'merge') return row.is_over ? 'merge-undone' : 'merged'
  if (source === 'file')
    return row.is_over ? 'file-removed' : row.is_added ? 'file-added' : 'file-changed'
  if (source === 'note') return isNew ? 'noted' : 'note-changed'
  if (source !== 'task') return isNew ? 'created' : 'changed'
  if (row.is_over) return 'task-done'
  return isNew ? 'task-made' : 'task-changed'
}

// What of a task, file or merge says which one it is.
const titleOf = { task: 'title', file: 'name', merge: 'name' } as const

async function openTitles(
  vault: Vault,
  tx: ReadTx,
  table: keyof typeof titleOf,
  found: Found[],
): Promise<[string, string][]> {
  if (found.length === 0) return []
  const opened = await vault.open<{ title?: string; name?: string }>(tx, {
    table,
    sealedClass: 'content',
    ids: found.map(({ row }) => row.id),
    purpose: 'list',
    // It hangs on a record whose name is opened in the same turn.
    record: 'none',
  })
  return [...opened].flatMap(([id, outcome]): [string, string][] => {
    const title = outcome.kind === 'open' ? outcome.value[titleOf[table]] : undefined
    return title ? [[id, title]] : []
  })
}
