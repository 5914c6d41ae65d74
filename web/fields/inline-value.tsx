import { ActionIcon, Button } from '@mantine/core'
import { IconExternalLink, IconPencil } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import type { CustomValue, FieldDefinition } from '../api/shapes.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { safeAddress } from '../parts/safe-address.ts'
import { Copy, useFocusBack } from '../record/inline.tsx'
import { MASK, optionLabel, sayValue, wordIn, writeValue } from './custom-fields.ts'
import { type FieldProblem, isNothing, readTyped, type Typed, typedOf } from './typed.ts'
import { ValueControl } from './value-control.tsx'

/** Resolves to what is wrong, or to whether it was kept; whoever asked has then told why not. */
export type SaveValue = (
  value: CustomValue | null,
  name?: string,
) => Promise<FieldProblem | boolean>

const chosenAtOnce = new Set(['choice', 'yes-no', 'person', 'company'])

/** A value where it stands: a click or Enter opens its box; leaving it or Enter saves, Escape lets it be. */
export function InlineValue({
  field,
  value,
  names,
  canEdit,
  save,
  isMasked = false,
}: {
  field: FieldDefinition
  value: CustomValue | null | undefined
  /** Of the customers that values refer to. */
  names: Readonly<Record<string, string>>
  canEdit: boolean
  save: SaveValue
  /** There is a value that one does not see: what is filled in takes its place. */
  isMasked?: boolean
}) {
  const t = useWords()
  const [typed, setTyped] = useState<Typed>()
  const [picked, setPicked] = useState<string>()
  const [problem, setProblem] = useState<FieldProblem>()
  // Asked for in the same moment as it is set, when a choice is made and its list closes.
  const isSaving = useRef(false)
  const { button, wantFocus } = useFocusBack(typed !== undefined)
  const label = wordIn(field.label, t.language)
  const known = isMasked ? undefined : value
  const close = () => {
    setTyped(undefined)
    setPicked(undefined)
    setProblem(undefined)
  }
  const keep = async (next: CustomValue | null, name?: string) => {
    isSaving.current = true
    const kept = await save(next, name)
    isSaving.current = false
    // Not kept: the box stays open with what was typed.
    if (kept === true) close()
    else if (kept !== false) setProblem(kept)
  }
  const finish = (now: Typed | undefined, name?: string) => {
    if (now === undefined || isSaving.current) return
    if (isMasked && isNothing(now)) return close()
    const read = readTyped(field, now, t.language)
    const isSame =
      !isMasked && JSON.stringify(now) === JSON.stringify(typedOf(field, known, t.language))
    if (isSame) return close()
    if ('problem' in read) return setProblem(read.problem)
    void keep(read.value, name)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const isDone =
      event.key === 'Enter' && (field.kind !== 'long-text' || event.ctrlKey || event.metaKey)
    if (isDone && !chosenAtOnce.has(field.kind) && field.kind !== 'choices') {
      // Else it would press what has the focus next, or send the form around it.
      event.preventDefault()
      wantFocus()
      finish(typed)
    }
    if (event.key !== 'Escape') return
    event.stopPropagation()
    wantFocus()
    close()
  }
  /** Nothing was chosen, or what was chosen already. */
  const letBe = () => {
    if (!isSaving.current && !problem) close()
  }
  const open = () => setTyped(typedOf(field, known, t.language))
  if (typed === undefined)
    return (
      <Closed
        field={field}
        value={known}
        names={names}
        canEdit={canEdit}
        isMasked={isMasked}
        open={open}
        button={button}
      />
    )
  return (
    <div>
      <ValueControl
        field={field}
        typed={typed}
        recordName={picked ?? (typeof known === 'string' ? names[known] : undefined)}
        problem={problem}
        isLabelled={false}
        autoFocus
        change={(next, name) => {
          setTyped(next)
          setPicked(name)
          setProblem(undefined)
          if (chosenAtOnce.has(field.kind)) {
            wantFocus()
            finish(next, name)
          }
        }}
        onBlur={() => {
          if (!chosenAtOnce.has(field.kind)) finish(typed)
          else letBe()
        }}
        onKeyDown={onKeyDown}
        onListClose={letBe}
        onPicked={(day) => {
          wantFocus()
          finish(day)
        }}
      />
      {isMasked && (
        <p className="k-dim k-small" style={{ margin: '3px 0 4px' }}>
          {t('fieldReplace')}{' '}
          {!field.isRequired && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={`${t('fieldClear')}: ${label}`}
              // Before the box loses the focus and closes.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => void keep(null)}
            >
              {t('fieldClear')}
            </Button>
          )}
        </p>
      )}
    </div>
  )
}

function Closed({
  field,
  value,
  names,
  canEdit,
  isMasked,
  open,
  button,
}: {
  field: FieldDefinition
  value: CustomValue | null | undefined
  names: Readonly<Record<string, string>>
  canEdit: boolean
  isMasked: boolean
  open: () => void
  button: React.RefObject<HTMLButtonElement | null>
}) {
  const t = useWords()
  const label = wordIn(field.label, t.language)
  const said = isMasked ? MASK : sayValue(field, value, t, names)
  const leads = leadsTo(field, value, names, (name) => t('fieldOpenRecord', { name }))
  if (leads)
    return (
      <div className="k-value-line">
        <span className="k-value" style={{ cursor: 'default' }}>
          {leads}
        </span>
        {canEdit && (
          <ActionIcon
            ref={button}
            size="sm"
            aria-label={`${t('edit')}: ${label}`}
            onClick={open}
            style={{ flex: 'none' }}
          >
            <IconPencil size={13} stroke={1.7} />
          </ActionIcon>
        )}
      </div>
    )
  const isThere = said !== ''
  const isGone = isThere === false && value !== undefined && value !== null && value !== ''
  return (
    <div className="k-value-line">
      <button
        ref={button}
        type="button"
        className={field.kind === 'long-text' ? 'k-value k-long-value' : 'k-value'}
        disabled={!canEdit}
        aria-label={`${label}: ${isMasked ? t('fieldMasked') : said || (isGone ? t('fieldNotVisible') : t('empty'))}`}
        {...(isThere || isGone ? {} : { 'data-empty': true })}
        onClick={open}
      >
        {isGone ? (
          <span className="k-dim">{t('fieldNotVisible')}</span>
        ) : (
          shown(field, value, said, t)
        )}
      </button>
      {isThere && !isMasked && copied.has(field.kind) && (
        <span className="k-value-actions">
          <Copy value={writeValue(field, value, t, names)} />
        </span>
      )}
    </div>
  )
}

const copied = new Set(['text', 'number', 'money'])

function shown(
  field: FieldDefinition,
  value: CustomValue | null | undefined,
  said: string,
  t: ReturnType<typeof useWords>,
): ReactNode {
  if (said === '') return '–'
  if (!Array.isArray(value)) return said
  return (
    <span style={{ display: 'flex', flexWrap: 'wrap', gap: 4 }}>
      {value.map((one) => (
        <span key={one} className="k-tag">
          {optionLabel(field, one, t)}
        </span>
      ))}
    </span>
  )
}

/** A value that is followed rather than typed over: a page in a tab that learns nothing of this one, or a dossier. */
function leadsTo(
  field: FieldDefinition,
  value: CustomValue | null | undefined,
  names: Readonly<Record<string, string>>,
  say: (name: string) => string,
): ReactNode {
  if (typeof value !== 'string' || value === '') return undefined
  if (field.kind === 'link') {
    const address = safeAddress(value)
    return (
      address && (
        <a href={address} target="_blank" rel="noreferrer noopener" className="k-followed">
          {value.replace(/^(https?:\/\/|mailto:|tel:)/i, '').replace(/\/$/, '')}
          <IconExternalLink size={12} stroke={1.7} style={{ marginLeft: 4 }} aria-hidden />
        </a>
      )
    )
  }
  const name = names[value]
  if ((field.kind !== 'person' && field.kind !== 'company') || !name) return undefined
  return (
    <Link
      to={field.kind === 'person' ? '/people/$id' : '/companies/$id'}
      params={{ id: value }}
      className="k-followed"
      aria-label={say(name)}
    >
      {name}
    </Link>
  )
}
