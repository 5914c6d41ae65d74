import { ActionIcon, Badge, Button, Menu, MultiSelect, Select, TextInput } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Colleague, Program, ResetDone } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { colleaguesQuery, useMay, useNames, useRoleName, useSession } from '../frame/session.ts'
import '../language/late-access.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { FormDialog, PlaceFields, useRoleOptions, useTeamOptions } from '../parts/form-dialog.tsx'
import { Initials, Lines } from '../parts/marks.tsx'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { Copy } from '../record/inline.tsx'
import { Teams } from '../rights/teams.tsx'
import { ReasonDialog } from './budgets/reason-dialog.tsx'
import { ColleagueSessions } from './colleague-sessions.tsx'
import { Recoveries, ResetResult, recoveriesKey } from './recoveries.tsx'
import { Section } from './settings.tsx'

const PersonRights = lazy(
  patient(() =>
    import('../rights/person-rights.tsx').then((part) => ({ default: part.PersonRightsDialog })),
  ),
)
const Leaver = lazy(
  patient(() => import('../rights/leaver.tsx').then((part) => ({ default: part.LeaverDialog }))),
)

const REASON_MIN = 10

export function Colleagues() {
  const may = useMay()
  return (
    <>
      <ColleagueList />
      {may('users:manage') && <Teams />}
    </>
  )
}

/** Who works here, in which team and role; for administrators also the links by which they come in. */
function ColleagueList() {
  const t = useWords()
  const may = useMay()
  const { user } = useSession()
  const queries = useQueryClient()
  const colleagues = useQuery(colleaguesQuery)
  const names = useNames()
  const roleName = useRoleName()
  const [dialog, setDialog] = useState<
    | { kind: 'invite' }
    | { kind: 'reset' | 'edit' | 'rights' | 'leaver' | 'freeze' | 'sessions'; who: Colleague }
  >()
  const [link, setLink] = useState<string>()
  const [reset, setReset] = useState<ResetDone>()
  const isManager = may('users:manage')
  const people = (colleagues.data?.items ?? []).filter(({ kind }) => kind === 'person')
  const mayFreeze = may('budgets:manage')
  const refresh = () => queries.invalidateQueries({ queryKey: colleaguesQuery.queryKey })
  const setStatus = (one: Colleague, status: 'active' | 'disabled') =>
    ask('PATCH', `/api/users/${one.id}`, { body: { status } }).then(refresh)
  const disable = (one: Colleague) => {
    setStatus(one, 'disabled')
      .then(() =>
        tellWithUndo(t, t('colleagueDisabled', { name: one.name }), () => setStatus(one, 'active')),
      )
      .then(() => (may('api-keys:manage') ? tellPrograms(t, one) : undefined))
      .catch((error: unknown) => tellRefusal(t, error))
  }
  return (
    <Section title={t('colleagues')} text={t('colleaguesText')}>
      {isManager && (
        <Button
          mb="sm"
          leftSection={<IconUserPlus size={15} aria-hidden />}
          onClick={() => setDialog({ kind: 'invite' })}
        >
          {t('invite')}
        </Button>
      )}
      {link && (
        <div className="k-card" style={{ marginBottom: 14 }} role="status">
          <p style={{ margin: '0 0 6px' }}>{t('inviteLinkText')}</p>
          <div className="k-value-line">
            <code style={{ overflowWrap: 'anywhere' }}>{link}</code>
            <Copy value={link} />
          </div>
        </div>
      )}
      {reset && <ResetResult result={reset} />}
      {isManager && <Recoveries />}
      {colleagues.isPending && <Lines />}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {people.map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <Initials name={one.name} id={one.id} size={30} />
            <span style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
              {one.name} {one.id === user.id && <span className="k-dim">({t('you')})</span>}
              <br />
              <span className="k-dim k-small">
                {[
                  one.email,
                  roleName(one.roleId),
                  one.teamIds.map(names.team).filter(Boolean).join(', '),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            {one.status === 'active' && one.factors && <Lacking factors={one.factors} />}
            {one.status !== 'active' && (
              <Badge variant="light" color="gray" tt="none" fw={500} style={{ flex: 'none' }}>
                {t(`status.${one.status}`)}
              </Badge>
            )}
            {(isManager ||
              mayFreeze ||
              may('rights:see') ||
              may('rights:review') ||
              one.id === user.id) && (
              <Menu position="bottom-end" shadow="md">
                <Menu.Target>
                  <ActionIcon aria-label={`${t('more')}: ${one.name}`}>
                    <IconDots size={17} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  {one.status === 'active' && (
                    <Menu.Item onClick={() => setDialog({ kind: 'rights', who: one })}>
                      {t('viewRights')}
                    </Menu.Item>
                  )}
                  {mayFreeze && one.id !== user.id && one.status === 'active' && (
                    <Menu.Item color="red" onClick={() => setDialog({ kind: 'freeze', who: one })}>
                      {t('freezeNow')}
                    </Menu.Item>
                  )}
                  {isManager && one.id !== user.id && (
                    <>
                      <Menu.Item onClick={() => setDialog({ kind: 'edit', who: one })}>
                        {t('roleAndTeams')}
                      </Menu.Item>
                      <Menu.Item onClick={() => setDialog({ kind: 'sessions', who: one })}>
                        {t('sessionsOf')}
                      </Menu.Item>
                      <Menu.Item onClick={() => setDialog({ kind: 'reset', who: one })}>
                        {t('resetFactor')}
                      </Menu.Item>
                      {one.status === 'disabled' ? (
                        <Menu.Item onClick={() => void setStatus(one, 'active')}>
                          {t('enable')}
                        </Menu.Item>
                      ) : (
                        <Menu.Item onClick={() => disable(one)}>{t('disable')}</Menu.Item>
                      )}
                      <Menu.Item onClick={() => setDialog({ kind: 'leaver', who: one })}>
                        {t('leaver')}
                      </Menu.Item>
                    </>
                  )}
                </Menu.Dropdown>
              </Menu>
            )}
          </li>
        ))}
      </ul>
      {dialog?.kind === 'invite' && (
        <InviteDialog close={() => setDialog(undefined)} invited={setLink} />
      )}
      {dialog?.kind === 'reset' && (
        <ReasonDialog
          title={t('resetFactorOf', { name: dialog.who.name })}
          text={t('resetFactorText')}
          label={t('resetReason')}
          hint={t('resetReasonHint')}
          least={REASON_MIN}
          action={t('resetFactor')}
          close={() => setDialog(undefined)}
          send={async (reason) => {
            const path = `/api/users/${dialog.who.id}/reset-factor`
            setReset(await ask<ResetDone>('POST', path, { body: { reason } }))
            void queries.invalidateQueries({ queryKey: recoveriesKey })
          }}
        />
      )}
      {dialog?.kind === 'sessions' && (
        <ColleagueSessions who={dialog.who} close={() => setDialog(undefined)} />
      )}
      {dialog?.kind === 'freeze' && (
        <ReasonDialog
          title={t('freezeOf', { name: dialog.who.name })}
          text={t('freezeText')}
          label={t('reasonWhy')}
          action={t('freezeNow')}
          color="red"
          close={() => setDialog(undefined)}
          send={async (reason) => {
            await ask('POST', '/api/freezes', { body: { userId: dialog.who.id, reason } })
            tell(t('frozenNow', { name: dialog.who.name }))
          }}
        />
      )}
      {dialog?.kind === 'edit' && (
        <EditDialog who={dialog.who} close={() => setDialog(undefined)} />
      )}
      <Suspense fallback={null}>
        {dialog?.kind === 'rights' && (
          <PersonRights who={dialog.who} close={() => setDialog(undefined)} />
        )}
        {dialog?.kind === 'leaver' && (
          <Leaver who={dialog.who} close={() => setDialog(undefined)} done={refresh} />
        )}
      </Suspense>
    </Section>
  )
}

/** Who can still be talked out of a code; and who has nothing but what a provider says of them, or lost all they had. */
function Lacking({ factors }: { factors: NonNullable<Colleague['factors']> }) {
  const t = useWords()
  if (factors.passkeys > 0) return null
  const hasOther = factors.hasPassword && factors.hasTotp
  return (
    <Badge variant="light" color="gray" tt="none" fw={500} style={{ flex: 'none' }}>
      {t(hasOther ? 'noPasskey' : 'noFactor')}
    </Badge>
  )
}

/** Somebody must answer for what they answered for. */
async function tellPrograms(t: Speak, who: Colleague): Promise<void> {
  const { items } = await ask<{ items: Program[] }>('GET', '/api/programs')
  const own = items.filter((one) => one.responsibleId === who.id)
  const programs = own.map((one) => one.name).join(', ')
  if (programs) tell(t('leaverPrograms', { name: who.name, programs }))
}

function InviteDialog({ close, invited }: { close: () => void; invited: (link: string) => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const [firstTeam] = useTeamOptions()
  const roles = useRoleOptions()
  const [given, setGiven] = useState({ name: '', email: '', roleId: 'sales', teamId: '' })
  const teamId = given.teamId || firstTeam?.value || ''
  const send = async () => {
    const body = { ...given, teamId }
    invited((await ask<{ link: string }>('POST', '/api/invites', { body })).link)
    await queries.invalidateQueries({ queryKey: colleaguesQuery.queryKey })
  }
  return (
    <FormDialog title={t('invite')} action={t('makeInvite')} {...{ send, close }}>
      <TextInput
        data-autofocus
        required
        label={t('name')}
        maxLength={120}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
      />
      <TextInput
        mt="sm"
        required
        type="email"
        label={t('email')}
        maxLength={254}
        value={given.email}
        onChange={(event) => setGiven({ ...given, email: event.currentTarget.value })}
      />
      <PlaceFields
        roles={roles}
        place={{ roleId: given.roleId, teamId }}
        change={(place) => setGiven({ ...given, ...place })}
      />
    </FormDialog>
  )
}

function EditDialog({ who, close }: { who: Colleague; close: () => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const roles = useRoleOptions()
  const teams = useTeamOptions()
  const [roleId, setRoleId] = useState(who.roleId)
  const [teamIds, setTeamIds] = useState(who.teamIds)
  const send = async () => {
    await ask('PATCH', `/api/users/${who.id}`, { body: { roleId, teamIds } })
    await queries.invalidateQueries({ queryKey: colleaguesQuery.queryKey })
  }
  return (
    <FormDialog
      title={who.name}
      action={t('save')}
      isReady={teamIds.length > 0}
      {...{ send, close }}
    >
      <Select
        label={t('role')}
        data={roles}
        allowDeselect={false}
        value={roleId}
        onChange={(next) => next && setRoleId(next)}
      />
      <MultiSelect mt="sm" label={t('teams')} data={teams} value={teamIds} onChange={setTeamIds} />
    </FormDialog>
  )
}
