import { useState } from 'react'
import { useWords } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { useFocusBack } from '../record/inline.tsx'

/** A day of a record: a click or Enter makes it a field; Enter or leaving saves, Escape lets it be. */
export function InlineDate({
  label,
  value,
  save,
  canEdit,
  isPast = false,
}: {
  label: string
  value: string
  save: (next: string) => Promise<boolean>
  canEdit: boolean
  isPast?: boolean
}) {
  const t = useWords()
  const [typed, setTyped] = useState<string>()
  const [isSaving, setSaving] = useState(false)
  const { button, wantFocus } = useFocusBack(typed !== undefined)
  const finish = async (day: string) => {
    if (isSaving) return
    if (day === value) return setTyped(undefined)
    setSaving(true)
    // Not saved: the field stays open with what was typed.
    if (await save(day)) setTyped(undefined)
    setSaving(false)
  }
  if (typed !== undefined)
    return (
      <DateField
        autoFocus
        size="xs"
        aria-label={label}
        isPast={isPast}
        value={typed}
        disabled={isSaving}
        change={setTyped}
        picked={(day) => {
          wantFocus()
          void finish(day)
        }}
        onLeave={(isRead) => {
          if (isRead) void finish(typed)
        }}
        onKeyDown={(event, isRead) => {
          if (event.key === 'Enter' && isRead) {
            wantFocus()
            void finish(typed)
          }
          if (event.key !== 'Escape') return
          event.stopPropagation()
          wantFocus()
          setTyped(undefined)
        }}
      />
    )
  const shown = value && t.day(value)
  return (
    <div className="k-value-line">
      <button
        ref={button}
        type="button"
        className="k-value"
        disabled={!canEdit}
        aria-label={`${label}: ${shown || t('empty')}`}
        {...(value ? {} : { 'data-empty': true })}
        onClick={() => setTyped(value)}
      >
        {shown || '–'}
      </button>
    </div>
  )
}
