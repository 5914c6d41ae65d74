import type { ReactNode } from 'react'
import type { SessionLine as Line } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { deviceOf } from '../parts/device.ts'
import '../language/late-access.ts'

/** One session: on what, from where, since when, with what. */
export function SessionLine({ one, children }: { one: Line; children?: ReactNode }) {
  const t = useWords()
  const facts = [
    t('lastSeen', { when: t.ago(one.lastSeenAt) }),
    one.place && t('sessionFrom', { place: one.place }),
    t.known(`factor.${one.factor}`) ?? one.factor,
    t('sessionUntil', { when: t.instant(one.expiresAt) }),
  ]
  return (
    <li className="k-task" style={{ alignItems: 'center' }}>
      <span style={{ flex: 1, minWidth: 0 }}>
        {one.kind === 'operator'
          ? t('operatorSession', { purpose: one.purpose ?? '' })
          : deviceOf(one.userAgent) || t('unknownDevice')}
        {one.isThis && <strong> · {t('thisSession')}</strong>}
        <br />
        <span className="k-dim k-small">{facts.filter(Boolean).join(' · ')}</span>
      </span>
      {children}
    </li>
  )
}
