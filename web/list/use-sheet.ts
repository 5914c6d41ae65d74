import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { ask } from '../api/client.ts'
import type { CellChange, CellOutcome, FieldKind, RecordKind, Stage } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { type Speak, useWords } from '../language/words.tsx'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { type Column, nameColumns, type Row } from './columns.tsx'
import type { Columns } from './use-columns.ts'
import { type Records, useRowPatch } from './use-records.ts'

export type CellAt = { row: number; column: number }
type Typed = { at: CellAt; text: string }
// As many as the server changes in one request.
const ROWS_MAX = 200

/** Cells that are moved through, typed into, copied and pasted; every change can be undone and none is lost unseen. */
export function useSheet(kind: RecordKind, records: Records, layout: Columns, leave: () => void) {
  const t = useWords()
  const names = useNames()
  const { refresh, patch } = useRowPatch(kind)
  const columns = [nameColumns[kind], ...layout.columns]
  const [cursor, setCursor] = useState<CellAt>({ row: 0, column: 1 })
  const [anchor, setAnchor] = useState<CellAt>()
  const [typed, setTyped] = useState<Typed>()
  const [wrong, setWrong] = useState<ReadonlyMap<string, string>>(new Map())
  const grid = useRef<HTMLElement | null>(null)
  const around = { t, names }

  const rowAt = (at: number): Row | undefined => {
    const line = records.lineAt(at)
    return line.kind === 'row' ? line.row : undefined
  }
  const clamp = ({ row, column }: CellAt): CellAt => ({
    row: Math.max(0, Math.min(records.count - 1, row)),
    column: Math.max(0, Math.min(columns.length - 1, column)),
  })
  const go = (to: CellAt, isExtending = false) => {
    if (isExtending) setAnchor((now) => now ?? cursor)
    else setAnchor(undefined)
    setCursor(clamp(to))
  }
  const range = () => {
    const other = anchor ?? cursor
    return {
      top: Math.min(cursor.row, other.row),
      bottom: Math.max(cursor.row, other.row),
      left: Math.min(cursor.column, other.column),
      right: Math.max(cursor.column, other.column),
    }
  }
  const isInRange = (at: CellAt) => {
    if (!anchor) return false
    const { top, bottom, left, right } = range()
    return at.row >= top && at.row <= bottom && at.column >= left && at.column <= right
  }

  const send = async (rows: CellChange['rows'], isUndo = false): Promise<void> => {
    const results: CellOutcome[] = []
    for (let at = 0; at < rows.length; at += ROWS_MAX) {
      const body = { rows: rows.slice(at, at + ROWS_MAX) }
      const reply = await ask<{ results: CellOutcome[] }>('POST', `/api/${kind}/cells`, { body })
      results.push(...reply.results)
    }
    const problems = results.flatMap((one) =>
      one.outcome === 'invalid'
        ? one.problems.map(
            ({ column, problem }) =>
              [
                cellKey(one.id, columnOf(column)),
                t.known(`cell.${problem}`) ?? t('cell.unknown'),
              ] as const,
          )
        : [],
    )
    setWrong(new Map(problems))
    await refresh()
    const changed = results.filter((one) => one.outcome === 'changed')
    const count = (outcome: CellOutcome['outcome']) =>
      results.filter((one) => one.outcome === outcome).length
    const notes = [
      count('invalid') > 0 && t.count('sheetWrong', 'sheetWrongMany', count('invalid')),
      count('changed-meanwhile') > 0 &&
        t.count('sheetConflict', 'sheetConflicts', count('changed-meanwhile')),
    ].filter(Boolean)
    if (isUndo) return
    if (changed.length === 0) {
      if (notes.length > 0) tell(notes.join(' '))
      return
    }
    const said = t.count('sheetChanged', 'sheetChangedMany', changed.length)
    tellWithUndo(t, [said, ...notes].join(' '), () =>
      send(
        changed.map(({ id, rowVersion, before }) => ({ id, rowVersion, cells: before })),
        true,
      ),
    )
  }
  const sendOrTell = (rows: CellChange['rows']) => {
    if (rows.length > 0) void send(rows).catch((error: unknown) => tellRefusal(t, error))
  }

  const begin = (at: CellAt, text?: string) => {
    const row = rowAt(at.row)
    const column = columns[at.column]
    if (!row || row.closed || !column?.isEditable) return
    setCursor(at)
    setAnchor(undefined)
    setTyped({ at, text: text ?? column.text(row, around) })
  }
  const finish = (step?: Partial<CellAt>) => {
    if (typed) {
      const row = rowAt(typed.at.row)
      const column = columns[typed.at.column]!
      if (row && typed.text.trim() !== column.text(row, around)) {
        const text = typedValue(column, typed.text, t)
        // It shows at once; the server's answer corrects what did not work.
        if (column.id in row && column.id !== 'tags' && column.id !== 'stage')
          patch(new Set([row.id]), { [column.id]: text } as Partial<Row>)
        if (column.field && plainKinds.has(column.field.kind))
          patch(new Set([row.id]), { custom: { ...row.custom, [column.field.id]: text } })
        sendOrTell([{ id: row.id, rowVersion: row.rowVersion, cells: { [fieldOf(column)]: text } }])
      }
    }
    setTyped(undefined)
    if (step) go({ row: cursor.row + (step.row ?? 0), column: cursor.column + (step.column ?? 0) })
    grid.current?.focus()
  }
  /** One of the customers that were offered. */
  const pick = (id: string) => {
    const row = typed && rowAt(typed.at.row)
    if (row && id !== columns[typed.at.column]!.exact?.(row))
      sendOrTell([
        {
          id: row.id,
          rowVersion: row.rowVersion,
          cells: { [fieldOf(columns[typed.at.column]!)]: id },
        },
      ])
    setTyped(undefined)
    grid.current?.focus()
  }
  const clear = () => {
    const { top, bottom, left, right } = range()
    const rows: CellChange['rows'] = []
    for (let at = top; at <= bottom; at++) {
      const row = rowAt(at)
      const cells = Object.fromEntries(
        columns
          .slice(left, right + 1)
          .filter((column) => column.isEditable && column.id !== 'stage')
          .map((column) => [fieldOf(column), '']),
      )
      if (row && !row.closed && Object.keys(cells).length > 0)
        rows.push({ id: row.id, rowVersion: row.rowVersion, cells })
    }
    sendOrTell(rows)
  }

  const steps: Record<string, Partial<CellAt>> = {
    ArrowUp: { row: -1 },
    ArrowDown: { row: 1 },
    ArrowLeft: { column: -1 },
    ArrowRight: { column: 1 },
    PageUp: { row: -15 },
    PageDown: { row: 15 },
    Home: { column: -columns.length },
    End: { column: columns.length },
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    grid.current = event.currentTarget
    if (event.target !== event.currentTarget) return
    const { key } = event
    const done = () => {
      event.preventDefault()
      event.stopPropagation()
      // The keys of the list listen on the window.
      event.nativeEvent.stopImmediatePropagation()
    }
    const step = steps[key]
    if (step) {
      done()
      const isFar = event.ctrlKey || event.metaKey
      const [down = 0, right = 0] = [step.row, step.column]
      const far = isFar ? records.count : 1
      return go(
        {
          row: cursor.row + down * far,
          column: cursor.column + right * (isFar ? columns.length : 1),
        },
        event.shiftKey,
      )
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (key === 'Tab') {
      const next = cursor.column + (event.shiftKey ? -1 : 1)
      // At the edge Tab leaves the grid, as it does everywhere.
      if (next < 0 || next >= columns.length) return
      done()
      return go({ row: cursor.row, column: next })
    }
    if (key === 'Enter' || key === 'F2') {
      done()
      return begin(cursor)
    }
    if (key === 'Delete' || key === 'Backspace') {
      done()
      return clear()
    }
    if (key === 'Escape') {
      done()
      if (anchor) return setAnchor(undefined)
      return leave()
    }
    if (key.length === 1) {
      done()
      begin(cursor, key)
    }
  }
  const onCopy = (event: ClipboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return
    const { top, bottom, left, right } = range()
    const lines: string[] = []
    const exact: string[][] = []
    for (let at = top; at <= bottom; at++) {
      const row = rowAt(at)
      if (!row) continue
      const copied = columns.slice(left, right + 1)
      lines.push(copied.map((column) => written(column.text(row, around))).join('\t'))
      exact.push(copied.map((column) => exactText(column, row, around)))
    }
    event.clipboardData.setData('text/plain', lines.join('\n'))
    // For pasting here: which of two that are called the same.
    event.clipboardData.setData(EXACT, JSON.stringify(exact))
    event.preventDefault()
    tell(t('sheetCopied', { count: lines.length * (right - left + 1) }))
  }
  /** Copied first; what is emptied comes back with "undo", as with Delete. */
  const onCut = (event: ClipboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return
    onCopy(event)
    clear()
  }
  const onPaste = (event: ClipboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return
    event.preventDefault()
    const exact = event.clipboardData.getData(EXACT)
    const table: string[][] = exact
      ? JSON.parse(exact)
      : readTable(event.clipboardData.getData('text/plain'))
    const { top, left, bottom, right } = range()
    // One cell fills the whole range; a range begins at its corner.
    const isOne = table.length === 1 && table[0]!.length === 1
    const height = isOne ? bottom - top + 1 : table.length
    if (height > ROWS_MAX) return tell(t('sheetTooMany', { max: ROWS_MAX }))
    const rows: CellChange['rows'] = []
    for (let down = 0; down < height; down++) {
      const row = rowAt(top + down)
      if (!row || row.closed) continue
      const values = isOne
        ? Array.from({ length: right - left + 1 }, () => table[0]![0]!)
        : table[down]!
      const cells: Record<string, string> = {}
      values.forEach((text, across) => {
        const column = columns[left + across]
        const isOther = ![column?.text(row, around), column?.exact?.(row)].includes(text.trim())
        if (column?.isEditable && isOther) cells[fieldOf(column)] = typedValue(column, text, t)
      })
      if (Object.keys(cells).length > 0)
        rows.push({ id: row.id, rowVersion: row.rowVersion, cells })
    }
    sendOrTell(rows)
  }
  // Another order or filter puts other rows under the cursor.
  const { question } = records
  const asked = JSON.stringify(question)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the question decides
  useEffect(() => {
    setCursor({ row: 0, column: 1 })
    setAnchor(undefined)
    setTyped(undefined)
  }, [asked])

  return {
    cursor,
    activeId: `cell-${cursor.row}-${cursor.column}`,
    isInRange,
    typed,
    type: (text: string) => setTyped((now) => now && { ...now, text }),
    begin,
    finish,
    pick,
    /** Without taking the focus from where somebody went. */
    cancelTyping: () => setTyped(undefined),
    cancel: () => {
      setTyped(undefined)
      grid.current?.focus()
    },
    go,
    wrongAt: (row: Row, column: Column) => wrong.get(cellKey(row.id, column.id)),
    onKeyDown,
    onCopy,
    onCut,
    onPaste,
  }
}
export type Sheet = ReturnType<typeof useSheet>

const EXACT = 'application/x-kluis-cells'
const exactText = (column: Column, row: Row, around: Parameters<Column['text']>[1]) =>
  column.exact?.(row) || column.text(row, around)
const cellKey = (id: string, columnId: string) => `${id} ${columnId}`
/** What the server calls a column, where it has another name for it than the screen. */
const fieldOf = (column: Column) => column.id
function columnOf(field: string): string {
  return field === 'emails' ? 'email' : field === 'phones' ? 'phone' : field
}

/** Kept as they are typed. */
const plainKinds = new Set<FieldKind>(['text', 'long-text'])

const stages: Stage[] = ['lead', 'prospect', 'customer', 'former']
/** A stage may be typed as it reads, in the reader's language. */
function typedValue(column: Column, text: string, t: Speak): string {
  const trimmed = text.trim()
  if (column.id !== 'stage') return trimmed
  const found = stages.find((stage) => t(`stage.${stage}`).toLowerCase() === trimmed.toLowerCase())
  return found ?? trimmed.toLowerCase()
}

/** As spreadsheets write a cell that holds a tab, a line or a quote. */
function written(text: string): string {
  return /[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Tab-separated lines as a spreadsheet copies them, quoted cells included. */
export function readTable(text: string): string[][] {
  const rows: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/y
  const trimmed = text.replace(/(\r\n|\n|\r)$/, '')
  for (;;) {
    const found = cell.exec(trimmed)
    if (!found) return rows
    const [, quoted, plain, end] = found
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (end === '') return rows
    if (end !== '\t') rows.push([])
  }
}
