import { useState } from 'react'
import type { FieldDefinition } from '../api/shapes.ts'
import { RecordPicker } from '../fields/record-picker.tsx'
import type { Row } from './columns.tsx'
import type { Sheet } from './use-sheet.ts'

/** A person or company in a cell: chosen while one types, or a whole name that only one has. */
export default function RecordCell({
  label,
  sheet,
  row,
  field,
}: {
  label: string
  sheet: Sheet
  row: Row
  field: FieldDefinition
}) {
  const held = row.custom[field.id]
  const name = typeof held === 'string' ? row.customNames[held] : undefined
  const [begun] = useState(() => {
    const text = sheet.typed?.text ?? ''
    return text === (name ?? '') ? undefined : text
  })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the click is the box's, not the cell's
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <div
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <RecordPicker
        aria-label={label}
        size="xs"
        autoFocus
        defaultDropdownOpened
        comboboxProps={{ width: 280, position: 'bottom-start', shadow: 'md' }}
        kind={field.kind === 'company' ? 'companies' : 'people'}
        value={begun === undefined && name && typeof held === 'string' ? held : null}
        name={begun === undefined ? name : undefined}
        begun={begun}
        onTyped={sheet.type}
        change={(id) => sheet.pick(id ?? '')}
        // Somebody who walks on has chosen nothing.
        onBlur={sheet.cancelTyping}
        onKeyDown={(event) => {
          event.stopPropagation()
          const isOffered = event.currentTarget.hasAttribute('aria-activedescendant')
          if (event.key === 'Enter' && !isOffered) sheet.finish({ row: event.shiftKey ? -1 : 1 })
          else if (event.key === 'Tab') sheet.finish({ column: event.shiftKey ? -1 : 1 })
          else if (event.key === 'Escape') sheet.cancel()
          else return
          event.preventDefault()
        }}
      />
    </div>
  )
}
