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
    // A rule that has a sentence of its own says more than the name of the field.
    const { problem, ...more } = fields[0] as { problem?: string }
    const rule = t.known(`problem.${problem}`, more)
    if (rule) return rule
    const names = fields
      .map(({ field }: { field?: string }) => {
        const name = String(field).split('.')[0]
        return name === 'custom' ? t('customFields') : (t.known(`field.${name}`) ?? field)
      })
      .filter(Boolean)
    if (names.length > 0) return t('invalidNamed', { fields: [...new Set(names)].join(', ') })
  }
  const filled = error.detail as Record<string, string>
  return (
    t.known(`${error.code}.${error.detail.why}`, filled) ??
    t.known(error.code, filled) ??
    t('internal')
  )
}

const closing = (t: Speak) => ({ closeButtonProps: { 'aria-label': t('close') } })

export function tellRefusal(t: Speak, error: unknown): void {
  notifications.show({
    message: refusalText(t, error),
    // Asked is not refused.
    color: error instanceof Refusal && error.code === 'approval-asked' ? 'petrol' : 'red',
    autoClose: 9000,
    ...closing(t),
  })
}

export function tell(message: string): void {
  notifications.show({ message, withBorder: true, color: 'petrol', withCloseButton: false })
}

// The message of each place that is on the screen, for places that change again and again.
const shownOf = new Map<string, string>()

/**
 * Done, and the way back: instead of asking beforehand. Of one `place` only the newest message stands on the screen;
 * what came before it is still undone with Ctrl Z, step by step.
 */
export function tellWithUndo(
  t: Speak,
  message: string,
  undo: () => Promise<unknown>,
  place?: string,
): void {
  const id = crypto.randomUUID()
  const before = place && shownOf.get(place)
  if (place) shownOf.set(place, id)
  const act = () => {
    forget(id)
    notifications.hide(id)
    undo().then(
      () => tell(t('undone')),
      (error: unknown) => tellRefusal(t, error),
    )
  }
  waiting.push({ id, undo: act })
  if (before) notifications.hide(before)
  notifications.show({
    id,
    color: 'petrol',
    withBorder: true,
    autoClose: UNDO_MS,
    ...closing(t),
    onClose: () => {
      if (place && shownOf.get(place) !== id) setTimeout(() => forget(id), UNDO_MS)
      else forget(id)
    },
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
