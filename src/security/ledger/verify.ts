/**
 * Compares the database with what was signed: every leaf, every checkpoint, every covered row, in one
 * moment of the database, beside running writers.
 */
import type { ReadTx, RoleDatabase } from '#platform/db.ts'
import { checkNotes } from './check-notes.ts'
import { compareRows } from './compare-rows.ts'
import { type Leaf, leafBody, type Names, parseLeaf } from './leaf.ts'
import type { Mirror } from './mirror.ts'
import type { LogKeys } from './note.ts'
import * as store from './store.ts'
import { Frontier, leafHash } from './tree.ts'

export type Finding = {
  table: string
  row: string
  what:
    | 'row without leaf'
    | 'leaf without row'
    | 'row differs from its newest leaf'
    | 'row is an earlier version of itself'
    | 'trigger is switched off'
    | 'leaf was changed'
    | 'leaves are missing'
    | 'leaf is not covered by a signed checkpoint'
    | 'head is not the tree that was signed'
    | 'checkpoint is missing'
    | 'checkpoint is not signed by this installation'
}

/** `gaps`: what could not be looked at, and therefore is not known to be intact. */
export type LedgerCheck = {
  leaves: number
  checkpoints: number
  rows: number
  waiting: number
  findings: Finding[]
  gaps: string[]
}

/** A row's newest change, by the number drawn while the row was locked. */
export type Newest = { changeId: number; table: string; hashVersion: number; hash: string | null }
export type Tree = {
  size: number
  roots: Map<number, Buffer>
  newest: Map<string, Newest>
  findings: Finding[]
}

const PAGE = 10_000

export async function verifyLedger(parts: {
  db: RoleDatabase
  keys: LogKeys
  names: Names
  mirror: Mirror
}): Promise<LedgerCheck> {
  const { db, names } = parts
  // Before the moment that is looked at: what stands in the mirror by now is in the database by then.
  const mirrored = parts.mirror.read()
  const seen = await db.write(async (tx) => {
    await store.holdOneMoment(tx)
    const [checkpoints, head, silent] = await Promise.all([
      store.listCheckpoints(tx),
      store.readHead(tx),
      store.listSilentTriggers(tx),
    ])
    const tree = await readTree(
      tx,
      new Set(checkpoints.map(({ tree_size }) => tree_size)),
      mirrored,
    )
    const waiting = await addWaiting(tx, tree.newest, names)
    const rows = await compareRows(tx, tree.newest, names)
    return { checkpoints, head, silent, tree, waiting, rows }
  })
  const { tree, rows } = seen
  const inDatabase = seen.checkpoints.map(({ note }) => note)
  const frontier = new Frontier(seen.head.tree_size, seen.head.frontier)
  const isHeadRight =
    frontier.size === tree.size && tree.roots.get(tree.size)?.equals(frontier.root())
  return {
    leaves: tree.size,
    checkpoints: seen.checkpoints.length,
    rows: rows.count,
    waiting: seen.waiting,
    findings: [
      ...tree.findings,
      ...checkNotes({ inDatabase, mirrored: mirrored ?? [], keys: parts.keys, tree }),
      ...(isHeadRight
        ? []
        : [
            {
              table: 'kluis_ledger.head',
              row: String(seen.head.tree_size),
              what: 'head is not the tree that was signed' as const,
            },
          ]),
      ...seen.silent.map(({ table_name, trigger_name }) => ({
        table: table_name,
        row: trigger_name,
        what: 'trigger is switched off' as const,
      })),
      ...rows.findings,
    ],
    gaps: [
      ...(mirrored === undefined && tree.size > 0
        ? [`there is no copy of the checkpoints outside PostgreSQL (${parts.mirror.path})`]
        : []),
      ...rows.gaps,
    ],
  }
}

/** Builds the tree from the stored hashes, and holds each leaf's bytes against its hash. */
async function readTree(
  tx: ReadTx,
  sizes: ReadonlySet<number>,
  mirrored: string[] | undefined,
): Promise<Tree> {
  const wanted = new Set([...sizes, ...(mirrored ?? []).map((note) => Number(note.split('\n')[1]))])
  const frontier = new Frontier()
  const tree: Tree = {
    size: 0,
    roots: new Map([[0, frontier.root()]]),
    newest: new Map(),
    findings: [],
  }
  for await (const leaf of leavesOf(tx)) {
    if (leaf.seq !== tree.size + 1)
      tree.findings.push(leafFinding(`${tree.size + 1}..${leaf.seq - 1}`, 'leaves are missing'))
    const parsed = parseLeaf(leaf.body)
    if (!parsed || !leafHash(leaf.body).equals(leaf.leaf_hash))
      tree.findings.push(leafFinding(String(leaf.seq), 'leaf was changed'))
    frontier.add(leaf.leaf_hash)
    tree.size = leaf.seq
    // Behind a gap nothing can be computed, so nothing there counts as fitting.
    if (wanted.has(tree.size) && frontier.size === tree.size)
      tree.roots.set(tree.size, frontier.root())
    if (parsed) remember(tree.newest, parsed)
  }
  if (frontier.size === tree.size) tree.roots.set(tree.size, frontier.root())
  return tree
}

async function* leavesOf(tx: ReadTx): AsyncGenerator<store.LeafRow> {
  for (let from = 1; ; ) {
    const page = await store.listLeaves(tx, from, PAGE)
    yield* page
    if (page.length < PAGE) return
    from = page.at(-1)!.seq + 1
  }
}

/** Changes that are committed and have no leaf yet speak for their rows. Gives how many there are. */
async function addWaiting(tx: ReadTx, newest: Map<string, Newest>, names: Names): Promise<number> {
  let count = 0
  for (let after = 0; ; ) {
    const page = await store.listWaiting(tx, after, PAGE)
    for (const row of page) remember(newest, parseLeaf(leafBody(row, names))!)
    count += page.length
    if (page.length < PAGE) return count
    after = page.at(-1)!.id
  }
}

function remember(newest: Map<string, Newest>, leaf: Leaf): void {
  const { table, record, changeId, hashVersion, rowHash } = leaf
  if (!table || !record || hashVersion === null) return
  const before = newest.get(record)
  if (!before || before.changeId < changeId)
    newest.set(record, { changeId, table, hashVersion, hash: rowHash })
}

export function leafFinding(row: string, what: Finding['what']): Finding {
  return { table: 'kluis_ledger.leaf', row, what }
}
