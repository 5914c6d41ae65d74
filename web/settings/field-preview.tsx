import { useState } from 'react'
import type { CustomValue, RecordKind } from '../api/shapes.ts'
import { recordKindOf } from '../fields/custom-fields.ts'
import { FieldLine } from '../fields/field-line.tsx'
import { InlineValue } from '../fields/inline-value.tsx'
import { useSession } from '../frame/session.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { asDefinition, type FieldDraft } from './field-draft.ts'

/** The field as the dossier will have it, to be tried; what is filled in stays here. */
export function FieldPreview({ draft, kind }: { draft: FieldDraft; kind: RecordKind }) {
  const t = useWords()
  const { user } = useSession()
  const [given, setGiven] = useState<{ kind: string; value: CustomValue | null; name: string }>()
  const field = asDefinition(draft, recordKindOf[kind], t('fieldPreviewName'))
  const isConfidential = draft.sensitivity === 'confidential'
  const value = given?.kind === draft.kind ? given.value : null
  return (
    <section aria-label={t('fieldPreview')}>
      <span className="k-form-label">{t('fieldPreview')}</span>
      <div className="k-card k-field-preview">
        <div className="k-group">
          <h3>{isConfidential ? t('confidential') : t('customFields')}</h3>
          <FieldLine field={field} teamId={user.teamIds[0] ?? ''}>
            <InlineValue
              // Another kind of field has another box.
              key={draft.kind}
              field={field}
              value={value}
              names={typeof value === 'string' ? { [value]: given?.name ?? '' } : {}}
              canEdit
              isMasked={isConfidential}
              save={async (next, name) => {
                setGiven({ kind: draft.kind, value: next, name: name ?? '' })
                return true
              }}
            />
          </FieldLine>
        </div>
      </div>
      <p className="k-dim k-small">{t('fieldPreviewHint')}</p>
    </section>
  )
}
