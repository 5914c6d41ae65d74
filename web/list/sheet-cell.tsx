import { Tooltip } from '@mantine/core'
import { lazy, type ReactNode, Suspense, useEffect, useId, useRef } from 'react'
import { optionLabel } from '../fields/custom-fields.ts'
import { patient } from '../frame/patient.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { type Column, columnTitle, isReference, type Row } from './columns.tsx'
import type { Place } from './grid.tsx'
import type { CellAt, Sheet } from './use-sheet.ts'

const RecordCell = lazy(patient(() => import('./record-cell.tsx')))

/** One cell. While the list is edited it can stand under the cursor, in a range, open for typing, or be refused. */
export function SheetCell({
  sheet,
  row,
  at,
  column,
  place,
  children,
}: {
  sheet: Sheet | undefined
  row: Row
  at: CellAt
  column: Column
  place: Place
  children: ReactNode
}) {
  const t = useWords()
  const isHere = sheet?.cursor.row === at.row && sheet.cursor.column === at.column
  const isTyped = isHere && sheet?.typed !== undefined
  const why = sheet?.wrongAt(row, column)
  const marks = {
    ...(place.isFrozen ? { 'data-frozen': true } : {}),
    ...(isHere ? { 'data-cursor': true } : {}),
    ...(sheet?.isInRange(at) ? { 'data-range': true } : {}),
    ...(why ? { 'data-wrong': true, 'aria-invalid': true } : {}),
    ...(sheet && !column.isEditable ? { 'aria-readonly': true } : {}),
  }
  const cell = (
    // biome-ignore lint/a11y/useSemanticElements: a grid of rows that move is no table
    <div
      id={`cell-${at.row}-${at.column}`}
      className={at.column === 0 ? 'k-cell k-name' : 'k-cell'}
      role="gridcell"
      tabIndex={-1}
      aria-colindex={at.column + 2}
      style={place.style}
      {...marks}
      {...(sheet
        ? {
            onClick: (event) => {
              sheet.go(at, event.shiftKey)
              if (!isTyped) event.currentTarget.closest<HTMLElement>('[role=grid]')?.focus()
            },
            onDoubleClick: () => sheet.begin(at),
          }
        : {})}
    >
      {isTyped && column.field && isReference(column.field) ? (
        <Suspense fallback={sheet.typed!.text}>
          <RecordCell
            label={t('sheetEdit', { column: columnTitle(column, t), name: row.displayName })}
            sheet={sheet}
            row={row}
            field={column.field}
          />
        </Suspense>
      ) : isTyped ? (
        <Typing
          label={t('sheetEdit', { column: columnTitle(column, t), name: row.displayName })}
          sheet={sheet}
          offered={offeredIn(column, t)}
        />
      ) : (
        children
      )}
    </div>
  )
  return why ? <Tooltip label={why}>{cell}</Tooltip> : cell
}

/** What may stand in a cell where only some values may. */
function offeredIn({ field }: Column, t: Speak): string[] {
  if (field?.kind === 'yes-no') return [t('yes'), t('no')]
  if (field?.kind !== 'choice') return []
  return field.options.filter((one) => !one.isArchived).map((one) => optionLabel(field, one.id, t))
}

function Typing({ label, sheet, offered }: { label: string; sheet: Sheet; offered: string[] }) {
  const listId = useId()
  const input = useRef<HTMLInputElement>(null)
  const isLeft = useRef(false)
  useEffect(() => {
    input.current?.focus()
    input.current?.setSelectionRange(input.current.value.length, input.current.value.length)
  }, [])
  const end = (act: () => void) => {
    isLeft.current = true
    act()
  }
  return (
    <>
      <input
        ref={input}
        {...(offered.length > 0 ? { list: listId } : {})}
        className="k-cell-input"
        aria-label={label}
        autoComplete="off"
        maxLength={10_000}
        value={sheet.typed?.text ?? ''}
        onChange={(event) => sheet.type(event.currentTarget.value)}
        onBlur={() => {
          if (!isLeft.current) end(() => sheet.finish())
        }}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') end(() => sheet.finish({ row: event.shiftKey ? -1 : 1 }))
          else if (event.key === 'Tab') end(() => sheet.finish({ column: event.shiftKey ? -1 : 1 }))
          else if (event.key === 'Escape') end(sheet.cancel)
          else return
          event.preventDefault()
          event.stopPropagation()
        }}
      />
      {offered.length > 0 && (
        <datalist id={listId}>
          {offered.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
    </>
  )
}
