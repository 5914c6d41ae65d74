import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { RecordKind, Undone } from '../api/shapes.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { tell } from '../parts/tell.tsx'

const MOVES = ['note', 'task', 'affiliation', 'reveal'] as const

/** "2 notities, 1 taak"; what has no word of its own is counted together. */
export function sayRows(t: Speak, rows: Record<string, number>): string {
  const known = MOVES.flatMap((table) => {
    const count = rows[table] ?? 0
    return count > 0 ? [t.count(`moves.${table}`, `moves.${table}s`, count)] : []
  })
  const rest = Object.entries(rows)
    .filter(([table]) => !(MOVES as readonly string[]).includes(table))
    .reduce((sum, [, count]) => sum + count, 0)
  return [...known, ...(rest > 0 ? [t('moves.else', { count: rest })] : [])].join(', ')
}

/** Makes two of one again, and says what came after the merge and so stayed. */
export async function undoMerge(
  t: Speak,
  queries: QueryClient,
  kind: RecordKind,
  { id, name }: { id: string; name: string },
): Promise<Undone> {
  const undone = await ask<Undone>('POST', `/api/${kind}/merges/${id}/undo`)
  await Promise.all([
    queries.invalidateQueries({ queryKey: [kind] }),
    queries.invalidateQueries({ queryKey: ['duplicates'] }),
  ])
  const fields = undone.stayed.fields.map((field) => t.known(`field.${field}`) ?? field)
  const what = [sayRows(t, undone.stayed.rows), ...fields].filter(Boolean).join(', ')
  tell([t('mergeUndone', { name }), what && t('mergeStayed', { what })].filter(Boolean).join(' '))
  return undone
}

export function useUndoMerge(kind: RecordKind) {
  const t = useWords()
  const queries = useQueryClient()
  return (merge: { id: string; name: string }) => undoMerge(t, queries, kind, merge)
}
