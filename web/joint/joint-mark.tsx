import { IconUsersGroup } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import '../language/late-joint.ts'
import { useWords } from '../language/words.tsx'

/** On the timeline of a party: that an entry hangs on what they share, and the way there. */
export function JointMark({ of }: { of: { id: string; name: string | null } | null }) {
  const t = useWords()
  if (!of) return null
  return (
    <span className="k-dim k-small">
      <IconUsersGroup size={13} stroke={1.6} style={{ verticalAlign: -2 }} aria-hidden />{' '}
      {t('inJoint')}{' '}
      <Link to="/joint-dossiers/$id" params={{ id: of.id }}>
        {of.name || t('jointUnnamed')}
      </Link>
    </span>
  )
}
