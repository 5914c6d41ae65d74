/**
 * The keystore's head file: every key above the slots, wrapped. docs/formats/keystore.md. Its functions give a new head and
 * write nothing; one file that is replaced whole makes each of them all or nothing.
 */
import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { unwrap, wrap } from './segment.ts'

export const namedKeys = [
  'search',
  'ledger-pseudonym',
  'ledger-signing',
  'database-passwords',
] as const
export type NamedKey = (typeof namedKeys)[number]

/** The version of the sealed record that is written; all known ones are read. */
export type SealVersion = 1 | 2

export type SegmentEntry = {
  generation: number
  key: string
  /** Of the segment's file. Missing for one that an earlier release wrote. */
  sha256?: string
}

export type Head = {
  format: 1
  organisationId: string
  organisationKey: string
  /** Under the next root key, while one takes the place of another: either opens. */
  nextOrganisationKey?: string
  named: Record<NamedKey, string>
  /** Keys of the values customers are found by, newest first; a second only while it is being replaced. */
  lookup?: { epoch: number; key: string }[]
  sealVersion?: SealVersion
  segments: SegmentEntry[]
}

const text = (bytes: Buffer) => bytes.toString('base64')
const bytesOf = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64')

export const fileSum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('base64')
export const headBytes = (head: Head) => Buffer.from(JSON.stringify(head))

export function readHead(bytes: Buffer | undefined): Head | undefined {
  try {
    const head = JSON.parse(bytes?.toString('utf8') ?? '') as Head
    return head.format === 1 && Array.isArray(head.segments) ? head : undefined
  } catch {
    return undefined
  }
}

export function newHead(rootKey: KeyObject, organisationId: string): Head {
  const secret = randomBytes(32)
  const organisationKey = createSecretKey(secret)
  const named = Object.fromEntries(
    namedKeys.map((name) => [
      name,
      text(wrap(organisationKey, `${organisationId} ${name}`, randomBytes(32))),
    ]),
  ) as Head['named']
  const head: Head = {
    format: 1,
    organisationId,
    organisationKey: text(wrap(rootKey, organisationAad(organisationId), secret)),
    named,
    segments: [],
  }
  return withOneLookupKey(withLookupKey(head, organisationKey))
}

const organisationAad = (organisationId: string) => `${organisationId} organisation`
const lookupAad = (organisationId: string, epoch: number) => `${organisationId} lookup ${epoch}`
const segmentAad = (organisationId: string, segment: number) =>
  `${organisationId} segment ${segment}`

export function openOrganisationKey(head: Head, rootKey: KeyObject): KeyObject | undefined {
  for (const wrapped of [head.organisationKey, head.nextOrganisationKey]) {
    if (wrapped === undefined) continue
    const key = unwrap(rootKey, organisationAad(head.organisationId), bytesOf(wrapped))
    if (key) return createSecretKey(key)
  }
  return undefined
}

/** Whether this is the root key that takes the place of another. */
export function isNextRootKey(head: Head, rootKey: KeyObject): boolean {
  const { nextOrganisationKey: next } = head
  return (
    next !== undefined &&
    unwrap(rootKey, organisationAad(head.organisationId), bytesOf(next)) !== undefined
  )
}

export function openNamedKey(
  head: Head,
  organisationKey: KeyObject,
  name: NamedKey,
): Buffer | undefined {
  return unwrap(organisationKey, `${head.organisationId} ${name}`, bytesOf(head.named[name]))
}

export function openSegmentKey(
  head: Head,
  organisationKey: KeyObject,
  segment: number,
): Buffer | undefined {
  const wrapped = bytesOf(head.segments[segment]?.key)
  return unwrap(organisationKey, segmentAad(head.organisationId, segment), wrapped)
}

/** Newest first; undefined when one of them is damaged. An earlier release hashed all values under the search key. */
export function openLookupKeys(head: Head, organisationKey: KeyObject): Buffer[] | undefined {
  const keys = head.lookup
    ? head.lookup.map(({ epoch, key }) =>
        unwrap(organisationKey, lookupAad(head.organisationId, epoch), bytesOf(key)),
      )
    : [openNamedKey(head, organisationKey, 'search')]
  return keys.every((key) => key !== undefined) ? keys : undefined
}

export function withSegment(
  head: Head,
  organisationKey: KeyObject,
  segment: number,
  given: { generation: number; key: Buffer; sha256: string },
): Head {
  const segments = [...head.segments]
  segments[segment] = {
    generation: given.generation,
    key: text(wrap(organisationKey, segmentAad(head.organisationId, segment), given.key)),
    sha256: given.sha256,
  }
  return { ...head, segments }
}

/** A new one before the newest, which stays until `withOneLookupKey`. */
export function withLookupKey(head: Head, organisationKey: KeyObject): Head {
  const [before] = openLookupKeys(head, organisationKey) ?? []
  if (!before) throw new Error("the keystore's lookup key is damaged\ntry: npx kluis vault repair")
  const epoch = head.lookup?.[0]?.epoch ?? 0
  const entry = (epoch: number, key: Buffer) => ({
    epoch,
    key: text(wrap(organisationKey, lookupAad(head.organisationId, epoch), key)),
  })
  return { ...head, lookup: [entry(epoch + 1, randomBytes(32)), entry(epoch, before)] }
}

export function withOneLookupKey(head: Head): Head {
  return head.lookup ? { ...head, lookup: head.lookup.slice(0, 1) } : head
}

/** Every key that was wrapped under the organisation's is wrapped under a new one. Throws when one does not open. */
export function withNewOrganisationKey(
  head: Head,
  organisationKey: KeyObject,
  rootKey: KeyObject,
): Head {
  if (head.nextOrganisationKey !== undefined)
    throw new Error(
      'the root key is being replaced\nstate: nothing was changed\ntry: go on with that first, npx kluis vault rotate --what root',
    )
  const { organisationId } = head
  const secret = randomBytes(32)
  const next = createSecretKey(secret)
  const rewrap = (aad: string, key: Buffer | undefined) => {
    if (!key)
      throw new Error(
        `the keystore's key "${aad}" is damaged\nstate: nothing was changed\ntry: npx kluis vault repair`,
      )
    return text(wrap(next, aad, key))
  }
  const named = Object.fromEntries(
    namedKeys.map((name) => [
      name,
      rewrap(`${organisationId} ${name}`, openNamedKey(head, organisationKey, name)),
    ]),
  ) as Head['named']
  const segments = head.segments.map((entry, segment) => ({
    ...entry,
    key: rewrap(
      segmentAad(organisationId, segment),
      openSegmentKey(head, organisationKey, segment),
    ),
  }))
  const lookup = head.lookup?.map(({ epoch, key }) => {
    const aad = lookupAad(organisationId, epoch)
    return { epoch, key: rewrap(aad, unwrap(organisationKey, aad, bytesOf(key))) }
  })
  return {
    ...head,
    organisationKey: text(wrap(rootKey, organisationAad(organisationId), secret)),
    named,
    segments,
    ...(lookup && { lookup }),
  }
}

/** The organisation key under a second root key as well, so that the machine may stop between the two. */
export function withNextRootKey(head: Head, organisationKey: KeyObject, next: KeyObject): Head {
  const wrapped = wrap(next, organisationAad(head.organisationId), organisationKey.export())
  return { ...head, nextOrganisationKey: text(wrapped) }
}

/** The root key that opens this head now is the only one from here on. */
export function withOnlyRootKey(head: Head, organisationKey: KeyObject, rootKey: KeyObject): Head {
  const { nextOrganisationKey: _, ...rest } = head
  const wrapped = wrap(rootKey, organisationAad(head.organisationId), organisationKey.export())
  return { ...rest, organisationKey: text(wrapped) }
}
