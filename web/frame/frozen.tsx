import { Button, Group } from '@mantine/core'
import { IconSnowflake } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ask, isFrozenNow } from '../api/client.ts'
import type { OwnUse } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Initials, Lines } from '../parts/marks.tsx'
import { useNames } from './session.ts'
import '../language/late-budgets.ts'
import '../style/budgets.css'

/** In the place of everything that shows customers: why, who can help, and what one can do meanwhile. */
export function Frozen() {
  const t = useWords()
  const names = useNames()
  const queries = useQueryClient()
  const [isStill, setStill] = useState(false)
  const { data, refetch } = useQuery({
    queryKey: ['budgets', 'own'],
    queryFn: () => ask<OwnUse>('GET', '/api/budgets/own'),
    // Whoever waits sees at once that they are let in.
    refetchInterval: 15_000,
  })
  const frozen = data?.frozen
  const isLetIn = data !== undefined && !frozen
  // What was asked for while frozen is asked anew; the page beneath stays, with what was typed on it.
  useEffect(() => {
    if (!isLetIn) return
    isFrozenNow(false)
    void queries.invalidateQueries()
  }, [isLetIn, queries])
  const look = async () => {
    const now = (await refetch()).data
    setStill(Boolean(now?.frozen))
  }
  if (!data || !frozen)
    return (
      <div className="k-page">
        <Lines />
      </div>
    )
  return (
    <main className="k-frozen">
      <h1>
        <IconSnowflake size={26} stroke={1.5} aria-hidden /> {t('frozenTitle')}
      </h1>
      <p>
        {t(`frozenText.${frozen.why}`, {
          when: t.instant(frozen.since),
          who: names.user(frozen.by) || t('openingSystem'),
        })}
      </p>
      <h2 style={{ fontSize: 14 }}>{t('frozenHelp')}</h2>
      {data.lifters.length === 0 ? <p>{t('frozenNobody')}</p> : <p>{t('frozenHelpText')}</p>}
      {frozen.why !== 'by-hand' && <p>{t('frozenTold')}</p>}
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {data.lifters.map((id) => {
          const one = names.colleagues.find((each) => each.id === id)
          return (
            one && (
              <li key={id} className="k-task" style={{ alignItems: 'center' }}>
                <Initials name={one.name} id={id} size={26} />
                <span style={{ overflowWrap: 'anywhere' }}>
                  {one.name} <span className="k-dim">{one.email}</span>
                </span>
              </li>
            )
          )
        })}
      </ul>
      <p className="k-dim">{t('frozenMeanwhile')}</p>
      <Group>
        <Button onClick={() => void look()}>{t('frozenAgain')}</Button>
        <Link to="/settings" search={{ tab: 'security' }}>
          {t('security')}
        </Link>
        <span role="status" className="k-dim">
          {isStill && t('frozenStill')}
        </span>
      </Group>
    </main>
  )
}
