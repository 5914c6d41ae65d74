import { ActionIcon, Popover, TextInput, type TextInputProps } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import '@mantine/dates/styles.css'
import 'dayjs/locale/nl'
import 'dayjs/locale/en-gb'
import { IconCalendar } from '@tabler/icons-react'
import { type FocusEvent, type KeyboardEvent, useState } from 'react'
import { useWords } from '../language/words.tsx'
import { readDay, writeDay } from './day.ts'

/**
 * A day, typed or picked from a calendar, in the reader's language whatever the browser's. `value` and what `change`
 * gets are `2026-11-25` or empty. What can't be read stays there with a message and is not passed on: `tellWrong`
 * says so to a form that must not be sent meanwhile.
 */
export function DateField({
  value,
  change,
  tellWrong,
  isPast = false,
  passesWrong = false,
  isInPopover = false,
  picked,
  onLeave,
  onKeyDown,
  ...input
}: {
  value: string
  change: (next: string) => void
  tellWrong?: (isWrong: boolean) => void
  /** A birthday: two digits are a year behind us, and the calendar begins with the years. */
  isPast?: boolean
  /** For a form that checks what it sends: `change` gets what can't be read too, as it was typed. */
  passesWrong?: boolean
  /** It stands in a small form that closes when one clicks beside it: the calendar is no place beside it. */
  isInPopover?: boolean
  /** A day of the calendar was chosen, after `change`. */
  picked?: (day: string) => void
  /** The focus went elsewhere than to the calendar; `isRead` says whether what stands there is a day or nothing. */
  onLeave?: (isRead: boolean) => void
  onKeyDown?: (event: KeyboardEvent<HTMLInputElement>, isRead: boolean) => void
} & Omit<TextInputProps, 'value' | 'onChange' | 'onKeyDown' | 'onBlur' | 'type'>) {
  const t = useWords()
  const [typed, setTyped] = useState(() => ({ of: value, text: writeDay(value) }))
  const [isLeft, setLeft] = useState(false)
  const [isOpen, setOpen] = useState(false)
  // Changed from outside, as by a button for today.
  if (typed.of !== value) setTyped({ of: value, text: writeDay(value) })
  const read = (text: string) => (text.trim() === '' ? '' : readDay(text, new Date(), isPast))
  const shownDay = read(value) ?? ''
  const isRead = read(typed.text) !== undefined
  const type = (text: string) => {
    const day = read(text)
    const next = day ?? (passesWrong ? text : value)
    setTyped({ of: next, text })
    setLeft(false)
    tellWrong?.(day === undefined)
    if (next !== value) change(next)
  }
  const pick = (day: string | null) => {
    setOpen(false)
    setTyped({ of: day ?? '', text: writeDay(day ?? '') })
    tellWrong?.(false)
    change(day ?? '')
    picked?.(day ?? '')
  }
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      withinPortal={!isInPopover}
      trapFocus
      returnFocus
      // The button opens it, not the field.
      withRoles={false}
    >
      <Popover.Target>
        <TextInput
          inputMode="numeric"
          autoComplete="off"
          maxLength={20}
          placeholder={t('dayPlaceholder')}
          {...input}
          type="text"
          value={typed.text}
          error={isLeft && !isRead ? t('dayWrong') : input.error}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown' && event.altKey) {
              event.preventDefault()
              setOpen(true)
            }
            if (event.key === 'Enter' && !isRead) setLeft(true)
            onKeyDown?.(event, isRead)
          }}
          // Of the field and its button together: from one to the other nothing is left.
          wrapperProps={{
            onBlur: (event: FocusEvent<HTMLDivElement>) => {
              if (isOpen || event.currentTarget.contains(event.relatedTarget)) return
              setLeft(true)
              if (isRead) setTyped({ of: value, text: writeDay(value) })
              onLeave?.(isRead)
            },
          }}
          rightSection={
            <ActionIcon
              size="sm"
              aria-label={t('openCalendar')}
              aria-haspopup="dialog"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              <IconCalendar size={15} stroke={1.7} />
            </ActionIcon>
          }
        />
      </Popover.Target>
      <Popover.Dropdown p="xs" role="dialog" aria-label={t('calendar')}>
        <DatePicker
          value={shownDay || null}
          onChange={pick}
          allowDeselect
          locale={t.language === 'nl' ? 'nl' : 'en-gb'}
          defaultDate={shownDay || localToday()}
          defaultLevel={isPast && !shownDay ? 'decade' : 'month'}
          highlightToday
          weekendDays={[]}
          hideOutsideDates
          ariaLabels={{
            nextMonth: t('nextMonth'),
            previousMonth: t('previousMonth'),
            nextYear: t('nextYear'),
            previousYear: t('previousYear'),
            nextDecade: t('nextDecade'),
            previousDecade: t('previousDecade'),
            monthLevelControl: t('chooseMonth'),
            yearLevelControl: t('chooseYear'),
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function localToday(): string {
  const now = new Date()
  const two = (number: number) => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
