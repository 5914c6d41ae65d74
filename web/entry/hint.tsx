import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Something that may be wrong with what was typed. It never keeps anybody from saving. */
export function Hint({ children }: { children: ReactNode }) {
  return (
    <p className="k-hint" role="status">
      <IconInfoCircle size={13} stroke={1.8} aria-hidden />
      <span>{children}</span>
    </p>
  )
}
