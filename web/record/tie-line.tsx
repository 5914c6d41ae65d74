import type { ReactNode } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { Initials } from '../parts/marks.tsx'
import { QuickLink } from './quick-view.tsx'

/** Another record and what ties it to this one. */
export function TieLine({
  kind,
  id,
  name,
  said,
  isPast = false,
  children,
}: {
  kind: RecordKind
  id: string
  name: string
  said: string[]
  isPast?: boolean
  children?: ReactNode
}) {
  return (
    <div className="k-tie" {...(isPast ? { 'data-past': true } : {})}>
      <Initials name={name} id={id} isCompany={kind === 'companies'} size={24} />
      <div>
        <QuickLink kind={kind} id={id}>
          {name}
        </QuickLink>
        <div className="k-dim k-small">{said.filter(Boolean).join(' · ')}</div>
      </div>
      <span className="k-tie-actions">{children}</span>
    </div>
  )
}
