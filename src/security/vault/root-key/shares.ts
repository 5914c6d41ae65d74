/**
 * The root key in three shares of which two are enough, for two safes and somebody trusted. One share tells nothing of the
 * key: each key there is fits with it (Shamir, over the bytes).
 *
 * Trusts: `shamir-secret-sharing` for the arithmetic. It does not say whether what it puts together is right: the keystore does.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { combine, split } from 'shamir-secret-sharing'
import { ROOT_KEY_BYTES } from './provider.ts'
import { CONTENT_BYTES, LETTERS, type ReadText, readShareText, shareText } from './share-text.ts'

const SHARES = 3
export const SHARES_NEEDED = 2
const FORMAT = 1
const INSTALLATION_BYTES = 4
const DAY_MS = 86_400_000

/** What is said of a share besides its secret: which installation's, of which day, which of the three. */
export type ShareLabel = {
  installation: string
  /** Shares of one making; those of two makings do not go together. */
  set: string
  day: string
  number: number
}
export type ShareSet = Omit<ShareLabel, 'number'> & { shares: { number: number; text: string }[] }

export type Combined =
  | { kind: 'key'; key: Buffer; label: ShareLabel }
  /** `which` counts what was typed, from one. */
  | ({ which: number } & Exclude<ReadText, { kind: 'content' }>)
  | { kind: 'unknown-format'; which: number }
  | { kind: 'other-installation'; which: number; installation: string; wanted: string }
  | { kind: 'same-share'; number: number }
  | { kind: 'other-set'; days: [string, string] }

/** Seven letters by which a share found years later is known to be this house's. */
export function installationName(organisationId: string): string {
  return inLetters(installationBytes(organisationId))
}

export async function makeShares(
  rootKey: Buffer,
  organisationId: string,
  now: Date,
): Promise<ShareSet> {
  // The library takes a Uint8Array and nothing that is derived from it.
  const parts = await split(new Uint8Array(rootKey), SHARES, SHARES_NEEDED)
  const set = randomBytes(2)
  const day = Math.floor(now.getTime() / DAY_MS)
  const shares = parts.map((part, index) => {
    const head = Buffer.alloc(CONTENT_BYTES - ROOT_KEY_BYTES - 1)
    head.writeUInt8((FORMAT << 4) | (index + 1), 0)
    installationBytes(organisationId).copy(head, 1)
    set.copy(head, 5)
    head.writeUInt16BE(day, 7)
    return { number: index + 1, text: shareText(Buffer.concat([head, part])) }
  })
  return {
    installation: installationName(organisationId),
    set: set.toString('hex').toUpperCase(),
    day: dayText(day),
    shares,
  }
}

/** Whether the key is the right one is for the keystore to say. */
export async function combineShares(
  texts: readonly [string, string],
  organisationId: string,
): Promise<Combined> {
  const read: { label: ShareLabel; part: Uint8Array }[] = []
  for (const [index, text] of texts.entries()) {
    const which = index + 1
    const found = readShareText(text)
    if (found.kind !== 'content') return { ...found, which }
    if (found.content.readUInt8(0) >> 4 !== FORMAT) return { kind: 'unknown-format', which }
    const share = partsOf(found.content)
    const wanted = installationName(organisationId)
    const { installation } = share.label
    if (installation !== wanted) return { kind: 'other-installation', which, installation, wanted }
    read.push(share)
  }
  const [one, two] = read as [(typeof read)[0], (typeof read)[0]]
  if (one.label.set !== two.label.set || one.label.day !== two.label.day)
    return { kind: 'other-set', days: [one.label.day, two.label.day] }
  if (one.label.number === two.label.number) return { kind: 'same-share', number: one.label.number }
  const key = Buffer.from(await combine([one.part, two.part]))
  return { kind: 'key', key, label: one.label }
}

/** By which one sees, without a share, whether shares that were printed are of the root key in use. */
export function rootKeyMark(rootKey: Buffer): string {
  return createHmac('sha256', rootKey).update('kluis root key mark').digest('hex').slice(0, 16)
}

function partsOf(content: Buffer): { label: ShareLabel; part: Uint8Array } {
  return {
    label: {
      installation: inLetters(content.subarray(1, 5)),
      set: content.subarray(5, 7).toString('hex').toUpperCase(),
      day: dayText(content.readUInt16BE(7)),
      number: content.readUInt8(0) & 15,
    },
    part: new Uint8Array(content.subarray(9)),
  }
}

function installationBytes(organisationId: string): Buffer {
  return createHash('sha256')
    .update(`kluis installation ${organisationId}`)
    .digest()
    .subarray(0, INSTALLATION_BYTES)
}

function inLetters(bytes: Buffer): string {
  const value = bytes.readUInt32BE(0)
  const letters = Array.from({ length: 7 }, (_, i) => LETTERS[(value >>> (5 * i)) & 31]).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

const dayText = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10)
