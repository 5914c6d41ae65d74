import { Textarea } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { FormDialog } from '../../parts/form-dialog.tsx'
import '../../language/late-budgets.ts'

/** One question with a reason that is kept; a refusal is shown inside, and it closes when it worked. */
export function ReasonDialog({
  title,
  text,
  label,
  action,
  hint,
  least = 1,
  color,
  children,
  send,
  close,
}: {
  title: string
  text?: string
  label: string
  action: string
  hint?: string
  /** How many characters it takes. */
  least?: number
  color?: string
  children?: ReactNode
  send: (reason: string) => Promise<unknown>
  close: () => void
}) {
  const [reason, setReason] = useState('')
  return (
    <FormDialog
      {...{ title, text, action, color, close }}
      isReady={reason.trim().length >= least}
      send={() => send(reason.trim())}
    >
      {children}
      <Textarea
        data-autofocus
        label={label}
        description={hint}
        maxLength={500}
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
