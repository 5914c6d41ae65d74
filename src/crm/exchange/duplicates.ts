import type { CompanyContact } from '#crm/companies/contract.ts'
import { fold, isWithinOne } from '#security/search/folding.ts'
import type { RecordColumn } from '#security/vault/blind-index.ts'
import type { Draft } from './draft.ts'

export type RecordKind = 'person' | 'company'
/** One value that only one customer should have. It is plain, so it stays in memory. `id` is a record's own. */
export type Key = { kind: RecordKind; column: RecordColumn | 'id'; value: string }

/** What decides whether two records are the same one. */
export type Identity = {
  kind: RecordKind
  givenName: string
  /** Of a company: its name. */
  familyName: string
  emails: string[]
  birthday: string
  street: string
  postalCode: string
}
export type Likeness = 'same' | 'likely'
export type Seen = { line: number; identity: Identity }

type PersonLike = {
  givenName: string
  familyName: string
  birthday: string
  emails: { value: string }[]
  addresses: { street: string; postalCode: string }[]
}
type CompanyLike = {
  name: string
  emails: { value: string }[]
  addresses: { street: string; postalCode: string }[]
}

export function personIdentity(contact: PersonLike): Identity {
  return {
    kind: 'person',
    givenName: contact.givenName,
    familyName: contact.familyName,
    birthday: contact.birthday,
    ...place(contact),
  }
}

export function companyIdentity(contact: CompanyLike): Identity {
  return {
    kind: 'company',
    givenName: '',
    familyName: contact.name,
    birthday: '',
    ...place(contact),
  }
}

function place(contact: Pick<CompanyLike, 'emails' | 'addresses'>) {
  return {
    emails: contact.emails.map((email) => email.value),
    street: contact.addresses[0]?.street ?? '',
    postalCode: contact.addresses[0]?.postalCode ?? '',
  }
}

export function identityOf(draft: Draft): Identity {
  if (draft.person) return personIdentity(draft.person.contact)
  if (draft.company) return companyIdentity(draft.company.contact)
  throw new Error('a refused row has no identity')
}

/** The keys of the record a row is about; its company beside it has keys of its own. */
export function keysOf(draft: Draft): Key[] {
  const { person, company, attach, ownId } = draft
  const own = (kind: RecordKind): Key[] => (ownId ? [{ kind, column: 'id', value: ownId }] : [])
  if (person) return [...personKeys(person.contact, person.ibans), ...own('person')]
  if (company) return [...companyKeys(company.contact, company.ibans), ...own('company')]
  // What hangs on somebody does not say whether they are a person or a company.
  return attach
    ? [...personKeys(attach, []), ...companyKeys(attach, []), ...own('person'), ...own('company')]
    : []
}

type Contactable = {
  emails: { value: string }[]
  phones: { value: string }[]
  reference: string
}

export function personKeys(contact: Contactable, ibans: string[]): Key[] {
  return contactKeys('person', contact, ibans)
}

export function companyKeys(
  contact: Contactable &
    Pick<CompanyContact, 'enterpriseNumber'> &
    Partial<Pick<CompanyContact, 'otherNumbers' | 'addresses'>>,
  ibans: string[],
): Key[] {
  const numbers = [
    contact.enterpriseNumber,
    ...(contact.otherNumbers ?? []),
    ...(contact.addresses ?? []).map(({ siteNumber }) => siteNumber ?? ''),
  ].filter(Boolean)
  return [
    ...contactKeys('company', contact, ibans),
    ...numbers.map((value) => ({
      kind: 'company' as const,
      column: 'enterprise-number' as const,
      value,
    })),
  ]
}

function contactKeys(kind: RecordKind, contact: Contactable, ibans: string[]): Key[] {
  return [
    ...contact.emails.map((email) => ({ kind, column: 'email' as const, value: email.value })),
    ...contact.phones.map((phone) => ({ kind, column: 'phone' as const, value: phone.value })),
    ...ibans.map((value) => ({ kind, column: 'iban' as const, value })),
    ...(contact.reference
      ? [{ kind, column: 'reference' as const, value: contact.reference }]
      : []),
  ]
}

export function keyText({ kind, column, value }: Key): string {
  return `${kind} ${column} ${value.toLowerCase()}`
}

/**
 * What two records that share a value are to each other. A family shares a phone, an account and sometimes
 * a mailbox, a firm its switchboard: so the names must agree too, and nothing else may speak against it.
 */
export function likenessOf(a: Identity, b: Identity, shared: ReadonlySet<string>): Likeness {
  if (a.kind !== b.kind) return 'likely'
  if (shared.has('id')) return 'same'
  if (shared.has('enterprise-number')) return 'same'
  if (!namesAgree(a, b)) return 'likely'
  if (a.birthday && b.birthday && a.birthday !== b.birthday) return 'likely'
  if (shared.has('email') || shared.has('reference')) return 'same'
  const haveOtherEmails =
    a.emails.length > 0 &&
    b.emails.length > 0 &&
    !a.emails.some((email) => b.emails.includes(email))
  return haveOtherEmails ? 'likely' : 'same'
}

/** Two given names that are both there and differ are two people, even at one address or on one phone. */
export function mayBeOne(a: Identity, b: Identity): boolean {
  const [givenA, givenB] = [joined(a.givenName), joined(b.givenName)]
  return a.kind === b.kind && (!givenA || !givenB || givenA === givenB)
}

// Shorter names differ by one letter and are still two names: Jan and Jon, Maes and Raes.
const TYPO_LENGTH_MIN = 6

export function namesAgree(a: Identity, b: Identity): boolean {
  if (a.kind === 'company') return companyWord(a.familyName) === companyWord(b.familyName)
  const [givenA, givenB] = [joined(a.givenName), joined(b.givenName)]
  const [familyA, familyB] = [joined(a.familyName), joined(b.familyName)]
  const givenAgree =
    !givenA ||
    !givenB ||
    givenA === givenB ||
    (Math.min(givenA.length, givenB.length) === 1 && givenA[0] === givenB[0])
  const familyAgree =
    !familyA ||
    !familyB ||
    familyA === familyB ||
    (Math.min(familyA.length, familyB.length) >= TYPO_LENGTH_MIN && isWithinOne(familyA, familyB))
  return givenAgree && familyAgree
}

/** "Van den Broeck" and "Vandenbroeck" are one name. */
function joined(name: string): string {
  return fold(name).replace(/[^\p{L}\p{N}]/gu, '')
}

const LEGAL_FORMS = new Set(
  'bv bvba nv vof vzw cv cvba comm gcv sa srl sprl asbl sas sarl gmbh ag kg ug ltd limited llc plc inc corp co'.split(
    ' ',
  ),
)

/** A company's name without its legal form: "Bakkerij De Korenaar BV" is "Bakkerij De Korenaar". */
export function companyWord(name: string): string {
  // B.V. and BV alike.
  const words = fold(name.replace(/\b(\p{L})\.(?=\p{L}\b)/gu, '$1').replace(/\./g, ''))
    .split(' ')
    .filter((word) => word)
  while (words.length > 1 && LEGAL_FORMS.has(words.at(-1)!)) words.pop()
  return words.join('')
}

/** Same street and number under the same postal code; empty when the address says too little to tell. */
function home({ street, postalCode }: Identity): string {
  return street && postalCode && /\d/.test(street) ? `${joined(street)} ${joined(postalCode)}` : ''
}

// A block of flats or a data error, not a family.
const AT_HOME_MAX = 10

/** The rows of this file so far: exact by their keys, likely by name and address. */
export class FileMemory {
  readonly #byKey = new Map<string, Seen[]>()
  readonly #byHome = new Map<string, Seen[]>()
  readonly #byLine = new Map<number, Seen>()

  remember(draft: Draft): void {
    const seen = { line: draft.line, identity: identityOf(draft) }
    this.#byLine.set(draft.line, seen)
    for (const key of keysOf(draft)) push(this.#byKey, keyText(key), seen)
    const at = home(seen.identity)
    if (at) push(this.#byHome, at, seen)
  }

  /** What a repeating row says more counts from now on: else the next one could be taken for the same person too. */
  absorb(line: number, draft: Draft): void {
    const seen = this.#byLine.get(line)
    if (!seen) return
    const { emails, birthday } = identityOf(draft)
    seen.identity.emails = [...new Set([...seen.identity.emails, ...emails])]
    seen.identity.birthday ||= birthday
    for (const key of keysOf(draft)) {
      const text = keyText(key)
      if (!this.#byKey.get(text)?.includes(seen)) push(this.#byKey, text, seen)
    }
  }

  /** Earlier rows that share a key, with what they share. */
  sharing(draft: Draft): { seen: Seen; shared: Set<string> }[] {
    const found = new Map<Seen, Set<string>>()
    for (const key of keysOf(draft))
      for (const seen of this.#byKey.get(keyText(key)) ?? [])
        found.set(seen, (found.get(seen) ?? new Set()).add(key.column))
    return [...found].map(([seen, shared]) => ({ seen, shared }))
  }

  /** An earlier row of the same name, or the same family name, at the same address. */
  likely(draft: Draft): { seen: Seen; shared: Set<string> } | undefined {
    const identity = identityOf(draft)
    const neighbours = this.#byHome.get(home(identity)) ?? []
    const seen =
      neighbours.find((one) => namesAgree(one.identity, identity)) ??
      neighbours.find(
        (one) =>
          one.identity.kind === 'person' &&
          identity.kind === 'person' &&
          joined(one.identity.familyName) === joined(identity.familyName),
      )
    if (!seen) return undefined
    return {
      seen,
      shared: new Set([namesAgree(seen.identity, identity) ? 'name' : 'family-name', 'address']),
    }
  }
}

function push(map: Map<string, Seen[]>, key: string, seen: Seen): void {
  const list = map.get(key)
  if (!list) map.set(key, [seen])
  else if (list.length < AT_HOME_MAX) list.push(seen)
}
