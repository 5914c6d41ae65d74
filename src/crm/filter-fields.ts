/** What a list can be filtered by: what the catalogue declares, what stands readable, and what hangs on the records. */
import { type DeclaredFilter, declaredFilters } from '#security/search/declared-filters.ts'
import type { IndexKind } from '#security/search/index-types.ts'
import type { SealedTable } from '#security/vault/catalogue.ts'
import type { FieldDefinition } from './fields/contract.ts'
import { field, operatorsOf, recordField } from './list-field.ts'
import { relatedFields } from './related-fields.ts'
import type { Field, Operator } from './views/contract.ts'

const readable = [
  field('stage', 'stage', 'Fase', 'Stage'),
  field('ownerId', 'user', 'Eigenaar', 'Owner'),
  field('teamId', 'team', 'Team', 'Team'),
  field('createdAt', 'instant', 'Aangemaakt', 'Created'),
  field('updatedAt', 'instant', 'Gewijzigd', 'Changed'),
]
const segment = field('segment', 'segment', 'Segment', 'Segment')

// As seen from the other side: a company has a main contact, a person is one.
const mainContact = {
  person: ['Hoofdcontact', 'Main contact'],
  company: ['Is hoofdcontact van', 'Is main contact of'],
} as const
const counted = {
  person: ['Aantal gekoppelde personen', 'Number of linked people'],
  company: ['Aantal gekoppelde bedrijven', 'Number of linked companies'],
} as const

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
    recordField(`${of}.id`, of, nl, en, of),
    recordField('former.id', of, `${nl} (vroeger)`, `${en} (formerly)`, of),
    recordField('main.id', of, mainContact[of][0], mainContact[of][1], of),
    {
      ...field(`${of}.count`, 'number', counted[of][0], counted[of][1], of),
      operators: ['is', 'at-least', 'at-most'] as Operator[],
    },
    ...[...own[of], readable[0]!].map((one) => ({
      ...field(`${of}.${one.name}`, one.kind, one.label.nl, one.label.en, of),
      valueNames: one.valueNames,
      recordKind: one.recordKind,
    })),
  ]
  const make = (kind: IndexKind, more: Field[]): ListFields => {
    const fields = [...own[kind], ...readable, ...relatedFields(kind), ...more, segment]
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
  return declaredFilters(table).map((declared: DeclaredFilter) => {
    const { name, kind, label, valueNames, recordKind } = declared
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
    return {
      ...field(name, kind, label.nl, label.en),
      valueNames: valueNames ?? null,
      recordKind: recordKind ?? null,
    }
  })
}

/** Without what the asker's role may not see of any record: a filter would tell it all the same. */
export function withoutUnseen(
  { fields, byName }: ListFields,
  permissions: ReadonlySet<string>,
): ListFields {
  const needed = {
    task: ['tasks:see'],
    note: ['notes:see'],
    file: ['files:see'],
    activity: ['tasks:see', 'notes:see', 'files:see'],
  } as Partial<Record<NonNullable<Field['of']>, string[]>>
  const isSeen = ({ of }: Field) =>
    (of ? (needed[of] ?? []) : []).every((one) => permissions.has(one))
  if (fields.every(isSeen)) return { fields, byName }
  return {
    fields: fields.filter(isSeen),
    byName: new Map([...byName].filter(([, one]) => isSeen(one))),
  }
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
