import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api/client.ts'
import type { Erasures as AllErasures } from '../../api/shapes.ts'
import { useWords } from '../../language/words.tsx'
import { Lines } from '../../parts/marks.tsx'
import { Section } from '../settings.tsx'

const erased = {
  person: 'erasedPerson',
  company: 'erasedCompany',
  joint_dossier: 'erasedJointDossier',
} as const

export function Erasures() {
  const t = useWords()
  const erasures = useQuery({
    queryKey: ['erasures'],
    queryFn: () => ask<AllErasures>('GET', '/api/erasures'),
    staleTime: 0,
  })
  const { items = [], closed = [] } = erasures.data ?? {}
  return (
    <Section title={t('erasures')} text={t('erasuresText')}>
      {erasures.isPending && <Lines />}
      {erasures.data && items.length + closed.length === 0 && (
        <p className="k-dim">{t('noErasures')}</p>
      )}
      {items.map((one) => (
        <div key={one.id} className="k-card" style={{ marginBottom: 10 }}>
          <p style={{ margin: '0 0 6px' }}>
            {t.instant(one.certificate.erasedAt)}: {one.certificate.reason}
          </p>
          <p className="k-dim k-small" style={{ margin: '0 0 8px' }}>
            {t('erasureLine', {
              count: t.number(one.certificate.keySlots.length),
              day: t.day(one.certificate.completeOn),
            })}
          </p>
          <Button
            variant="default"
            size="compact-sm"
            component="a"
            leftSection={<IconDownload size={14} aria-hidden />}
            download={`${one.id}.txt`}
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${one.text}\n${one.note}`)}`}
          >
            {t('certificate')}
          </Button>
        </div>
      ))}
      {closed.map(({ id, erasedAt, kind, record, completeOn }) => (
        <div key={id} className="k-card" style={{ marginBottom: 10 }}>
          <p style={{ margin: '0 0 6px' }}>
            {t.instant(erasedAt)}: {t(erased[kind])}
          </p>
          <p className="k-dim k-small" style={{ margin: '0 0 8px', overflowWrap: 'anywhere' }}>
            {t('erasureClosedLine', { record, day: t.day(completeOn) })}
          </p>
          <p role="alert" style={{ margin: 0 }}>
            {t('erasureClosed', { file: `${id}.json` })}
          </p>
        </div>
      ))}
    </Section>
  )
}
