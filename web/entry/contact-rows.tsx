import { ActionIcon, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useWords } from '../language/words.tsx'
import { LabelField } from './label-field.tsx'
import { EmailHint, PhoneHint } from './value-hints.tsx'

export type Row = { value: string; label: string }
const emptyRow: Row = { value: '', label: '' }

/** E-mail addresses or phone numbers of a record that is not there yet: a row each, and one more when asked for. */
export function ContactRows({
  kind,
  label,
  country,
  rows,
  change,
}: {
  kind: 'email' | 'tel'
  label: string
  country: string
  rows: Row[]
  change: (next: Row[]) => void
}) {
  const t = useWords()
  const shown = rows.length > 0 ? rows : [emptyRow]
  const set = (at: number, next: Row) => change(shown.map((row, i) => (i === at ? next : row)))
  return (
    <div>
      {shown.map((row, at) => {
        const name = at === 0 ? label : `${label} ${at + 1}`
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
          <div key={at} style={{ marginTop: at === 0 ? 0 : 6 }}>
            <div className="k-row-entry" data-first={at === 0 || undefined}>
              <TextInput
                {...(at === 0 ? { label: name } : { 'aria-label': name })}
                type={kind}
                autoComplete="off"
                maxLength={kind === 'tel' ? 60 : 254}
                value={row.value}
                onChange={(event) => set(at, { ...row, value: event.currentTarget.value })}
              />
              <LabelField
                kind={kind}
                size="sm"
                value={row.label}
                change={(next) => set(at, { ...row, label: next })}
                ariaLabel={t('label')}
              />
              {shown.length > 1 && (
                <ActionIcon
                  size="lg"
                  aria-label={t('removeValue', { value: row.value || name })}
                  onClick={() => change(shown.filter((_, i) => i !== at))}
                >
                  <IconX size={15} />
                </ActionIcon>
              )}
            </div>
            {kind === 'email' ? (
              <EmailHint value={row.value} accept={(value) => set(at, { ...row, value })} />
            ) : (
              <PhoneHint value={row.value} country={country} isTyping />
            )}
          </div>
        )
      })}
      {shown.at(-1)!.value.trim() !== '' && (
        <button
          type="button"
          className="k-add"
          aria-label={`${t('add')}: ${label}`}
          onClick={() => change([...shown, emptyRow])}
        >
          <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> {t('oneMore')}
        </button>
      )}
    </div>
  )
}

/** As the server takes them: without the rows that stayed empty. */
export function bodyOfRows(rows: Row[] | undefined): { value: string; label?: string }[] {
  return (rows ?? [])
    .map(({ value, label }) => ({ value: value.trim(), ...(label ? { label } : {}) }))
    .filter(({ value }) => value !== '')
}
