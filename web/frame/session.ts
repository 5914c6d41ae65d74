import { queryOptions, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Colleague, Roles, Session, Team } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'

const MINUTES_5 = 300_000

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => ask<Session>('GET', '/api/session'),
  staleTime: MINUTES_5,
})
export const colleaguesQuery = queryOptions({
  queryKey: ['users'],
  queryFn: () => ask<{ items: Colleague[] }>('GET', '/api/users'),
  staleTime: MINUTES_5,
})
export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: () => ask<{ items: Team[] }>('GET', '/api/teams'),
  staleTime: MINUTES_5,
})

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => ask<Roles>('GET', '/api/roles'),
  staleTime: MINUTES_5,
})

/** What a role is called here: by the organisation, else by the program. */
export function useRoleName(): (id: string) => string {
  const t = useWords()
  const roles = useQuery(rolesQuery).data?.items
  return (id) => roles?.find((one) => one.id === id)?.name ?? t.known(`role.${id}`) ?? id
}

/** Inside the frame there is always a session: its route does not open without one. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery)
  if (!data) throw new Error('a part of the frame was shown without a session')
  return data
}

export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession()
  return (permission) => permissions.includes(permission)
}

export type Names = {
  colleagues: Colleague[]
  teams: Team[]
  user(id: string | null | undefined): string
  team(id: string | null | undefined): string
}

/** Ids to names of colleagues and teams; "jij" for oneself stays with the caller. */
export function useNames(): Names {
  const t = useWords()
  const all = useQuery(colleaguesQuery).data?.items ?? []
  // Programs have a name, and are nobody to give work to.
  const colleagues = all.filter(({ kind }) => kind === 'person')
  const teams = useQuery(teamsQuery).data?.items ?? []
  return {
    colleagues,
    teams,
    user: (id) => all.find((one) => one.id === id)?.name ?? (id ? t('someone') : ''),
    team: (id) => teams.find((one) => one.id === id)?.name ?? '',
  }
}

/** Approvals and break-glass stand on one screen; whoever only asks is led there by the answer. */
export const approvalPermissions = ['approvals:decide', 'break-glass:use'] as const

/** Import and export stand on one screen: any of these leads to it. */
export const exchangePermissions = ['imports:run', 'people:export', 'companies:export'] as const
