import { Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { Broken } from '../frame/broken.tsx'
import { useWords } from '../language/words.tsx'
import { Closed, Initials, Lines, StageMark } from '../parts/marks.tsx'
import { groupDigits } from '../parts/phone-number.ts'
import { type ListView, NothingHere, useNextPage } from './grid.tsx'

const CARD_PX = 66

/** The same rows on a phone: a card each, one tap to the dossier. */
export function CardList(view: ListView) {
  const { kind, rows, list, selected, toggleSelected, open } = view
  const t = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_PX,
    overscan: 8,
  })
  const shown = virtual.getVirtualItems()
  useNextPage(list, shown.at(-1)?.index ?? 0, rows.length)
  if (list.error && rows.length === 0) return <Broken error={list.error} />
  if (list.isPending)
    return (
      <div style={{ padding: '0 16px' }}>
        <Lines count={10} />
      </div>
    )
  if (rows.length === 0) return <NothingHere {...view} />
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
          const row = rows[index]
          if (!row) return null
          const company = 'company' in row ? row.company : undefined
          const line = [company, row.email || groupDigits(row.phone), row.city]
          return (
            <li
              key={row.id}
              className="k-card-row"
              aria-posinset={index + 1}
              aria-setsize={view.total ?? rows.length}
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
                className="k-card-open"
              >
                <div>
                  <span className="k-name">
                    {row.closed ? <Closed why={row.closed} /> : row.displayName}
                  </span>
                  <span className="k-dim k-small">{line.filter(Boolean).join(' · ')}</span>
                </div>
              </button>
              <span style={{ display: 'flex', alignItems: 'center', gap: 10 }}>
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
