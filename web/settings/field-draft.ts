import { Refusal } from '../api/client.ts'
import type { FieldChange, FieldDefinition, FieldKind, Language, NewField } from '../api/shapes.ts'

type Both = { nl: string; en: string }
export type OptionDraft = {
  /** Of the row on the screen; a new option has no id yet. */
  key: string
  id: string | undefined
  label: Both
  isArchived: boolean
}
/** A field while somebody makes or changes it. */
export type FieldDraft = Omit<NewField, 'options' | 'recordKind'> & { options: OptionDraft[] }
/** What is not right yet: nothing is said, or what another is called already. */
export type DraftProblems = { label?: 'needed' | 'taken'; options?: 'needed' | 'taken' }

const nothing: Both = { nl: '', en: '' }
export const newOption = (): OptionDraft => ({
  key: crypto.randomUUID(),
  id: undefined,
  label: nothing,
  isArchived: false,
})

export function draftOf(field: FieldDefinition | undefined): FieldDraft {
  if (!field)
    return {
      kind: 'text',
      label: nothing,
      help: nothing,
      purpose: nothing,
      sensitivity: 'contact',
      search: 'none',
      isRequired: false,
      roles: [],
      options: [newOption(), newOption()],
      currency: 'EUR',
    }
  const { kind, label, help, purpose, sensitivity, search, isRequired, roles, currency } = field
  return {
    kind,
    label,
    help,
    purpose,
    sensitivity,
    search,
    isRequired,
    roles,
    currency,
    options: field.options.map((one) => ({ ...one, key: one.id })),
  }
}

export const hasOptions = (kind: FieldKind): boolean => kind === 'choice' || kind === 'choices'

/** How a field of this kind may be searched; one way is no choice. */
export function searchesOf(
  { kind, sensitivity }: FieldDraft,
  made?: FieldDefinition,
): FieldDefinition['search'][] {
  const isExact = kind === 'text' || kind === 'link'
  // Confidential values are in no memory, so what has some can't be given fingerprints afterwards.
  if (sensitivity === 'confidential')
    return isExact && (!made || made.search === 'exact') ? ['none', 'exact'] : ['none']
  if (isExact) return ['none', 'index', 'exact']
  return kind === 'long-text' ? ['none', 'index'] : ['none']
}

const isEmpty = ({ nl, en }: Both) => nl.trim() === '' && en.trim() === ''
const filled = (options: OptionDraft[]) => options.filter((one) => !isEmpty(one.label))

export function problemsIn(draft: FieldDraft): DraftProblems {
  const options = filled(draft.options).filter((one) => !one.isArchived)
  const words = options.flatMap(({ label: { nl, en } }) => {
    const both = new Set([nl, en].map((word) => word.trim().toLowerCase()).filter(Boolean))
    return [...both]
  })
  const isChosen = hasOptions(draft.kind)
  return {
    ...(isEmpty(draft.label) ? { label: 'needed' as const } : {}),
    ...(isChosen && options.length === 0 ? { options: 'needed' as const } : {}),
    ...(isChosen && new Set(words).size < words.length ? { options: 'taken' as const } : {}),
  }
}

/** What the server finds of this, where it can be said at its box. */
export function problemsFrom(error: unknown): DraftProblems {
  if (!(error instanceof Refusal) || error.code !== 'invalid-fields') return {}
  const fields = error.detail.fields as { field: string; problem: string }[] | undefined
  const isTaken = (name: string) =>
    fields?.some(({ field, problem }) => field.split('.')[0] === name && problem === 'taken')
  return {
    ...(isTaken('label') ? { label: 'taken' as const } : {}),
    ...(isTaken('options') ? { options: 'taken' as const } : {}),
  }
}

export function asNew(draft: FieldDraft, recordKind: NewField['recordKind']): NewField {
  const { options, search, roles, ...rest } = draft
  return {
    ...rest,
    recordKind,
    search: searchesOf(draft).includes(search) ? search : 'none',
    roles: draft.sensitivity === 'confidential' ? roles : [],
    options: hasOptions(draft.kind) ? filled(options).map(({ label }) => ({ label })) : [],
  }
}

export function asChange(draft: FieldDraft, field: FieldDefinition): FieldChange {
  const { label, help, purpose, search, isRequired, roles } = draft
  return {
    rowVersion: field.rowVersion,
    label,
    help,
    purpose,
    search,
    isRequired,
    // Who sees a confidential value is a right: to change it asks more than the rest.
    ...(isSameSet(roles, field.roles) ? {} : { roles }),
    ...(hasOptions(draft.kind)
      ? {
          options: filled(draft.options).map(({ id, label: name, isArchived }) => ({
            ...(id ? { id } : {}),
            label: name,
            isArchived,
          })),
        }
      : {}),
  }
}

function isSameSet(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}

/** As the dossier would show it. */
export function asDefinition(
  draft: FieldDraft,
  recordKind: FieldDefinition['recordKind'],
  unnamed: string,
): FieldDefinition {
  return {
    ...draft,
    id: 'preview',
    recordKind,
    label: isEmpty(draft.label) ? { nl: unnamed, en: unnamed } : draft.label,
    options: filled(draft.options).map((one) => ({
      id: one.key,
      label: one.label,
      isArchived: one.isArchived,
    })),
    position: 0,
    isArchived: false,
    rowVersion: 1,
  }
}

export const otherLanguage = (language: Language): Language => (language === 'nl' ? 'en' : 'nl')

/** Whether anything is said in the other language already. */
export function isBilingual(draft: FieldDraft, language: Language): boolean {
  const other = otherLanguage(language)
  return [draft.label, draft.help, draft.purpose, ...draft.options.map((one) => one.label)].some(
    (both) => both[other] !== '',
  )
}
