/**
 * The keystore: one random key per person and company, outside PostgreSQL. docs/formats/keystore.md.
 *
 * Trusts: the root key. Does not trust the database, which holds only slot numbers.
 * If lost: nothing sealed opens; its own short-lived backups and the mirror are for that.
 */
import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { type Folder, openFolder, segmentFile } from './keystore-folder.ts'
import {
  eraseInSegment,
  FIRST_SUBJECT_SLOT,
  fillSegment,
  readSlot,
  SEGMENT_SLOTS,
  unwrap,
  wrap,
} from './segment.ts'

export { FIRST_SUBJECT_SLOT, SEGMENT_SLOTS } from './segment.ts'

export const namedKeys = [
  'search',
  'ledger-pseudonym',
  'ledger-signing',
  'database-passwords',
] as const
export type NamedKey = (typeof namedKeys)[number]

export type Head = {
  format: 1
  organisationId: string
  organisationKey: string
  named: Record<NamedKey, string>
  segments: { generation: number; key: string }[]
}

export type SlotKey = { kind: 'key'; key: KeyObject } | { kind: 'closed'; why: 'no-key' | 'erased' }

export type KeystoreState =
  | { kind: 'there'; segments: number; isMirrored: boolean }
  | { kind: 'away'; why: 'missing' | 'root-key' | 'other-organisation' | 'unreadable' }

export interface Keystore {
  /** Empty until the keystore was there once. */
  readonly organisationId: string
  /** A key for one slot. Never throws for a keystore that is away: that is 'no-key'. */
  slotKey(slot: number): SlotKey
  /** The same for a batch: whether the keystore is there is looked at once. Do not keep it. */
  batchKeys(): (slot: number) => SlotKey
  /** 32 bytes. Throws when the keystore is away. */
  namedKey(name: NamedKey): Buffer
  /** Makes the segments up to this slot, full and durable, before the first of their keys is used. */
  ensureSlot(slot: number): void
  /** Destroys one key: the segment is written anew without it, under a new segment key. */
  eraseSlot(slot: number): void
  /** After a restore the key-slot sequence starts past this. */
  highestSlot(): number
  state(): 'there' | 'away'
  keystoreState(): KeystoreState
}

export type KeystoreOptions = {
  directory: string
  mirror?: string
  rootKey: Buffer
  /** Of a keystore that is made now; its root key may be bound to it already. */
  organisationId?: string
  mayCreate: boolean
  /** wait: a keystore that is away at start is 'no-key' until it is put back, instead of an Error. */
  whenAway?: 'throw' | 'wait'
}

// A person at a time, or an import's block: never more ahead. Further ahead means the keystore is older than
// the database, and new keys in the place of lost ones would hide that.
const SEGMENTS_AHEAD_MAX = 8

const advice: Record<(KeystoreState & { kind: 'away' })['why'], (directory: string) => string> = {
  missing: (directory) =>
    `the keystore ${directory} is not there\nstate: nothing was changed\ntry: put the directory back, or restore its newest copy`,
  'root-key': (directory) =>
    `the keystore ${directory} does not open with this root key\nstate: nothing was changed\ntry: the root key that belongs to it, from its file, or with two recovery shares: npx kluis vault recover`,
  'other-organisation': (directory) =>
    `the keystore ${directory} belongs to another organisation\nstate: nothing was changed\ntry: put the right directory back`,
  unreadable: (directory) =>
    `the keystore ${directory} can not be read: its head file is damaged or of a newer release\nstate: nothing was changed\ntry: restore its newest copy`,
}

// What a busy office looks at in a day, some 10 MB. Who reads this memory has the segments' keys as well, so a
// kept key gives them nothing; unwrapping each time made up half of what opening costs.
const SLOT_KEYS_MAX = 10_000

type Loaded = {
  head: Head
  organisationKey: KeyObject
  /** Wrapped bytes as on disk (60 a slot) with the segment's key. */
  segments: Map<number, { key: KeyObject; bytes: Buffer }>
  /** Unwrapped lately. An erasure writes a new head, and with the old one all of these are let go. */
  slotKeys: Map<number, KeyObject>
  stamp: string
}

/** Throws an Error an operator can act on, unless `whenAway` is 'wait'. */
export function openKeystore(options: KeystoreOptions): Keystore {
  const folder = openFolder(options.directory, options.mirror)
  const rootKey = createSecretKey(options.rootKey)
  if (options.mayCreate && !folder.holdsAnything()) {
    const head = newHead(rootKey, options.organisationId ?? randomUUID())
    folder.write('head.json', headBytes(head))
  }
  const store = new FileKeystore(folder, rootKey)
  const state = store.keystoreState()
  if (state.kind === 'away') {
    if (options.whenAway !== 'wait') throw new Error(advice[state.why](options.directory))
    return store
  }
  store.ensureSlot(0)
  return store
}

/** What a root key is tried on before the keystore is opened. Undefined when there is no head that can be read. */
export function headOf(
  directory: string,
): { organisationId: string; opensWith(rootKey: Buffer): boolean } | undefined {
  const head = readHead(openFolder(directory, undefined))
  return (
    head && {
      organisationId: head.organisationId,
      opensWith: (rootKey) => unwrapOrganisationKey(createSecretKey(rootKey), head) !== undefined,
    }
  )
}

const unwrapOrganisationKey = (rootKey: KeyObject, head: Head) =>
  unwrap(
    rootKey,
    `${head.organisationId} organisation`,
    Buffer.from(head.organisationKey, 'base64'),
  )

function newHead(rootKey: KeyObject, organisationId: string): Head {
  const organisationKey = randomBytes(32)
  const inner = createSecretKey(organisationKey)
  const named = Object.fromEntries(
    namedKeys.map((name) => [
      name,
      wrap(inner, `${organisationId} ${name}`, randomBytes(32)).toString('base64'),
    ]),
  ) as Head['named']
  return {
    format: 1,
    organisationId,
    organisationKey: wrap(rootKey, `${organisationId} organisation`, organisationKey).toString(
      'base64',
    ),
    named,
    segments: [],
  }
}

class FileKeystore implements Keystore {
  readonly #folder: Folder
  readonly #rootKey: KeyObject
  #loaded: Loaded | undefined
  #away: (KeystoreState & { kind: 'away' })['why'] = 'missing'
  #organisationId = ''

  constructor(folder: Folder, rootKey: KeyObject) {
    this.#folder = folder
    this.#rootKey = rootKey
  }

  get organisationId(): string {
    return this.#organisationId
  }

  /** The keystore may be taken away and put back while we run, so its head file is looked at each time. */
  #current(isPutBack = true): Loaded | undefined {
    const stamp = this.#folder.stamp('head.json')
    if (stamp === undefined) {
      this.#away = 'missing'
      this.#loaded = undefined
    } else if (this.#loaded?.stamp !== stamp) {
      this.#loaded = this.#read(stamp, isPutBack)
    }
    return this.#loaded
  }

  #read(stamp: string, isPutBack: boolean): Loaded | undefined {
    const head = readHead(this.#folder)
    if (!head) {
      this.#away = 'unreadable'
      return undefined
    }
    if (this.#organisationId !== '' && head.organisationId !== this.#organisationId) {
      this.#away = 'other-organisation'
      return undefined
    }
    const key = unwrapOrganisationKey(this.#rootKey, head)
    if (!key) {
      this.#away = 'root-key'
      return undefined
    }
    this.#organisationId = head.organisationId
    const generations = head.segments.map((entry) => entry.generation)
    if (isPutBack) this.#folder.bringMirrorUpToDate(generations)
    this.#folder.removeLeftovers(generations)
    return {
      head,
      organisationKey: createSecretKey(key),
      segments: new Map(),
      slotKeys: new Map(),
      stamp,
    }
  }

  keystoreState(): KeystoreState {
    const loaded = this.#current()
    return loaded
      ? {
          kind: 'there',
          segments: loaded.head.segments.length,
          isMirrored: this.#folder.isMirrored(),
        }
      : { kind: 'away', why: this.#away }
  }

  state(): 'there' | 'away' {
    return this.keystoreState().kind
  }

  namedKey(name: NamedKey): Buffer {
    const loaded = this.#current()
    if (!loaded) throw new Error('the keystore is away')
    const key = unwrap(
      loaded.organisationKey,
      `${loaded.head.organisationId} ${name}`,
      Buffer.from(loaded.head.named[name] ?? '', 'base64'),
    )
    if (!key) throw new Error(`the keystore's ${name} key is damaged\ntry: restore its newest copy`)
    return key
  }

  #segment(loaded: Loaded, segment: number): { key: KeyObject; bytes: Buffer } | undefined {
    const known = loaded.segments.get(segment)
    if (known) return known
    const entry = loaded.head.segments[segment]
    const bytes = entry && this.#folder.read(segmentFile(segment, entry.generation))
    if (!entry || !bytes) return undefined
    const key = unwrap(
      loaded.organisationKey,
      `${loaded.head.organisationId} segment ${segment}`,
      Buffer.from(entry.key, 'base64'),
    )
    if (!key) return undefined
    const opened = { key: createSecretKey(key), bytes }
    loaded.segments.set(segment, opened)
    return opened
  }

  slotKey(slot: number): SlotKey {
    return this.batchKeys()(slot)
  }

  batchKeys(): (slot: number) => SlotKey {
    const loaded = this.#current()
    return (slot) => {
      const known = loaded?.slotKeys.get(slot)
      if (known) return { kind: 'key', key: known }
      const segment = loaded && this.#segment(loaded, Math.floor(slot / SEGMENT_SLOTS))
      if (!segment) return { kind: 'closed', why: 'no-key' }
      const read = readSlot(segment.key, loaded.head.organisationId, segment.bytes, slot)
      if (read.kind !== 'key')
        return { kind: 'closed', why: read.kind === 'erased' ? 'erased' : 'no-key' }
      const key = createSecretKey(read.secret)
      read.secret.fill(0)
      if (loaded.slotKeys.size >= SLOT_KEYS_MAX) loaded.slotKeys.clear()
      loaded.slotKeys.set(slot, key)
      return { kind: 'key', key }
    }
  }

  ensureSlot(slot: number): void {
    const loaded = this.#current()
    if (!loaded) throw new Error('the keystore is away: no new key can be made')
    const wanted = Math.floor(slot / SEGMENT_SLOTS)
    const existing = loaded.head.segments.length
    if (wanted - existing >= SEGMENTS_AHEAD_MAX)
      throw new Error(
        `the keystore ends at slot ${existing * SEGMENT_SLOTS - 1} and slot ${slot} was asked for: it is older than the database\nstate: no key was made\ntry: restore the newest copy of the keystore, or its mirror`,
      )
    for (let segment = existing; segment <= wanted; segment++) {
      const current = this.#current()
      if (!current) throw new Error('the keystore went away while a segment was made')
      this.#writeSegment(current, segment, (key) =>
        fillSegment(key, current.head.organisationId, segment),
      )
    }
  }

  eraseSlot(slot: number): void {
    if (slot < FIRST_SUBJECT_SLOT)
      throw new Error(`slot ${slot} is the organisation's own and is never erased`)
    const loaded = this.#current()
    const segmentNumber = Math.floor(slot / SEGMENT_SLOTS)
    const segment = loaded && this.#segment(loaded, segmentNumber)
    if (!loaded || !segment)
      throw new Error(`the key of slot ${slot} is not there, so it can not be erased`)
    const { organisationId } = loaded.head
    this.#writeSegment(loaded, segmentNumber, (key) =>
      eraseInSegment({ from: segment.key, to: key, organisationId, bytes: segment.bytes, slot }),
    )
  }

  highestSlot(): number {
    return (this.#current()?.head.segments.length ?? 0) * SEGMENT_SLOTS - 1
  }

  /**
   * The segment under its new key goes to disk as a file of its own before the head names it. A crash before
   * the head is durable leaves the old head with the old file; after it, only the old file to remove.
   */
  #writeSegment(loaded: Loaded, segment: number, fill: (key: KeyObject) => Buffer): void {
    const segmentKey = randomBytes(32)
    const before = loaded.head.segments[segment]
    const generation = (before?.generation ?? 0) + 1
    const wrapped = wrap(
      loaded.organisationKey,
      `${loaded.head.organisationId} segment ${segment}`,
      segmentKey,
    )
    const head: Head = { ...loaded.head, segments: [...loaded.head.segments] }
    head.segments[segment] = { generation, key: wrapped.toString('base64') }
    this.#folder.write(segmentFile(segment, generation), fill(createSecretKey(segmentKey)))
    // From here on a crash is safe: nothing names the new file yet.
    this.#folder.write('head.json', headBytes(head))
    this.#loaded = undefined
    // Reading the new head removes the older generation, here and in the mirror.
    if (!this.#current(false)) throw new Error('the keystore went away while a segment was written')
  }
}

const headBytes = (head: Head) => Buffer.from(JSON.stringify(head))

function readHead(folder: Folder): Head | undefined {
  try {
    const head = JSON.parse(folder.read('head.json')?.toString('utf8') ?? '') as Head
    return head.format === 1 && Array.isArray(head.segments) ? head : undefined
  } catch {
    return undefined
  }
}
