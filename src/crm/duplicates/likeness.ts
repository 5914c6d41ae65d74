import { fold, isWithinOne } from '#security/search/folding.ts'
import type { Caution, Reason } from './contract.ts'

/** What of a record tells whether it is the same customer as another; people and companies say it themselves. */
export type Identity = {
  kind: 'person' | 'company'
  givenName: string
  /** Of a company: its name without its legal form. */
  familyName: string
  birthday: string
  emails: string[]
  phones: string[]
  addresses: { street: string; postalCode: string; city: string }[]
  reference: string
  /** A company may have one of each register. */
  numbers: string[]
  website: string
}

export type Likeness = { score: number; reasons: Reason[]; cautions: Caution[] }

const POINTS: Record<Reason, number> = {
  'enterprise-number': 90,
  reference: 60,
  email: 50,
  iban: 40,
  name: 40,
  phone: 30,
  'similar-name': 30,
  address: 25,
  birthday: 25,
  website: 20,
}
// Another e-mail, another phone, another address.
const OTHERWISE = 15
const SCORE_MAX = 99
// Another name and nothing but a shared address or phone: a family, a house, a switchboard.
const AGAINST: Partial<Record<Names, number>> = { 'given-name': 30, 'family-name': 40, name: 40 }
// A couple shares mailbox, phone and address: whatever they share, what differs counts more.
const SCORE_DOUBTFUL_MAX = 45
/** Below this a pair is not worth somebody's look. */
export const SCORE_MIN = 30

/** `shared`: what only blind indexes tell, such as an account number. */
export function likenessOf(a: Identity, b: Identity, shared: readonly Reason[] = []): Likeness {
  const reasons = new Set<Reason>(shared)
  const cautions: Caution[] = []
  if (isShared(a.numbers, b.numbers)) reasons.add('enterprise-number')
  if (isShared([a.reference], [b.reference])) reasons.add('reference')
  if (isShared(a.emails, b.emails)) reasons.add('email')
  if (isShared(a.phones, b.phones)) reasons.add('phone')
  if (isShared(a.addresses.map(placeOf), b.addresses.map(placeOf))) reasons.add('address')
  if (a.birthday && a.birthday === b.birthday) reasons.add('birthday')
  if (a.kind === 'company' && isShared([hostOf(a.website)], [hostOf(b.website)]))
    reasons.add('website')
  const names = namesOf(a, b)
  if (names === 'same') reasons.add('name')
  else if (names === 'similar') reasons.add('similar-name')
  else if (names === 'shortened') {
    reasons.add('similar-name')
    cautions.push('given-name')
  } else if (names !== 'unknown') cautions.push(names)
  if (a.birthday && b.birthday && a.birthday !== b.birthday) cautions.push('birthday')
  if (!reasons.has('enterprise-number') && haveOtherNumbers(a, b))
    cautions.push('enterprise-number')
  const points =
    [...reasons].reduce((sum, reason) => sum + POINTS[reason], 0) -
    (isNameAlone(reasons) ? OTHERWISE * countOtherwise(a, b) : 0)
  const limit = cautions.length > 0 ? SCORE_DOUBTFUL_MAX : SCORE_MAX
  return {
    score: Math.min(limit, points - (AGAINST[names] ?? 0)),
    reasons: [...reasons],
    cautions,
  }
}

/** Two of one register that differ are two companies; a VAT number and one of a register tell nothing. */
function haveOtherNumbers(a: Identity, b: Identity): boolean {
  const shapes = new Set(a.numbers.filter(Boolean).map(shapeOf))
  return b.numbers.some((number) => number !== '' && shapes.has(shapeOf(number)))
}
const shapeOf = (number: string) => number.replace(/\d/g, '0')

/** A name that is all they share: then what both have and is different makes them namesakes. */
function isNameAlone(reasons: ReadonlySet<Reason>): boolean {
  return [...reasons].every((reason) => reason === 'name' || reason === 'similar-name')
}

function countOtherwise(a: Identity, b: Identity): number {
  const pairs = [
    [a.emails, b.emails],
    [a.phones, b.phones],
    [a.addresses.map(placeOf).filter(Boolean), b.addresses.map(placeOf).filter(Boolean)],
    [[a.reference].filter(Boolean), [b.reference].filter(Boolean)],
  ] as const
  return pairs.filter(([left, right]) => left.length > 0 && right.length > 0).length
}

function isShared(a: string[], b: string[]): boolean {
  const there = new Set(a.map((one) => one.toLowerCase()).filter(Boolean))
  return b.some((one) => there.has(one.toLowerCase()))
}

/** Street with its number, under a postal code or town; empty when that says too little. */
function placeOf({ street, postalCode, city }: Identity['addresses'][number]): string {
  const place = joined(postalCode) || joined(city)
  return /\d/.test(street) && place ? `${joined(street)} ${place}` : ''
}

function hostOf(website: string): string {
  return website
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/^www\./, '')
    .split('/')[0]!
}

/** "Van den Broeck" and "Vandenbroeck" are one name. */
function joined(name: string): string {
  return fold(name).replace(/[^\p{L}\p{N}]/gu, '')
}

// Shorter names differ by one letter and are still two names: Jan and Jon, Maes and Raes.
const TYPO_LETTERS_MIN = 6

/** Shortened: Jo and Johan, but also Jan and his daughter Janne. */
type Names = 'same' | 'similar' | 'shortened' | 'unknown' | 'given-name' | 'family-name' | 'name'

function namesOf(a: Identity, b: Identity): Names {
  if (a.kind === 'company') {
    const [left, right] = [companyWord(a.familyName), companyWord(b.familyName)]
    if (left === right) return 'same'
    return isClose(left, right) || left.startsWith(right) || right.startsWith(left)
      ? 'similar'
      : 'name'
  }
  const [givenA, givenB] = [joined(a.givenName), joined(b.givenName)]
  const [familyA, familyB] = [joined(a.familyName), joined(b.familyName)]
  if (!(givenA || familyA) || !(givenB || familyB)) return 'unknown'
  if (givenA === givenB && familyA === familyB) return 'same'
  // Typed into each other's field.
  if (givenA === familyB && familyA === givenB) return 'similar'
  const isFamilyLike = familyA === familyB || !familyA || !familyB || isClose(familyA, familyB)
  const isGivenLike =
    givenA === givenB ||
    !givenA ||
    !givenB ||
    isClose(givenA, givenB) ||
    (Math.min(givenA.length, givenB.length) === 1 && givenA[0] === givenB[0])
  if (isFamilyLike && isGivenLike) return 'similar'
  if (isFamilyLike && (givenA.startsWith(givenB) || givenB.startsWith(givenA))) return 'shortened'
  if (isFamilyLike) return 'given-name'
  return isGivenLike ? 'family-name' : 'name'
}

function isClose(a: string, b: string): boolean {
  return Math.min(a.length, b.length) >= TYPO_LETTERS_MIN && isWithinOne(a, b)
}

const LEGAL_FORMS = new Set(
  'bv bvba nv vof vzw cv cvba comm gcv sa srl sprl asbl sas sarl gmbh ag kg ug ltd limited llc plc inc corp co'.split(
    ' ',
  ),
)

/** "Bakkerij De Korenaar B.V." is "Bakkerij De Korenaar". */
function companyWord(name: string): string {
  const words = fold(name.replace(/\b(\p{L})\.(?=\p{L}\b)/gu, '$1').replace(/\./g, ''))
    .split(' ')
    .filter(Boolean)
  while (words.length > 1 && LEGAL_FORMS.has(words.at(-1)!)) words.pop()
  return words.join('')
}
