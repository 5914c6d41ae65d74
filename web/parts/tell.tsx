import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Refusal } from '../api/client.ts'
import type { Speak } from '../language/words.tsx'

const UNDO_MS = 10_000

// What can still be undone, newest last: Ctrl Z reaches it without the mouse.
const waiting: { id: string; undo: () => void }[] = []

/** Undoes what was done last, while its message is still there. False when there is nothing to undo. */
export function undoLast(): boolean {
  const last = waiting.at(-1)
  last?.undo()
  return last !== undefined
}

function forget(id: string): void {
  const at = waiting.findIndex((one) => one.id === id)
  if (at >= 0) waiting.splice(at, 1)
}

/** A refusal in the reader's words; unknown errors read as "something went wrong". */
export function refusalText(t: Speak, error: unknown): string {
  if (!(error instanceof Refusal)) return t('internal')
  const fields = error.detail.fields
  if (error.code === 'invalid-fields' && Array.isArray(fields) && fields.length > 0) {
    const names = fields
      .map(({ field }: { field?: string }) => {
        const name = String(field).split('.')[0]
        return name === 'custom' ? t('customFields') : (t.known(`field.${name}`) ?? field)
      })
      .filter(Boolean)
    if (names.length > 0) return t('invalidNamed', { fields: [...new Set(names)].join(', ') })
  }
  return t.known(`${error.code}.${error.detail.why}`) ?? t.known(error.code) ?? t('internal')
}

const closing = (t: Speak) => ({ closeButtonProps: { 'aria-label': t('close') } })

export function tellRefusal(t: Speak, error: unknown): void {
  notifications.show({
    message: refusalText(t, error),
    color: 'red',
    autoClose: 9000,
    ...closing(t),
  })
}

export function tell(message: string): void {
  notifications.show({ message, withBorder: true, color: 'petrol', withCloseButton: false })
}

/** Done, and the way back: instead of asking beforehand. */
export function tellWithUndo(t: Speak, message: string, undo: () => Promise<unknown>): void {
  const id = crypto.randomUUID()
  const act = () => {
    forget(id)
    notifications.hide(id)
    undo().then(
      () => tell(t('undone')),
      (error: unknown) => tellRefusal(t, error),
    )
  }
  waiting.push({ id, undo: act })
  notifications.show({
    id,
    color: 'petrol',
    withBorder: true,
    autoClose: UNDO_MS,
    ...closing(t),
    onClose: () => forget(id),
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{message}</span>
        <Button
          size="compact-sm"
          variant="light"
          style={{ flex: 'none' }}
          aria-keyshortcuts="Control+Z Meta+Z"
          onClick={act}
        >
          {t('undo')}
        </Button>
      </Group>
    ),
  })
}
