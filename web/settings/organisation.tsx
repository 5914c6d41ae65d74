import { Button, Group, TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Organisation, Roles, Team } from '../api/shapes.ts'
import { VisibilityChoice } from '../entrance/set-up.tsx'
import { patient } from '../frame/patient.ts'
import { sessionQuery, teamsQuery } from '../frame/session.ts'
import '../language/late-grants.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { InlineText } from '../record/inline.tsx'
import { roleName } from './colleagues.tsx'
import { MailServer } from './mail.tsx'
import { Section } from './settings.tsx'

const Safeguards = lazy(patient(() => import('../grants/safeguards.tsx')))
const key = ['organisation']

export function OrganisationSettings() {
  const t = useWords()
  const queries = useQueryClient()
  const organisation = useQuery({
    queryKey: key,
    queryFn: () => ask<Organisation>('GET', '/api/organisation'),
  })
  const change = async (edit: Partial<Organisation>): Promise<boolean> => {
    const now = queries.getQueryData<Organisation>(key)
    if (!now) return false
    try {
      const saved = await ask<Organisation>('PATCH', '/api/organisation', {
        body: { rowVersion: now.rowVersion, ...edit },
      })
      queries.setQueryData(key, saved)
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      tell(t('saved'))
      return true
    } catch (error) {
      tellRefusal(t, error)
      return false
    }
  }
  if (!organisation.data) return <Lines />
  return (
    <>
      <Section title={t('organisationName')}>
        <InlineText
          label={t('organisationName')}
          value={organisation.data.name}
          canEdit
          save={(name) => change({ name })}
        />
      </Section>
      <Section title={t('visibility')}>
        <VisibilityChoice
          isTitled={false}
          value={organisation.data.visibility}
          change={(visibility) => void change({ visibility })}
        />
      </Section>
      <Teams />
      <Suspense fallback={<Lines />}>
        <Safeguards />
      </Suspense>
      <MailServer />
      <RoleTable />
    </>
  )
}

function Teams() {
  const t = useWords()
  const queries = useQueryClient()
  const teams = useQuery(teamsQuery)
  const [name, setName] = useState('')
  const refresh = () => queries.invalidateQueries({ queryKey: teamsQuery.queryKey })
  const attempt = (act: Promise<unknown>) =>
    act.then(refresh).then(
      () => true,
      (error: unknown) => {
        tellRefusal(t, error)
        return false
      },
    )
  const add = async () => {
    if (await attempt(ask('POST', '/api/teams', { body: { name: name.trim() } }))) setName('')
  }
  const rename = (team: Team, next: string) =>
    attempt(
      ask('PATCH', `/api/teams/${team.id}`, { body: { rowVersion: team.rowVersion, name: next } }),
    )
  return (
    <Section title={t('teams')}>
      {teams.data?.items.map((team) => (
        <InlineText
          key={team.id}
          label={t('team')}
          value={team.name}
          canEdit
          save={(next) => rename(team, next)}
        />
      ))}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
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

/** Roles are rows in the database; here they are read, not changed. */
function RoleTable() {
  const t = useWords()
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => ask<Roles>('GET', '/api/roles') })
  if (!roles.data) return null
  const permissions = [...new Set(roles.data.items.flatMap((role) => role.permissions))]
  return (
    <Section title={t('roles')} text={t('rolesText')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" tabIndex={0} aria-label={t('roles')}>
        <table className="k-plain k-roles">
          <thead>
            <tr>
              <th scope="col">{t('mayDo')}</th>
              {roles.data.items.map((role) => (
                <th scope="col" key={role.id}>
                  {roleName(t, role.id)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {permissions.map((permission) => (
              <tr key={permission}>
                <td>{t.known(`may.${permission}`) ?? permission}</td>
                {roles.data.items.map((role) => (
                  <td key={role.id}>
                    {role.permissions.includes(permission) ? (
                      <IconCheck size={15} aria-label={t('yes')} />
                    ) : (
                      <span className="k-hidden">{t('no')}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Section>
  )
}
