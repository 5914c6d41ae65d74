import { type LogKeys, openNote } from './note.ts'
import type { Finding, Tree } from './verify.ts'

/** Holds every checkpoint, in the database and in its copy outside, against the tree of the leaves. */
export function checkNotes(given: {
  inDatabase: string[]
  mirrored: string[]
  keys: LogKeys
  tree: Tree
}): Finding[] {
  const { inDatabase, mirrored, keys, tree } = given
  const findings: Finding[] = []
  const kept = new Set(inDatabase)
  const fitting = [0]
  const misfits: number[] = []
  for (const note of new Set([...inDatabase, ...mirrored])) {
    const opened = openNote(note, keys)
    if (opened.kind === 'refused') {
      findings.push(checkpointFinding(note, 'checkpoint is not signed by this installation'))
      continue
    }
    const { size, root } = opened.checkpoint
    if (!kept.has(note)) findings.push(checkpointFinding(note, 'checkpoint is missing'))
    if (tree.roots.get(size)?.equals(root)) fitting.push(size)
    else misfits.push(size)
  }
  return [...findings, ...explainMisfits(fitting, misfits, tree)]
}

/** Says which leaves are wrong or gone, instead of repeating every later checkpoint that no longer fits. */
function explainMisfits(fitting: number[], misfits: number[], tree: Tree): Finding[] {
  const findings: Finding[] = []
  const leaf = (row: string, what: Finding['what']) =>
    findings.push({ table: 'kluis_ledger.leaf', row, what })
  const longest = largest(misfits)
  if (longest > tree.size) leaf(range(tree.size + 1, longest), 'leaves are missing')
  const changed = misfits.filter((size) => size <= tree.size).toSorted((a, b) => a - b)[0]
  if (changed !== undefined && !tree.findings.some(({ what }) => what === 'leaves are missing')) {
    const before = largest(fitting.filter((size) => size < changed))
    leaf(range(before + 1, changed), 'leaf was changed')
  }
  const covered = largest([...fitting, ...misfits])
  if (covered < tree.size)
    leaf(range(covered + 1, tree.size), 'leaf is not covered by a signed checkpoint')
  return findings
}

function range(from: number, to: number): string {
  return from >= to ? String(to) : `${from}..${to}`
}

function largest(sizes: number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0)
}

function checkpointFinding(note: string, what: Finding['what']): Finding {
  return { table: 'kluis_ledger.checkpoint', row: note.split('\n')[1] ?? 'unreadable', what }
}
