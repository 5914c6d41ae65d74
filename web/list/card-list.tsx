import { Checkbox } from '@mantine/core'
import { IconChevronDown, IconChevronRight, IconPhone } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import { Broken } from '../frame/broken.tsx'
import { useWords } from '../language/words.tsx'
import { Closed, Initials, Lines, StageMark } from '../parts/marks.tsx'
import { groupDigits, telLink } from '../parts/phone-number.ts'
import { type ListView, NothingHere } from './grid.tsx'
import { GroupTitle } from './group-title.tsx'

const CARD_PX = 66

/** The same rows on a phone: a card each, one tap to the dossier. */
export function CardList(view: ListView) {
  const { kind, records, selected, toggleSelected, open, state } = view
  const t = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: records.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_PX,
    overscan: 8,
  })
  const shown = virtual.getVirtualItems()
  const [first, last] = [shown[0]?.index ?? 0, shown.at(-1)?.index ?? 0]
  const { want } = records
  useEffect(() => want(first, last), [want, first, last])
  if (records.error && records.count === 0) return <Broken error={records.error} />
  if (records.isPending)
    return (
      <div style={{ padding: '0 16px' }}>
        <Lines count={10} />
      </div>
    )
  if (records.count === 0) return <NothingHere {...view} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className="k-scroll" aria-label={t(kind)} tabIndex={0}>
      <ul
        style={{
          position: 'relative',
          height: virtual.getTotalSize(),
          margin: 0,
          padding: 0,
          listStyle: 'none',
        }}
      >
        {shown.map(({ index, start }) => {
          const found = records.lineAt(index)
          if (found.kind === 'group')
            return (
              <li
                key={`group-${found.group.value}`}
                className="k-card-row k-group-row"
                style={{ transform: `translateY(${start}px)`, height: CARD_PX - 1 }}
              >
                <button
                  type="button"
                  className="k-group-toggle"
                  style={{ gridColumn: '1 / -1', padding: 0 }}
                  aria-expanded={found.isOpen}
                  onClick={() => records.toggleGroup(found.group.value)}
                >
                  {found.isOpen ? <IconChevronDown size={15} /> : <IconChevronRight size={15} />}
                  <GroupTitle kind={kind} by={state.groupBy!} group={found.group} />
                </button>
              </li>
            )
          const { row } = found
          if (!row) return null
          const company = 'company' in row ? row.company : undefined
          const line = [company, row.email || groupDigits(row.phone), row.city]
          return (
            <li
              key={row.id}
              className="k-card-row"
              aria-posinset={index + 1}
              aria-setsize={records.count}
              style={{ transform: `translateY(${start}px)`, height: CARD_PX - 1 }}
            >
              <Initials
                name={row.displayName}
                id={row.id}
                size={36}
                isCompany={kind === 'companies'}
              />
              <button
                type="button"
                onClick={() => open(row.id)}
                style={{ all: 'unset', cursor: 'pointer', minWidth: 0 }}
              >
                <div>
                  <span className="k-name">
                    {row.closed ? <Closed why={row.closed} /> : row.displayName}
                  </span>
                  <span className="k-dim k-small">{line.filter(Boolean).join(' · ')}</span>
                </div>
              </button>
              <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
                {row.phone && (
                  <a
                    className="k-call"
                    href={telLink(row.phone)}
                    aria-label={t('callValue', { value: groupDigits(row.phone) })}
                  >
                    <IconPhone size={18} stroke={1.7} aria-hidden />
                  </a>
                )}
                <StageMark stage={row.stage} />
                <Checkbox
                  size="sm"
                  aria-label={t('selectOne', { name: row.displayName })}
                  checked={selected.has(row.id)}
                  onChange={() => toggleSelected(row.id)}
                />
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
