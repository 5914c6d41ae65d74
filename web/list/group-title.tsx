import type { Field, Language, RecordKind } from '../api/shapes.ts'
import { fieldNamed, useCustomFields, wordIn } from '../fields/custom-fields.ts'
import { sayNumber } from '../fields/numbers.ts'
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
  const own = useCustomFields(kind)
  const field = fields.find((one) => one.name === by)
  const label = field ? wordIn(field.label, t.language) : ''
  const sum = (name: string, value: number) => {
    const money = fieldNamed(own, name)
    return money?.kind === 'money'
      ? sayNumber(String(value), t.language, money.currency)
      : t.number(value)
  }
  return (
    <>
      <strong>
        {group.value === null
          ? t('groupEmpty', { field: label.toLowerCase() })
          : field?.recordKind
            ? (group.name ?? t('groupHidden'))
            : field && valueName(field, group.value, t, names, fieldNamed(own, by))}
      </strong>
      <span className="k-dim">{t.number(group.count)}</span>
      {Object.entries(group.sums).map(([name, value]) => (
        <span key={name} className="k-dim k-small">
          {t('groupSum', {
            field: labelOf(fields, name, t.language),
            sum: sum(name, value),
          })}
        </span>
      ))}
    </>
  )
}

function labelOf(fields: Field[], name: string, language: Language): string {
  const field = fields.find((one) => one.name === name)
  return field ? wordIn(field.label, language) : name
}
