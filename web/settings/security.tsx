import { ActionIcon, Button, Group, Modal, PasswordInput, TextInput } from '@mantine/core'
import {
  IconDeviceMobile,
  IconFingerprint,
  IconKey,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, whenSessionEnds } from '../api/client.ts'
import type { Enrolment, SessionLine as Line, Passkey } from '../api/shapes.ts'
import { RecoveryCodes } from '../entrance/enrol.tsx'
import { createPasskey, thisDevice } from '../entrance/passkeys.ts'
import { ScanCode } from '../entrance/scan-code.tsx'
import '../language/late-federation.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { OwnRecovery } from './recoveries.tsx'
import { SessionLine } from './session-line.tsx'
import { Section } from './settings.tsx'
import '../language/late-access.ts'

/** With what I sign in, and where I am signed in now. */
export function Security() {
  return (
    <>
      <OwnRecovery />
      <Passkeys />
      <NewApp />
      <NewCodes />
      <Password />
      <Sessions />
    </>
  )
}

function Passkeys() {
  const t = useWords()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [renaming, setRenaming] = useState<Passkey>()
  const passkeys = useQuery({
    queryKey: ['passkeys'],
    queryFn: () => ask<{ items: Passkey[] }>('GET', '/api/passkeys'),
  })
  const refresh = () => queries.invalidateQueries({ queryKey: ['passkeys'] })
  const add = async () => {
    setBusy(true)
    try {
      const options = await ask<Record<string, unknown>>('POST', '/api/passkeys/options')
      const credential = await createPasskey(options)
      await ask('POST', '/api/passkeys', { body: { name: thisDevice(), credential } })
      tell(t('passkeyAdded'))
      await refresh()
    } catch (error) {
      tellRefusal(t, error)
    }
    setBusy(false)
  }
  const remove = (one: Passkey) =>
    ask('DELETE', `/api/passkeys/${one.id}`)
      .then(refresh)
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <Section title={t('passkeys')} text={t('passkeysText')}>
      {passkeys.isPending && <Lines count={2} />}
      {passkeys.data?.items.length === 1 && <p role="note">{t('oneMorePasskey')}</p>}
      <ul style={{ margin: '0 0 10px', padding: 0, listStyle: 'none' }}>
        {passkeys.data?.items.map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <IconFingerprint size={18} stroke={1.6} aria-hidden />
            <span style={{ flex: 1, minWidth: 0 }}>
              {one.name || t('passkey')}
              <br />
              <span className="k-dim k-small">
                {[
                  one.lastUsedAt
                    ? t('lastUsed', { when: t.instant(one.lastUsedAt) })
                    : t('addedAt', { when: t.instant(one.createdAt) }),
                  one.isKey && t('isKey'),
                  syncOf(t, one),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <ActionIcon
              aria-label={t('renamePasskey', { name: one.name || t('passkey') })}
              onClick={() => setRenaming(one)}
            >
              <IconPencil size={15} stroke={1.6} />
            </ActionIcon>
            <ActionIcon
              aria-label={t('removeValue', { value: one.name || t('passkey') })}
              onClick={() => void remove(one)}
            >
              <IconTrash size={15} stroke={1.6} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        loading={isBusy}
        leftSection={<IconFingerprint size={15} aria-hidden />}
        onClick={() => void add()}
      >
        {t('addPasskey')}
      </Button>
      {renaming && (
        <RenameDialog
          one={renaming}
          close={() => setRenaming(undefined)}
          renamed={() => void refresh()}
        />
      )}
    </Section>
  )
}

function syncOf(t: Speak, { isSynced, maySync }: Passkey): string {
  if (isSynced) return t('synced')
  if (maySync === null) return ''
  return t(maySync ? 'maySyncNot' : 'isBound')
}

function RenameDialog({
  one,
  close,
  renamed,
}: {
  one: Passkey
  close: () => void
  renamed: () => void
}) {
  const t = useWords()
  const [name, setName] = useState(one.name)
  const save = () =>
    ask('PATCH', `/api/passkeys/${one.id}`, { body: { name } })
      .then(renamed)
      .then(close)
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <Modal
      opened
      onClose={close}
      title={t('renamePasskey', { name: one.name || t('passkey') })}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form noValidate onSubmit={sentBy(() => void save())}>
        <TextInput
          data-autofocus
          label={t('passkeyName')}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button type="submit" disabled={name.trim() === ''}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}

/** Another phone: what the app there is told, and the code that shows it was. */
function NewApp() {
  const t = useWords()
  const [totp, setTotp] = useState<Enrolment['totp']>()
  const begin = () =>
    ask<Pick<Enrolment, 'totp'>>('POST', '/api/totp/options')
      .then((begun) => setTotp(begun.totp))
      .catch((error: unknown) => tellRefusal(t, error))
  const end = () => setTotp(undefined)
  return (
    <Section title={t('codesApp')} text={t('codesAppText')}>
      <Button
        variant="default"
        leftSection={<IconDeviceMobile size={15} aria-hidden />}
        onClick={() => void begin()}
      >
        {t('newApp')}
      </Button>
      {totp && (
        <Modal.Root opened onClose={end}>
          <Modal.Overlay />
          <Modal.Content aria-label={t('newApp')}>
            <Modal.Body p="lg">
              <ScanCode
                totp={totp}
                send={async (code) => {
                  await ask('POST', '/api/totp', { body: { code } })
                  end()
                  tell(t('newAppDone'))
                }}
              />
            </Modal.Body>
          </Modal.Content>
        </Modal.Root>
      )}
    </Section>
  )
}

function NewCodes() {
  const t = useWords()
  const [codes, setCodes] = useState<string[]>()
  const make = () =>
    ask<{ recoveryCodes: string[] }>('POST', '/api/recovery-codes')
      .then((reply) => setCodes(reply.recoveryCodes))
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <Section title={t('recoveryCodes')} text={t('newCodesText')}>
      <Button
        variant="default"
        leftSection={<IconKey size={15} aria-hidden />}
        onClick={() => void make()}
      >
        {t('newCodes')}
      </Button>
      {codes && (
        <Modal.Root
          opened
          onClose={() => undefined}
          closeOnEscape={false}
          closeOnClickOutside={false}
        >
          <Modal.Overlay />
          <Modal.Content aria-label={t('recoveryCodes')}>
            <Modal.Body p="lg">
              <RecoveryCodes codes={codes} next={() => setCodes(undefined)} />
            </Modal.Body>
          </Modal.Content>
        </Modal.Root>
      )}
    </Section>
  )
}

function Password() {
  const t = useWords()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [isBusy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      await ask('POST', '/api/password', {
        body: { password: next, ...(current ? { currentPassword: current } : {}) },
      })
      tell(t('passwordChanged'))
      setCurrent('')
      setNext('')
    } catch (error) {
      tellRefusal(t, error)
    }
    setBusy(false)
  }
  const toggle = { 'aria-label': t('showPassword') }
  return (
    <Section title={t('password')} text={t('passwordText')}>
      <form
        noValidate
        onSubmit={sentBy(() => void save())}
        style={{ display: 'grid', gap: 10, maxWidth: 320 }}
      >
        <PasswordInput
          label={t('currentPassword')}
          autoComplete="current-password"
          visibilityToggleButtonProps={toggle}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('newPassword')}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" variant="default" loading={isBusy} disabled={next === ''}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Section>
  )
}

function Sessions() {
  const t = useWords()
  const queries = useQueryClient()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: () => ask<{ items: Line[] }>('GET', '/api/sessions'),
    staleTime: 0,
  })
  const end = (one: Line) =>
    ask('DELETE', `/api/sessions/${one.id}`)
      .then(() => queries.invalidateQueries({ queryKey: ['sessions'] }))
      .catch((error: unknown) => tellRefusal(t, error))
  const endAll = () =>
    ask('POST', '/api/sessions/sign-out-everywhere')
      .then(() => {
        whenSessionEnds(undefined)
        location.assign('/sign-in')
      })
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <Section title={t('sessions')} text={t('sessionsText')}>
      {sessions.isPending && <Lines count={3} />}
      <ul style={{ margin: '0 0 10px', padding: 0, listStyle: 'none' }}>
        {sessions.data?.items.map((one) => (
          <SessionLine key={one.id} one={one}>
            {!one.isThis && (
              <Button size="compact-sm" variant="default" onClick={() => void end(one)}>
                {t('signOut')}
              </Button>
            )}
          </SessionLine>
        ))}
      </ul>
      <Button variant="default" onClick={() => void endAll()}>
        {t('signOutEverywhere')}
      </Button>
    </Section>
  )
}
