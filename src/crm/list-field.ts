/** One field of a list's filters, with the questions its kind can be asked. */
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
export const operatorsOf: Record<Field['kind'], Operator[]> = {
  text: texts,
  choice: texts,
  day: [...days, 'empty', 'not-empty'],
  yearly: [...days, 'empty', 'not-empty'],
  instant: ['is', 'before', 'after', 'in-last-days', 'not-in-last-days'],
  number: ['is', 'at-least', 'at-most', 'empty', 'not-empty'],
  stage: ['is', 'is-not'],
  user: ['is', 'is-not'],
  team: ['is', 'is-not'],
  'yes-no': ['is'],
  segment: ['is', 'is-not'],
  record: ['is', 'is-not', 'empty', 'not-empty'],
  sector: ['is', 'is-not', 'empty', 'not-empty'],
}

export function field(
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
    recordKind: null,
  }
}

/** One whose values are people or companies. */
export function recordField(
  name: string,
  recordKind: 'person' | 'company',
  nl: string,
  en: string,
  of: Field['of'],
): Field {
  return { ...field(name, 'record', nl, en, of), recordKind }
}
