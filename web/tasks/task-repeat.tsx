import { Select } from '@mantine/core'
import type { Task } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { MomentField } from '../parts/moment-field.tsx'

const repeats = ['daily', 'weekly', 'monthly', 'yearly'] as const
export type Coming = { repeats: Task['repeats']; remindAt: string }

/** When a task comes back, and when one wants to hear of it. */
export function TaskComing({
  typed,
  change,
  hasDay,
  tellWrong,
}: {
  typed: Coming
  change: (next: Coming) => void
  hasDay: boolean
  tellWrong: (isWrong: boolean) => void
}) {
  const t = useWords()
  return (
    <>
      <Select
        w={130}
        label={t('repeats')}
        data={[
          { value: '', label: t('repeats.never') },
          ...repeats.map((value) => ({ value, label: t(`repeats.${value}`) })),
        ]}
        value={hasDay ? (typed.repeats ?? '') : ''}
        allowDeselect={false}
        onChange={(value) => change({ ...typed, repeats: (value || null) as Coming['repeats'] })}
      />
      <MomentField
        label={t('remindAt')}
        value={typed.remindAt}
        change={(remindAt) => change({ ...typed, remindAt })}
        tellWrong={tellWrong}
      />
    </>
  )
}

/** As the server takes it; without a day a task can't come back. */
export function bodyOfComing({ repeats: every, remindAt }: Coming, hasDay: boolean) {
  return {
    repeats: hasDay ? every : null,
    remindAt: remindAt === '' ? null : new Date(remindAt).toISOString(),
  }
}

/** Nothing asked yet: a task that is done once, without a reminder. */
export const once: Coming = { repeats: null, remindAt: '' }

/** As a field of the browser holds it: the local time, without a zone. */
export function comingOf({ repeats: every, remindAt }: Pick<Task, 'repeats' | 'remindAt'>): Coming {
  if (remindAt === null) return { repeats: every, remindAt: '' }
  const at = new Date(remindAt)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return { repeats: every, remindAt: local.toISOString().slice(0, 16) }
}
