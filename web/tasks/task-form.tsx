import { Button, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useNames } from '../frame/session.ts'
import { useWords, type Word } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { NationalNumberDialog, useConfirmedText } from '../record/national-number.tsx'
import { bodyOfComing, type Coming, TaskComing } from './task-repeat.tsx'

export type TypedTask = { title: string; dueOn: string; assigneeId: string | null } & Coming

export function today(): string {
  return dayFromNow(0)
}

function dayFromNow(days: number): string {
  const day = new Date()
  day.setDate(day.getDate() + days)
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`
}

export function bodyOf({ title, dueOn, assigneeId, ...coming }: TypedTask): object {
  return {
    title: title.trim(),
    dueOn: dueOn || null,
    ...bodyOfComing(coming, dueOn !== ''),
    ...(assigneeId ? { assigneeId } : {}),
  }
}

// What nearly every task gets; picking a day in a calendar is for the rest.
const quickDays: [days: number, word: Word][] = [
  [0, 'dueToday'],
  [1, 'dueTomorrow'],
  [7, 'dueNextWeek'],
]

/** What, by when, by whom: to make a task and to change one. */
export function TaskForm({
  typed,
  change,
  save,
  label,
  cancel,
}: {
  typed: TypedTask
  change: (next: TypedTask) => void
  save: (isConfirmed: boolean) => Promise<void>
  label: string
  cancel?: () => void
}) {
  const t = useWords()
  const names = useNames()
  const task = useConfirmedText(save)
  const [isDayWrong, setDayWrong] = useState(false)
  const [isMomentWrong, setMomentWrong] = useState(false)
  return (
    <form
      noValidate
      onSubmit={sentBy(() => void task.send())}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && cancel) {
          event.stopPropagation()
          cancel()
        }
      }}
      className="k-task-form"
    >
      <TextInput
        autoFocus={cancel !== undefined}
        style={{ flex: '1 1 100%' }}
        label={cancel ? t('task') : t('newTask')}
        placeholder={t('taskPlaceholder')}
        maxLength={200}
        value={typed.title}
        onChange={(event) => change({ ...typed, title: event.currentTarget.value })}
      />
      <DateField
        w={140}
        label={t('dueOn')}
        value={typed.dueOn}
        change={(dueOn) => change({ ...typed, dueOn })}
        tellWrong={setDayWrong}
      />
      <span style={{ display: 'flex', gap: 4, minHeight: 36, alignItems: 'center' }}>
        {quickDays.map(([days, word]) => (
          <button
            key={word}
            type="button"
            className="k-chip"
            aria-pressed={typed.dueOn === dayFromNow(days)}
            {...(typed.dueOn === dayFromNow(days) ? { 'data-active': true } : {})}
            onClick={() => change({ ...typed, dueOn: dayFromNow(days) })}
          >
            {t(word)}
          </button>
        ))}
      </span>
      <Select
        w={150}
        label={t('assignee')}
        data={names.colleagues
          .filter((one) => one.status === 'active' || one.id === typed.assigneeId)
          .map((one) => ({ value: one.id, label: one.name }))}
        value={typed.assigneeId}
        allowDeselect={false}
        onChange={(assigneeId) => change({ ...typed, assigneeId })}
      />
      <TaskComing
        typed={typed}
        // What comes back begins on a day: today, until another is chosen.
        change={(coming) =>
          change({ ...typed, ...coming, dueOn: typed.dueOn || (coming.repeats ? today() : '') })
        }
        hasDay={typed.dueOn !== ''}
        tellWrong={setMomentWrong}
      />
      <span style={{ display: 'flex', gap: 8, marginLeft: 'auto' }}>
        {cancel && (
          <Button variant="default" onClick={cancel}>
            {t('cancel')}
          </Button>
        )}
        <Button
          type="submit"
          loading={task.isBusy}
          disabled={typed.title.trim() === '' || isDayWrong || isMomentWrong}
        >
          {label}
        </Button>
      </span>
      <NationalNumberDialog text={task} typed={typed.title} />
    </form>
  )
}
