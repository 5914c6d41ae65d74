import { ActionIcon, Button } from '@mantine/core'
import { IconArchive, IconGripVertical, IconPencil, IconShieldLock } from '@tabler/icons-react'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import type { FieldDefinition } from '../api/shapes.ts'
import { wordIn } from '../fields/custom-fields.ts'
import { KindIcon } from '../fields/kind-icon.tsx'
import '../language/late-fields.ts'
import { useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'

/** Fields in their order: dragged by the handle, with a finger too, or moved by the arrow keys on it. */
export function FieldList({
  fields,
  open,
  archive,
  bringBack,
  order,
}: {
  fields: FieldDefinition[]
  open: (field: FieldDefinition) => void
  archive?: (field: FieldDefinition) => void
  bringBack?: (field: FieldDefinition) => void
  order?: (ids: string[]) => void
}) {
  const t = useWords()
  const list = useRef<HTMLUListElement>(null)
  const [dragged, setDragged] = useState<{ id: string; ids: string[] }>()
  const [moved, setMoved] = useState('')
  const ids = fields.map((one) => one.id)
  const shown = (dragged?.ids ?? ids).flatMap((id) => fields.find((one) => one.id === id) ?? [])
  const titleOf = (field: FieldDefinition) => wordIn(field.label, t.language)
  const say = (field: FieldDefinition, at: number) =>
    setMoved(t('fieldMoved', { field: titleOf(field), place: at + 1 }))
  const step = (field: FieldDefinition, event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    const from = ids.indexOf(field.id)
    const to = Math.max(0, Math.min(ids.length - 1, from + by))
    if (to === from) return
    order?.(ids.toSpliced(from, 1).toSpliced(to, 0, field.id))
    say(field, to)
  }
  const drag = (event: PointerEvent) => {
    if (!dragged || !list.current) return
    const rows = [...list.current.children]
    const under = rows.findIndex((row) => event.clientY < row.getBoundingClientRect().bottom)
    const to = under < 0 ? rows.length - 1 : under
    const from = dragged.ids.indexOf(dragged.id)
    if (to !== from)
      setDragged({
        id: dragged.id,
        ids: dragged.ids.toSpliced(from, 1).toSpliced(to, 0, dragged.id),
      })
  }
  const drop = (field: FieldDefinition) => {
    if (!dragged) return
    setDragged(undefined)
    if (dragged.ids.join() === ids.join()) return
    order?.(dragged.ids)
    say(field, dragged.ids.indexOf(field.id))
  }
  return (
    <>
      <ul className="k-field-list" ref={list}>
        {shown.map((field) => (
          <li key={field.id} {...(field.id === dragged?.id ? { 'data-dragged': true } : {})}>
            {order && (
              <button
                type="button"
                className="k-grip"
                aria-label={t('fieldMove', { field: titleOf(field) })}
                title={t('fieldMoveHint')}
                onKeyDown={(event) => step(field, event)}
                onPointerDown={(event) => {
                  event.currentTarget.setPointerCapture(event.pointerId)
                  setDragged({ id: field.id, ids })
                }}
                onPointerMove={drag}
                onPointerUp={() => drop(field)}
                onPointerCancel={() => setDragged(undefined)}
              >
                <IconGripVertical size={15} stroke={1.6} aria-hidden />
              </button>
            )}
            <KindIcon kind={field.kind} />
            <div className="k-field-about">
              <button type="button" className="k-link" onClick={() => open(field)}>
                {titleOf(field)}
              </button>
              <About field={field} />
            </div>
            {bringBack ? (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={t('fieldBringBackNamed', { field: titleOf(field) })}
                onClick={() => bringBack(field)}
              >
                {t('fieldBringBack')}
              </Button>
            ) : (
              <>
                <ActionIcon
                  size="md"
                  aria-label={t('fieldEditNamed', { field: titleOf(field) })}
                  title={t('edit')}
                  onClick={() => open(field)}
                >
                  <IconPencil size={15} stroke={1.7} />
                </ActionIcon>
                <ActionIcon
                  size="md"
                  aria-label={t('fieldArchiveNamed', { field: titleOf(field) })}
                  title={t('fieldArchive')}
                  onClick={() => archive?.(field)}
                >
                  <IconArchive size={15} stroke={1.7} />
                </ActionIcon>
              </>
            )}
          </li>
        ))}
      </ul>
      <span role="status" className="k-hidden">
        {moved}
      </span>
    </>
  )
}

/** What one asks of a field at a glance: its kind, who sees it, whether it is required. */
function About({ field }: { field: FieldDefinition }) {
  const t = useWords()
  const roleName = useRoleName()
  const inUse = field.options.filter((one) => !one.isArchived)
  const roles =
    field.roles.length > 0
      ? new Intl.ListFormat(t.language).format(field.roles.map(roleName))
      : t('fieldRolesEvery')
  return (
    <span className="k-dim k-small">
      {[
        t(`kind.${field.kind}`) + (field.kind === 'money' ? ` (${field.currency})` : ''),
        inUse.length > 0 && inUse.map((one) => wordIn(one.label, t.language)).join(', '),
        field.isRequired && t('fieldRequired').toLowerCase(),
      ]
        .filter(Boolean)
        .join(' · ')}
      {field.sensitivity === 'confidential' && (
        <span className="k-confidential">
          <IconShieldLock size={12} stroke={1.8} aria-hidden /> {t('confidential')}: {roles}
        </span>
      )}
    </span>
  )
}
