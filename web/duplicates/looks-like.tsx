import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/client.ts'
import type { LikelyPage, RecordKind } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Likeness } from './likeness.tsx'

/** That this customer may be there twice, said in the record itself; asked for once the record is on the screen. */
export function LooksLike({ kind, id, name }: { kind: RecordKind; id: string; name: string }) {
  const t = useWords()
  const may = useMay()
  const found = useQuery({
    queryKey: ['duplicates', kind, 'of', id],
    queryFn: () =>
      ask<LikelyPage>('GET', `/api/${kind}/likely-duplicates`, { query: { of: id, limit: '1' } }),
    enabled: may(`${kind}:edit`),
  })
  const pair = found.data?.items[0]
  if (!pair) return null
  const other = pair.first.id === id ? pair.second : pair.first
  const names = { first: name, second: other.displayName }
  return (
    <p className="k-looks-like">
      <span>{t('looksLike', { name: other.displayName })}</span>
      <Likeness {...pair} />
      <Link
        to="/duplicates/$kind/$keptId/$otherId"
        params={{ kind, keptId: id, otherId: other.id }}
        aria-label={t('comparePair', names)}
      >
        {t('compare')}
      </Link>
    </p>
  )
}
