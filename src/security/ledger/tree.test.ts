import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  Frontier,
  isConsistent,
  isIncluded,
  leafHash,
  proveConsistency,
  proveInclusion,
  rootOf,
} from './tree.ts'

// The inputs and roots with which implementations of RFC 6962 are tested everywhere.
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const leaves = INPUTS.map((input) => leafHash(Buffer.from(input, 'hex')))

test('the roots are those of the known vectors, leaf by leaf', () => {
  const frontier = new Frontier()
  expect(frontier.root().equals(createHash('sha256').digest())).toBe(true)
  for (const [i, leaf] of leaves.entries()) {
    frontier.add(leaf)
    expect(frontier.root().toString('hex')).toBe(ROOTS[i])
  }
})

test('a tree goes on from its right edge alone', () => {
  for (let size = 0; size <= leaves.length; size++) {
    const before = new Frontier()
    for (const leaf of leaves.slice(0, size)) before.add(leaf)
    const after = new Frontier(before.size, before.edges)
    for (const leaf of leaves.slice(size)) after.add(leaf)
    expect(after.root().toString('hex')).toBe(ROOTS[7])
    expect(before.root().equals(rootOf(leaves.slice(0, size)))).toBe(true)
  }
})

test('every leaf of every tree proves itself, and no other leaf does with its proof', () => {
  const many = Array.from({ length: 33 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))
  for (let size = 1; size <= many.length; size++) {
    const tree = many.slice(0, size)
    const root = rootOf(tree)
    for (let index = 0; index < size; index++) {
      const proof = proveInclusion(index, tree)
      const claim = { leaf: tree[index]!, index, size, proof, root }
      expect(isIncluded(claim)).toBe(true)
      expect(isIncluded({ ...claim, leaf: leafHash(Buffer.from('other')) })).toBe(false)
      expect(isIncluded({ ...claim, index: index + 1 })).toBe(false)
      expect(isIncluded({ ...claim, proof: [...proof, root] })).toBe(false)
      if (proof.length > 0) expect(isIncluded({ ...claim, proof: proof.slice(1) })).toBe(false)
    }
  }
})

test('every tree proves that an earlier one is its beginning; a changed beginning does not', () => {
  const many = Array.from({ length: 33 }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))
  for (let size = 1; size <= many.length; size++) {
    const tree = many.slice(0, size)
    for (let oldSize = 1; oldSize <= size; oldSize++) {
      const proof = proveConsistency(oldSize, tree)
      const claim = {
        oldSize,
        oldRoot: rootOf(tree.slice(0, oldSize)),
        size,
        root: rootOf(tree),
        proof,
      }
      expect(isConsistent(claim)).toBe(true)
      const other = [leafHash(Buffer.from('other')), ...tree.slice(1, oldSize)]
      expect(isConsistent({ ...claim, oldRoot: rootOf(other) })).toBe(false)
      if (oldSize < size) expect(isConsistent({ ...claim, proof: proof.slice(1) })).toBe(false)
    }
  }
})
