import { Button, Group, Modal, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Role } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { rolesQuery, sessionQuery, useMay, useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { InlineText } from '../record/inline.tsx'
import { Section } from '../settings/settings.tsx'
import { reaches } from './right-lists.ts'
import { rightText } from './right-text.ts'
import { type Grants, RoleMatrix } from './role-matrix.tsx'
import '../language/late-rights.ts'

const key = ['rights', 'roles']

/** Roles as one reads and edits them: whose customers each action is for, and who has the role. */
export function RoleSettings() {
  const t = useWords()
  const roleName = useRoleName()
  const may = useMay()
  const [shownId, setShownId] = useState('sales')
  const [isNew, setNew] = useState(false)
  const roles = useQuery({
    queryKey: key,
    queryFn: () => ask<{ items: Role[] }>('GET', '/api/rights/roles'),
  })
  if (roles.error) return <Broken error={roles.error} />
  if (!roles.data) return <Lines />
  const { items } = roles.data
  const shown = items.find((one) => one.id === shownId) ?? items[0]!
  return (
    <Section title={t('roles')} text={t('rolesIntro')}>
      <Group align="flex-end" mb="md" gap="xs">
        <Select
          label={t('role')}
          allowDeselect={false}
          data={items.map(({ id, holders }) => ({
            value: id,
            label: `${roleName(id)} (${t.number(holders.length)})`,
          }))}
          value={shown.id}
          onChange={(id) => id && setShownId(id)}
        />
        {may('rights:manage') && (
          <Button variant="default" onClick={() => setNew(true)}>
            {t('newRole')}
          </Button>
        )}
      </Group>
      <OneRole key={`${shown.id} ${shown.rowVersion}`} role={shown} />
      {isNew && <NewRole copyOf={shown.id} close={() => setNew(false)} made={setShownId} />}
    </Section>
  )
}

const grantsOf = (role: Role): Grants =>
  new Map(role.grants.map(({ permission, scope }) => [permission, scope]))

/** What the second gives that the first does not. */
function wider(before: Grants, after: Grants): [string, (typeof reaches)[number]][] {
  const far = (grants: Grants, permission: string) =>
    reaches.indexOf(grants.get(permission) as (typeof reaches)[number])
  return [...after].filter(([permission]) => far(after, permission) > far(before, permission))
}

function OneRole({ role }: { role: Role }) {
  const t = useWords()
  const names = useNames()
  const roleName = useRoleName()
  const queries = useQueryClient()
  const canEdit = useMay()('rights:manage')
  const [draft, setDraft] = useState<Grants>()
  const [isAsked, setAsked] = useState(false)
  const held = grantsOf(role)
  const grants = draft ?? held
  const effective: Grants = new Map(role.effective.map((one) => [one.permission, one.reach]))
  const more = wider(held, grants)
  const holders = new Intl.ListFormat(t.language).format(role.holders.map(names.user))
  const settle = async () => {
    setDraft(undefined)
    await Promise.all([
      queries.invalidateQueries({ queryKey: key }),
      queries.invalidateQueries({ queryKey: rolesQuery.queryKey }),
      queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
    ])
  }
  const save = (edit: { name?: string; grants?: Grants }) =>
    ask('PATCH', `/api/rights/roles/${role.id}`, {
      body: {
        rowVersion: role.rowVersion,
        ...(edit.name === undefined ? {} : { name: edit.name }),
        ...(edit.grants
          ? { grants: [...edit.grants].map(([permission, scope]) => ({ permission, scope })) }
          : {}),
      },
    }).then(
      async () => {
        tell(t('saved'))
        await settle()
        return true
      },
      (error: unknown) => {
        tellRefusal(t, error)
        return false
      },
    )
  const remove = () =>
    ask('DELETE', `/api/rights/roles/${role.id}`).then(
      async () => {
        tell(t('roleRemoved'))
        await settle()
      },
      (error: unknown) => tellRefusal(t, error),
    )
  const without = new Map([...held].filter(([permission]) => !role.unused.includes(permission)))
  return (
    <>
      <InlineText
        label={t('roleName')}
        value={roleName(role.id)}
        canEdit={canEdit}
        save={(name) => save({ name })}
      />
      <p className="k-dim">{holders ? t('heldBy', { names: holders }) : t('heldByNobody')}</p>
      {role.unused.length > 0 && (
        <p className="k-notice" role="note">
          {t('unusedHint', {
            rights: role.unused.map((permission) => rightText(t, permission)).join(', '),
          })}{' '}
          {canEdit && (
            <Button size="compact-xs" variant="default" onClick={() => setDraft(without)}>
              {t('takeUnused')}
            </Button>
          )}
        </p>
      )}
      <RoleMatrix
        grants={grants}
        before={held}
        effective={draft ? undefined : effective}
        canEdit={canEdit}
        change={setDraft}
      />
      {draft && (
        <Group mt="md" className="k-role-save">
          <Button onClick={() => (more.length > 0 ? setAsked(true) : void save({ grants }))}>
            {t('saveRole')}
          </Button>
          <Button variant="default" onClick={() => setDraft(undefined)}>
            {t('discardRole')}
          </Button>
        </Group>
      )}
      {canEdit && !draft && role.holders.length === 0 && !role.isBuiltIn && (
        <Button mt="md" variant="default" onClick={() => void remove()}>
          {t('removeRole')}
        </Button>
      )}
      {isAsked && (
        <Modal
          opened
          onClose={() => setAsked(false)}
          title={t('givesMore')}
          closeButtonProps={{ 'aria-label': t('close') }}
        >
          <p style={{ marginTop: 0 }}>{t('givesMoreText')}</p>
          <ul>
            {more.map(([permission, scope]) => (
              <li key={permission}>{rightText(t, permission, scope)}</li>
            ))}
          </ul>
          <p>{holders ? t('givesMoreTo', { names: holders }) : t('heldByNobody')}</p>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsked(false)}>
              {t('cancel')}
            </Button>
            <Button
              onClick={() => {
                setAsked(false)
                void save({ grants })
              }}
            >
              {t('giveMore')}
            </Button>
          </Group>
        </Modal>
      )}
    </>
  )
}

function NewRole({
  copyOf,
  close,
  made,
}: {
  copyOf: string
  close: () => void
  made: (id: string) => void
}) {
  const t = useWords()
  const queries = useQueryClient()
  const roleName = useRoleName()
  const [name, setName] = useState('')
  const make = () =>
    ask<Role>('POST', '/api/rights/roles', { body: { name: name.trim(), copyOf } }).then(
      async (role) => {
        await queries.invalidateQueries({ queryKey: key })
        await queries.invalidateQueries({ queryKey: rolesQuery.queryKey })
        made(role.id)
        close()
      },
      (error: unknown) => tellRefusal(t, error),
    )
  return (
    <Modal
      opened
      onClose={close}
      title={t('newRole')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={sentBy(() => void make())}>
        <TextInput
          data-autofocus
          label={t('roleName')}
          description={`${t('copyRole')}: ${roleName(copyOf)}`}
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="lg">
          <Button type="submit" disabled={name.trim() === ''}>
            {t('add')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
