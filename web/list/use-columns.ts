import type { RecordKind, ViewContent } from '../api/shapes.ts'
import { useSession } from '../frame/session.ts'
import { remember, remembered } from '../language/remembered.ts'
import { type Column, useAllColumns } from './columns.tsx'
import { useListState } from './list-memory.ts'

type Layout = Pick<ViewContent, 'columns' | 'frozen'>
const WIDTH_MIN = 60
const WIDTH_MAX = 800

/** The chosen columns in their order: those of the view, else those kept for this user on this device. */
export function useColumns(kind: RecordKind) {
  const { user } = useSession()
  const [state, change] = useListState(kind)
  const key = `kluis.columns.${kind}.${user.id}`
  const all = useAllColumns(kind)
  const layout = state.layout ?? readLayout(key) ?? { columns: [], frozen: 0 }
  const known = new Map(all.map((column) => [column.id, column]))
  const chosen = layout.columns.flatMap(({ id, widthPx }) => {
    const column = known.get(id)
    return column ? [{ ...column, width: widthPx ?? column.width }] : []
  })
  const columns: Column[] = chosen.length > 0 ? chosen : all.filter((one) => one.isShownAtFirst)
  const set = (next: Column[], frozen = layout.frozen) => {
    const kept: Layout = {
      columns: next.map(({ id, width }) => ({ id, widthPx: width })),
      frozen: Math.min(frozen, next.length),
    }
    change({ layout: kept })
    if (!state.viewId) remember(key, JSON.stringify(kept))
  }
  return {
    columns,
    frozen: Math.min(layout.frozen, columns.length),
    freeze: (count: number) => set(columns, count),
    toggle: (id: string) =>
      set(
        columns.some((one) => one.id === id)
          ? columns.filter((one) => one.id !== id)
          : [...columns, known.get(id)!],
      ),
    move: (id: string, by: 1 | -1) => {
      const at = columns.findIndex((one) => one.id === id)
      const next = [...columns]
      const [one] = next.splice(at, 1)
      next.splice(Math.max(0, at + by), 0, one!)
      set(next)
    },
    resize: (id: string, width: number) =>
      set(
        columns.map((one) =>
          one.id === id
            ? { ...one, width: Math.round(Math.max(WIDTH_MIN, Math.min(WIDTH_MAX, width))) }
            : one,
        ),
      ),
  }
}
export type Columns = ReturnType<typeof useColumns>

function readLayout(key: string): Layout | undefined {
  try {
    const kept = JSON.parse(remembered(key) ?? 'null') as Partial<Layout> | null
    return Array.isArray(kept?.columns)
      ? { columns: kept.columns, frozen: kept.frozen ?? 0 }
      : undefined
  } catch {
    // Kept by an earlier release, in another form.
    return undefined
  }
}
