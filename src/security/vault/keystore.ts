/**
 * The keystore: one random key per person and company, outside PostgreSQL. docs/formats/keystore.md.
 *
 * Trusts: the root key. Does not trust the database, which holds only slot numbers.
 * If lost: nothing sealed opens; its own short-lived backups and the mirror are for that.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomUUID,
} from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'

export const SEGMENT_SLOTS = 4096
const WRAPPED_BYTES = 12 + 32 + 16

export const namedKeys = [
  'search',
  'ledger-pseudonym',
  'ledger-signing',
  'database-passwords',
] as const
export type NamedKey = (typeof namedKeys)[number]

type Head = {
  format: 1
  organisationId: string
  organisationKey: string
  named: Record<NamedKey, string>
  segments: { generation: number; key: string }[]
}

export type SlotKey = { kind: 'key'; key: KeyObject } | { kind: 'closed'; why: 'no-key' | 'erased' }

export interface Keystore {
  readonly organisationId: string
  /** A key for one slot. Never throws for a keystore that is away: that is 'no-key'. */
  slotKey(slot: number): SlotKey
  namedKey(name: NamedKey): Buffer
  /** Makes the segments up to this slot, full and durable, before the first of their keys is used. */
  ensureSlot(slot: number): void
  /** Destroys one key: the segment is written anew without it, under a new segment key. */
  eraseSlot(slot: number): void
  highestSlot(): number
  state(): 'there' | 'away'
}

function wrap(key: KeyObject, aad: string, secret: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(aad))
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
}

function unwrap(key: KeyObject, aad: string, wrapped: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, 12), {
    authTagLength: 16,
  })
  decipher.setAAD(Buffer.from(aad))
  decipher.setAuthTag(wrapped.subarray(wrapped.length - 16))
  return Buffer.concat([
    decipher.update(wrapped.subarray(12, wrapped.length - 16)),
    decipher.final(),
  ])
}

const segmentFile = (segment: number, generation: number) =>
  `segment-${String(segment).padStart(6, '0')}.${generation}.keys`

type Loaded = {
  head: Head
  organisationKey: KeyObject
  segments: Map<number, { key: KeyObject; bytes: Buffer }>
  inode: number
}

export function openKeystore(options: {
  directory: string
  mirror?: string
  rootKey: Buffer
  mayCreate: boolean
}): Keystore {
  const store = new FileKeystore(options)
  store.load(options.mayCreate)
  return store
}

class FileKeystore implements Keystore {
  readonly #directory: string
  readonly #mirror: string | undefined
  readonly #rootKey: KeyObject
  #loaded: Loaded | undefined
  #organisationId = ''

  constructor({
    directory,
    mirror,
    rootKey,
  }: { directory: string; mirror?: string; rootKey: Buffer }) {
    this.#directory = directory
    this.#mirror = mirror
    this.#rootKey = createSecretKey(rootKey)
  }

  get organisationId(): string {
    return this.#organisationId
  }

  load(mayCreate: boolean): void {
    const path = join(this.#directory, 'head.json')
    if (!existsSync(path)) {
      if (!mayCreate)
        throw new Error(
          `the keystore ${this.#directory} is not there\nstate: nothing was changed\ntry: put the directory back, or restore its newest copy`,
        )
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
      this.#create()
    }
    this.#read()
  }

  #create(): void {
    const organisationId = randomUUID()
    const organisationKey = randomBytes(32)
    const inner = createSecretKey(organisationKey)
    const named = Object.fromEntries(
      namedKeys.map((name) => [
        name,
        wrap(inner, `${organisationId} ${name}`, randomBytes(32)).toString('base64'),
      ]),
    ) as Head['named']
    const head: Head = {
      format: 1,
      organisationId,
      organisationKey: wrap(
        this.#rootKey,
        `${organisationId} organisation`,
        organisationKey,
      ).toString('base64'),
      named,
      segments: [],
    }
    this.#write('head.json', Buffer.from(JSON.stringify(head)))
    this.#read()
    this.ensureSlot(0)
  }

  #read(): Loaded {
    const path = join(this.#directory, 'head.json')
    const head = JSON.parse(readFileSync(path, 'utf8')) as Head
    if (head.format !== 1)
      throw new Error(
        `the keystore ${this.#directory} has format ${head.format}; this release reads 1`,
      )
    let organisationKey: Buffer
    try {
      organisationKey = unwrap(
        this.#rootKey,
        `${head.organisationId} organisation`,
        Buffer.from(head.organisationKey, 'base64'),
      )
    } catch (cause) {
      throw new Error(
        `the keystore ${this.#directory} does not open with this root key\nstate: nothing was changed\ntry: the root key that belongs to it, from its file or the recovery sheet`,
        { cause },
      )
    }
    this.#organisationId = head.organisationId
    this.#loaded = {
      head,
      organisationKey: createSecretKey(organisationKey),
      segments: new Map(),
      inode: statSync(path).ino,
    }
    return this.#loaded
  }

  /** The keystore may be taken away and put back while we run: its head file is looked at each time. */
  #current(): Loaded | undefined {
    let inode: number
    try {
      inode = statSync(join(this.#directory, 'head.json')).ino
    } catch {
      this.#loaded = undefined
      return undefined
    }
    if (this.#loaded?.inode === inode) return this.#loaded
    try {
      return this.#read()
    } catch {
      this.#loaded = undefined
      return undefined
    }
  }

  state(): 'there' | 'away' {
    return this.#current() ? 'there' : 'away'
  }

  namedKey(name: NamedKey): Buffer {
    const loaded = this.#current()
    if (!loaded) throw new Error('the keystore is away')
    return unwrap(
      loaded.organisationKey,
      `${loaded.head.organisationId} ${name}`,
      Buffer.from(loaded.head.named[name], 'base64'),
    )
  }

  #segment(loaded: Loaded, segment: number): { key: KeyObject; bytes: Buffer } | undefined {
    const known = loaded.segments.get(segment)
    if (known) return known
    const entry = loaded.head.segments[segment]
    if (!entry) return undefined
    const path = join(this.#directory, segmentFile(segment, entry.generation))
    if (!existsSync(path)) return undefined
    const key = createSecretKey(
      unwrap(
        loaded.organisationKey,
        `${loaded.head.organisationId} segment ${segment}`,
        Buffer.from(entry.key, 'base64'),
      ),
    )
    const opened = { key, bytes: readFileSync(path) }
    loaded.segments.set(segment, opened)
    return opened
  }

  slotKey(slot: number): SlotKey {
    const loaded = this.#current()
    if (!loaded) return { kind: 'closed', why: 'no-key' }
    const segmentNumber = Math.floor(slot / SEGMENT_SLOTS)
    try {
      const segment = this.#segment(loaded, segmentNumber)
      if (!segment) return { kind: 'closed', why: 'no-key' }
      const offset = (slot % SEGMENT_SLOTS) * WRAPPED_BYTES
      const wrapped = segment.bytes.subarray(offset, offset + WRAPPED_BYTES)
      if (isErased(wrapped)) return { kind: 'closed', why: 'erased' }
      return {
        kind: 'key',
        key: createSecretKey(unwrap(segment.key, slotAad(loaded, slot), wrapped)),
      }
    } catch {
      return { kind: 'closed', why: 'no-key' }
    }
  }

  ensureSlot(slot: number): void {
    const loaded = this.#current()
    if (!loaded) throw new Error('the keystore is away: no new key can be made')
    const wanted = Math.floor(slot / SEGMENT_SLOTS)
    for (let segment = loaded.head.segments.length; segment <= wanted; segment++) {
      const slots = Array.from({ length: SEGMENT_SLOTS }, () => randomBytes(32))
      this.#writeSegment(loaded, segment, slots)
    }
  }

  eraseSlot(slot: number): void {
    const loaded = this.#current()
    const segmentNumber = Math.floor(slot / SEGMENT_SLOTS)
    const segment = loaded && this.#segment(loaded, segmentNumber)
    if (!loaded || !segment)
      throw new Error(`the key of slot ${slot} is not there, so it can not be erased`)
    const first = segmentNumber * SEGMENT_SLOTS
    const kept = Array.from({ length: SEGMENT_SLOTS }, (_, i) => {
      const wrapped = segment.bytes.subarray(i * WRAPPED_BYTES, (i + 1) * WRAPPED_BYTES)
      return first + i === slot || isErased(wrapped)
        ? undefined
        : unwrap(segment.key, slotAad(loaded, first + i), wrapped)
    })
    this.#writeSegment(loaded, segmentNumber, kept)
  }

  highestSlot(): number {
    return (this.#current()?.head.segments.length ?? 0) * SEGMENT_SLOTS - 1
  }

  /**
   * The segment under its new key goes to disk as a file of its own before the head names it. A crash before
   * the head is durable leaves the old head with the old file; after it, only the old file to remove.
   */
  #writeSegment(loaded: Loaded, segment: number, slots: (Buffer | undefined)[]): void {
    const segmentKey = randomBytes(32)
    const key = createSecretKey(segmentKey)
    const first = segment * SEGMENT_SLOTS
    const bytes = Buffer.concat(
      slots.map((secret, i) =>
        secret ? wrap(key, slotAad(loaded, first + i), secret) : Buffer.alloc(WRAPPED_BYTES),
      ),
    )
    const before = loaded.head.segments[segment]
    const generation = (before?.generation ?? 0) + 1
    const head: Head = { ...loaded.head, segments: [...loaded.head.segments] }
    const wrapped = wrap(
      loaded.organisationKey,
      `${head.organisationId} segment ${segment}`,
      segmentKey,
    )
    head.segments[segment] = { generation, key: wrapped.toString('base64') }
    this.#write(segmentFile(segment, generation), bytes)
    this.#write('head.json', Buffer.from(JSON.stringify(head)))
    if (before) this.#remove(segmentFile(segment, before.generation))
    this.#read()
  }

  #remove(name: string): void {
    rmSync(join(this.#directory, name), { force: true })
    if (this.#mirror) rmSync(join(this.#mirror, name), { force: true })
  }

  #write(name: string, bytes: Buffer): void {
    if (this.#mirror) {
      mkdirSync(this.#mirror, { recursive: true, mode: 0o700 })
      writeDurably(join(this.#mirror, name), bytes)
    }
    writeDurably(join(this.#directory, name), bytes)
  }
}

function slotAad(loaded: { head: { organisationId: string } }, slot: number): string {
  return `${loaded.head.organisationId} slot ${slot}`
}

function isErased(wrapped: Buffer): boolean {
  return wrapped.every((byte) => byte === 0)
}
