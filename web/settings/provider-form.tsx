import {
  ActionIcon,
  Button,
  Group,
  Modal,
  MultiSelect,
  PasswordInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask } from '../api/client.ts'
import type { Provider, ProviderSettings, Roles } from '../api/shapes.ts'
import { teamsQuery, useNames, useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { sentBy } from '../parts/sent-by.ts'
import { refusalText, tell } from '../parts/tell.tsx'
import { providersKey } from './provider-parts.tsx'

type Part = { draft: ProviderSettings; change: (next: Partial<ProviderSettings>) => void }
type Placed = NonNullable<ProviderSettings['everyoneElse']>

const empty: ProviderSettings = {
  name: '',
  issuer: '',
  clientId: '',
  domains: [],
  groupsClaim: 'groups',
  groups: [],
  everyoneElse: null,
  secondFactor: { amr: ['mfa', 'hwk', 'fido'], acr: [] },
  makesColleagues: false,
  isRequired: false,
  exemptUserIds: [],
  signsOutThere: false,
}

export function ProviderForm({
  provider,
  close,
}: {
  provider: Provider | undefined
  close: () => void
}) {
  const t = useWords()
  const queries = useQueryClient()
  const isPhone = useIsPhone()
  const [draft, setDraft] = useState<ProviderSettings>(provider?.settings ?? empty)
  const [secret, setSecret] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const change = (next: Partial<ProviderSettings>) => setDraft({ ...draft, ...next })
  const save = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const body = {
        settings: draft,
        ...(provider ? { rowVersion: provider.rowVersion } : {}),
        ...(secret ? { clientSecret: secret } : {}),
      }
      if (provider) await ask('PATCH', `/api/identity-providers/${provider.id}`, { body })
      else await ask('POST', '/api/identity-providers', { body })
      await queries.invalidateQueries({ queryKey: providersKey })
      tell(t('saved'))
      close()
    } catch (error) {
      setProblem(refusalText(t, error))
      setBusy(false)
    }
  }
  const isWhole =
    draft.name && draft.issuer && draft.clientId && draft.domains.length > 0 && (provider || secret)
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      fullScreen={isPhone}
      title={provider ? t('ssoEdit', { name: provider.settings.name }) : t('ssoAdd')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={sentBy(() => void save())}>
        <Stack gap="lg">
          <Client {...{ draft, change, provider, secret, setSecret }} />
          <Who draft={draft} change={change} />
          <Factor draft={draft} change={change} />
          <Must draft={draft} change={change} />
        </Stack>
        {problem && (
          <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '14px 0 0' }}>
            {problem}
          </p>
        )}
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isWhole}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

function Heading({ children }: { children: ReactNode }) {
  return (
    <h3 className="k-form-label" style={{ margin: '0 0 -6px' }}>
      {children}
    </h3>
  )
}

function Client({
  draft,
  change,
  provider,
  secret,
  setSecret,
}: Part & {
  provider: Provider | undefined
  secret: string
  setSecret: (next: string) => void
}) {
  const t = useWords()
  const isFixed = provider?.isOn ?? false
  const box = (name: 'name' | 'issuer' | 'clientId', maxLength: number) => ({
    maxLength,
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      change({ [name]: event.currentTarget.value.trim() === '' ? '' : event.currentTarget.value }),
  })
  return (
    <Stack gap="sm">
      <TextInput
        data-autofocus
        label={t('ssoName')}
        description={t('ssoNameHint')}
        {...box('name', 60)}
      />
      <TextInput
        label={t('ssoIssuer')}
        description={t(isFixed ? 'ssoFixedWhileOn' : 'ssoIssuerHint')}
        inputMode="url"
        disabled={isFixed}
        {...box('issuer', 500)}
      />
      <TextInput
        label={t('ssoClientId')}
        disabled={isFixed}
        autoComplete="off"
        {...box('clientId', 300)}
      />
      <PasswordInput
        label={t('ssoSecret')}
        description={t(provider ? 'ssoSecretKept' : 'ssoSecretHint')}
        autoComplete="off"
        maxLength={1000}
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
      <TagsInput
        label={t('ssoDomains')}
        description={t('ssoDomainsHint')}
        placeholder={draft.domains.length === 0 ? 'bureau.be' : undefined}
        acceptValueOnBlur
        value={draft.domains}
        onChange={(domains) =>
          change({ domains: domains.map((one) => one.trim().toLowerCase().replace(/^.*@/, '')) })
        }
      />
    </Stack>
  )
}

function Who({ draft, change }: Part) {
  const t = useWords()
  const { groups, everyoneElse } = draft
  const first = useQuery(teamsQuery).data?.items[0]?.id ?? ''
  const withLine = (at: number, next: Partial<ProviderSettings['groups'][number]>) =>
    change({ groups: groups.map((line, i) => (i === at ? { ...line, ...next } : line)) })
  return (
    <Stack gap="sm">
      <Heading>{t('ssoWho')}</Heading>
      <p className="k-dim" style={{ margin: 0 }}>
        {t('ssoGroupsText')}
      </p>
      {groups.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place, what is in it changes while one types
        <Group key={at} gap="xs" align="flex-end" wrap="wrap">
          <TextInput
            label={t('ssoGroup')}
            style={{ flex: '1 1 150px' }}
            maxLength={200}
            value={line.group}
            onChange={(event) => withLine(at, { group: event.currentTarget.value })}
          />
          <PlacePick value={line} change={(next) => withLine(at, next)} />
          <ActionIcon
            mb={4}
            aria-label={t('removeValue', { value: line.group || t('ssoGroup') })}
            onClick={() => change({ groups: groups.filter((_, i) => i !== at) })}
          >
            <IconTrash size={15} stroke={1.6} />
          </ActionIcon>
        </Group>
      ))}
      <Group gap="xs" align="flex-end">
        <Button
          variant="default"
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() =>
            change({ groups: [...groups, { group: '', roleId: 'sales', teamId: first }] })
          }
        >
          {t('ssoGroupAdd')}
        </Button>
        {groups.length > 0 && (
          <TextInput
            label={t('ssoGroupsClaim')}
            maxLength={100}
            style={{ flex: '1 1 180px' }}
            value={draft.groupsClaim}
            onChange={(event) => change({ groupsClaim: event.currentTarget.value })}
          />
        )}
      </Group>
      <div>
        <span className="k-form-label">{t(groups.length > 0 ? 'ssoElse' : 'ssoElseNew')}</span>
        <Group gap="xs" align="flex-end" mt={2}>
          <PlacePick
            none={t('ssoElseNobody')}
            value={everyoneElse}
            change={(next) =>
              change({
                everyoneElse: next.roleId
                  ? { roleId: next.roleId, teamId: next.teamId || first }
                  : null,
              })
            }
          />
        </Group>
      </div>
      <Switch
        label={t('ssoMakes')}
        checked={draft.makesColleagues}
        onChange={(event) => change({ makesColleagues: event.currentTarget.checked })}
      />
    </Stack>
  )
}

function PlacePick({
  value,
  change,
  none,
}: {
  value: Placed | null
  change: (next: Placed) => void
  none?: string
}) {
  const t = useWords()
  const roleName = useRoleName()
  const teams = useQuery(teamsQuery).data?.items ?? []
  const roles = useQuery({ queryKey: ['roles'], queryFn: () => ask<Roles>('GET', '/api/roles') })
  const roleIds = roles.data?.items.map(({ id }) => id) ?? []
  const now = value ?? { roleId: '', teamId: '' }
  return (
    <>
      <Select
        label={t('role')}
        style={{ flex: '1 1 130px' }}
        allowDeselect={false}
        value={now.roleId}
        onChange={(roleId) => change({ ...now, roleId: roleId ?? '' })}
        data={[
          ...(none ? [{ value: '', label: none }] : []),
          ...roleIds.map((id) => ({ value: id, label: roleName(id) })),
        ]}
      />
      {now.roleId !== '' && (
        <Select
          label={t('team')}
          style={{ flex: '1 1 130px' }}
          allowDeselect={false}
          value={now.teamId}
          onChange={(teamId) => change({ ...now, teamId: teamId ?? '' })}
          data={teams.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </>
  )
}

function Factor({ draft, change }: Part) {
  const t = useWords()
  const { secondFactor } = draft
  const set = (next: Partial<ProviderSettings['secondFactor']>) =>
    change({ secondFactor: { ...secondFactor, ...next } })
  return (
    <Stack gap="sm">
      <Heading>{t('ssoFactor')}</Heading>
      <p className="k-dim" style={{ margin: 0 }}>
        {t('ssoFactorText')}
      </p>
      <TagsInput
        label={t('ssoAmr')}
        acceptValueOnBlur
        value={secondFactor.amr}
        onChange={(amr) => set({ amr })}
      />
      <TagsInput
        label={t('ssoAcr')}
        acceptValueOnBlur
        value={secondFactor.acr}
        onChange={(acr) => set({ acr })}
      />
    </Stack>
  )
}

function Must({ draft, change }: Part) {
  const t = useWords()
  const { colleagues } = useNames()
  return (
    <Stack gap="sm">
      <Switch
        label={t('ssoSignsOut')}
        checked={draft.signsOutThere}
        onChange={(event) => change({ signsOutThere: event.currentTarget.checked })}
      />
      <Switch
        label={t('ssoRequired')}
        checked={draft.isRequired}
        onChange={(event) => change({ isRequired: event.currentTarget.checked })}
      />
      {draft.isRequired && (
        <MultiSelect
          label={t('ssoExempt')}
          description={t('ssoExemptHint')}
          searchable
          value={draft.exemptUserIds}
          onChange={(exemptUserIds) => change({ exemptUserIds })}
          data={colleagues
            .filter(({ status }) => status !== 'disabled')
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </Stack>
  )
}
