import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Lock } from '../parts/marks.tsx'

/** Who sees what hangs on a dossier: those of a team, or of a joint one whoever sees a party. */
export function DossierLock({ teamId }: { teamId: string | undefined }) {
  const t = useWords()
  return teamId ? <Lock teamId={teamId} /> : <Lock says={t('sealedJoint')} />
}
