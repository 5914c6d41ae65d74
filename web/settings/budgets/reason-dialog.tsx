import { Button, Group, Modal, Textarea } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../language/words.tsx'
import { refusalText } from '../../parts/tell.tsx'
import '../../language/late-budgets.ts'

/** One question with a reason that is kept; a refusal is shown inside, and it closes when it worked. */
export function ReasonDialog({
  title,
  text,
  label,
  action,
  isOptional,
  color,
  children,
  send,
  close,
}: {
  title: string
  text?: string
  label: string
  action: string
  isOptional?: boolean
  color?: string
  children?: ReactNode
  send: (reason: string) => Promise<unknown>
  close: () => void
}) {
  const t = useWords()
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setBusy(true)
          send(reason.trim())
            .then(close)
            .catch((error: unknown) => {
              setProblem(refusalText(t, error))
              setBusy(false)
            })
        }}
      >
        {text && (
          <p className="k-dim" style={{ marginTop: 0 }}>
            {text}
          </p>
        )}
        {children}
        <Textarea
          data-autofocus
          label={label}
          maxLength={500}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {problem && (
          <p role="alert" style={{ color: 'var(--mantine-color-error)', margin: '10px 0 0' }}>
            {problem}
          </p>
        )}
        <Group justify="flex-end" mt="md">
          <Button
            type="submit"
            loading={isBusy}
            disabled={!isOptional && reason.trim() === ''}
            {...(color ? { color } : {})}
          >
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  )
}
