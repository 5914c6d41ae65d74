import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask } from '../api/client.ts'
import type { DossierKind, Revision } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tell } from '../parts/tell.tsx'

const EVERY_MS = 10_000

/**
 * Shows what a colleague changes of the record that stands open, and says who. While something is typed here it waits:
 * the version that is saved against must be the one the typing began with, or the second would overwrite the first.
 */
export function useColleaguesChanges(
  kind: DossierKind,
  id: string,
  shownVersion: number | undefined,
): void {
  const t = useWords()
  const names = useNames()
  const { user } = useSession()
  const queries = useQueryClient()
  const { data: latest, dataUpdatedAt } = useQuery({
    queryKey: [kind, 'revision', id],
    queryFn: ({ signal }) => ask<Revision>('GET', `/api/${kind}/${id}/revision`, { signal }),
    enabled: shownVersion !== undefined,
    refetchInterval: EVERY_MS,
    refetchOnWindowFocus: 'always',
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is looked at once more, also one that says the same
  useEffect(() => {
    if (!latest || shownVersion === undefined || latest.rowVersion <= shownVersion) return
    if (isTyping()) return
    void queries.invalidateQueries({ queryKey: [kind, 'one', id] })
    void queries.invalidateQueries({ queryKey: [kind, 'timeline', id] })
    if (latest.by && latest.by !== user.id) tell(t('changedHere', { who: names.user(latest.by) }))
  }, [latest, dataUpdatedAt])
}

function isTyping(): boolean {
  const at = document.activeElement
  return (
    at !== null &&
    at.closest('.k-record, [role="dialog"]') !== null &&
    at.closest('input, textarea, select, form, [contenteditable="true"]') !== null
  )
}
