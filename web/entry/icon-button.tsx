import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

/** A small act beside a value, there when the value is near. */
export function IconButton({
  label,
  ariaLabel,
  act,
  children,
}: {
  label: string
  ariaLabel: string
  act: () => void
  children: ReactNode
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon className="k-on-hover" size="sm" aria-label={ariaLabel} onClick={act}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
