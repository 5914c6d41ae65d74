import type { ReadTx } from '#platform/db.ts'
import { readPosition, writePosition } from '#platform/page-cursor.ts'
import type { Who } from '#security/access/who.ts'
import type { Vault } from '#security/vault/vault.ts'
import { openNames, type SubjectRef } from '../subject-names.ts'
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
  const sources: store.Source[] = [
    ...(who.permissions.has('people:see') ? (['person'] as const) : []),
    ...(who.permissions.has('companies:see') ? (['company'] as const) : []),
    ...(who.permissions.has('notes:see') ? (['note'] as const) : []),
    ...(who.permissions.has('tasks:see') ? (['task'] as const) : []),
  ]
  const found = await Promise.all(
    sources.map(async (source) =>
      (await store.listChanged(tx, source, before, limit + 1)).map((row) => ({ source, row })),
    ),
  )
  const all = found.flat().sort(newestFirst)
  const page = all.slice(0, limit)
  const last = all.length > limit ? page.at(-1) : undefined
  const subjects = page.map(({ row }) => subjectOf(row))
  const taskIds = page.filter(({ source }) => source === 'task').map(({ row }) => row.id)
  const [names, titles] = await Promise.all([
    openNames(vault, tx, subjects),
    openTitles(vault, tx, taskIds),
  ])
  return {
    items: page.map(({ source, row }): Activity => {
      const subject = subjectOf(row)
      return {
        id: row.id,
        kind: kindOf(source, row),
        subject,
        name: names.get(subject.id) ?? null,
        title: titles.get(row.id) ?? null,
        by: row.updated_by,
        at: row.updated_at.toISOString(),
      }
    }),
    nextCursor: last ? writePosition({ at: last.row.position, id: last.row.id }) : null,
  }
}

type Found = { source: store.Source; row: store.Happened }

// As the database orders it: by instant, to the microsecond, then by id.
function newestFirst({ row: a }: Found, { row: b }: Found): number {
  return (
    b.updated_at.getTime() - a.updated_at.getTime() ||
    (a.position === b.position ? (a.id < b.id ? -1 : 1) : a.position < b.position ? 1 : -1)
  )
}

function subjectOf(row: store.Happened): SubjectRef {
  return row.person_id !== null
    ? { kind: 'person', id: row.person_id }
    : { kind: 'company', id: row.company_id! }
}

function kindOf(source: store.Source, row: store.Happened): Activity['kind'] {
  const isNew = row.row_version === 1
  if (source === 'note') return isNew ? 'noted' : 'note-changed'
  if (source !== 'task') return isNew ? 'created' : 'changed'
  if (row.is_done) return 'task-done'
  return isNew ? 'task-made' : 'task-changed'
}

async function openTitles(vault: Vault, tx: ReadTx, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const opened = await vault.open<{ title: string }>(tx, {
    table: 'task',
    sealedClass: 'content',
    ids,
    purpose: 'list',
    // It hangs on a record whose name is opened in the same turn.
    record: 'none',
  })
  return new Map(
    [...opened].flatMap(([id, outcome]) =>
      outcome.kind === 'open' ? [[id, outcome.value.title]] : [],
    ),
  )
}
