import { refuse } from '#platform/problem.ts'
import type { SealedClass } from '#security/vault/catalogue.ts'
import type { Choice } from './contract.ts'

type Fields = Record<string, unknown>
/** A record in values: what each class holds, and what stands readable beside it. */
export type Contents = {
  classes: Partial<Record<SealedClass, Fields>>
  placement: { stage: string; ownerId: string; teamId: string }
}

export type Field = {
  name: string
  /** undefined: stands readable in the row. */
  sealedClass: SealedClass | undefined
  kept: unknown
  other: unknown
  isMany: boolean
  isSame: boolean
  choice: Choice
  result: unknown
}

const CUSTOM = 'custom'

/** Fields of one's own making are fields like the others, each with a choice of its own. */
function apart(fields: Fields): Fields {
  const { [CUSTOM]: custom, ...own } = fields
  const named = Object.entries((custom ?? {}) as Fields)
  return { ...own, ...Object.fromEntries(named.map(([id, value]) => [`${CUSTOM}.${id}`, value])) }
}

function together(fields: Fields): Fields {
  const isCustom = (name: string) => name.startsWith(`${CUSTOM}.`)
  const entries = Object.entries(fields)
  const custom = entries
    .filter(([name]) => isCustom(name))
    .map(([name, value]) => [name.slice(CUSTOM.length + 1), value])
  const own = Object.fromEntries(entries.filter(([name]) => !isCustom(name)))
  return custom.length > 0 ? { ...own, [CUSTOM]: Object.fromEntries(custom) } : own
}

/**
 * Every field of two records with the value that stays: as chosen, else what loses nothing. `others`: what may be chosen
 * besides, since it stands elsewhere.
 */
export function fieldsOf(
  kept: Contents,
  other: Contents,
  choices: Readonly<Record<string, Choice>>,
  others: readonly string[] = [],
): Field[] {
  const classes = [
    ...new Set([...Object.keys(kept.classes), ...Object.keys(other.classes)]),
  ] as SealedClass[]
  const pairs = [
    ...classes.map(
      (name) => [name, apart(kept.classes[name] ?? {}), apart(other.classes[name] ?? {})] as const,
    ),
    [undefined, kept.placement, other.placement] as const,
  ]
  const fields = pairs.flatMap(([sealedClass, left, right]) =>
    [...new Set([...Object.keys(left), ...Object.keys(right)])].map((name) =>
      fieldOf(name, sealedClass, (left as Fields)[name], (right as Fields)[name], choices[name]),
    ),
  )
  const known = new Set([...fields.map(({ name }) => name), ...others])
  const unknown = Object.keys(choices).filter((name) => !known.has(name))
  if (unknown.length > 0)
    refuse('invalid-fields', {
      fields: unknown.map((field) => ({ field: `choices.${field}`, problem: 'unknown' })),
    })
  return fields
}

function fieldOf(
  name: string,
  sealedClass: SealedClass | undefined,
  kept: unknown,
  other: unknown,
  chosen: Choice | undefined,
): Field {
  const isMany = isUnitable(kept) || isUnitable(other)
  if (chosen === 'both' && !isMany)
    refuse('invalid-fields', { fields: [{ field: `choices.${name}`, problem: 'one-value' }] })
  const choice = chosen ?? (isMany ? 'both' : isEmpty(kept) && !isEmpty(other) ? 'other' : 'kept')
  const result = choice === 'both' ? unite(kept, other) : choice === 'kept' ? kept : other
  return { name, sealedClass, kept, other, isMany, isSame: isEqual(kept, other), choice, result }
}

export function contentsOf(fields: readonly Field[]): Contents {
  const classes: Contents['classes'] = {}
  const placement: Fields = {}
  for (const { name, sealedClass, result } of fields) {
    if (result === undefined) continue
    if (sealedClass === undefined) placement[name] = result
    else classes[sealedClass] = { ...classes[sealedClass], [name]: result }
  }
  for (const name of Object.keys(classes) as SealedClass[]) classes[name] = together(classes[name]!)
  return { classes, placement: placement as Contents['placement'] }
}

/**
 * The record as it was before the merge, but for what was changed since: that stays. `stayed` names those fields.
 */
export function contentsBefore(
  before: Contents,
  merged: Contents,
  now: Contents,
): { contents: Contents; stayed: string[] } {
  const stayed: string[] = []
  const back = (wasIn: Fields = {}, madeIn: Fields = {}, isIn: Fields = {}): Fields => {
    const [was, made, is] = [apart(wasIn), apart(madeIn), apart(isIn)]
    const result: Fields = {}
    for (const name of new Set([...Object.keys(was), ...Object.keys(is)])) {
      const value = valueBefore(was[name], made[name], is[name])
      if (!isEqual(value, was[name])) stayed.push(name)
      if (value !== undefined) result[name] = value
    }
    return together(result)
  }
  const names = new Set([...Object.keys(before.classes), ...Object.keys(now.classes)])
  const classes: Contents['classes'] = {}
  for (const name of names as Set<SealedClass>) {
    const value = back(before.classes[name], merged.classes[name], now.classes[name])
    if (before.classes[name] || Object.values(value).some((one) => !isEmpty(one)))
      classes[name] = value
  }
  const placement = back(before.placement, merged.placement, now.placement)
  return { contents: { classes, placement: placement as Contents['placement'] }, stayed }
}

function valueBefore(was: unknown, made: unknown, is: unknown): unknown {
  if (isEqual(is, made)) return was
  if (!Array.isArray(is)) return is
  // What was added since stays, what was taken away since does not come back.
  const [old, united] = [asList(was), asList(made)]
  const has = (list: unknown[], one: unknown) => list.some((other) => keyOf(other) === keyOf(one))
  return [
    ...old.filter((one) => has(is, one) || !has(united, one)),
    ...is.filter((one) => !has(united, one) && !has(old, one)),
  ]
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function isUnitable(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function unite(kept: unknown, other: unknown): unknown {
  if (Array.isArray(kept) || Array.isArray(other)) {
    const first = asList(kept)
    const known = new Set(first.map(keyOf))
    return [...first, ...asList(other).filter((one) => !known.has(keyOf(one)))]
  }
  // Fields of one's own making: what the kept record has not, comes from the other.
  const filled = Object.entries((kept ?? {}) as Fields).filter(([, value]) => !isEmpty(value))
  return { ...((other ?? {}) as Fields), ...Object.fromEntries(filled) }
}

/** One value in two spellings or with two labels is one value. */
function keyOf(one: unknown): string {
  if (typeof one !== 'object' || one === null) return String(one).toLowerCase()
  if ('value' in one) return String(one.value).toLowerCase()
  const { label: _, ...rest } = one as Fields
  return JSON.stringify(Object.entries(rest).sort()).toLowerCase().replace(/\s/g, '')
}

export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  )
}

export function isEqual(a: unknown, b: unknown): boolean {
  return (isEmpty(a) && isEmpty(b)) || JSON.stringify(a) === JSON.stringify(b)
}
