import { Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Program } from '../api/shapes.ts'
import { useNames, useSession } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { FormDialog, PlaceFields, useRoleOptions } from '../parts/form-dialog.tsx'
import '../language/late-access.ts'

const DAYS = [30, 90, 180, 365]
const FOR_PEOPLE = /:(manage|decide|review)$|^break-glass:/
type Key = { ranges: string; days: number }
type Made = { key: string }

const bodyOf = ({ ranges, days }: Key) => ({
  days,
  ranges: ranges
    .split(/[\s,;]+/)
    .map((one) => one.trim())
    .filter(Boolean),
})

export function ResponsibleSelect({
  value,
  change,
}: {
  value: string | null
  change: (id: string) => void
}) {
  const t = useWords()
  const { colleagues } = useNames()
  return (
    <Select
      mt="sm"
      searchable
      label={t('responsible')}
      data={colleagues
        .filter((one) => one.status === 'active')
        .map((one) => ({ value: one.id, label: one.name }))}
      allowDeselect={false}
      value={value}
      onChange={(next) => next && change(next)}
    />
  )
}

/** From where a key is taken, and how long. */
function KeyFields({ given, change }: { given: Key; change: (given: Key) => void }) {
  const t = useWords()
  return (
    <>
      <Textarea
        mt="sm"
        required
        label={t('keyFrom')}
        description={t('keyFromHint')}
        autosize
        minRows={2}
        value={given.ranges}
        onChange={(event) => change({ ...given, ranges: event.currentTarget.value })}
      />
      <Select
        mt="sm"
        label={t('keyDays')}
        allowDeselect={false}
        data={DAYS.map((days) => ({
          value: String(days),
          label: days === 365 ? t('oneYear') : t('days', { count: days }),
        }))}
        value={String(given.days)}
        onChange={(days) => change({ ...given, days: Number(days) })}
      />
    </>
  )
}

export function NewProgramDialog({
  close,
  made,
}: {
  close: () => void
  made: (key: string) => void
}) {
  const t = useWords()
  const { user } = useSession()
  const { teams } = useNames()
  // A role with what only people decide is none for a program; the database refuses it too (functions/sessions.sql).
  const roles = useRoleOptions((permissions) => !permissions.some((one) => FOR_PEOPLE.test(one)))
  const [given, setGiven] = useState({
    name: '',
    roleId: 'sales',
    teamId: '',
    responsibleId: user.id,
  })
  const [key, setKey] = useState<Key>({ ranges: '', days: 90 })
  const teamId = given.teamId || teams[0]?.id || ''
  const body = { ...given, teamId, ...bodyOf(key) }
  return (
    <FormDialog
      title={t('newProgram')}
      action={t('makeKey')}
      close={close}
      isReady={given.name.trim() !== '' && body.ranges.length > 0}
      send={async () => made((await ask<Made>('POST', '/api/programs', { body })).key)}
    >
      <TextInput
        data-autofocus
        required
        label={t('name')}
        maxLength={80}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
      />
      <PlaceFields
        roles={roles}
        place={{ roleId: given.roleId, teamId }}
        change={(place) => setGiven({ ...given, ...place })}
      />
      <ResponsibleSelect
        value={given.responsibleId}
        change={(responsibleId) => setGiven({ ...given, responsibleId })}
      />
      <KeyFields given={key} change={setKey} />
    </FormDialog>
  )
}

export function KeyDialog({
  program,
  close,
  made,
}: {
  program: Program
  close: () => void
  made: (key: string) => void
}) {
  const t = useWords()
  const [key, setKey] = useState<Key>({
    ranges: program.keys[0]?.ranges.join('\n') ?? '',
    days: 90,
  })
  const body = bodyOf(key)
  const url = `/api/programs/${program.id}/keys`
  return (
    <FormDialog
      title={t('newKeyOf', { name: program.name })}
      action={t('makeKey')}
      close={close}
      isReady={body.ranges.length > 0}
      send={async () => made((await ask<Made>('POST', url, { body })).key)}
    >
      <KeyFields given={key} change={setKey} />
    </FormDialog>
  )
}
