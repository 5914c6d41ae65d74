import { Tooltip } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { FieldDefinition } from '../api/shapes.ts'
import '../language/late-fields.ts'
import { useRoleName } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Lock } from '../parts/marks.tsx'
import { wordIn } from './custom-fields.ts'

/** The label of one field with all one should know of it, and its value beside it. */
export function FieldLine({
  field,
  teamId,
  children,
}: {
  field: FieldDefinition
  teamId: string
  children: ReactNode
}) {
  const t = useWords()
  const help = wordIn(field.help, t.language)
  const roleName = useRoleName()
  const roles = field.roles.map(roleName)
  const sealedFor = t('fieldSealedRoles', {
    roles: roles.length > 0 ? new Intl.ListFormat(t.language).format(roles) : t('fieldRolesEvery'),
  })
  return (
    <div className="k-field">
      <div className="k-field-label" data-own>
        <span>
          {wordIn(field.label, t.language)}
          {field.isRequired && !field.isArchived && (
            <>
              <span aria-hidden className="k-required">
                {'\u00a0*'}
              </span>
              <span className="k-hidden"> ({t('fieldRequired').toLowerCase()})</span>
            </>
          )}
          {field.isArchived && (
            <>
              <br />
              <span className="k-small">{t('fieldReadOnly')}</span>
            </>
          )}
        </span>
        <span className="k-signs">
          {help && (
            <Tooltip label={help} events={{ hover: true, focus: true, touch: true }}>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it says is read by keyboard too */}
              <span className="k-lock" role="img" aria-label={help} tabIndex={0}>
                <IconInfoCircle size={13} stroke={1.8} />
              </span>
            </Tooltip>
          )}
          {field.sensitivity === 'confidential' ? (
            <Lock kind="confidential" says={sealedFor} />
          ) : (
            <Lock teamId={teamId} />
          )}
        </span>
      </div>
      <div>{children}</div>
    </div>
  )
}
