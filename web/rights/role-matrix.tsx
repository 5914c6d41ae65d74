import { Checkbox, NativeSelect } from '@mantine/core'
import type { Reach } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { actions, administration, fieldClasses, matrix, reaches } from './right-lists.ts'
import { rightText } from './right-text.ts'
import '../language/late-rights.ts'
import '../style/rights.css'

export type Grants = ReadonlyMap<string, Reach>

/** Objects down, actions across, and in each cell whose; what was changed and not saved yet is marked. */
export function RoleMatrix({
  grants,
  before,
  effective,
  canEdit,
  change,
}: {
  grants: Grants
  before: Grants
  /** What PostgreSQL makes of the role as it is saved; undefined while it is another on the screen. */
  effective: Grants | undefined
  canEdit: boolean
  change: (grants: Grants) => void
}) {
  const t = useWords()
  const set = (permission: string, scope: Reach | undefined) => {
    const next = new Map(grants)
    if (scope) next.set(permission, scope)
    else next.delete(permission)
    change(next)
  }
  const box = (permission: string) => (
    <Checkbox
      key={permission}
      mt={8}
      size="sm"
      disabled={!canEdit}
      label={rightText(t, permission)}
      checked={grants.has(permission)}
      onChange={(event) =>
        set(permission, event.currentTarget.checked ? 'organisation' : undefined)
      }
    />
  )
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="k-table-scroll" tabIndex={0} aria-label={t('roleOf')}>
        <table className="k-plain k-matrix">
          <thead>
            <tr>
              <td />
              {actions.map((action) => (
                <th scope="col" key={action}>
                  {t(`action.${action}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Object.entries(matrix).map(([object, possible]) => (
              <tr key={object}>
                <th scope="row">{t.known(`object.${object}`)}</th>
                {actions.map((action) => {
                  const permission = `${object}:${action}`
                  if (!possible.includes(action)) return <td key={action} />
                  return (
                    <td
                      key={action}
                      data-changed={grants.get(permission) !== before.get(permission) || undefined}
                    >
                      <Cell
                        label={rightText(t, permission)}
                        scope={grants.get(permission)}
                        canEdit={canEdit}
                        change={(scope) => set(permission, scope)}
                      />
                      {isLess(grants.get(permission), effective, permission) && (
                        <span className="k-dim k-small">
                          {t('reachesOnly', {
                            reach: t(`reach.${effective!.get(permission) ?? 'none'}`),
                          })}
                        </span>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="k-dim k-small" style={{ maxWidth: '72ch' }}>
        {t('reachText')}
      </p>
      <div className="k-role-boxes">
        <fieldset className="k-plain-fieldset">
          <legend>{t('fieldClasses')}</legend>
          {fieldClasses.map(box)}
        </fieldset>
        <fieldset className="k-plain-fieldset">
          <legend>{t('administration')}</legend>
          {administration.map(box)}
        </fieldset>
      </div>
    </>
  )
}

/** A right that another of the role holds back: it reaches no further than seeing. */
function isLess(
  given: Reach | undefined,
  effective: Grants | undefined,
  permission: string,
): boolean {
  return given !== undefined && effective !== undefined && effective.get(permission) !== given
}

function Cell({
  label,
  scope,
  canEdit,
  change,
}: {
  label: string
  scope: Reach | undefined
  canEdit: boolean
  change: (scope: Reach | undefined) => void
}) {
  const t = useWords()
  if (!canEdit) return <span>{t(`reach.${scope ?? 'none'}`)}</span>
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={scope ?? ''}
      data={[
        { value: '', label: t('reach.none') },
        ...reaches.map((value) => ({ value, label: t(`reach.${value}`) })),
      ]}
      onChange={(event) => change((event.currentTarget.value || undefined) as Reach | undefined)}
    />
  )
}
