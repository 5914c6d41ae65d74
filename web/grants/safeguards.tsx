/** What the organisation asks of itself: for what a second person must agree, and how long break-glass lasts. */
import '../language/late-grants.ts'
import { Button, Checkbox, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/client.ts'
import type { FourEyesOperation, Safeguards as Shape } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { Section } from '../settings/settings.tsx'

// Erasing has no screen yet; whoever wants two people for it says so at the address.
const choices = [
  'export',
  'bulk-delete',
  'change-rights',
  'reset-factor',
] as const satisfies FourEyesOperation[]
const minutes = ['15', '30', '60', '120', '240']
const key = ['safeguards']

export default function Safeguards() {
  const queries = useQueryClient()
  const kept = useQuery({ queryKey: key, queryFn: () => ask<Shape>('GET', '/api/safeguards') })
  if (!kept.data) return <Lines />
  return (
    <Form
      key={kept.data.rowVersion}
      kept={kept.data}
      saved={(now) => queries.setQueryData(key, now)}
    />
  )
}

function Form({ kept, saved }: { kept: Shape; saved: (now: Shape) => void }) {
  const t = useWords()
  const [fourEyes, setFourEyes] = useState<FourEyesOperation[]>(kept.fourEyes)
  const [breakGlassMinutes, setMinutes] = useState(kept.breakGlassMinutes)
  const [isBusy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    const body = { rowVersion: kept.rowVersion, fourEyes, breakGlassMinutes }
    await ask<Shape>('PUT', '/api/safeguards', { body })
      .then((now) => {
        saved(now)
        tell(t('saved'))
      })
      .catch((error: unknown) => tellRefusal(t, error))
    setBusy(false)
  }
  return (
    <Section title={t('safeguards')} text={t('safeguardsText')}>
      <Checkbox.Group
        label={t('fourEyes')}
        description={
          kept.deciders === 0
            ? t('fourEyesNobody')
            : t.count('fourEyesOne', 'fourEyesMany', kept.deciders)
        }
        value={fourEyes}
        onChange={(next) => setFourEyes(next as FourEyesOperation[])}
      >
        {choices.map((one) => (
          <Checkbox key={one} mt="xs" value={one} label={t(`four.${one}`)} />
        ))}
      </Checkbox.Group>
      <Select
        mt="md"
        w={220}
        label={t('breakGlassLasts')}
        data={minutes.map((value) => ({ value, label: t('minutes', { count: value }) }))}
        value={String(breakGlassMinutes)}
        allowDeselect={false}
        onChange={(next) => setMinutes(Number(next))}
      />
      <Button mt="md" loading={isBusy} onClick={() => void save()}>
        {t('save')}
      </Button>
    </Section>
  )
}
