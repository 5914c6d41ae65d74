/**
 * The Merkle tree of RFC 6962, section 2.1. Knows hashes only.
 *
 * The first leaf has index 0 here, as in the RFC; in the database it has number 1.
 */
import { createHash } from 'node:crypto'

/** The first byte keeps leaf and node apart: neither can be passed off as the other. */
export function leafHash(body: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(body).digest()
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()
}

/** The right edge of a growing tree: one hash for each 1-bit of its size, largest subtree first. */
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

export function rootOf(hashes: readonly Buffer[]): Buffer {
  const frontier = new Frontier()
  for (const hash of hashes) frontier.add(hash)
  return frontier.root()
}

/** The largest power of two below `size`: where RFC 6962 splits a tree. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

/** RFC 6962, 2.1.1: what is needed to get from one leaf to the root. */
export function proveInclusion(index: number, hashes: readonly Buffer[]): Buffer[] {
  if (index < 0 || index >= hashes.length)
    throw new Error(`leaf ${index} is not among ${hashes.length}`)
  if (hashes.length === 1) return []
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return index < split
    ? [...proveInclusion(index, left), rootOf(right)]
    : [...proveInclusion(index - split, right), rootOf(left)]
}

/** RFC 6962, 2.1.2: that the tree of `oldSize` leaves is the beginning of this one. */
export function proveConsistency(oldSize: number, hashes: readonly Buffer[]): Buffer[] {
  if (oldSize < 1 || oldSize > hashes.length)
    throw new Error(`a tree of ${oldSize} is no beginning of one of ${hashes.length}`)
  return consistencyPath(oldSize, hashes, 'whole')
}

function consistencyPath(
  oldSize: number,
  hashes: readonly Buffer[],
  old: 'whole' | 'part',
): Buffer[] {
  if (oldSize === hashes.length) return old === 'whole' ? [] : [rootOf(hashes)]
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return oldSize <= split
    ? [...consistencyPath(oldSize, left, old), rootOf(right)]
    : [...consistencyPath(oldSize - split, right, 'part'), rootOf(left)]
}

/** RFC 9162, 2.1.3.2. */
export function isIncluded(claim: {
  leaf: Buffer
  index: number
  size: number
  proof: readonly Buffer[]
  root: Buffer
}): boolean {
  const { leaf, index, size, proof, root } = claim
  if (index < 0 || index >= size) return false
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const step of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(step, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else hash = nodeHash(hash, step)
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && hash.equals(root)
}

/** RFC 9162, 2.1.4.2. */
export function isConsistent(claim: {
  oldSize: number
  oldRoot: Buffer
  size: number
  root: Buffer
  proof: readonly Buffer[]
}): boolean {
  const { oldSize, oldRoot, size, root } = claim
  if (oldSize < 1 || oldSize > size) return false
  if (oldSize === size) return claim.proof.length === 0 && oldRoot.equals(root)
  const isWholeSubtree = Number.isInteger(Math.log2(oldSize))
  const proof = isWholeSubtree ? [oldRoot, ...claim.proof] : [...claim.proof]
  if (proof.length === 0) return false
  let [node, last] = [oldSize - 1, size - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  let [oldHash, hash] = [proof[0]!, proof[0]!]
  for (const step of proof.slice(1)) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      oldHash = nodeHash(step, oldHash)
      hash = nodeHash(step, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)]
    } else hash = nodeHash(hash, step)
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && oldHash.equals(oldRoot) && hash.equals(root)
}
