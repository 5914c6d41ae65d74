import { Menu } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { RecordKind } from '../api/shapes.ts'
import { wordIn } from '../fields/custom-fields.ts'
import { useWords } from '../language/words.tsx'
import type { ListState } from './list-memory.ts'
import { useFields, useIsDay } from './use-fields.ts'

const parts = ['day', 'month', 'year'] as const

/** By which field the list stands in groups, if by any. */
export function GroupChip({
  kind,
  state,
  change,
}: {
  kind: RecordKind
  state: ListState
  change: (change: Partial<ListState>) => void
}) {
  const t = useWords()
  const fields = useFields(kind).filter((one) => one.isGroupable)
  const isDay = useIsDay(kind, state.groupBy)
  const current = fields.find((one) => one.name === state.groupBy)
  const mark = (isChosen: boolean) =>
    isChosen ? <IconCheck size={14} aria-hidden /> : <span style={{ width: 14 }} />
  return (
    <Menu position="bottom-start" shadow="md" width={230}>
      <Menu.Target>
        <button type="button" className="k-chip" {...(current ? { 'data-active': true } : {})}>
          {current
            ? t('groupedBy', { field: wordIn(current.label, t.language).toLowerCase() })
            : t('groupBy')}
          <IconChevronDown size={13} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        <Menu.Item
          leftSection={mark(state.groupBy === null)}
          onClick={() => change({ groupBy: null })}
        >
          {t('groupNone')}
        </Menu.Item>
        {isDay && <Menu.Label>{t('groupPart')}</Menu.Label>}
        {isDay &&
          parts.map((part) => (
            <Menu.Item
              key={part}
              leftSection={mark(state.groupPart === part)}
              onClick={() => change({ groupPart: part })}
            >
              {t(`part.${part}`)}
            </Menu.Item>
          ))}
        <Menu.Divider />
        {fields.map((field) => (
          <Menu.Item
            key={field.name}
            leftSection={mark(field.name === state.groupBy)}
            onClick={() => change({ groupBy: field.name })}
          >
            {wordIn(field.label, t.language)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
