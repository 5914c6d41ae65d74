import { Button, Checkbox, Group, Modal, NumberInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api/client.ts'
import type { Budget, Habits } from '../../api/shapes.ts'
import { useRoleName } from '../../frame/session.ts'
import { useWords } from '../../language/words.tsx'
import { Lines } from '../../parts/marks.tsx'
import { sentBy } from '../../parts/sent-by.ts'
import { refusalText, tell, tellRefusal } from '../../parts/tell.tsx'
import { Section } from '../settings.tsx'
import { habitsQuery } from './queries.ts'

const names = ['hourSoft', 'hourHard', 'daySoft', 'dayHard'] as const
type Habit = Habits['roles'][number]

/** The limits of each role, and beside them what people there are used to. */
export function Limits() {
  const t = useWords()
  const roleName = useRoleName()
  const queries = useQueryClient()
  const { data } = useQuery(habitsQuery)
  const [changing, setChanging] = useState<Budget>()
  if (!data) return <Lines />
  const refresh = () => queries.invalidateQueries({ queryKey: ['budgets'] })
  const accept = ({ budget, proposal }: Habit) =>
    ask('PATCH', `/api/budgets/${budget.id}`, {
      body: { ...proposal, rowVersion: budget.rowVersion },
    })
      .then(refresh)
      .then(() => tell(t('limitsKept')))
      .catch((error: unknown) => tellRefusal(t, error))
  const proposed = data.roles.filter(({ proposal }) => proposal)
  return (
    <>
      <Section title={t('limits')} text={t('limitsText')}>
        {[...Map.groupBy(data.roles, ({ budget }) => budget.roleId)].map(([roleId, ofRole]) => (
          <div key={roleId} className="k-scroll" style={{ marginBottom: 14 }}>
            <table className="k-limits">
              <thead>
                <tr>
                  <th scope="col">{roleName(roleId)}</th>
                  {names.map((name) => (
                    <th key={name} scope="col">
                      {t(name)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {ofRole.map(({ budget }) => (
                  <tr key={budget.id}>
                    <th scope="row">
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        ml={-8}
                        aria-label={`${t('edit')}: ${roleName(roleId)}, ${t(`budget.${budget.kind}`)}`}
                        onClick={() => setChanging(budget)}
                      >
                        {t(`budget.${budget.kind}`)}
                      </Button>
                    </th>
                    {names.map((name) => (
                      <td key={name}>{t.number(budget[name])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
      </Section>
      <Section
        title={t('habits')}
        text={
          data.since ? t('habitsSince', { when: t.day(data.since.slice(0, 10)) }) : t('habitsNone')
        }
      >
        {data.roles
          .filter(({ days }) => days > 0)
          .map((one) => (
            <div key={one.budget.id} className="k-task" style={{ alignItems: 'center' }}>
              <span style={{ flex: 1, minWidth: 0 }}>
                {roleName(one.budget.roleId)} · {t(`budget.${one.budget.kind}`)}
                <br />
                <span className="k-dim k-small">
                  {t('habitOf', {
                    median: t.number(one.day.median),
                    high: t.number(one.day.high),
                    most: t.number(one.day.most),
                  })}
                  {one.proposal && (
                    <>
                      <br />
                      {t('proposal', one.proposal)}
                    </>
                  )}
                </span>
              </span>
              {one.proposal && (
                <Button variant="default" size="compact-md" onClick={() => void accept(one)}>
                  {t('acceptProposal')}
                </Button>
              )}
            </div>
          ))}
        {data.since && proposed.length === 0 && <p className="k-dim k-small">{t('habitsFit')}</p>}
      </Section>
      {changing && (
        <LimitsDialog budget={changing} close={() => setChanging(undefined)} kept={refresh} />
      )}
    </>
  )
}

function LimitsDialog({
  budget,
  close,
  kept,
}: {
  budget: Budget
  close: () => void
  kept: () => Promise<unknown>
}) {
  const t = useWords()
  const roleName = useRoleName()
  const [given, setGiven] = useState(budget)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  return (
    <Modal
      opened
      onClose={close}
      title={`${roleName(budget.roleId)}: ${t(`budget.${budget.kind}`)}`}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form
        noValidate
        onSubmit={sentBy(() => {
          setBusy(true)
          const { hourSoft, hourHard, daySoft, dayHard, freezesOnCanary, rowVersion } = given
          ask('PATCH', `/api/budgets/${budget.id}`, {
            body: { hourSoft, hourHard, daySoft, dayHard, freezesOnCanary, rowVersion },
          })
            .then(kept)
            .then(close)
            .catch((error: unknown) => {
              setProblem(refusalText(t, error))
              setBusy(false)
            })
        })}
      >
        {names.map((name) => (
          <NumberInput
            key={name}
            mb="sm"
            label={t(name)}
            min={0}
            max={10_000_000}
            allowDecimal={false}
            thousandSeparator={t.language === 'nl' ? '.' : ','}
            decimalSeparator={t.language === 'nl' ? ',' : '.'}
            value={given[name]}
            onChange={(next) => setGiven({ ...given, [name]: Number(next) || 0 })}
          />
        ))}
        {budget.kind === 'opened' && (
          <Checkbox
            label={t('freezesOnCanary')}
            checked={given.freezesOnCanary}
            onChange={(event) =>
              setGiven({ ...given, freezesOnCanary: event.currentTarget.checked })
            }
          />
        )}
        {problem && (
          <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '10px 0 0' }}>
            {problem}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button type="submit" loading={isBusy}>
            {t('save')}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
