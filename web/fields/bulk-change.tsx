import { Button, Popover, Select } from '@mantine/core'
import { IconForms } from '@tabler/icons-react'
import { useState } from 'react'
import type { BulkChange, FieldDefinition } from '../api/shapes.ts'
import { sentBy } from '../parts/sent-by.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { wordIn } from './custom-fields.ts'
import { type FieldProblem, isNothing, nothingTyped, readTyped, type Typed } from './typed.ts'
import { ValueControl } from './value-control.tsx'

/** One field of the organisation's own, the same for all that is selected. */
export function OwnFieldChange({
  fields,
  preview,
  apply,
  isBusy,
}: {
  fields: FieldDefinition[]
  preview: string
  apply: (change: BulkChange['change']) => void
  isBusy: boolean
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const [field, setField] = useState<FieldDefinition | undefined>(fields[0])
  const [typed, setTyped] = useState<Typed>('')
  const [problem, setProblem] = useState<FieldProblem>()
  const choose = (id: string | null) => {
    const next = fields.find((one) => one.id === id)
    if (!next) return
    setField(next)
    setTyped(nothingTyped(next))
    setProblem(undefined)
  }
  const give = (now: Typed) => {
    if (!field) return
    const read = readTyped(field, now, t.language)
    if ('problem' in read) return setProblem(read.problem)
    setOpen(false)
    setTyped(nothingTyped(field))
    apply({ kind: 'custom', fieldId: field.id, value: read.value })
  }
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={isBusy}
          leftSection={<IconForms size={15} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {t('customFields')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          noValidate
          onSubmit={sentBy(() => {
            if (!isNothing(typed)) give(typed)
          })}
        >
          <Select
            size="xs"
            mb="xs"
            label={t('customFields')}
            description={preview}
            allowDeselect={false}
            searchable={fields.length > 8}
            data={fields.map((one) => ({ value: one.id, label: wordIn(one.label, t.language) }))}
            value={field?.id ?? null}
            onChange={choose}
            comboboxProps={{ withinPortal: false }}
          />
          {field && (
            <ValueControl
              field={field}
              typed={typed}
              change={(next) => {
                setTyped(next)
                setProblem(undefined)
              }}
              problem={problem}
              isLabelled={false}
              isInPlace
            />
          )}
          <div style={{ display: 'flex', gap: 6, marginTop: 10 }}>
            <Button size="compact-sm" type="submit" disabled={isNothing(typed)}>
              {t('bulkApply')}
            </Button>
            {field && !field.isRequired && (
              <Button size="compact-sm" variant="default" onClick={() => give(nothingTyped(field))}>
                {t('bulkEmpty')}
              </Button>
            )}
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
