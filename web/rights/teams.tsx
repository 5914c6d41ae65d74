import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Team } from '../api/shapes.ts'
import { sessionQuery, teamsQuery } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tellRefusal } from '../parts/tell.tsx'
import { InlineText } from '../record/inline.tsx'
import { Section } from '../settings/settings.tsx'
import '../language/late-rights.ts'
import '../style/rights.css'

type Placed = { team: Team; depth: number }

/** Each team under the one above it. */
export function inTree(
  teams: readonly Team[],
  parentId: string | null = null,
  depth = 0,
): Placed[] {
  const known = new Set(teams.map(({ id }) => id))
  return teams
    .filter(
      (team) => (team.parentId && known.has(team.parentId) ? team.parentId : null) === parentId,
    )
    .flatMap((team) => [{ team, depth }, ...inTree(teams, team.id, depth + 1)])
}

/** The teams as they stand above each other; whoever is in one works with those below too. */
export function Teams() {
  const t = useWords()
  const queries = useQueryClient()
  const teams = useQuery(teamsQuery).data?.items ?? []
  const [name, setName] = useState('')
  const attempt = (act: Promise<unknown>) =>
    act
      .then(() =>
        Promise.all([
          queries.invalidateQueries({ queryKey: teamsQuery.queryKey }),
          queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
        ]),
      )
      .then(
        () => true,
        (error: unknown) => {
          tellRefusal(t, error)
          return false
        },
      )
  const change = ({ id, rowVersion }: Team, edit: { name?: string; parentId?: string | null }) =>
    attempt(ask('PATCH', `/api/teams/${id}`, { body: { rowVersion, ...edit } }))
  const add = async () => {
    if (await attempt(ask('POST', '/api/teams', { body: { name: name.trim() } }))) setName('')
  }
  const below = (id: string) => new Set([id, ...inTree(teams, id).map(({ team }) => team.id)])
  return (
    <Section title={t('teams')} text={t('teamsText')}>
      {inTree(teams).map(({ team, depth }) => {
        const under = below(team.id)
        return (
          <div key={team.id} className="k-team-line" style={{ paddingLeft: depth * 22 }}>
            <span style={{ flex: '1 1 180px', minWidth: 0 }}>
              <InlineText
                label={t('team')}
                value={team.name}
                canEdit
                save={(next) => change(team, { name: next })}
              />
            </span>
            <NativeSelect
              size="xs"
              aria-label={`${t('teamAbove')}: ${team.name}`}
              value={team.parentId ?? ''}
              data={[
                { value: '', label: `${t('teamAbove')}: ${t('noTeamAbove')}` },
                ...teams
                  .filter(({ id }) => !under.has(id))
                  .map(({ id, name: above }) => ({
                    value: id,
                    label: `${t('teamAbove')}: ${above}`,
                  })),
              ]}
              onChange={(event) =>
                void change(team, { parentId: event.currentTarget.value || null })
              }
            />
          </div>
        )
      })}
      <form noValidate onSubmit={sentBy(() => void add())}>
        <Group mt="xs" align="flex-end">
          <TextInput
            label={t('newTeam')}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={name.trim() === ''}>
            {t('add')}
          </Button>
        </Group>
      </form>
    </Section>
  )
}
