import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { Problem } from './contract.ts'
import type { Draft } from './draft.ts'
import {
  companyWord,
  type FileMemory,
  type Identity,
  identityOf,
  keysOf,
  keyText,
  likenessOf,
  type RecordKind,
} from './duplicates.ts'

/** Where a record is, or will be. Of one in the database the version and counters are read when it is changed. */
export type Place = { kind: RecordKind; id: string; keySlot: number; isNew: boolean }
export type Known = { id: string; identity: Identity }

export type Step =
  | { outcome: 'refused' | 'skipped'; draft: Draft }
  | { outcome: 'created'; draft: Draft }
  | { outcome: 'updated'; draft: Draft; id: string }
  | { outcome: 'updated'; draft: Draft; line: number }

/** Decides only: what becomes of one row. What it repeats, or likely repeats, is told in its problems. */
export function decideRow(
  draft: Draft,
  memory: FileMemory,
  known: ReadonlyMap<string, Known[]>,
  duplicates: 'skip' | 'update',
): Step {
  if (draft.refusedWhy) return { outcome: 'refused', draft }
  const stored = findStored(draft, known)
  const earlier = stored.same ? undefined : findEarlier(draft, memory)
  const tell = (problem: Problem['problem'], on: Iterable<string>, of: Partial<Problem>) =>
    draft.problems.push({ problem, field: '', value: '', on: [...on], ...of })

  if (stored.same) {
    tell('duplicate-in-database', stored.same.shared, { id: stored.same.known.id })
    return duplicates === 'update'
      ? { outcome: 'updated', draft, id: stored.same.known.id }
      : { outcome: 'skipped', draft }
  }
  if (earlier?.same) {
    tell('duplicate-in-file', earlier.same.shared, { line: earlier.same.seen.line })
    return duplicates === 'update'
      ? { outcome: 'updated', draft, line: earlier.same.seen.line }
      : { outcome: 'skipped', draft }
  }
  // Two that only look alike stay two: a person decides.
  if (stored.likely)
    tell('likely-in-database', stored.likely.shared, { id: stored.likely.known.id })
  const likely = earlier?.likely ?? memory.likely(draft)
  if (likely) tell('likely-in-file', likely.shared, { line: likely.seen.line })
  return { outcome: 'created', draft }
}

function findStored(draft: Draft, known: ReadonlyMap<string, Known[]>) {
  const sharedWith = new Map<Known, Set<string>>()
  for (const key of keysOf(draft))
    for (const one of known.get(keyText(key)) ?? [])
      sharedWith.set(one, (sharedWith.get(one) ?? new Set()).add(key.column))
  const all = [...sharedWith].map(([one, shared]) => ({ known: one, shared }))
  const identity = all.length > 0 ? identityOf(draft) : undefined
  const same = all.find((one) => likenessOf(one.known.identity, identity!, one.shared) === 'same')
  return { same, likely: all[0] }
}

function findEarlier(draft: Draft, memory: FileMemory) {
  const all = memory.sharing(draft)
  const identity = identityOf(draft)
  const same = all.find((one) => likenessOf(one.seen.identity, identity, one.shared) === 'same')
  return { same, likely: all[0] }
}

type Wins = 'kept' | 'given'

/** What two records of one person become: lists together, and where both say something, `wins` says which. Names stay. */
export function mergeContact(kept: Contact, given: Contact, wins: Wins): Contact {
  return {
    ...kept,
    ...pick(kept, given, wins, [
      'salutation',
      'company',
      'language',
      'birthday',
      'website',
      'reference',
    ]),
    ...mergeLists(kept, given),
  }
}

export function mergeCompany(
  kept: CompanyContact,
  given: CompanyContact,
  wins: Wins,
): CompanyContact {
  return {
    ...kept,
    ...pick(kept, given, wins, [
      'enterpriseNumber',
      'website',
      'language',
      'industry',
      'employeeCount',
      'reference',
    ]),
    ...mergeLists(kept, given),
  }
}

function pick<T, K extends keyof T>(kept: T, given: T, wins: Wins, names: K[]): Pick<T, K> {
  const [first, second] = wins === 'given' ? [given, kept] : [kept, given]
  return Object.fromEntries(
    names.map((name) => [name, first[name] || second[name] || kept[name]]),
  ) as Pick<T, K>
}

type Lists = Pick<Contact, 'emails' | 'phones' | 'addresses' | 'tags'>
// What a record holds of each at most.
const MOST = { emails: 20, phones: 20, addresses: 10, tags: 50 }

function mergeLists(kept: Lists, given: Lists): Lists {
  const inOrder = <T>(first: T[], second: T[], keyOf: (value: T) => string, most: number) => {
    const keys = new Set(first.map(keyOf))
    return [...first, ...second.filter((value) => !keys.has(keyOf(value)))].slice(0, most)
  }
  return {
    emails: inOrder(kept.emails, given.emails, (one) => one.value, MOST.emails),
    phones: inOrder(kept.phones, given.phones, (one) => one.value, MOST.phones),
    addresses: inOrder(
      kept.addresses,
      given.addresses,
      (one) => `${one.street} ${one.postalCode} ${one.city}`.toLowerCase(),
      MOST.addresses,
    ),
    tags: inOrder(kept.tags, given.tags, (one) => one, MOST.tags),
  }
}

/** The companies this import has met, by number and by name without legal form. */
export class CompanyMemory {
  readonly #byNumber = new Map<string, Place>()
  readonly #byName = new Map<string, { place: Place; number: string }>()

  remember(company: CompanyContact, place: Place): void {
    const { enterpriseNumber: number, name } = company
    if (number && !this.#byNumber.has(number)) this.#byNumber.set(number, place)
    const word = companyWord(name)
    if (!this.#byName.has(word)) this.#byName.set(word, { place, number })
  }

  /** One number is one company. One name is one too, unless both have numbers and these differ. */
  find({ enterpriseNumber: number, name }: CompanyContact): Place | undefined {
    const numbered = number ? this.#byNumber.get(number) : undefined
    if (numbered) return numbered
    const named = this.#byName.get(companyWord(name))
    return named && (!number || !named.number) ? named.place : undefined
  }
}
