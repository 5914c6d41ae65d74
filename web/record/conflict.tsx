import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import type { CustomValue, FieldDefinition, RecordKind } from '../api/shapes.ts'
import { addressLine } from '../entry/address-format.ts'
import {
  fieldNamed,
  MASK,
  sayValue,
  useCustomFields,
  useFieldLabel,
} from '../fields/custom-fields.ts'
import { useNames } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import type { Conflict, OfKind } from './use-record.ts'

/** Someone else was first. Shows both values of each field that clashes; nothing is lost by choosing. */
export function ConflictDialog<K extends RecordKind>({
  kind,
  conflict,
  settle,
}: {
  kind: K
  conflict: Conflict<K>
  settle: (chosen: OfKind[K]['edit']) => Promise<void>
}) {
  const t = useWords()
  const names = useNames()
  const custom = useCustomFields(kind)
  const fieldLabel = useFieldLabel()
  const label = (field: string) => t.known(`field.${field}`) ?? fieldLabel(field) ?? field
  const mine = flat(conflict.mine as Values)
  const current = flat(conflict.current as unknown as Values)
  const fields = Object.keys(mine)
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>(() =>
    Object.fromEntries(
      fields.map((field) => [field, conflict.changedFields.includes(field) ? 'theirs' : 'mine']),
    ),
  )
  const others = conflict.changedFields.filter((field) => !fields.includes(field))
  const show = (field: string, value: unknown) => {
    const own = fieldNamed(custom, field)
    const said = own
      ? sayMaskable(own, value as CustomValue | null, t, conflict.current.customNames)
      : shown(field, value, names)
    return said || t('empty')
  }
  const finish = () => {
    const kept = fields
      .filter((field) => chosen[field] === 'mine')
      .map((field) => [field, mine[field]])
    void settle(nested(Object.fromEntries(kept)) as OfKind[K]['edit'])
  }
  return (
    <Modal
      opened
      onClose={() => void settle({} as OfKind[K]['edit'])}
      title={t('conflictTitle')}
      size={560}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <p style={{ marginTop: 0 }}>
        {t('conflictText', {
          who: conflict.changedBy ? names.user(conflict.changedBy) : t('someone'),
          when: conflict.changedAt ? t.ago(conflict.changedAt) : '',
        })}
      </p>
      {fields.map((field) => (
        <Radio.Group
          key={field}
          label={label(field)}
          value={chosen[field] ?? 'theirs'}
          onChange={(value) => setChosen({ ...chosen, [field]: value as 'mine' | 'theirs' })}
          mb="md"
        >
          <Stack gap={8} mt={6}>
            <Radio
              value="theirs"
              label={`${t('conflictTheirs')}: ${show(field, current[field])}`}
            />
            <Radio value="mine" label={`${t('conflictMine')}: ${show(field, mine[field])}`} />
          </Stack>
        </Radio.Group>
      ))}
      {others.length > 0 && (
        <p className="k-dim">
          {t('conflictAlso', {
            fields: others.map(label).join(', '),
          })}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button onClick={finish}>{t('conflictSettle')}</Button>
      </Group>
    </Modal>
  )
}

type Values = Record<string, unknown>
const own = 'custom.'

/** Each field of the organisation's own beside the others, by the name that changes have for it. */
function flat({ custom, confidential, ...rest }: Values): Values {
  return Object.fromEntries([
    ...Object.entries(rest),
    ...Object.entries({ ...(confidential as object), ...(custom as object) }).map(([id, value]) => [
      own + id,
      value,
    ]),
  ])
}

function nested(values: Values): Values {
  const [custom, rest] = [{} as Values, {} as Values]
  for (const [name, value] of Object.entries(values))
    if (name.startsWith(own)) custom[name.slice(own.length)] = value
    else rest[name] = value
  return Object.keys(custom).length > 0 ? { ...rest, custom } : rest
}

/** What is masked stays so; one's own change is known to oneself. */
function sayMaskable(
  field: FieldDefinition,
  value: CustomValue | null,
  t: Speak,
  names: Readonly<Record<string, string>>,
): string {
  return value === MASK ? MASK : sayValue(field, value, t, names)
}

function shown(field: string, value: unknown, names: ReturnType<typeof useNames>): string {
  if (value === null || value === undefined) return ''
  if (field === 'ownerId') return names.user(String(value))
  if (field === 'teamId') return names.team(String(value))
  if (!Array.isArray(value)) return typeof value === 'object' ? '•••' : String(value)
  return value
    .map((one) => {
      if (typeof one === 'string') return one
      return 'value' in one ? String(one.value) : addressLine(one)
    })
    .join(' · ')
}
