import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { ask } from '../api/client.ts'
import type { CompanyPage, PersonPage, RecordKind } from '../api/shapes.ts'
import { sayValue } from '../fields/custom-fields.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { tell, tellRefusal } from '../parts/tell.tsx'
import { columnTitle, nameColumns, type Row } from './columns.tsx'
import type { Columns } from './use-columns.ts'
import type { Records } from './use-records.ts'

// Some forty sheets of paper; whoever wants more wants an export.
const ROWS_MAX = 2_000
const PAGE = 200

/** Fetches the rows of the list as it is filtered and ordered, as a plain table for paper, and opens the print dialog. */
export function PrintList({
  kind,
  records,
  layout,
  close,
}: {
  kind: RecordKind
  records: Records
  layout: Columns
  close: () => void
}) {
  const t = useWords()
  const names = useNames()
  const [rows, setRows] = useState<Row[]>()
  const columns = [nameColumns[kind], ...layout.columns]
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once, for the list as it was when asked
  useEffect(() => {
    let isOver = false
    const { search, sort, filter } = records.question
    const fetchAll = async () => {
      const found: Row[] = []
      for (let from = 0; from < ROWS_MAX && !isOver; from += PAGE) {
        const page = await ask<PersonPage | CompanyPage>('POST', `/api/${kind}/list`, {
          body: { search, sort, ...(filter ? { filter } : {}), from, limit: PAGE },
        })
        found.push(...(page.items as Row[]))
        if (page.items.length < PAGE) break
      }
      if (!isOver) setRows(found)
    }
    fetchAll().catch((error: unknown) => {
      tellRefusal(t, error)
      close()
    })
    return () => {
      isOver = true
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the dialog opens once, when the rows are there
  useEffect(() => {
    if (!rows) return
    if (records.total !== null && records.total > rows.length)
      tell(t('printTooMany', { max: t.number(rows.length), count: t.number(records.total) }))
    const done = () => close()
    window.addEventListener('afterprint', done)
    window.print()
    return () => window.removeEventListener('afterprint', done)
  }, [rows])
  return createPortal(
    <div className="k-print-list">
      {rows && (
        // What stands in here is printed, and nothing else of the page.
        <table className="k-print">
          <caption>
            {t('printTitle', { list: t(kind), count: t.number(records.total ?? rows.length) })}
          </caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.id}>{columnTitle(column, t)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                {columns.map((column) => (
                  <td key={column.id}>
                    {column.field
                      ? sayValue(column.field, row.custom[column.field.id], t, row.customNames)
                      : column.text(row, { t, names })}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>,
    document.body,
  )
}
