import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { Enrolled, Enrolment, VisibleTo } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { AfterEnrolment, ChooseFactor } from './enrol.tsx'
import { Entrance, Steps } from './entrance.tsx'

const STEPS = 4

/** The first screen of a new house: who we are, who administers, the second factor, the codes, the sheet. */
export function SetUp() {
  return (
    <Entrance wide>
      <SetUpSteps />
    </Entrance>
  )
}

function SetUpSteps() {
  const t = useWords()
  const fromPath = useParams({ from: '/set-up/{-$token}' }).token
  const fromSearch = useSearch({ from: '/set-up/{-$token}' }).token
  const token = fromPath ?? fromSearch ?? location.hash.slice(1)
  const [step, setStep] = useState<'organisation' | 'administrator' | 'factor'>('organisation')
  const [organisation, setOrganisation] = useState<{ name: string; visibility: VisibleTo }>({
    name: '',
    visibility: 'team',
  })
  const [administrator, setAdministrator] = useState({ name: '', email: '' })
  const [enrolled, setEnrolled] = useState<Enrolled>()
  const state = useQuery({
    queryKey: ['set-up'],
    queryFn: () => ask<{ isNeeded: boolean }>('GET', '/api/set-up'),
    enabled: !enrolled,
  })

  if (enrolled)
    return (
      <>
        <Steps count={STEPS} done={STEPS} />
        <AfterEnrolment enrolled={enrolled} into={() => location.assign('/people')} />
      </>
    )
  if (state.data?.isNeeded === false)
    return (
      <>
        <h1>{t('alreadySetUp')}</h1>
        <p>{t('alreadySetUpText')}</p>
        <Button component="a" href="/sign-in">
          {t('signIn')}
        </Button>
      </>
    )
  if (!token)
    return (
      <>
        <h1>{t('setUpLinkNeeded')}</h1>
        <p>{t('setUpLinkNeededText')}</p>
      </>
    )
  if (step === 'organisation')
    return (
      <form noValidate onSubmit={sentBy(() => setStep('administrator'))}>
        <Steps count={STEPS} done={1} />
        <h1>{t('welcome')}</h1>
        <p>{t('welcomeText')}</p>
        <TextInput
          autoFocus
          required
          label={t('organisationName')}
          maxLength={120}
          autoComplete="organization"
          value={organisation.name}
          onChange={(event) =>
            setOrganisation({ ...organisation, name: event.currentTarget.value })
          }
        />
        <VisibilityChoice
          value={organisation.visibility}
          change={(visibility) => setOrganisation({ ...organisation, visibility })}
        />
        <Group justify="flex-end" mt="lg">
          <Button type="submit" disabled={organisation.name.trim() === ''}>
            {t('next')}
          </Button>
        </Group>
      </form>
    )
  if (step === 'administrator')
    return (
      <form noValidate onSubmit={sentBy(() => setStep('factor'))}>
        <Steps count={STEPS} done={2} />
        <h1>{t('firstAdministrator')}</h1>
        <p>{t('firstAdministratorText')}</p>
        <TextInput
          autoFocus
          required
          label={t('yourName')}
          maxLength={120}
          autoComplete="name"
          value={administrator.name}
          onChange={(event) =>
            setAdministrator({ ...administrator, name: event.currentTarget.value })
          }
        />
        <TextInput
          mt="sm"
          required
          type="email"
          label={t('yourEmail')}
          maxLength={254}
          autoComplete="username"
          value={administrator.email}
          onChange={(event) =>
            setAdministrator({ ...administrator, email: event.currentTarget.value })
          }
        />
        <Group justify="space-between" mt="lg">
          <Button variant="subtle" color="gray" onClick={() => setStep('organisation')}>
            {t('back')}
          </Button>
          <Button
            type="submit"
            disabled={administrator.name.trim() === '' || !administrator.email.includes('@')}
          >
            {t('next')}
          </Button>
        </Group>
      </form>
    )
  const begin = (password: string | undefined) =>
    ask<Enrolment>('POST', '/api/set-up', {
      body: {
        token,
        organisation: { ...organisation, language: t.language },
        administrator: {
          ...administrator,
          language: t.language,
          ...(password ? { password } : {}),
        },
      },
    })
  return (
    <>
      <Steps count={STEPS} done={3} />
      <ChooseFactor begin={begin} done={setEnrolled} />
    </>
  )
}

export function VisibilityChoice({
  value,
  change,
  isTitled = true,
}: {
  value: VisibleTo
  change: (value: VisibleTo) => void
  /** Not where a heading above says the same. */
  isTitled?: boolean
}) {
  const t = useWords()
  return (
    <Radio.Group
      mt="md"
      label={isTitled ? t('visibility') : undefined}
      aria-label={t('visibility')}
      description={t('visibilityText')}
      value={value}
      onChange={(next) => change(next as VisibleTo)}
    >
      <Stack gap={8} mt="xs">
        {(['team', 'owner', 'everyone'] as const).map((one) => (
          <Radio
            key={one}
            value={one}
            label={t(`visibility.${one}`)}
            description={t(`visibilityText.${one}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}
