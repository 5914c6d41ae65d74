/**
 * Checkpoints: signed notes after C2SP's signed-note, tlog-checkpoint and tlog-cosignature, so that other
 * people's tools can check them. Ed25519 on each; ML-DSA-44 beside it on some, against computers to come.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

export type Checkpoint = { origin: string; size: number; root: Buffer }

/** What a verifier must know beforehand. Without `mlDsa44` this Node could not make such a key. */
export type LogKeys = { origin: string; ed25519: Buffer; mlDsa44?: Buffer }

export interface CheckpointSigner {
  keys: LogKeys
  sign(checkpoint: Checkpoint, how: { postQuantumAt?: Date }): string
}

export type OpenedNote =
  | { kind: 'signed'; checkpoint: Checkpoint; isPostQuantum: boolean }
  | { kind: 'refused'; why: 'not-a-checkpoint' | 'other-origin' | 'not-signed' | 'bad-signature' }

const ED25519 = 0x01
const ML_DSA_44 = 0x06
// RFC 8410 and RFC 9881: fixed prefixes of a PKCS#8 key that consists of its 32-byte seed.
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const ML_DSA_44_PKCS8 = Buffer.from('3034020100300b060960864801650304031104228020', 'hex')

/** `seed`: 32 bytes that live in the keystore and nowhere else. */
export function openSigner(origin: string, seed: Buffer): CheckpointSigner {
  const ed25519 = privateKey(ED25519_PKCS8, seed)!
  const mlDsaSeed = Buffer.from(hkdfSync('sha256', seed, '', 'kluis ledger ml-dsa-44', 32))
  const mlDsa = privateKey(ML_DSA_44_PKCS8, mlDsaSeed)
  const keys: LogKeys = {
    origin,
    ed25519: publicBytes(ed25519, 'x'),
    ...(mlDsa ? { mlDsa44: publicBytes(mlDsa, 'pub') } : {}),
  }
  return {
    keys,
    sign(checkpoint, { postQuantumAt }) {
      const text = checkpointText(checkpoint)
      const lines = [
        signatureLine(origin, ED25519, keys.ed25519, sign(null, Buffer.from(text), ed25519)),
      ]
      if (postQuantumAt && mlDsa) {
        const seconds = Math.floor(postQuantumAt.getTime() / 1000)
        const signature = sign(null, cosignedMessage(origin, seconds, checkpoint), mlDsa)
        lines.push(
          signatureLine(
            origin,
            ML_DSA_44,
            keys.mlDsa44!,
            Buffer.concat([uint64(seconds), signature]),
          ),
        )
      }
      return `${text}\n${lines.join('')}`
    },
  }
}

/** tlog-checkpoint: the text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** signed-note: a key as one word, for a policy file. */
export function verifierKey(origin: string, kind: 'ed25519' | 'ml-dsa-44', key: Buffer): string {
  const type = kind === 'ed25519' ? ED25519 : ML_DSA_44
  const id = keyId(origin, type, key).toString('hex')
  return `${origin}+${id}+${Buffer.concat([Buffer.of(type), key]).toString('base64')}`
}

/** Refuses a note with any bad signature of ours, even beside a good one. */
export function openNote(note: string, keys: LogKeys): OpenedNote {
  const end = note.lastIndexOf('\n\n')
  if (end < 0) return { kind: 'refused', why: 'not-a-checkpoint' }
  const text = note.slice(0, end + 1)
  const checkpoint = parseCheckpoint(text)
  if (!checkpoint) return { kind: 'refused', why: 'not-a-checkpoint' }
  if (checkpoint.origin !== keys.origin) return { kind: 'refused', why: 'other-origin' }
  const lines = note.slice(end + 2).split('\n')
  const byEd25519 = ownSignature(lines, keys.origin, ED25519, keys.ed25519)
  if (!byEd25519) return { kind: 'refused', why: 'not-signed' }
  if (!verify(null, Buffer.from(text), ed25519Key(keys.ed25519), byEd25519))
    return { kind: 'refused', why: 'bad-signature' }
  const byMlDsa = keys.mlDsa44 && ownSignature(lines, keys.origin, ML_DSA_44, keys.mlDsa44)
  if (byMlDsa) {
    const seconds = Number(byMlDsa.readBigUInt64BE(0))
    const message = cosignedMessage(keys.origin, seconds, checkpoint)
    if (!verify(null, message, mlDsaKey(keys.mlDsa44!), byMlDsa.subarray(8)))
      return { kind: 'refused', why: 'bad-signature' }
  }
  return { kind: 'signed', checkpoint, isPostQuantum: byMlDsa !== undefined }
}

export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [, origin, size, root] = /^([^\n ]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/]{43}=)\n/.exec(text) ?? []
  if (!origin || !size || !root || !Number.isSafeInteger(Number(size))) return undefined
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') }
}

function ownSignature(
  lines: string[],
  origin: string,
  type: number,
  key: Buffer,
): Buffer | undefined {
  const id = keyId(origin, type, key)
  return lines
    .filter((line) => line.startsWith(`— ${origin} `))
    .map((line) => Buffer.from(line.slice(origin.length + 3), 'base64'))
    .find((bytes) => bytes.length > 12 && bytes.subarray(0, 4).equals(id))
    ?.subarray(4)
}

/** tlog-cosignature: what ML-DSA-44 signs; names signer and log, unlike the note's text. */
function cosignedMessage(signer: string, seconds: number, { origin, size, root }: Checkpoint) {
  const named = (text: string) =>
    Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)])
  return Buffer.concat([
    Buffer.from('subtree/v1\n\0'),
    named(signer),
    uint64(seconds),
    named(origin),
    uint64(0),
    uint64(size),
    root,
  ])
}

function signatureLine(origin: string, type: number, key: Buffer, signature: Buffer): string {
  const bytes = Buffer.concat([keyId(origin, type, key), signature])
  return `— ${origin} ${bytes.toString('base64')}\n`
}

function keyId(name: string, type: number, key: Buffer): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(Buffer.of(type)).update(key).digest()
  return hash.subarray(0, 4)
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** Undefined when this Node does not know the algorithm. */
function privateKey(prefix: Buffer, seed: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([prefix, seed]) })
  } catch (error) {
    if (prefix === ML_DSA_44_PKCS8) return undefined
    throw error
  }
}

function publicBytes(key: KeyObject, field: 'x' | 'pub'): Buffer {
  const jwk = createPublicKey(key).export({ format: 'jwk' }) as Record<string, string>
  return Buffer.from(jwk[field]!, 'base64url')
}

function ed25519Key(bytes: Buffer): KeyObject {
  const prefix = Buffer.from('302a300506032b6570032100', 'hex')
  return createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([prefix, bytes]) })
}

function mlDsaKey(bytes: Buffer): KeyObject {
  const prefix = Buffer.from('30820532300b06096086480165030403110382052100', 'hex')
  return createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([prefix, bytes]) })
}
