import { TextInput } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { JointDossier, PartyRole, Person } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tell } from '../parts/tell.tsx'
import { type Chosen, RecordSelect } from '../record/record-select.tsx'
import { TieForm } from '../record/tie-form.tsx'
import { RoleSelect } from './role-select.tsx'
import { useJointDossiersOf, useJointName } from './use-joint.ts'

/** What a person shares with others, each a dossier of its own; and making one. */
export function JointDossiersOf({ person, canEdit }: { person: Person; canEdit: boolean }) {
  const t = useWords()
  const items = useJointDossiersOf(person.id).data?.items ?? []
  if (!canEdit && items.length === 0) return null
  return (
    <div className="k-group">
      <h3>{t('jointDossiers')}</h3>
      {items.map((one) => (
        <JointLine key={one.id} one={one} personId={person.id} />
      ))}
      {canEdit && <MakeJoint person={person} />}
    </div>
  )
}

function JointLine({ one, personId }: { one: JointDossier; personId: string }) {
  const t = useWords()
  const nameOf = useJointName()
  const others = one.parties.filter((party) => party.personId !== personId)
  const role = one.parties.find((party) => party.personId === personId)?.role
  const names = [
    ...others.map((party) => {
      const name = party.name || t('viewUntitled')
      return party.role ? `${name} (${t(`partyRole.${party.role}`)})` : name
    }),
    ...(one.unseenParties > 0
      ? [t.count('partyUnseenOne', 'partyUnseenMany', one.unseenParties).toLowerCase()]
      : []),
  ]
  return (
    <div className="k-tie" {...(one.endedAt ? { 'data-past': true } : {})}>
      <IconUsersGroup size={24} stroke={1.4} className="k-dim" aria-hidden />
      <div>
        <Link to="/joint-dossiers/$id" params={{ id: one.id }}>
          {nameOf(one)}
        </Link>
        <div className="k-dim k-small">
          {[
            one.endedAt ? t('jointEnded') : '',
            one.reviewSince ? t('jointToRead') : '',
            role ? t(`partyRole.${role}`) : '',
            names.length > 0 ? t('jointWith', { names: names.join(', ') }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </div>
    </div>
  )
}

function MakeJoint({ person }: { person: Person }) {
  const t = useWords()
  const may = useMay()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [other, setOther] = useState<Chosen | null>(null)
  const [role, setRole] = useState<PartyRole>('owner')
  const [otherRole, setOtherRole] = useState<PartyRole>('owner')
  if (!may('people:edit')) return null
  const make = async () => {
    const made = await ask<JointDossier>('POST', '/api/joint-dossiers', {
      body: {
        name: name.trim(),
        parties: [
          { personId: person.id, role },
          { personId: other!.id, role: otherRole },
        ],
      },
    })
    await queries.invalidateQueries({ queryKey: ['people', 'joint-dossiers'] })
    tell(t('jointMade'))
    void navigate({ to: '/joint-dossiers/$id', params: { id: made.id } })
  }
  return (
    <TieForm
      label={t('jointMake')}
      isNew
      isReady={other !== null}
      begin={() => {
        setName('')
        setOther(null)
        setRole('owner')
        setOtherRole('owner')
      }}
      save={make}
    >
      <p className="k-dim k-small" style={{ margin: '0 0 8px' }}>
        {t('jointMakeText')}
      </p>
      <RecordSelect kind="people" chosen={other} choose={setOther} without={new Set([person.id])} />
      <RoleSelect label={t('partyOtherRole')} value={otherRole} change={setOtherRole} />
      <RoleSelect
        label={t('partyRoleOf', { name: person.displayName })}
        value={role}
        change={setRole}
      />
      <TextInput
        mt="xs"
        size="xs"
        label={t('jointName')}
        description={t('jointNameHint')}
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </TieForm>
  )
}
