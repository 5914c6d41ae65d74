import { Button, Collapse, SimpleGrid } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { FieldDefinition } from '../api/shapes.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { nameOf } from './custom-fields.ts'
import { type FieldProblem, nothingTyped, type Typed } from './typed.ts'
import { ValueControl } from './value-control.tsx'

/** What is typed in the fields of the organisation's own, by the id of the field. */
export type OwnTyped = Record<string, { typed: Typed; name?: string | undefined }>

/** Those that are required stand open; the rest waits behind one button. */
export function NewRecordFields({
  fields,
  typed,
  change,
  problems,
}: {
  fields: FieldDefinition[]
  typed: OwnTyped
  change: (next: OwnTyped) => void
  problems: ReadonlyMap<string, FieldProblem>
}) {
  const t = useWords()
  const required = fields.filter((one) => one.isRequired)
  const rest = fields.filter((one) => !one.isRequired)
  const isWrongInRest = rest.some((one) => problems.has(nameOf(one)))
  const [isUnfolded, setUnfolded] = useState(false)
  const isOpen = isUnfolded || isWrongInRest
  const boxes = (some: FieldDefinition[]) => (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt="sm">
      {some.map((field) => (
        <div
          key={field.id}
          style={field.kind === 'long-text' ? { gridColumn: '1 / -1' } : undefined}
        >
          <ValueControl
            field={field}
            typed={typed[field.id]?.typed ?? nothingTyped(field)}
            recordName={typed[field.id]?.name}
            problem={problems.get(nameOf(field))}
            isLabelled
            change={(next, name) => change({ ...typed, [field.id]: { typed: next, name } })}
          />
        </div>
      ))}
    </SimpleGrid>
  )
  return (
    <>
      {required.length > 0 && boxes(required)}
      {rest.length > 0 && (
        <>
          <Button
            mt="sm"
            size="compact-sm"
            variant="subtle"
            color="gray"
            aria-expanded={isOpen}
            leftSection={isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
            onClick={() => setUnfolded(!isOpen)}
          >
            {t(rest.length === 1 ? 'fieldMoreOne' : 'fieldMoreOf', { count: rest.length })}
          </Button>
          <Collapse expanded={isOpen}>{isOpen && boxes(rest)}</Collapse>
        </>
      )}
    </>
  )
}
