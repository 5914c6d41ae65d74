import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import '../language/late-joint.ts'
import { useWords } from '../language/words.tsx'
import { useJointDossiersOf, useJointName } from './use-joint.ts'

/** Under what hangs on a person alone: where that of their joint dossiers stands. */
export default function SharedElsewhere({ personId }: { personId: string }) {
  const t = useWords()
  const nameOf = useJointName()
  const items = useJointDossiersOf(personId).data?.items ?? []
  if (items.length === 0) return null
  return (
    <p className="k-small">
      {t('jointElsewhere')}{' '}
      {items.map((one, at) => (
        <Fragment key={one.id}>
          {at > 0 && ', '}
          <Link to="/joint-dossiers/$id" params={{ id: one.id }}>
            {nameOf(one)}
          </Link>
        </Fragment>
      ))}
    </p>
  )
}
