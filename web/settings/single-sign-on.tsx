import { Alert, Badge, Button, Group, Menu, Modal } from '@mantine/core'
import { IconAlertTriangle, IconDots, IconPlus } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Provider } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import '../language/late-federation.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { refusalText, tell, tellRefusal } from '../parts/tell.tsx'
import { Directory, Links } from './provider-directory.tsx'
import { ProviderForm } from './provider-form.tsx'
import { Address, providersKey } from './provider-parts.tsx'
import { TrialResult } from './provider-trial.tsx'
import { Section } from './settings.tsx'

/** The organisation's own provider of sign-in: set up, tried, switched on, and what hangs on it. */
export default function SingleSignOn() {
  const t = useWords()
  const found = useQuery({
    queryKey: providersKey,
    queryFn: () => ask<{ items: Provider[] }>('GET', '/api/identity-providers'),
    staleTime: 0,
  })
  const [form, setForm] = useState<{ provider: Provider | undefined }>()
  if (found.error && !found.data) return <Broken error={found.error} />
  if (!found.data) return <Lines />
  const { items } = found.data
  return (
    <>
      <Section title={t('ssoTitle')} text={t('ssoText')}>
        {items.length === 0 && <p className="k-dim">{t('ssoNone')}</p>}
        {items.map((provider) => (
          <ProviderCard key={provider.id} provider={provider} edit={() => setForm({ provider })} />
        ))}
        <Button
          variant={items.length === 0 ? 'filled' : 'default'}
          leftSection={<IconPlus size={15} aria-hidden />}
          onClick={() => setForm({ provider: undefined })}
        >
          {t('ssoAdd')}
        </Button>
      </Section>
      {form && (
        <ProviderForm
          key={form.provider?.id ?? 'new'}
          provider={form.provider}
          close={() => setForm(undefined)}
        />
      )}
    </>
  )
}

function ProviderCard({ provider, edit }: { provider: Provider; edit: () => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const { tried } = useSearch({ from: '/frame/settings' })
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const [isRemoving, setRemoving] = useState(false)
  const { id, settings, isOn, rowVersion } = provider
  const path = `/api/identity-providers/${id}`
  const refresh = () => queries.invalidateQueries({ queryKey: providersKey })
  const attempt = async (act: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(undefined)
    await act().catch((error: unknown) => setProblem(refusalText(t, error)))
    setBusy(false)
  }
  const tryIt = () =>
    attempt(async () => {
      try {
        const { url } = await ask<{ url: string }>('POST', `${path}/try`)
        location.assign(url)
      } finally {
        await queries.invalidateQueries({ queryKey: [...providersKey, id, 'trial'] })
      }
    })
  const flip = () =>
    attempt(async () => {
      await ask('POST', `${path}/switch`, { body: { rowVersion, isOn: !isOn } })
      await refresh()
    })
  return (
    <article className="k-card" style={{ marginBottom: 16 }} aria-label={settings.name}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          <h3 style={{ margin: 0, fontSize: 15 }}>
            {settings.name}{' '}
            <Badge variant="light" color={isOn ? 'petrol' : 'gray'} tt="none" fw={500}>
              {t(isOn ? 'ssoOn' : 'ssoOff')}
            </Badge>
          </h3>
          <p className="k-dim k-small" style={{ margin: '2px 0 0' }}>
            {[
              settings.issuer,
              settings.domains.join(', '),
              t.count('linkedOne', 'linkedCount', provider.linkedCount),
            ].join(' · ')}
          </p>
        </div>
        <Menu position="bottom-end" shadow="md">
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              aria-label={`${t('more')}: ${settings.name}`}
            >
              <IconDots size={17} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setRemoving(true)}>{t('ssoRemove')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {provider.isWayBackMissing && (
        <Alert
          color="orange"
          variant="light"
          mt="sm"
          p="xs"
          role="alert"
          icon={<IconAlertTriangle size={17} aria-hidden />}
        >
          {t('ssoWayBackMissing')}
        </Alert>
      )}
      <TrialResult providerId={id} isFresh={tried === id} />
      <Group mt="sm" gap="xs">
        <Button variant="default" onClick={edit}>
          {t('edit')}
        </Button>
        <Button variant="default" loading={isBusy} onClick={() => void tryIt()}>
          {t('ssoTry')}
        </Button>
        <Button variant={isOn ? 'default' : 'filled'} loading={isBusy} onClick={() => void flip()}>
          {t(isOn ? 'ssoSwitchOff' : 'ssoSwitchOn')}
        </Button>
      </Group>
      {problem && (
        <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '10px 0 0' }}>
          {problem}
        </p>
      )}
      {!provider.isTried && !problem && (
        <p className="k-dim k-small" style={{ margin: '8px 0 0' }}>
          {t('ssoTryFirst')} {t('ssoTryText')}
        </p>
      )}
      <h4 className="k-form-label" style={{ margin: '18px 0 4px' }}>
        {t('ssoAddresses')}
      </h4>
      <Address label={t('ssoCallback')} value={provider.callback} />
      <Address label={t('ssoSignedOut')} value={provider.signedOut} />
      <Directory provider={provider} />
      <Links provider={provider} />
      {isRemoving && <RemoveDialog provider={provider} close={() => setRemoving(false)} />}
    </article>
  )
}

function RemoveDialog({ provider, close }: { provider: Provider; close: () => void }) {
  const t = useWords()
  const queries = useQueryClient()
  const { name } = provider.settings
  const remove = () =>
    ask('DELETE', `/api/identity-providers/${provider.id}`)
      .then(() => queries.invalidateQueries({ queryKey: providersKey }))
      .then(() => {
        tell(t('ssoRemoved', { name }))
        close()
      })
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <Modal opened onClose={close} title={name} closeButtonProps={{ 'aria-label': t('close') }}>
      <p style={{ marginTop: 0 }}>{t('ssoRemoveText', { name })}</p>
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t('cancel')}
        </Button>
        <Button color="red" onClick={() => void remove()}>
          {t('ssoRemove')}
        </Button>
      </Group>
    </Modal>
  )
}
