import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api/client.ts'
import type { Erasure, Erasures } from '../../api/shapes.ts'
import { Certificate } from '../../erasing/certificate.tsx'
import { Broken } from '../../frame/broken.tsx'
import { useNames } from '../../frame/session.ts'
import { useWords } from '../../language/words.tsx'
import { Lines } from '../../parts/marks.tsx'
import { Section } from '../settings.tsx'

type Closed = Erasures['closed'][number]

/** All of them, newest first; one whose reason does not open stands in its place, and says what is known. */
export function DoneErasures() {
  const t = useWords()
  const erasures = useQuery({
    queryKey: ['erasures'],
    queryFn: () => ask<Erasures>('GET', '/api/erasures'),
    staleTime: 0,
  })
  if (erasures.error && !erasures.data) return <Broken error={erasures.error} />
  const { items = [], closed = [] } = erasures.data ?? {}
  const all = [
    ...items.map((one) => ({
      at: one.certificate.erasedAt,
      card: <Done key={one.id} one={one} />,
    })),
    ...closed.map((one) => ({ at: one.erasedAt, card: <Damaged key={one.id} one={one} /> })),
  ].sort((a, b) => b.at.localeCompare(a.at))
  return (
    <Section title={t('erasuresDone')} text={t('erasuresText')}>
      {erasures.isPending && <Lines />}
      {erasures.data && all.length === 0 && <p className="k-dim">{t('noErasures')}</p>}
      {all.map(({ card }) => card)}
    </Section>
  )
}

const kindWords = {
  person: 'erasedPerson',
  company: 'erasedCompany',
  joint_dossier: 'erasedJointDossier',
  file: 'erasedFiles',
} as const
const kindWord = (kind: Closed['kind']) => kindWords[kind]

function Done({ one }: { one: Erasure }) {
  const t = useWords()
  const names = useNames()
  const { kind, erasedAt, completeOn, keySlots, reason } = one.certificate
  return (
    <article
      className="k-card k-erasure"
      aria-label={`${t(kindWord(kind))}, ${t.instant(erasedAt)}`}
    >
      <header>
        <h3>{t(kindWord(kind))}</h3>
        <span className="k-dim k-small">
          {one.by ? names.user(one.by) : t('byOperator')}, {t.instant(erasedAt)}
        </span>
      </header>
      <p>{reason}</p>
      <p className="k-dim k-small">
        {t('erasureLine', { count: t.number(keySlots.length), day: t.day(completeOn) })}
      </p>
      <Certificate erasure={one} />
    </article>
  )
}

function Damaged({ one: { id, erasedAt, kind, record, completeOn } }: { one: Closed }) {
  const t = useWords()
  return (
    <article
      className="k-card k-erasure"
      aria-label={`${t(kindWord(kind))}, ${t.instant(erasedAt)}`}
    >
      <header>
        <h3>{t(kindWord(kind))}</h3>
        <span className="k-dim k-small">{t.instant(erasedAt)}</span>
      </header>
      <p className="k-dim k-small">{t('erasureClosedLine', { record, day: t.day(completeOn) })}</p>
      <p role="alert">{t('erasureClosed', { file: `${id}.json` })}</p>
    </article>
  )
}
