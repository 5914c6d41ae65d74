import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { FieldValues } from '../fields/contract.ts'
import type { ImportKey, Problem } from './contract.ts'
import type { Draft } from './draft.ts'
import {
  companyWord,
  type FileMemory,
  type Identity,
  identityOf,
  keysOf,
  keyText,
  likenessOf,
  mayBeOne,
  type RecordKind,
} from './duplicates.ts'

/** Where a record is, or will be. Of one in the database the version and counters are read when it is changed. */
export type Place = { kind: RecordKind; id: string; keySlot: number; isNew: boolean }
export type Known = { kind: RecordKind; id: string; identity: Identity }

export type Step =
  | { outcome: 'refused' | 'skipped'; draft: Draft }
  | { outcome: 'created'; draft: Draft }
  | { outcome: 'updated'; draft: Draft; id: string; kind: RecordKind }
  | { outcome: 'updated'; draft: Draft; line: number }

export type DecideOptions = { duplicates: 'skip' | 'update' | 'only-update'; key: ImportKey }

/** Decides only: what becomes of one row. What it repeats, or likely repeats, is told in its problems. */
export function decideRow(
  draft: Draft,
  memory: FileMemory,
  known: ReadonlyMap<string, Known[]>,
  options: DecideOptions,
): Step {
  if (draft.refusedWhy) return { outcome: 'refused', draft }
  if (draft.attach) return decideAttached(draft, known, options.key)
  const isChosen = options.key !== 'auto'
  const found = isChosen
    ? findByKey(draft, memory, known, options.key)
    : findByLikeness(draft, memory, known)
  if (found === 'ambiguous' || found === 'differs') {
    tell(draft, found === 'ambiguous' ? 'key-ambiguous' : 'names-differ')
    return { outcome: 'refused', draft }
  }
  const { stored, earlier } = found
  if (stored) {
    tell(draft, 'duplicate-in-database', { on: stored.on, id: stored.known.id })
    const { id, kind } = stored.known
    return options.duplicates === 'skip'
      ? { outcome: 'skipped', draft }
      : { outcome: 'updated', draft, id, kind }
  }
  if (earlier) {
    tell(draft, 'duplicate-in-file', { on: earlier.on, line: earlier.line })
    return options.duplicates === 'skip'
      ? { outcome: 'skipped', draft }
      : { outcome: 'updated', draft, line: earlier.line }
  }
  if (options.duplicates === 'only-update') {
    tell(draft, 'nobody-found')
    return { outcome: 'skipped', draft }
  }
  const [missing] = draft.missing
  if (missing !== undefined) {
    for (const field of draft.missing) tell(draft, 'needed', { field })
    return { outcome: 'refused', draft }
  }
  // Two that only look alike stay two: a person decides.
  if (found.likelyStored)
    tell(draft, 'likely-in-database', {
      on: found.likelyStored.on,
      id: found.likelyStored.known.id,
    })
  const likely = found.likelyEarlier ?? likelyInFile(draft, memory)
  if (likely) tell(draft, 'likely-in-file', { on: likely.on, line: likely.line })
  return { outcome: 'created', draft }
}

function tell(draft: Draft, problem: Problem['problem'], of: Partial<Problem> = {}): void {
  draft.problems.push({ problem, field: '', value: '', ...of })
}

type Stored = { known: Known; on: string[] }
type Earlier = { line: number; on: string[] }
type Found = {
  stored?: Stored | undefined
  earlier?: Earlier | undefined
  likelyStored?: Stored | undefined
  likelyEarlier?: Earlier | undefined
}

function findByLikeness(
  draft: Draft,
  memory: FileMemory,
  known: ReadonlyMap<string, Known[]>,
): Found {
  const { same, likely } = findStored(draft, known)
  const asStored = (one: typeof likely) => one && { known: one.known, on: [...one.shared] }
  if (same) return { stored: asStored(same) }
  const earlier = findEarlier(draft, memory)
  const asEarlier = (one: typeof earlier.likely) =>
    one && { line: one.seen.line, on: [...one.shared] }
  return {
    earlier: asEarlier(earlier.same),
    likelyStored: asStored(likely),
    likelyEarlier: asEarlier(earlier.likely),
  }
}

// An address or a phone is shared in a family; a number of one's own is not.
const SHAREABLE = new Set<ImportKey>(['email', 'phone'])

/** By the one value the importer chose. Several who have it, or another given name, is nobody to guess about. */
function findByKey(
  draft: Draft,
  memory: FileMemory,
  known: ReadonlyMap<string, Known[]>,
  key: ImportKey,
): Found | 'ambiguous' | 'differs' {
  const identity = identityOf(draft)
  const isOther = (one: Identity) => SHAREABLE.has(key) && !mayBeOne(one, identity)
  const stored = storedBy(draft, known, key).filter((one) => one.kind === identity.kind)
  const fitting = stored.filter((one) => !isOther(one.identity))
  if (fitting.length > 1) return 'ambiguous'
  if (fitting[0]) return { stored: { known: fitting[0], on: [columnOf(key)] } }
  if (stored.length > 0) return 'differs'
  const earlier = memory
    .sharing(draft)
    .filter(({ shared, seen }) => shared.has(columnOf(key)) && !isOther(seen.identity))
  return earlier[0] ? { earlier: { line: earlier[0].seen.line, on: [columnOf(key)] } } : {}
}

function storedBy(draft: Draft, known: ReadonlyMap<string, Known[]>, key: ImportKey): Known[] {
  const found = keysOf(draft)
    .filter(({ column }) => key === 'auto' || column === columnOf(key))
    .flatMap((one) => known.get(keyText(one)) ?? [])
  return [...new Map(found.map((one) => [one.id, one])).values()]
}

function columnOf(key: ImportKey): string {
  return key === 'enterpriseNumber' ? 'enterprise-number' : key
}

/** A note or a task needs exactly one customer to hang on. */
function decideAttached(draft: Draft, known: ReadonlyMap<string, Known[]>, key: ImportKey): Step {
  const found = storedBy(draft, known, key)
  if (found.length === 1)
    return { outcome: 'updated', draft, id: found[0]!.id, kind: found[0]!.kind }
  tell(draft, found.length === 0 ? 'nobody-found' : 'key-ambiguous')
  return { outcome: 'refused', draft }
}

function likelyInFile(draft: Draft, memory: FileMemory): Earlier | undefined {
  const likely = memory.likely(draft)
  return likely && { line: likely.seen.line, on: [...likely.shared] }
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

/**
 * What two records of one person become: lists together, and where both say something, `wins` says which. Names stay,
 * unless the importer chose by what the two are one.
 */
export function mergeContact(
  kept: Contact,
  given: Contact,
  wins: Wins,
  withNames = false,
): Contact {
  return {
    ...kept,
    ...(withNames ? pick(kept, given, wins, ['givenName', 'familyName']) : {}),
    ...pick(kept, given, wins, [
      'salutation',
      'company',
      'language',
      'birthday',
      'website',
      'reference',
    ]),
    ...mergeLists(kept, given),
    custom: mergeValues(kept.custom, given.custom, wins),
  }
}

export function mergeCompany(
  kept: CompanyContact,
  given: CompanyContact,
  wins: Wins,
  withNames = false,
): CompanyContact {
  return {
    ...kept,
    ...(withNames ? pick(kept, given, wins, ['name']) : {}),
    ...pick(kept, given, wins, [
      'enterpriseNumber',
      'website',
      'language',
      'industry',
      'sector',
      'employeeCount',
      'isSoleTrader',
      'reference',
    ]),
    otherNumbers: [...new Set([...(kept.otherNumbers ?? []), ...(given.otherNumbers ?? [])])].slice(
      0,
      5,
    ),
    ...mergeLists(kept, given),
    custom: mergeValues(kept.custom, given.custom, wins),
  }
}

function pick<T, K extends keyof T>(kept: T, given: T, wins: Wins, names: K[]): Pick<T, K> {
  const [first, second] = wins === 'given' ? [given, kept] : [kept, given]
  return Object.fromEntries(
    names.map((name) => [name, first[name] || second[name] || kept[name]]),
  ) as Pick<T, K>
}

/** Field by field: what only one of both has, stays. A record of before there were such fields has none. */
export function mergeValues(
  kept: FieldValues | undefined,
  given: FieldValues | undefined,
  wins: Wins,
): FieldValues {
  return wins === 'given' ? { ...kept, ...given } : { ...given, ...kept }
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

/** A company this import has met: what it is found by, and where it is. */
export type MetCompany = { name: string; number: string; reference: string; place: Place }

/** The companies this import has met, by number, by another program's id and by name without legal form. */
export class CompanyMemory {
  readonly #byNumber = new Map<string, MetCompany>()
  readonly #byReference = new Map<string, MetCompany>()
  readonly #byName = new Map<string, MetCompany>()
  /** Met since it was last asked: what a run writes down to go on with. */
  #fresh: MetCompany[] = []

  remember(company: CompanyContact, place: Place): void {
    const { enterpriseNumber: number, name, reference } = company
    this.recall({ name, number, reference, place })
  }

  recall(met: MetCompany): void {
    const { name, number, reference } = met
    const word = companyWord(name)
    let isNew = false
    const put = (map: Map<string, MetCompany>, key: string) => {
      if (!key || map.has(key)) return
      map.set(key, met)
      isNew = true
    }
    put(this.#byNumber, number)
    put(this.#byReference, reference)
    put(this.#byName, word)
    if (isNew) this.#fresh.push(met)
  }

  takeFresh(): MetCompany[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }

  /** One number is one company. One name is one too, unless both have numbers and these differ. */
  find({ enterpriseNumber: number, name }: CompanyContact): Place | undefined {
    const numbered = number ? this.#byNumber.get(number) : undefined
    if (numbered) return numbered.place
    const named = this.#byName.get(companyWord(name))
    return named && (!number || !named.number) ? named.place : undefined
  }

  findByReference(reference: string): MetCompany | undefined {
    return this.#byReference.get(reference)
  }
}
