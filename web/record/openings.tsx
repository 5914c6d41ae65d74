import { IconEye } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Openings as OpeningsReply, RecordKind } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Empty, Lines } from '../parts/marks.tsx'

/** Who has seen this customer: each opening, with what it was for. */
export function Openings({ kind, id }: { kind: RecordKind; id: string }) {
  const t = useWords()
  const names = useNames()
  const seen = useQuery({
    queryKey: [kind, 'openings', id],
    queryFn: () => ask<OpeningsReply>('GET', `/api/${kind}/${id}/openings`),
    staleTime: 0,
  })
  if (seen.error) return <Broken error={seen.error} />
  if (!seen.data) return <Lines />
  if (seen.data.items.length === 0)
    return (
      <Empty icon={<IconEye size={28} stroke={1.4} aria-hidden />} title={t('openingsEmpty')} />
    )
  return (
    <>
      <p className="k-dim" style={{ marginTop: 0 }}>
        {t('openingsText')}
      </p>
      {seen.data.reveals.length > 0 && (
        <>
          <h3 style={{ margin: '0 0 4px', fontSize: 13 }}>{t('revealsTitle')}</h3>
          <ul style={{ margin: '0 0 16px', paddingLeft: 18 }}>
            {seen.data.reveals.map((one) => (
              <li key={one.at}>
                {names.user(one.userId)}, {t.instant(one.at)}: “{one.reason}”
              </li>
            ))}
          </ul>
        </>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" aria-label={t('openings')} tabIndex={0}>
        <table className="k-plain">
          <thead>
            <tr>
              <th scope="col">{t('openingWho')}</th>
              <th scope="col">{t('openingHow')}</th>
              <th scope="col">{t('openingWhen')}</th>
            </tr>
          </thead>
          <tbody>
            {seen.data.items.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two openings can have the same instant and reader
              <tr key={`${one.at}-${at}`}>
                <td>{one.userId ? names.user(one.userId) : t('openingSystem')}</td>
                <td>{t(`opening.${one.kind}`)}</td>
                <td className="k-dim">{t.instant(one.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}
