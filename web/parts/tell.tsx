import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Refusal } from '../api/client.ts'
import type { Speak } from '../language/words.tsx'

const UNDO_MS = 10_000

/** A refusal in the reader's words; unknown errors read as "something went wrong". */
export function refusalText(t: Speak, error: unknown): string {
  if (!(error instanceof Refusal)) return t('internal')
  const fields = error.detail.fields
  if (error.code === 'invalid-fields' && Array.isArray(fields) && fields.length > 0) {
    const names = fields
      .map(
        (one: { field?: string }) =>
          t.known(`field.${String(one.field).split('.')[0]}`) ?? one.field,
      )
      .filter(Boolean)
    return `${t('invalid-fields')} ${[...new Set(names)].join(', ')}`.trim()
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
  notifications.show({
    id,
    color: 'petrol',
    withBorder: true,
    autoClose: UNDO_MS,
    ...closing(t),
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{message}</span>
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => {
            notifications.hide(id)
            undo().then(
              () => tell(t('undone')),
              (error: unknown) => tellRefusal(t, error),
            )
          }}
        >
          {t('undo')}
        </Button>
      </Group>
    ),
  })
}
