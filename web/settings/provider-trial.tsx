import { Alert } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Trial } from '../api/shapes.ts'
import { useRoleName } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { providersKey } from './provider-parts.tsx'

/** What the last trial came to: what the provider said, and what Kluis would make of it. */
export function TrialResult({ providerId, isFresh }: { providerId: string; isFresh: boolean }) {
  const t = useWords()
  const { data } = useQuery({
    queryKey: [...providersKey, providerId, 'trial'],
    queryFn: () =>
      ask<{ trial: Trial | null }>('GET', `/api/identity-providers/${providerId}/trial`),
    staleTime: 0,
  })
  const trial = data?.trial
  if (!trial) return null
  return (
    <Alert
      mt="sm"
      p="xs"
      variant="light"
      color={trial.isRight ? 'petrol' : 'red'}
      role={isFresh ? 'alert' : undefined}
      icon={trial.isRight ? <IconCheck size={17} aria-hidden /> : <IconX size={17} aria-hidden />}
      title={`${t(trial.isRight ? 'trialRight' : 'trialWrong')} · ${t.ago(trial.at)}`}
    >
      {trial.why && <p style={{ margin: '0 0 6px' }}>{whyNot(t, trial.why)}</p>}
      {trial.said && <p style={{ margin: '0 0 6px' }}>{t('trialSaid', { said: trial.said })}</p>}
      {trial.email && <Said trial={trial} />}
    </Alert>
  )
}

function Said({ trial }: { trial: Trial }) {
  const t = useWords()
  const roleName = useRoleName()
  const nothing = t('trialNothing')
  const factor = [
    ...trial.amr.map((one) => `amr ${one}`),
    ...(trial.acr ? [`acr ${trial.acr}`] : []),
  ]
  const lines: [string, string][] = [
    [
      t('trialEmail'),
      `${trial.email} (${t(trial.isVerified ? 'trialVerified' : 'trialUnverified')})`,
    ],
    [t('trialGroups'), trial.groups.join(', ') || nothing],
    [
      t('trialFactor'),
      `${t(trial.isSecondFactorProven ? 'trialProven' : 'trialAsked')} (${factor.join(', ') || nothing})`,
    ],
    ...(trial.roleId
      ? ([
          [t('trialRole'), trial.roleId === 'none' ? t('trialNoRole') : roleName(trial.roleId)],
        ] as [string, string][])
      : []),
  ]
  return (
    <dl className="k-small" style={{ margin: 0 }}>
      {lines.map(([name, value]) => (
        <div key={name} style={{ display: 'flex', gap: 8 }}>
          <dt className="k-dim" style={{ flex: '0 0 7.5em' }}>
            {name}
          </dt>
          <dd style={{ margin: 0, minWidth: 0, overflowWrap: 'anywhere' }}>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function whyNot(t: Speak, why: string): string {
  return t.known(`provider-not-right.${why}`) ?? t.known(`arrived.${why}`) ?? why
}
