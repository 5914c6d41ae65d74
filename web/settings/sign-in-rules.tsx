import { Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { RoleSignIn } from '../api/shapes.ts'
import { useRoleName } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Section } from './settings.tsx'
import '../language/late-access.ts'

const key = ['sign-in-rules']
const IDLE = [5, 10, 15, 30, 60, 90, 120, 240, 480]
const LONGEST = [15, 30, 60, 120, 240, 480, 600, 720, 1440]
const asks = ['two-factors', 'passkey', 'device-bound'] as const

/** How long sessions last and what one signs in with, for each role. */
export function SignInRules() {
  const t = useWords()
  const queries = useQueryClient()
  const rules = useQuery({
    queryKey: key,
    queryFn: () => ask<{ items: RoleSignIn[] }>('GET', '/api/sign-in-rules'),
  })
  const change = ({ roleId, lacking: _, ...own }: RoleSignIn, edit: Partial<RoleSignIn>) =>
    ask<{ items: RoleSignIn[] }>('PATCH', `/api/sign-in-rules/${roleId}`, {
      body: { ...own, ...edit },
    })
      .then((saved) => {
        queries.setQueryData(key, saved)
        tell(t('saved'))
      })
      .catch((error: unknown) => {
        tellRefusal(t, error)
        void queries.invalidateQueries({ queryKey: key })
      })
  return (
    <Section title={t('signInRules')} text={t('signInRulesText')}>
      {rules.isPending && <Lines />}
      {rules.data?.items.map((one) => (
        <RoleCard key={one.roleId} one={one} change={(edit) => void change(one, edit)} />
      ))}
      <p className="k-dim k-small">{t('recoveredByAlways')}</p>
    </Section>
  )
}

function RoleCard({
  one,
  change,
}: {
  one: RoleSignIn
  change: (edit: Partial<RoleSignIn>) => void
}) {
  const t = useWords()
  const roleName = useRoleName()
  const lacking =
    one.asks === 'passkey'
      ? one.lacking.passkey
      : one.asks === 'device-bound'
        ? one.lacking.deviceBound
        : 0
  const spans = (values: number[], own: number) =>
    [...new Set([...values, own])]
      .sort((a, b) => a - b)
      .map((value) => ({ value: String(value), label: spanOf(t, value) }))
  return (
    <fieldset className="k-rules">
      <legend>{roleName(one.roleId)}</legend>
      <Select
        label={t('idleLimit')}
        allowDeselect={false}
        data={spans(IDLE, one.idleMinutes)}
        value={String(one.idleMinutes)}
        onChange={(value) => {
          const idleMinutes = Number(value)
          change({ idleMinutes, absoluteMinutes: Math.max(idleMinutes, one.absoluteMinutes) })
        }}
      />
      <Select
        label={t('absoluteLimit')}
        allowDeselect={false}
        data={spans(LONGEST, one.absoluteMinutes)}
        value={String(one.absoluteMinutes)}
        onChange={(value) => {
          const absoluteMinutes = Number(value)
          change({ absoluteMinutes, idleMinutes: Math.min(absoluteMinutes, one.idleMinutes) })
        }}
      />
      <Select
        label={t('asksLabel')}
        allowDeselect={false}
        data={asks.map((value) => ({ value, label: t(`asks.${value}`) }))}
        value={one.asks}
        onChange={(value) => change({ asks: value as RoleSignIn['asks'] })}
      />
      <Select
        label={t('recoveredBy')}
        allowDeselect={false}
        data={['1', '2'].map((value) => ({ value, label: t(`recoveredBy.${value as '1'}`) }))}
        value={String(one.recoveredBy)}
        onChange={(value) => change({ recoveredBy: Number(value) as 1 | 2 })}
      />
      {lacking > 0 && <p role="status">{t.count('lackingOne', 'lackingMany', lacking)}</p>}
    </fieldset>
  )
}

function spanOf(t: Speak, minutes: number): string {
  if (minutes === 60) return t('oneHour')
  return minutes % 60 === 0
    ? t('hours', { count: t.number(minutes / 60) })
    : t('minutes', { count: t.number(minutes) })
}
