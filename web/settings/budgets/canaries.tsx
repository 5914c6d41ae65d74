import { Button, Group, NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api/client.ts'
import type { Canaries as CanaryList } from '../../api/shapes.ts'
import { useNames, useSession } from '../../frame/session.ts'
import { useWords } from '../../language/words.tsx'
import { Lines } from '../../parts/marks.tsx'
import { sentBy } from '../../parts/sent-by.ts'
import { refusalText, tell, tellRefusal } from '../../parts/tell.tsx'
import { Section } from '../settings.tsx'
import { canariesQuery } from './queries.ts'

const COUNT = 10

export function Canaries() {
  const t = useWords()
  const names = useNames()
  const queries = useQueryClient()
  const { data } = useQuery(canariesQuery)
  if (!data) return <Lines />
  const kept = (now: CanaryList) => queries.setQueryData(canariesQuery.queryKey, now)
  const inService = data.items.filter((one) => !one.isRetired)
  const retire = (id: string) =>
    ask<CanaryList>('DELETE', `/api/canaries/${id}`)
      .then(kept)
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <Section
      title={t('canaries')}
      text={t('canariesText', {
        people: t.number(data.people),
        count: t.number(data.items.length),
      })}
    >
      <Making kept={kept} />
      {data.items.length === 0 && <p className="k-dim">{t('noCanaries')}</p>}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {[...inService, ...data.items.filter((one) => one.isRetired)].map((one) => (
          <li key={one.id} className="k-task" style={{ alignItems: 'center' }}>
            <span style={{ flex: 1, minWidth: 0 }}>
              {one.name}
              <br />
              <span className="k-dim k-small">
                {[
                  names.team(one.teamId),
                  t('madeOn', { when: t.instant(one.createdAt) }),
                  one.isRetired && t('retired'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            {!one.isRetired && (
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={t('retireOf', { name: one.name ?? '' })}
                onClick={() => void retire(one.id)}
              >
                {t('retire')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Making({ kept }: { kept: (now: CanaryList) => void }) {
  const t = useWords()
  const { user } = useSession()
  const { teams } = useNames()
  const own = teams.filter(({ id }) => user.teamIds.includes(id))
  const [count, setCount] = useState(COUNT)
  const [teamId, setTeamId] = useState<string | null>(null)
  const [mailDomain, setMailDomain] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const make = () => {
    setBusy(true)
    setProblem(undefined)
    ask<CanaryList>('POST', '/api/canaries', {
      body: {
        count,
        ...(teamId ? { teamId } : {}),
        ...(mailDomain.trim() ? { mailDomain: mailDomain.trim() } : {}),
      },
    })
      .then((now) => {
        kept(now)
        tell(t('canariesMade'))
      })
      .catch((error: unknown) => setProblem(refusalText(t, error)))
      .finally(() => setBusy(false))
  }
  return (
    <form noValidate onSubmit={sentBy(() => make())}>
      <p className="k-dim" style={{ margin: '0 0 10px', maxWidth: '64ch' }}>
        {t('canariesWhen')}
      </p>
      <Group align="flex-end" mb="md">
        <NumberInput
          w={100}
          label={t('canaryCount')}
          min={1}
          max={50}
          allowDecimal={false}
          value={count}
          onChange={(next) => setCount(Number(next) || 1)}
        />
        {own.length > 1 && (
          <Select
            w={180}
            label={t('team')}
            data={own.map(({ id, name }) => ({ value: id, label: name }))}
            value={teamId ?? own[0]!.id}
            allowDeselect={false}
            onChange={setTeamId}
          />
        )}
        <TextInput
          w={260}
          label={t('canaryDomain')}
          description={t('canaryDomainHint')}
          placeholder="bureau.be"
          value={mailDomain}
          onChange={(event) => setMailDomain(event.currentTarget.value)}
        />
        <Button type="submit" loading={isBusy}>
          {t('makeCanaries')}
        </Button>
      </Group>
      {problem && (
        <p role="alert" style={{ color: 'var(--mantine-color-error)' }}>
          {problem}
        </p>
      )}
    </form>
  )
}
