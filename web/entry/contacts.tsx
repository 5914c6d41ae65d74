import { Button, Group, TextInput } from '@mantine/core'
import { IconMail, IconPhone, IconPlus } from '@tabler/icons-react'
import { type FocusEvent, useState } from 'react'
import type { Labelled } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { groupDigits, telLink } from '../parts/phone-number.ts'
import { sentBy } from '../parts/sent-by.ts'
import { brokenAtSign, Copy, useFocusBack } from '../record/inline.tsx'
import { LabelField } from './label-field.tsx'
import { LabelMark } from './label-mark.tsx'
import { EmailHint, PhoneHint } from './value-hints.tsx'

type Kind = 'email' | 'tel'
type Around = {
  kind: Kind
  /** What the values are called: "E-mail". */
  label: string
  /** Where a number without a country code is dialled. */
  country: string
}

/** The e-mail addresses or phone numbers of a record, a line each; the first one counts most. */
export function Contacts({
  values,
  save,
  canEdit,
  ...around
}: Around & {
  values: Labelled[]
  save: (next: Labelled[]) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  const [isAdding, setAdding] = useState(false)
  const { label } = around
  return (
    <div className="k-many">
      {values.map((one, at) => {
        const others = values.filter((_, index) => index !== at)
        const replace = (next: Labelled) =>
          save(next.value === '' ? others : values.map((old) => (old === one ? next : old)))
        return (
          <OneContact
            key={`${one.value} ${one.label ?? ''}`}
            {...around}
            label={values.length > 1 ? `${label} ${at + 1}` : label}
            one={one}
            canEdit={canEdit}
            replace={replace}
            {...(at > 0 ? { makeFirst: () => save([one, ...others]) } : {})}
          />
        )
      })}
      {isAdding ? (
        <ContactForm
          {...around}
          one={{ value: '' }}
          save={async (next) => next.value === '' || save([...values, next])}
          close={() => setAdding(false)}
        />
      ) : (
        canEdit && (
          <button
            type="button"
            className="k-add"
            {...(values.length > 0 ? { 'data-more': true } : {})}
            onClick={() => setAdding(true)}
            aria-label={`${t('add')}: ${label}`}
          >
            <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> <span>{t('add')}</span>
          </button>
        )
      )}
    </div>
  )
}

function OneContact({
  one,
  canEdit,
  replace,
  makeFirst,
  ...around
}: Around & {
  one: Labelled
  canEdit: boolean
  replace: (next: Labelled) => Promise<boolean>
  makeFirst?: () => Promise<boolean>
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const { button, wantFocus } = useFocusBack(isOpen)
  const { kind, label, country } = around
  const shown = kind === 'tel' ? groupDigits(one.value) : one.value
  if (isOpen)
    return (
      <ContactForm
        {...around}
        one={one}
        save={replace}
        close={(isKept) => {
          if (isKept) wantFocus()
          setOpen(false)
        }}
        {...(makeFirst ? { makeFirst } : {})}
        remove={() => replace({ value: '' })}
      />
    )
  return (
    <>
      <div className="k-value-line">
        <button
          ref={button}
          type="button"
          className="k-value"
          disabled={!canEdit}
          aria-label={`${label}: ${shown}`}
          onClick={() => setOpen(true)}
        >
          <span data-whole={kind === 'tel' || undefined}>
            {kind === 'tel' ? <span>{shown}</span> : brokenAtSign(shown)}{' '}
            <LabelMark label={one.label} />
          </span>
        </button>
        <span className="k-value-actions">
          <a
            className="k-on-hover"
            href={kind === 'tel' ? telLink(one.value) : `mailto:${one.value}`}
            aria-label={t(kind === 'tel' ? 'callValue' : 'mailValue', { value: shown })}
          >
            {kind === 'tel' ? (
              <IconPhone size={14} stroke={1.7} aria-hidden />
            ) : (
              <IconMail size={14} stroke={1.7} aria-hidden />
            )}
          </a>
          <Copy value={one.value} />
        </span>
      </div>
      {kind === 'email' ? (
        <EmailHint
          value={one.value}
          accept={canEdit ? (value) => void replace({ ...one, value }) : undefined}
        />
      ) : (
        <PhoneHint value={one.value} country={country} />
      )}
    </>
  )
}

/** One value and what it is for. Enter or leaving saves, Escape lets it be; emptied, it is removed. */
function ContactForm({
  kind,
  label,
  country,
  one,
  save,
  close,
  makeFirst,
  remove,
}: Around & {
  one: Labelled
  save: (next: Labelled) => Promise<boolean>
  close: (isKept: boolean) => void
  makeFirst?: () => Promise<boolean>
  remove?: () => Promise<boolean>
}) {
  const t = useWords()
  const [typed, setTyped] = useState({ value: one.value, label: one.label ?? '' })
  const [isSaving, setSaving] = useState(false)
  const act = async (what: () => Promise<boolean>, isKept: boolean) => {
    if (isSaving) return
    setSaving(true)
    // Not saved: the form stays open with what was typed.
    if (await what()) close(isKept)
    setSaving(false)
  }
  const finish = (isKept: boolean) => {
    const next = { value: typed.value.trim(), ...(typed.label ? { label: typed.label } : {}) }
    if (next.value === one.value && (next.label ?? '') === (one.label ?? '')) return close(isKept)
    void act(() => save(next), isKept)
  }
  return (
    <form
      noValidate
      className="k-contact-form"
      onSubmit={sentBy(() => finish(true))}
      onBlur={(event: FocusEvent<HTMLFormElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) finish(false)
      }}
      onKeyDown={(event) => {
        // A list of choices that is open closes first.
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        close(true)
      }}
    >
      <TextInput
        autoFocus
        size="xs"
        type={kind}
        aria-label={label}
        value={typed.value}
        disabled={isSaving}
        autoComplete="off"
        maxLength={kind === 'tel' ? 60 : 254}
        onChange={(event) => setTyped({ ...typed, value: event.currentTarget.value })}
      />
      {/* Once it is on its way, a correction would come too late: the line has the hint again. */}
      {kind === 'email' && !isSaving && (
        <EmailHint value={typed.value} accept={(value) => setTyped({ ...typed, value })} />
      )}
      {kind === 'tel' && <PhoneHint value={typed.value} country={country} isTyping />}
      <Group gap={6} mt={4}>
        <span style={{ width: 104 }}>
          <LabelField
            kind={kind}
            value={typed.label}
            change={(next) => setTyped({ ...typed, label: next })}
            ariaLabel={t('label')}
          />
        </span>
        {makeFirst && (
          <Button size="compact-xs" variant="default" onClick={() => void act(makeFirst, true)}>
            {t('makeFirst')}
          </Button>
        )}
        {remove && (
          <Button size="compact-xs" variant="default" onClick={() => void act(remove, false)}>
            {t('remove')}
          </Button>
        )}
      </Group>
      {/* Enter in either field saves both only where the form has a button. */}
      <button type="submit" hidden />
    </form>
  )
}
