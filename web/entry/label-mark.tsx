import { useWords } from '../language/words.tsx'
import { labelShown } from './labels.ts'

/** What a value is for, small beside it. */
export function LabelMark({ label }: { label: string | undefined }) {
  const t = useWords()
  return label ? <span className="k-label-mark">{labelShown(label, t)}</span> : null
}
