import type { RecordKind } from '../api/shapes.ts'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { useFields } from './use-fields.ts'
import type { Group } from './use-records.ts'
import { valueName } from './value-names.ts'

/** The value a group has in common, how many it holds, and what their numbers add up to. */
export function GroupTitle({ kind, by, group }: { kind: RecordKind; by: string; group: Group }) {
  const t = useWords()
  const names = useNames()
  const fields = useFields(kind)
  const field = fields.find((one) => one.name === by)
  const label = field?.label[t.language] ?? ''
  return (
    <>
      <strong>
        {group.value === null
          ? t('groupEmpty', { field: label.toLowerCase() })
          : field && valueName(field, group.value, t, names)}
      </strong>
      <span className="k-dim">{t.number(group.count)}</span>
      {Object.entries(group.sums).map(([name, sum]) => (
        <span key={name} className="k-dim k-small">
          {t('groupSum', {
            field: fields.find((one) => one.name === name)?.label[t.language] ?? name,
            sum: t.number(sum),
          })}
        </span>
      ))}
    </>
  )
}
