import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type {
  DossierKind,
  JointDossier,
  JointDossiers,
  PartyContent,
  PartyRole,
} from '../api/shapes.ts'
import '../language/late-joint.ts'
import { useWords } from '../language/words.tsx'

export const partyRoles: PartyRole[] = ['owner', 'partner', 'child', 'authorised', 'representative']

/** Those that a person is a party of. */
export function useJointDossiersOf(personId: string, isPerson = true) {
  return useQuery({
    enabled: isPerson,
    queryKey: ['people', 'joint-dossiers', personId],
    queryFn: ({ signal }) =>
      ask<JointDossiers>('GET', `/api/people/${personId}/joint-dossiers`, { signal }),
  })
}

export function useJointDossier(id: string) {
  return useQuery({
    queryKey: ['joint-dossiers', 'one', id],
    queryFn: ({ signal }) => ask<JointDossier>('GET', `/api/joint-dossiers/${id}`, { signal }),
  })
}

/** What one does with a joint dossier. Each gives what was sent back, or throws what was refused. */
export function useJointActions(id: string) {
  const queries = useQueryClient()
  const path = `/api/joint-dossiers/${id}`
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['joint-dossiers', 'one', id] }),
      queries.invalidateQueries({ queryKey: ['joint-dossiers', 'timeline', id] }),
      queries.invalidateQueries({ queryKey: ['people', 'joint-dossiers'] }),
    ])
  const send = <T>(method: 'POST' | 'PATCH' | 'DELETE', at: string, body?: object) =>
    // Whatever came of it: what stands there now is shown.
    ask<T>(method, `${path}${at}`, body ? { body } : {}).finally(() => void refresh())
  return {
    change: (rowVersion: number, more: { name: string } | { isReviewed: true }) =>
      send<JointDossier>('PATCH', '', { rowVersion, ...more }),
    end: (rowVersion: number) => send<JointDossier>('POST', '/end', { rowVersion }),
    reopen: (rowVersion: number) => send<JointDossier>('POST', '/reopen', { rowVersion }),
    addParty: (personId: string, content: PartyContent) =>
      send<JointDossier>('POST', '/parties', { personId, ...content }),
    changeParty: (partyId: string, rowVersion: number, content: PartyContent) =>
      send<JointDossier>('PATCH', `/parties/${partyId}`, { rowVersion, ...content }),
    removeParty: (partyId: string) => send<{ id: string }>('DELETE', `/parties/${partyId}`),
  }
}

/** What it is called: by its name, else by the parties one sees. */
export function useJointName(): (one: { displayName: string }) => string {
  const t = useWords()
  return ({ displayName }) => displayName || t('jointUnnamed')
}

/** Whether what hangs here could hang elsewhere: on a party, or on what they share. */
export function useMayMove(kind: DossierKind, id: string): boolean {
  const shared = useJointDossiersOf(id, kind === 'people').data?.items ?? []
  return kind === 'joint-dossiers' || shared.some((one) => !one.endedAt && !one.closed)
}
