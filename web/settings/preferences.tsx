import { Button, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Language } from '../api/shapes.ts'
import { useSignOut } from '../frame/frame.tsx'
import { KEYS_OFF } from '../frame/keys.ts'
import { sessionQuery, useRoleName, useSession } from '../frame/session.ts'
import { remember, remembered, rememberLanguage } from '../language/remembered.ts'
import { useWords } from '../language/words.tsx'
import { tellRefusal } from '../parts/tell.tsx'
import { MailWishChoice } from './mail.tsx'
import { Section } from './settings.tsx'

export function Preferences() {
  const t = useWords()
  const roleName = useRoleName()
  const session = useSession()
  const queries = useQueryClient()
  const leave = useSignOut()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [areKeysOn, setKeysOn] = useState(remembered(KEYS_OFF) !== 'yes')
  const chooseLanguage = async (language: Language) => {
    rememberLanguage(language)
    queries.setQueryData(sessionQuery.queryKey, { ...session, user: { ...session.user, language } })
    await ask('PATCH', '/api/session', { body: { language } }).catch((error: unknown) =>
      tellRefusal(t, error),
    )
  }
  return (
    <>
      <Section
        title={session.user.name}
        text={`${session.user.email} · ${roleName(session.user.roleId)}`}
      >
        <Button
          variant="default"
          leftSection={<IconLogout size={15} aria-hidden />}
          onClick={leave}
        >
          {t('signOut')}
        </Button>
      </Section>
      <Section title={t('language')}>
        <SegmentedControl
          aria-label={t('language')}
          value={session.user.language}
          onChange={(next) => void chooseLanguage(next as Language)}
          data={[
            { value: 'nl', label: 'Nederlands' },
            { value: 'en', label: 'English' },
          ]}
        />
      </Section>
      <Section title={t('theme')}>
        <SegmentedControl
          aria-label={t('theme')}
          value={colorScheme}
          onChange={(next) => setColorScheme(next as 'light' | 'dark' | 'auto')}
          data={[
            { value: 'light', label: t('themeLight') },
            { value: 'dark', label: t('themeDark') },
            { value: 'auto', label: t('themeSystem') },
          ]}
        />
      </Section>
      <MailWishChoice />
      <Section title={t('shortcuts')}>
        <Switch
          label={t('singleKeys')}
          checked={areKeysOn}
          onChange={(event) => {
            setKeysOn(event.currentTarget.checked)
            remember(KEYS_OFF, event.currentTarget.checked ? 'no' : 'yes')
          }}
        />
      </Section>
    </>
  )
}
