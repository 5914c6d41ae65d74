/**
 * The keystore: one random key per person and company, outside PostgreSQL. docs/formats/keystore.md.
 *
 * Trusts: the root key. Does not trust the database, which holds only slot numbers.
 * If lost: nothing sealed opens; its own short-lived backups and the mirror are for that.
 */
import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto'
import { type Folder, openFolder, segmentFile } from './keystore-folder.ts'
import * as heads from './keystore-head.ts'
import {
  FIRST_SUBJECT_SLOT,
  fillSegment,
  LOST,
  readSlot,
  rewrapSegment,
  SEGMENT_SLOTS,
  wrappedSlot,
} from './segment.ts'

export type { NamedKey, SealVersion } from './keystore-head.ts'
export { FIRST_SUBJECT_SLOT, SEGMENT_SLOTS } from './segment.ts'

/** no-key: the keystore is away, or older than the slot; key-damaged: it is there, and this key of it does not unwrap. */
export type SlotKey =
  | { kind: 'key'; key: KeyObject }
  | { kind: 'closed'; why: 'no-key' | 'key-damaged' | 'erased' }

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
  /** Whether a repair said that no copy holds this key any more: nothing brings back what it sealed. */
  isGivenUp(slot: number): boolean
  /** 32 bytes. Throws when the keystore is away. */
  namedKey(name: heads.NamedKey): Buffer
  /** What customers are found by is hashed under the first; a second is of before, while it is being replaced. */
  lookupKeys(): Buffer[]
  /** Which version of the sealed record is written. */
  sealVersion(): heads.SealVersion
  /** Changes whenever the head was read anew: what was made of its keys is made again. */
  readonly readings: number
  /** Makes the segments up to this slot, full and durable, before the first of their keys is used. */
  ensureSlot(slot: number): void
  /** Destroys keys: their segments are written anew without them, under new segment keys. */
  eraseSlots(slots: readonly number[]): void
  /** After a restore the key-slot sequence starts past this. */
  highestSlot(): number
  state(): 'there' | 'away'
  keystoreState(): KeystoreState
  /** Replacing keys, each step all or nothing; src/security/vault/rotation puts them in order. */
  readonly rotate: KeystoreRotation
}

export interface KeystoreRotation {
  /** A new key for one segment, with the same slots under it. */
  segment(segment: number): void
  organisationKey(): void
  /** From here on the head opens with either root key, until `endRootKey` says with which alone. */
  beginRootKey(next: Buffer): void
  endRootKey(only: Buffer): void
  /** Whether `beginRootKey` was called with this one, and `endRootKey` not yet. */
  isNextRootKey(rootKey: Buffer): boolean
  /** From here on values are hashed under a new key, and found under both. Nothing when that is so already. */
  beginLookupKey(): void
  /** Destroys the key of before. */
  endLookupKey(): void
  sealWith(version: heads.SealVersion): void
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
  head: heads.Head
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
    const head = heads.newHead(rootKey, options.organisationId ?? randomUUID())
    folder.write('head.json', heads.headBytes(head))
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
  const head = heads.readHead(openFolder(directory, undefined).read('head.json'))
  return (
    head && {
      organisationId: head.organisationId,
      // While one root key takes the place of another, either does.
      opensWith: (rootKey) =>
        heads.openOrganisationKey(head, createSecretKey(rootKey)) !== undefined,
    }
  )
}

class FileKeystore implements Keystore {
  readonly #folder: Folder
  #rootKey: KeyObject
  #readings = 0
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

  get readings(): number {
    return this.#readings
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
    const head = heads.readHead(this.#folder.read('head.json'))
    if (!head) {
      this.#away = 'unreadable'
      return undefined
    }
    if (this.#organisationId !== '' && head.organisationId !== this.#organisationId) {
      this.#away = 'other-organisation'
      return undefined
    }
    const organisationKey = heads.openOrganisationKey(head, this.#rootKey)
    if (!organisationKey) {
      this.#away = 'root-key'
      return undefined
    }
    this.#readings += 1
    this.#organisationId = head.organisationId
    const generations = head.segments.map((entry) => entry.generation)
    if (isPutBack) this.#folder.bringMirrorUpToDate(head.segments)
    this.#folder.removeLeftovers(generations)
    return {
      head,
      organisationKey,
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

  #loadedOrThrow(): Loaded {
    const loaded = this.#current()
    if (!loaded) throw new Error('the keystore is away')
    return loaded
  }

  namedKey(name: heads.NamedKey): Buffer {
    const { head, organisationKey } = this.#loadedOrThrow()
    const key = heads.openNamedKey(head, organisationKey, name)
    if (!key) throw new Error(`the keystore's ${name} key is damaged\ntry: npx kluis vault repair`)
    return key
  }

  lookupKeys(): Buffer[] {
    const { head, organisationKey } = this.#loadedOrThrow()
    const keys = heads.openLookupKeys(head, organisationKey)
    if (!keys) throw new Error("the keystore's lookup key is damaged\ntry: npx kluis vault repair")
    return keys
  }

  sealVersion(): heads.SealVersion {
    return this.#current()?.head.sealVersion ?? 1
  }

  #segment(loaded: Loaded, segment: number): { key: KeyObject; bytes: Buffer } | undefined {
    const known = loaded.segments.get(segment)
    if (known) return known
    const entry = loaded.head.segments[segment]
    const bytes = entry && this.#folder.read(segmentFile(segment, entry.generation))
    const key = heads.openSegmentKey(loaded.head, loaded.organisationKey, segment)
    if (!bytes || !key) return undefined
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
      if (!segment) {
        const isNamed = slot < (loaded?.head.segments.length ?? 0) * SEGMENT_SLOTS
        return { kind: 'closed', why: isNamed ? 'key-damaged' : 'no-key' }
      }
      const read = readSlot(segment.key, loaded.head.organisationId, segment.bytes, slot)
      if (read.kind !== 'key')
        return { kind: 'closed', why: read.kind === 'erased' ? 'erased' : 'key-damaged' }
      const key = createSecretKey(read.secret)
      read.secret.fill(0)
      if (loaded.slotKeys.size >= SLOT_KEYS_MAX) loaded.slotKeys.clear()
      loaded.slotKeys.set(slot, key)
      return { kind: 'key', key }
    }
  }

  isGivenUp(slot: number): boolean {
    const loaded = this.#current()
    const segment = loaded && this.#segment(loaded, Math.floor(slot / SEGMENT_SLOTS))
    return segment !== undefined && wrappedSlot(segment.bytes, slot).equals(LOST)
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

  eraseSlots(slots: readonly number[]): void {
    const ofOrganisation = slots.find((slot) => slot < FIRST_SUBJECT_SLOT)
    if (ofOrganisation !== undefined)
      throw new Error(`slot ${ofOrganisation} is the organisation's own and is never erased`)
    const bySegment = Map.groupBy(slots, (slot) => Math.floor(slot / SEGMENT_SLOTS))
    for (const [segment, erased] of bySegment) this.#rewrap(segment, new Set(erased))
  }

  readonly rotate: KeystoreRotation = {
    segment: (segment) => this.#rewrap(segment, new Set()),
    organisationKey: () =>
      this.#writeHead(({ head, organisationKey }) =>
        heads.withNewOrganisationKey(head, organisationKey, this.#rootKey),
      ),
    beginRootKey: (next) =>
      this.#writeHead(({ head, organisationKey }) =>
        heads.withNextRootKey(head, organisationKey, createSecretKey(next)),
      ),
    endRootKey: (only) => {
      const rootKey = createSecretKey(only)
      this.#writeHead(({ head, organisationKey }) => {
        this.#rootKey = rootKey
        return heads.withOnlyRootKey(head, organisationKey, rootKey)
      })
    },
    isNextRootKey: (rootKey) =>
      heads.isNextRootKey(this.#loadedOrThrow().head, createSecretKey(rootKey)),
    beginLookupKey: () => {
      if (this.lookupKeys().length > 1) return
      this.#writeHead(({ head, organisationKey }) => heads.withLookupKey(head, organisationKey))
    },
    endLookupKey: () => this.#writeHead(({ head }) => heads.withOneLookupKey(head)),
    sealWith: (sealVersion) => this.#writeHead(({ head }) => ({ ...head, sealVersion })),
  }

  /** The segment under a new key, without the slots that are erased. */
  #rewrap(segmentNumber: number, erased: ReadonlySet<number>): void {
    const loaded = this.#current()
    const segment = loaded && this.#segment(loaded, segmentNumber)
    if (!loaded || !segment)
      throw new Error(
        `segment ${segmentNumber} of the keystore does not open, so that its keys were left as they are\ntry: npx kluis vault repair`,
      )
    const { organisationId } = loaded.head
    this.#writeSegment(loaded, segmentNumber, (key) =>
      rewrapSegment({
        from: segment.key,
        to: key,
        organisationId,
        bytes: segment.bytes,
        segment: segmentNumber,
        erased,
      }),
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
    const key = randomBytes(32)
    const generation = (loaded.head.segments[segment]?.generation ?? 0) + 1
    const bytes = fill(createSecretKey(key))
    const { head, organisationKey } = loaded
    const sha256 = heads.fileSum(bytes)
    this.#folder.write(segmentFile(segment, generation), bytes)
    // From here on a crash is safe: nothing names the new file yet. Reading the new head removes the older generation, here
    // and in the mirror.
    this.#writeHead(() =>
      heads.withSegment(head, organisationKey, segment, { generation, key, sha256 }),
    )
  }

  #writeHead(make: (loaded: Loaded) => heads.Head): void {
    const head = make(this.#loadedOrThrow())
    this.#folder.write('head.json', heads.headBytes(head))
    const isThere = this.#loaded
    this.#loaded = undefined
    if (isThere && !this.#current(false))
      throw new Error('the keystore went away while its head was written')
  }
}
