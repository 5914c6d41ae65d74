import { Button, Group, Modal, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { rolesQuery, useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from './sent-by.ts'
import { refusalText } from './tell.tsx'

/** A dialog with one request: sends, shows a refusal inside, closes when it worked. */
export function FormDialog({
  title,
  text,
  action,
  color,
  isReady = true,
  send,
  close,
  children,
}: {
  title: string
  text?: string | undefined
  /** On the button. */
  action: string
  color?: string | undefined
  isReady?: boolean
  send: () => Promise<unknown>
  close: () => void
  children: ReactNode
}) {
  const t = useWords()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        noValidate
        onSubmit={sentBy(() => {
          setBusy(true)
          setProblem(undefined)
          send()
            .then(close)
            .catch((error: unknown) => {
              setProblem(refusalText(t, error))
              setBusy(false)
            })
        })}
      >
        {text && (
          <p className="k-dim" style={{ marginTop: 0 }}>
            {text}
          </p>
        )}
        {children}
        {problem && (
          <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '10px 0 0' }}>
            {problem}
          </p>
        )}
        <Group justify="flex-end" mt="lg">
          <Button type="submit" loading={isBusy} disabled={!isReady} {...(color ? { color } : {})}>
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

export function useRoleOptions(fits: (permissions: string[]) => boolean = () => true) {
  const roleName = useRoleName()
  const roles = useQuery(rolesQuery).data?.items ?? []
  return roles
    .filter(({ permissions }) => fits(permissions))
    .map(({ id }) => ({ value: id, label: roleName(id) }))
}

export function useTeamOptions() {
  return useNames().teams.map(({ id, name }) => ({ value: id, label: name }))
}

type Place = { roleId: string; teamId: string }

/** As what somebody or something begins here, and in which team. */
export function PlaceFields({
  roles,
  place: { roleId, teamId },
  change,
}: {
  roles: { value: string; label: string }[]
  place: Place
  change: (place: Place) => void
}) {
  const t = useWords()
  const shared = { mt: 'sm', allowDeselect: false }
  return (
    <>
      <Select
        {...shared}
        label={t('role')}
        data={roles}
        value={roleId}
        onChange={(next) => next && change({ roleId: next, teamId })}
      />
      <Select
        {...shared}
        label={t('team')}
        data={useTeamOptions()}
        value={teamId}
        onChange={(next) => next && change({ roleId, teamId: next })}
      />
    </>
  )
}
