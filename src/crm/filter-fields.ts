/** What a list can be filtered by: what the catalogue declares, what stands readable, and what hangs on the records. */
import { type DeclaredFilter, declaredFilters } from '#security/search/declared-filters.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import type { SealedTable } from '#security/vault/catalogue.ts'
import type { FieldDefinition } from './fields/contract.ts'
import type { Field, Operator } from './views/contract.ts'

const texts: Operator[] = [
  'is',
  'is-not',
  'contains',
  'contains-not',
  'starts-with',
  'empty',
  'not-empty',
]
const days: Operator[] = ['is', 'before', 'after', 'in-last-days', 'in-next-days']
const operatorsOf: Record<Field['kind'], Operator[]> = {
  text: texts,
  choice: texts,
  day: [...days, 'empty', 'not-empty'],
  yearly: [...days, 'empty', 'not-empty'],
  instant: ['is', 'before', 'after', 'in-last-days'],
  number: ['is', 'at-least', 'at-most', 'empty', 'not-empty'],
  stage: ['is', 'is-not'],
  user: ['is', 'is-not'],
  team: ['is', 'is-not'],
  'yes-no': ['is'],
  segment: ['is', 'is-not'],
  record: ['is', 'is-not', 'empty', 'not-empty'],
  sector: ['is', 'is-not', 'empty', 'not-empty'],
}

function field(
  name: string,
  kind: Field['kind'],
  nl: string,
  en: string,
  of: Field['of'] = null,
): Field {
  const isOwn = of === null && kind !== 'segment'
  return {
    name,
    kind,
    label: { nl, en },
    operators: operatorsOf[kind],
    of,
    isGroupable: isOwn,
    isSortable: isOwn && kind !== 'user' && kind !== 'team',
    valueNames: null,
  }
}

const readable = [
  field('stage', 'stage', 'Fase', 'Stage'),
  field('ownerId', 'user', 'Eigenaar', 'Owner'),
  field('teamId', 'team', 'Team', 'Team'),
  field('createdAt', 'instant', 'Aangemaakt', 'Created'),
  field('updatedAt', 'instant', 'Gewijzigd', 'Changed'),
]
const related = [
  field('task.isOpen', 'yes-no', 'Heeft een open taak', 'Has an open task', 'task'),
  field('task.dueOn', 'day', 'Open taak tegen', 'Open task due', 'task'),
  field('task.assigneeId', 'user', 'Open taak voor', 'Open task for', 'task'),
  field('note.createdAt', 'instant', 'Notitie geschreven', 'Note written', 'note'),
  field('affiliation.jobTitle', 'text', 'Functie', 'Job title', 'affiliation'),
]
const segment = field('segment', 'segment', 'Segment', 'Segment')

export type ListFields = { fields: Field[]; byName: Map<string, Field> }

/**
 * Made anew when a field of one's own making changes, from the catalogue of both kinds. What is archived is offered no
 * more, and goes on working in a view that was made with it.
 */
export function listFields(
  tables: Record<IndexKind, SealedTable>,
  archived: ReadonlySet<string> = new Set(),
): Record<IndexKind, ListFields> {
  const own = { person: ownFields(tables.person), company: ownFields(tables.company) }
  const linked = (of: 'person' | 'company', nl: string, en: string) => [
    field(`${of}.id`, 'record', nl, en, of),
    field('former.id', 'record', `${nl} (vroeger)`, `${en} (formerly)`, of),
    ...[...own[of], readable[0]!].map((one) => ({
      ...field(`${of}.${one.name}`, one.kind, one.label.nl, one.label.en, of),
      valueNames: one.valueNames,
    })),
  ]
  const make = (kind: IndexKind, more: Field[]): ListFields => {
    const fields = [...own[kind], ...readable, ...related, ...more, segment]
    return {
      fields: fields.filter(({ name }) => !archived.has(name.replace(/^(person|company)\./, ''))),
      byName: new Map(fields.map((one) => [one.name, one])),
    }
  }
  return {
    person: make('person', linked('company', 'Gekoppeld bedrijf', 'Linked company')),
    company: make('company', linked('person', 'Gekoppelde persoon', 'Linked person')),
  }
}

function ownFields(table: SealedTable): Field[] {
  return declaredFilters(table).map(({ name, kind, label, valueNames }: DeclaredFilter) => {
    if (kind === 'option')
      return { ...field(name, 'choice', label.nl, label.en), operators: operatorsOf.record }
    if (kind === 'code')
      return {
        ...field(name, 'sector', label.nl, label.en),
        // Each record has several of it, one for each depth.
        isGroupable: false,
        isSortable: false,
      }
    if (kind === 'yes-no')
      return {
        ...field(name, kind, label.nl, label.en),
        operators: ['is', 'empty', 'not-empty'] as Operator[],
      }
    const one = { ...field(name, kind, label.nl, label.en), valueNames: valueNames ?? null }
    return kind === 'record' ? { ...one, isSortable: false } : one
  })
}

/** With confidential fields that are found by their whole value, and in no other way. */
export function withExact(
  { fields, byName }: ListFields,
  exact: readonly FieldDefinition[],
): ListFields {
  const more = exact.map(
    ({ id, label }): Field => ({
      ...field(`custom.${id}`, 'text', label.nl || label.en, label.en || label.nl),
      operators: ['is'],
      isGroupable: false,
      isSortable: false,
    }),
  )
  const active = new Set(
    exact.filter(({ isArchived }) => !isArchived).map(({ id }) => `custom.${id}`),
  )
  return {
    fields: [...fields, ...more.filter(({ name }) => active.has(name))],
    byName: new Map([...byName, ...more.map((one) => [one.name, one] as const)]),
  }
}
