import type { Imported, ImportRun } from '../api/shapes.ts'
import { useFieldLabel } from '../fields/custom-fields.ts'
import { useWords } from '../language/words.tsx'

// The first screen of problems; the file to download has them all.
const SHOWN_MAX = 50

export function Counts({
  result,
  isDryRun = false,
}: {
  result: Imported | ImportRun
  isDryRun?: boolean
}) {
  const t = useWords()
  const cells = [
    ['read', result.read],
    [isDryRun ? 'willCreate' : 'created', result.created],
    [isDryRun ? 'willUpdate' : 'updated', result.updated],
    ['skipped', result.skipped],
    ['refused', result.refused],
  ] as const
  return (
    <>
      <dl className="k-counts" data-testid="counts">
        {cells.map(([word, count]) => (
          <div key={word} className="k-card">
            <dt className="k-dim k-small">{t(`import.${word}`)}</dt>
            <dd>{t.number(count)}</dd>
          </div>
        ))}
      </dl>
      {result.created > 0 && (
        <p className="k-dim k-small">
          {t('peopleAndCompanies', {
            people: t.number(result.people),
            companies: t.number(result.companies),
          })}
        </p>
      )}
      {result.refused > 0 && <p>{t(isDryRun ? 'refusedWillText' : 'refusedText')}</p>}
    </>
  )
}

// What did not come in is what somebody must do something about.
const ORDER = ['refused', 'skipped', 'updated', 'created']

export function RowProblems({ rows: told }: { rows: Imported['rows'] }) {
  const t = useWords()
  const fieldLabel = useFieldLabel()
  const rows = told.toSorted(
    (a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || a.line - b.line,
  )
  return (
    <>
      <h2 className="k-subtitle">{t('rowsToLookAt')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" aria-label={t('rowsToLookAt')} tabIndex={0}>
        <table className="k-plain">
          <thead>
            <tr>
              <th scope="col">{t('line')}</th>
              <th scope="col">{t('whatHappens')}</th>
              <th scope="col">{t('why')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN_MAX).map((row) => (
              <tr key={row.line}>
                <td>{row.line}</td>
                <td>{t(`row.${row.outcome}`)}</td>
                <td>
                  {row.problems.map((one) => (
                    <div key={`${one.field}-${one.problem}-${one.value}`}>
                      {fieldLabel(one.field) && <strong>{fieldLabel(one.field)}: </strong>}
                      {t(`rowProblem.${one.problem}`)}
                      {one.value && <span className="k-dim"> “{one.value}”</span>}
                      {one.line && (
                        <span className="k-dim"> ({t('likeLine', { line: one.line })})</span>
                      )}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length > SHOWN_MAX && (
        <p className="k-dim">{t('andMore', { count: t.number(rows.length - SHOWN_MAX) })}</p>
      )}
    </>
  )
}
