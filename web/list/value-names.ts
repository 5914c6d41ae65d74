import type { Field, FieldDefinition, Stage } from '../api/shapes.ts'
import { optionLabel } from '../fields/custom-fields.ts'
import { sayNumber } from '../fields/numbers.ts'
import type { Names } from '../frame/session.ts'
import type { Speak } from '../language/words.tsx'

/** A value in words: stages and languages are codes, owners and teams are ids, days are written out. */
export function valueName(
  field: Field,
  value: string,
  t: Speak,
  names: Names,
  own?: FieldDefinition,
): string {
  if (own?.kind === 'choice' || own?.kind === 'choices') return optionLabel(own, value, t)
  if (own?.kind === 'number') return sayNumber(value, t.language)
  if (own?.kind === 'money') return sayNumber(value, t.language, own.currency)
  if (field.kind === 'yes-no') return t(value === 'no' || value === 'false' ? 'no' : 'yes')
  const named = field.valueNames?.[value]
  if (named) return named[t.language]
  if (field.kind === 'stage') return t(`stage.${value as Stage}`)
  if (field.kind === 'user') return names.user(value)
  if (field.kind === 'team') return names.team(value)
  if (/(^|\.)language$/.test(field.name)) return languageName(value, t.language)
  if (field.kind === 'day' || field.kind === 'yearly' || field.kind === 'instant')
    return dayName(value, t)
  return value
}

export function languageName(code: string, inLanguage: string): string {
  try {
    return new Intl.DisplayNames([inLanguage], { type: 'language' }).of(code) ?? code
  } catch {
    return code
  }
}

function dayName(value: string, t: Speak): string {
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return t.day(value)
  if (!/^\d{4}-\d\d$/.test(value)) return value
  const at = new Date(`${value}-15T12:00:00`)
  return new Intl.DateTimeFormat(t.language === 'nl' ? 'nl-BE' : 'en-GB', {
    month: 'long',
    year: 'numeric',
  }).format(at)
}
