import { Badge, Button, Group, Modal } from '@mantine/core'
import { IconKey, IconRobot } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Program } from '../api/shapes.ts'
import { colleaguesQuery, useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { KeyDialog, NewProgramDialog, ResponsibleSelect } from './program-forms.tsx'
import { Secret } from './recoveries.tsx'
import { Section } from './settings.tsx'
import '../language/late-access.ts'

export const programsQuery = {
  queryKey: ['programs'],
  queryFn: () => ask<{ items: Program[] }>('GET', '/api/programs'),
  staleTime: 0,
}

/** Programs with access, their keys, and who answers for them. */
export function Programs() {
  const t = useWords()
  const queries = useQueryClient()
  const programs = useQuery(programsQuery)
  const [dialog, setDialog] = useState<'new' | Program>()
  const [key, setKey] = useState<string>()
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: programsQuery.queryKey }),
      queries.invalidateQueries({ queryKey: colleaguesQuery.queryKey }),
    ])
  const made = (shown: string) => {
    setKey(shown)
    void refresh()
  }
  const items = programs.data?.items ?? []
  return (
    <Section title={t('programs')} text={t('programsText')}>
      <Button
        mb="sm"
        leftSection={<IconRobot size={15} aria-hidden />}
        onClick={() => setDialog('new')}
      >
        {t('newProgram')}
      </Button>
      {key && (
        <div className="k-card" style={{ marginBottom: 14 }} role="status">
          <p style={{ margin: '0 0 6px' }}>{t('keyShown')}</p>
          <Secret value={key} />
        </div>
      )}
      {programs.isPending && <Lines />}
      {programs.data && items.length === 0 && <p className="k-dim">{t('noPrograms')}</p>}
      {items.map((one) => (
        <ProgramCard key={one.id} one={one} refresh={refresh} addKey={() => setDialog(one)} />
      ))}
      {dialog === 'new' && <NewProgramDialog close={() => setDialog(undefined)} made={made} />}
      {dialog && dialog !== 'new' && (
        <KeyDialog program={dialog} close={() => setDialog(undefined)} made={made} />
      )}
    </Section>
  )
}

function ProgramCard({
  one,
  refresh,
  addKey,
}: {
  one: Program
  refresh: () => Promise<unknown>
  addKey: () => void
}) {
  const t = useWords()
  const names = useNames()
  const roleName = useRoleName()
  const [revoking, setRevoking] = useState<string>()
  const change = (body: object) =>
    ask('PATCH', `/api/programs/${one.id}`, { body })
      .then(refresh)
      .catch((error: unknown) => tellRefusal(t, error))
  const revoke = (keyId: string) =>
    ask('DELETE', `/api/programs/${one.id}/keys/${keyId}`)
      .then(() => {
        tell(t('keyRevoked'))
        setRevoking(undefined)
        return refresh()
      })
      .catch((error: unknown) => tellRefusal(t, error))
  const isOff = one.status === 'disabled'
  const responsible = names.user(one.responsibleId)
  return (
    <article className="k-card" style={{ marginBottom: 14 }} aria-label={one.name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <strong>{one.name}</strong>{' '}
          {isOff && (
            <Badge variant="light" color="gray" tt="none" fw={500}>
              {t('status.disabled')}
            </Badge>
          )}
          <p className="k-dim k-small" style={{ margin: '2px 0 8px' }}>
            {[
              roleName(one.roleId),
              one.teamIds.map(names.team).join(', '),
              t('answersFor', { name: responsible }),
            ].join(' · ')}
          </p>
        </div>
        <Button
          size="compact-sm"
          variant="default"
          style={{ flex: 'none' }}
          onClick={() => void change({ status: isOff ? 'active' : 'disabled' })}
        >
          {t(isOff ? 'enable' : 'disable')}
        </Button>
      </Group>
      {one.isOrphaned && (
        <div role="status" style={{ marginBottom: 10 }}>
          <p style={{ margin: '0 0 6px' }}>{t('orphaned', { name: responsible })}</p>
          <ResponsibleSelect
            value={null}
            change={(responsibleId) => void change({ responsibleId })}
          />
        </div>
      )}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {one.keys.length === 0 && <li className="k-dim">{t('noKeys')}</li>}
        {one.keys.map((key) => (
          <li key={key.id} className="k-task" style={{ alignItems: 'center' }}>
            <IconKey size={16} stroke={1.6} aria-hidden />
            <span style={{ flex: 1, minWidth: 0, overflowWrap: 'anywhere' }}>
              {key.ranges.join(', ')}
              <br />
              <span className="k-dim k-small">
                {[
                  new Date(key.expiresAt) < new Date()
                    ? t('keyEnded')
                    : t('keyUntil', { when: t.day(key.expiresAt.slice(0, 10)) }),
                  key.lastUsedAt
                    ? t('keyUsed', { when: t.ago(key.lastUsedAt) })
                    : t('keyNeverUsed'),
                ].join(' · ')}
              </span>
            </span>
            <Button size="compact-sm" variant="default" onClick={() => setRevoking(key.id)}>
              {t('revokeKey')}
            </Button>
          </li>
        ))}
      </ul>
      <Button mt="xs" size="compact-sm" variant="subtle" disabled={isOff} onClick={addKey}>
        {t('newKey')}
      </Button>
      {revoking && (
        <Modal
          opened
          onClose={() => setRevoking(undefined)}
          title={t('revokeKey')}
          closeButtonProps={{ 'aria-label': t('close') }}
        >
          <p style={{ marginTop: 0 }}>{t('revokeSure')}</p>
          <Group justify="flex-end">
            <Button color="red" onClick={() => void revoke(revoking)}>
              {t('revokeKey')}
            </Button>
          </Group>
        </Modal>
      )}
    </article>
  )
}
