import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/client.ts'
import type { ActionPreview, AskedRecords } from '../api/shapes.ts'
import { useNamesOf } from '../fields/record-names.ts'
import { useWords } from '../language/words.tsx'

const places = {
  person: 'people',
  company: 'companies',
  joint_dossier: 'joint-dossiers',
} as const

/** The first names behind a count, for who decides; whom they may not see is only counted. */
export function AskedRecordsList({ id }: { id: string }) {
  const t = useWords()
  const { data } = useQuery({
    queryKey: ['approvals', id, 'records'],
    queryFn: () => ask<AskedRecords>('GET', `/api/approvals/${id}/records`),
  })
  if (!data || data.count === 0) return null
  const { items, count, hidden } = data
  const more = count - items.length - hidden
  return (
    <section aria-label={t('askedAbout')}>
      <ul className="k-opened">
        {items.map((one) => (
          <li key={one.id}>
            <Link to={`/${places[one.kind]}/$id`} params={{ id: one.id }}>
              {one.name || t('aRecord')}
            </Link>
          </li>
        ))}
        {more > 0 && <li className="k-dim">{t('askedMore', { count: t.number(more) })}</li>}
      </ul>
      {hidden > 0 && (
        <p className="k-dim k-small">{t('askedHidden', { count: t.number(hidden) })}</p>
      )}
    </section>
  )
}

/** For who asked it: which record it was, while it opens. */
export function AskedErasure({ facts }: { facts: ActionPreview['facts'] }) {
  const kind = places[facts.kind as keyof typeof places]
  const id = String(facts.subjectId)
  const name = useNamesOf([{ kind, id }])[id]
  if (!name) return null
  return (
    <p>
      <Link to={`/${kind}/$id`} params={{ id }}>
        {name}
      </Link>
    </p>
  )
}
