/** Fields of lists that are not the record's own: what hangs on it, and to whom it is tied. */
import type { IndexKind } from '#security/search/index-types.ts'
import { field, recordField } from './list-field.ts'
import { companyKinds, personKinds, type RelationKind } from './relations/contract.ts'
import type { Field, Operator } from './views/contract.ts'

const partly: Operator[] = ['contains', 'contains-not']
const written: Operator[] = [...partly, 'empty', 'not-empty']

// What the other is to the record of the list.
const roles: Record<RelationKind, readonly [nl: string, en: string]> = {
  partner: ['Partner', 'Partner'],
  parent: ['Ouder', 'Parent'],
  child: ['Kind', 'Child'],
  sibling: ['Broer of zus', 'Sibling'],
  household: ['Gezinslid', 'Household member'],
  adviser: ['Adviseur', 'Adviser'],
  client: ['Wordt geadviseerd', 'Is advised'],
  accountant: ['Boekhouder', 'Accountant'],
  'accounting-client': ['Klant van de boekhouding', 'Accounting client'],
  'parent-company': ['Moederbedrijf', 'Parent company'],
  subsidiary: ['Dochterbedrijf', 'Subsidiary'],
  supplier: ['Leverancier', 'Supplier'],
  customer: ['Afnemer', 'Customer'],
  'business-partner': ['Zakenpartner', 'Business partner'],
  other: ['Andere relatie', 'Other relation'],
}

const text = (one: Field, operators: Operator[]): Field => ({ ...one, operators })

const hanging: Field[] = [
  field('task.isOpen', 'yes-no', 'Heeft een open taak', 'Has an open task', 'task'),
  field('task.isOverdue', 'yes-no', 'Heeft een taak over tijd', 'Has an overdue task', 'task'),
  field('task.dueOn', 'day', 'Open taak tegen', 'Open task due', 'task'),
  field('task.assigneeId', 'user', 'Open taak voor', 'Open task for', 'task'),
  text(
    field('task.body', 'text', 'Tekst van een open taak', 'Text of an open task', 'task'),
    partly,
  ),
  field('done.doneAt', 'instant', 'Taak afgevinkt', 'Task ticked off', 'task'),
  text(
    field(
      'done.body',
      'text',
      'Tekst van een afgevinkte taak',
      'Text of a ticked-off task',
      'task',
    ),
    partly,
  ),
  field('note.createdAt', 'instant', 'Notitie geschreven', 'Note written', 'note'),
  field('note.createdBy', 'user', 'Notitie van', 'Note by', 'note'),
  text(field('note.body', 'text', 'Tekst van een notitie', 'Text of a note', 'note'), written),
  field('file.id', 'yes-no', 'Heeft een bestand', 'Has a file', 'file'),
  field('file.createdAt', 'instant', 'Bestand toegevoegd', 'File added', 'file'),
  text(field('file.name', 'text', 'Naam van een bestand', 'Name of a file', 'file'), partly),
  field('activity.lastAt', 'instant', 'Laatste activiteit', 'Last activity', 'activity'),
  field('affiliation.jobTitle', 'text', 'Functie', 'Job title', 'affiliation'),
  field('affiliation.department', 'text', 'Afdeling', 'Department', 'affiliation'),
  field('former.jobTitle', 'text', 'Functie (vroeger)', 'Job title (formerly)', 'affiliation'),
  field('former.department', 'text', 'Afdeling (vroeger)', 'Department (formerly)', 'affiliation'),
  field('former.until', 'day', 'Koppeling beëindigd', 'Affiliation ended', 'affiliation'),
]

/** A tie is with one of the same kind. */
export function relatedFields(kind: IndexKind): Field[] {
  const tie = (name: string, nl: string, en: string) => recordField(name, kind, nl, en, 'relation')
  return [
    ...hanging,
    tie('relation.any', 'Relatie met', 'Relation with'),
    ...(kind === 'person' ? personKinds : companyKinds).map((role) =>
      tie(`relation.${role}`, ...roles[role]),
    ),
    field(
      'relation.label',
      'text',
      'Relatie in eigen woorden',
      'Relation in own words',
      'relation',
    ),
    tie('pastRelation.any', 'Relatie met (vroeger)', 'Relation with (formerly)'),
    ...(kind === 'company' ? [tie('group.id', 'In de groep van', 'In the group of')] : []),
  ]
}
