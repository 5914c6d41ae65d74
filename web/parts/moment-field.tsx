import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../language/words.tsx'
import { DateField } from './date-field.tsx'
import { readTime } from './day.ts'

const MORNING = '09:00'

/** A day and a time on it, as `2026-11-25T09:00`, local; the time is nine in the morning until another is typed. */
export function MomentField({
  label,
  value,
  change,
  tellWrong,
}: {
  label: string
  value: string
  change: (next: string) => void
  tellWrong: (isWrong: boolean) => void
}) {
  const t = useWords()
  const [day, time = MORNING] = value.split('T') as [string, string?]
  const [typed, setTyped] = useState<string>()
  const isWrong = typed !== undefined && readTime(typed) === undefined
  return (
    <span style={{ display: 'flex', alignItems: 'flex-end', gap: 4 }}>
      <DateField
        w={140}
        label={label}
        value={day}
        change={(next) => change(next && `${next}T${time}`)}
        tellWrong={tellWrong}
      />
      {day !== '' && (
        <TextInput
          w={64}
          aria-label={`${label}: ${t('timeOfDay')}`}
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={typed ?? time}
          error={isWrong && t('timeWrong')}
          onChange={(event) => {
            const next = readTime(event.currentTarget.value)
            setTyped(event.currentTarget.value)
            tellWrong(next === undefined)
            if (next) change(`${day}T${next}`)
          }}
          onBlur={() => {
            if (!isWrong) setTyped(undefined)
          }}
        />
      )}
    </span>
  )
}
