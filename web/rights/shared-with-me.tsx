import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { SharedRecords } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { QuickLink } from '../record/quick-view.tsx'
import { lastDay } from './person-rights.tsx'
import '../language/late-rights.ts'

const parts = [
  ['sharedWithMe', 'withMe'],
  ['sharedByMe', 'byMe'],
] as const

/** Records that others lend, and those one lent: each with its last day. */
export function SharedWithMe() {
  const t = useWords()
  const names = useNames()
  const { data } = useQuery({
    queryKey: ['shares'],
    queryFn: () => ask<SharedRecords>('GET', '/api/shares'),
  })
  if (!data) return null
  return parts.map(
    ([title, part]) =>
      data[part].length > 0 && (
        <section key={part}>
          <h2>{t(title)}</h2>
          <ul className="k-plain-list">
            {data[part].map((one) => (
              <li key={one.id}>
                <QuickLink
                  kind={one.subject.kind === 'person' ? 'people' : 'companies'}
                  id={one.subject.id}
                >
                  {one.subjectName || t('aRecord')}
                </QuickLink>
                <span className="k-dim k-small">
                  {t('sharedUntil', {
                    day: lastDay(t.day, one.endsAt),
                    who: part === 'withMe' ? names.user(one.by) : t('you'),
                  })}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ),
  )
}
