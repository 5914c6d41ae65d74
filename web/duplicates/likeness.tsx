import type { LikelyPair } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'

/** Why two may be one, and what speaks against it. */
export function Likeness({ reasons, cautions }: Pick<LikelyPair, 'reasons' | 'cautions'>) {
  const t = useWords()
  return (
    <>
      {reasons.map((reason) => (
        <span key={reason} className="k-reason">
          {t(`reason.${reason}`)}
        </span>
      ))}
      {cautions.map((caution) => (
        <span key={caution} className="k-reason" data-caution>
          {t(`caution.${caution}`)}
        </span>
      ))}
    </>
  )
}
