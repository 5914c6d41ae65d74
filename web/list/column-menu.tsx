import { ActionIcon, Checkbox, Popover, Select } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconColumns3 } from '@tabler/icons-react'
import type { RecordKind } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { columnTitle, useAllColumns } from './columns.tsx'
import type { Columns } from './use-columns.ts'

/** Which columns, in which order, and how many stay in sight. */
export function ColumnMenu({ kind, layout }: { kind: RecordKind; layout: Columns }) {
  const t = useWords()
  const { columns, frozen } = layout
  const hidden = useAllColumns(kind).filter((one) => !columns.some(({ id }) => id === one.id))
  return (
    <Popover position="bottom-end" width={290} shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon size="lg" aria-label={t('columns')} title={t('columns')} visibleFrom="sm">
          <IconColumns3 size={18} stroke={1.7} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown mah="75vh" style={{ overflowY: 'auto' }}>
        {columns.map((column, at) => (
          <div key={column.id} className="k-column-line">
            <Checkbox
              size="sm"
              label={columnTitle(column, t)}
              checked
              onChange={() => layout.toggle(column.id)}
            />
            <ActionIcon
              size="sm"
              disabled={at === 0}
              aria-label={t('columnUp', { column: columnTitle(column, t) })}
              onClick={() => layout.move(column.id, -1)}
            >
              <IconArrowUp size={14} />
            </ActionIcon>
            <ActionIcon
              size="sm"
              disabled={at === columns.length - 1}
              aria-label={t('columnDown', { column: columnTitle(column, t) })}
              onClick={() => layout.move(column.id, 1)}
            >
              <IconArrowDown size={14} />
            </ActionIcon>
          </div>
        ))}
        {hidden.map((column) => (
          <div key={column.id} className="k-column-line">
            <Checkbox
              size="sm"
              label={columnTitle(column, t)}
              checked={false}
              onChange={() => layout.toggle(column.id)}
            />
          </div>
        ))}
        <Select
          mt={10}
          size="xs"
          label={t('columnsFrozen')}
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          data={[
            { value: '0', label: t('columnsFrozenNone') },
            ...columns.slice(0, 4).map((column, at) => ({
              value: String(at + 1),
              label: t('columnsFrozenUpTo', { column: columnTitle(column, t) }),
            })),
          ]}
          value={String(frozen)}
          onChange={(count) => layout.freeze(Number(count))}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
