import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto'

/** RFC 6962, 2.1: a leaf and a node can't be mistaken for each other. */
export function leafHash(body: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(body).digest()
}
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}

/** The right edge of a growing tree: one hash for each 1-bit of its size, largest first. */
export class Frontier {
  size: number
  readonly edges: Buffer[]
  constructor(size = 0, edges: Buffer[] = []) {
    this.size = size
    this.edges = [...edges]
  }
  add(hash: Buffer): void {
    let node = hash
    for (let bits = this.size; bits % 2 === 1; bits = Math.floor(bits / 2))
      node = nodeHash(this.edges.pop()!, node)
    this.edges.push(node)
    this.size++
  }
  root(): Buffer {
    if (this.edges.length === 0) return createHash('sha256').digest()
    return this.edges.reduceRight((right, left) => nodeHash(left, right))
  }
}

export type Checkpoint = { origin: string; size: number; root: Buffer }

/** The text that is signed: C2SP tlog-checkpoint. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString('base64')}\n`
}

/** C2SP signed-note, Ed25519: the first four bytes of the signature line name the key. */
export function keyId(name: string, publicKey: Buffer): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(1))
    .update(publicKey)
    .digest()
    .subarray(0, 4)
}

/** Undefined when the note is not signed by this key. */
export function openNote(note: string, name: string, publicKey: Buffer): Checkpoint | undefined {
  const [text, signatures] = [
    note.slice(0, note.indexOf('\n\n') + 1),
    note.slice(note.indexOf('\n\n') + 2),
  ]
  const line = signatures.split('\n').find((one) => one.startsWith(`— ${name} `))
  if (!line) return undefined
  const bytes = Buffer.from(line.slice(`— ${name} `.length), 'base64')
  if (!bytes.subarray(0, 4).equals(keyId(name, publicKey))) return undefined
  const key = createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
  })
  if (!verifySignature(null, Buffer.from(text), key, bytes.subarray(4))) return undefined
  const [origin, size, root] = text.split('\n')
  return { origin: origin!, size: Number(size), root: Buffer.from(root ?? '', 'base64') }
}
