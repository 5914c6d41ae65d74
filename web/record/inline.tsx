import { ActionIcon, CopyButton, Select, TextInput, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useWords } from '../language/words.tsx'

/** A label with its lock on the left, the value on the right. */
export function Field({
  label,
  lock,
  children,
}: {
  label: string
  lock?: ReactNode
  children: ReactNode
}) {
  return (
    <div className="k-field">
      <div className="k-field-label">
        {label}
        {lock}
      </div>
      <div>{children}</div>
    </div>
  )
}

/** Gives the focus back to a button that was away while its field was open, once it is there again. */
export function useFocusBack(isOpen: boolean) {
  const button = useRef<HTMLButtonElement>(null)
  const isWanted = useRef(false)
  useEffect(() => {
    if (isOpen || !isWanted.current) return
    isWanted.current = false
    button.current?.focus()
  }, [isOpen])
  return {
    button,
    wantFocus: () => {
      isWanted.current = true
    },
  }
}

/** Shows a value; a click or Enter makes it a field; Enter or leaving saves, Escape lets it be. */
export function InlineText({
  label,
  value,
  save,
  canEdit,
  type = 'text',
  placeholder,
  link,
  shown = value,
  large,
}: {
  label: string
  value: string
  save: (next: string) => Promise<boolean>
  canEdit: boolean
  type?: 'text' | 'email' | 'tel' | 'date' | 'number' | 'url'
  placeholder?: string
  link?: string
  /** How the value reads; what is edited and copied is the value itself. */
  shown?: string
  large?: ReactNode
}) {
  const t = useWords()
  const [typed, setTyped] = useState<string>()
  const [isSaving, setSaving] = useState(false)
  const { button, wantFocus } = useFocusBack(typed !== undefined)
  const finish = async () => {
    if (typed === undefined || isSaving) return
    if (typed.trim() === value) return setTyped(undefined)
    setSaving(true)
    // Not saved: the field stays open with what was typed.
    if (await save(typed.trim())) setTyped(undefined)
    setSaving(false)
  }
  if (typed !== undefined)
    return (
      <TextInput
        autoFocus
        size="xs"
        type={type}
        aria-label={label}
        value={typed}
        disabled={isSaving}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => void finish()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            wantFocus()
            void finish()
          }
          if (event.key !== 'Escape') return
          event.stopPropagation()
          wantFocus()
          setTyped(undefined)
        }}
      />
    )
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
        {large ?? (shown ? brokenAtSign(shown) : (placeholder ?? '–'))}
      </button>
      <span className="k-value-actions">
        {value && link && (
          <a
            className="k-on-hover k-small"
            href={link}
            target="_blank"
            rel="noreferrer noopener"
            aria-label={t('openValue', { value })}
          >
            ↗
          </a>
        )}
        {value && !large && <Copy value={value} />}
      </span>
    </div>
  )
}

/** A long e-mail address goes on a second line after its @, not in the middle of a word. */
export function brokenAtSign(text: string): ReactNode {
  const [before, after] = text.split('@')
  if (after === undefined) return text
  return (
    <span>
      {before}@<wbr />
      {after}
    </span>
  )
}

export function Copy({ value }: { value: string }) {
  const t = useWords()
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('copied') : t('copy')}>
          <ActionIcon
            className="k-on-hover"
            size="sm"
            aria-label={`${t('copy')}: ${value}`}
            onClick={copy}
          >
            {copied ? <IconCheck size={13} /> : <IconCopy size={13} stroke={1.7} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  )
}

export function InlineSelect({
  label,
  value,
  options,
  save,
  canEdit,
  canClear = false,
}: {
  label: string
  value: string | null
  options: { value: string; label: string }[]
  save: (next: string | null) => Promise<boolean>
  canEdit: boolean
  canClear?: boolean
}) {
  const id = useId()
  if (!canEdit)
    return (
      <span className="k-value" style={{ cursor: 'default' }}>
        {options.find((one) => one.value === value)?.label ?? '–'}
      </span>
    )
  return (
    <Select
      id={id}
      size="xs"
      variant="unstyled"
      aria-label={label}
      styles={{ input: { paddingLeft: 6, minHeight: 28, height: 28 } }}
      data={options}
      value={value}
      clearable={canClear}
      searchable={options.length > 8}
      allowDeselect={false}
      placeholder="–"
      onChange={(next) => {
        if (next !== value) void save(next)
      }}
    />
  )
}
