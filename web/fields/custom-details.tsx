import type { CustomValue, FieldDefinition, RecordKind } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import type { OfKind } from '../record/use-record.ts'
import { useCustomFields } from './custom-fields.ts'
import { FieldLine } from './field-line.tsx'
import { InlineValue, type SaveValue } from './inline-value.tsx'
import { problemOf } from './problem.ts'

/** What the screens change of a record; `refused` hears of what is not right, to say it at the field. */
export type EditCustom = (
  change: { custom: Record<string, CustomValue | null> },
  refused: (error: unknown) => boolean,
) => Promise<boolean>

/** Changes one field, and says what is wrong with it where it stands. */
export function saveOf(field: FieldDefinition, edit: EditCustom): SaveValue {
  return async (value) => {
    const found: { problem?: ReturnType<typeof problemOf> } = {}
    const isSaved = await edit({ custom: { [field.id]: value } }, (error) => {
      found.problem = problemOf(error, field)
      return found.problem !== undefined
    })
    return found.problem ?? isSaved
  }
}

/** In the dossier: what may be filled in, and of archived fields what still stands there. */
export function shownIn(
  fields: FieldDefinition[],
  sensitivity: FieldDefinition['sensitivity'],
  values: Readonly<Record<string, unknown>>,
): FieldDefinition[] {
  return fields.filter(
    (one) => one.sensitivity === sensitivity && (!one.isArchived || one.id in values),
  )
}

/** The fields of the organisation's own that everyone sees who sees the record. */
export function CustomDetails({
  kind,
  record,
  edit,
  canEdit,
}: {
  kind: RecordKind
  record: OfKind[RecordKind]['record']
  edit: EditCustom
  canEdit: boolean
}) {
  const t = useWords()
  const fields = shownIn(useCustomFields(kind), 'contact', record.custom)
  if (fields.length === 0) return null
  return (
    <div className="k-group">
      <h3>{t('customFields')}</h3>
      {fields.map((field) => (
        <FieldLine key={field.id} field={field} teamId={record.teamId}>
          <InlineValue
            field={field}
            value={record.custom[field.id]}
            names={record.customNames}
            canEdit={canEdit && !field.isArchived}
            save={saveOf(field, edit)}
          />
        </FieldLine>
      ))}
    </div>
  )
}
