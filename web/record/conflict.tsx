import { Button, Group, Modal, Radio, Stack } from '@mantine/core'
import { useState } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { addressLine } from '../entry/address-format.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import type { Conflict, OfKind } from './use-record.ts'

/** Someone else was first. Shows both values of each field that clashes; nothing is lost by choosing. */
export function ConflictDialog<K extends RecordKind>({
  conflict,
  settle,
}: {
  conflict: Conflict<K>
  settle: (chosen: OfKind[K]['edit']) => Promise<void>
}) {
  const t = useWords()
  const names = useNames()
  const mine = conflict.mine as Record<string, unknown>
  const current = conflict.current as unknown as Record<string, unknown>
  const fields = Object.keys(mine)
  const [chosen, setChosen] = useState<Record<string, 'mine' | 'theirs'>>(() =>
    Object.fromEntries(
      fields.map((field) => [field, conflict.changedFields.includes(field) ? 'theirs' : 'mine']),
    ),
  )
  const others = conflict.changedFields.filter((field) => !fields.includes(field))
  const show = (field: string, value: unknown) => shown(field, value, names) || t('empty')
  const finish = () => {
    const kept = fields
      .filter((field) => chosen[field] === 'mine')
      .map((field) => [field, mine[field]])
    void settle(Object.fromEntries(kept) as OfKind[K]['edit'])
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
          label={t.known(`field.${field}`) ?? field}
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
            fields: others.map((field) => t.known(`field.${field}`) ?? field).join(', '),
          })}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button onClick={finish}>{t('conflictSettle')}</Button>
      </Group>
    </Modal>
  )
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
