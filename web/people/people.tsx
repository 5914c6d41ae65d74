import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { patient } from '../frame/patient.ts'
import { useMay } from '../frame/session.ts'
import { RecordList } from '../list/record-list.tsx'

const Outlines = lazy(
  patient(() => import('../rights/outlines.tsx').then((part) => ({ default: part.Outlines }))),
)

export function People() {
  const { open } = useSearch({ from: '/frame/people' })
  // Without contact data there is no list to open, only its outline.
  if (useMay()('people:outline'))
    return (
      <Suspense fallback={null}>
        <Outlines kind="people" />
      </Suspense>
    )
  return <RecordList kind="people" openId={open} />
}
