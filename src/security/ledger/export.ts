/** Writes what the stand-alone verifier needs: leaves, checkpoints, the rows' hashes. No personal data. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ReadTx, RoleDatabase } from '#platform/db.ts'
import { leafBody, type Names } from './leaf.ts'
import type { Mirror } from './mirror.ts'
import { type LogKeys, verifierKey } from './note.ts'
import * as store from './store.ts'

const PAGE = 5_000
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

export type LedgerExport = { leaves: number; checkpoints: number; rows: number; waiting: number }

/** The folder must be new or empty: a mixture of two exports would look like tampering. */
export async function exportLedger(
  parts: { db: RoleDatabase; keys: LogKeys; names: Names; mirror: Mirror },
  directory: string,
): Promise<LedgerExport> {
  const { names } = parts
  if (existsSync(directory) && readdirSync(directory).length > 0)
    throw new Error(
      `the folder ${directory} is not empty\nstate: nothing was written\ntry: name a folder that does not exist yet`,
    )
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const mirrored = parts.mirror.read() ?? []
  writeLines(join(directory, 'policy'), [policyText(parts.keys)])
  return parts.db.write(async (tx) => {
    await store.holdOneMoment(tx)
    const tables = await store.listCoveredTables(tx)
    writeLines(join(directory, 'export.json'), [
      `${JSON.stringify({ format: 'kluis-ledger-export/1', exportedAt: new Date().toISOString(), tables })}\n`,
    ])
    const notes = (await store.listCheckpoints(tx)).map(({ note }) => note)
    const lines = [...new Set([...notes, ...mirrored])].map((note) => `${JSON.stringify(note)}\n`)
    return {
      checkpoints: writeLines(join(directory, 'checkpoints'), lines),
      leaves: await writePages(join(directory, 'leaves'), leafLines(tx)),
      waiting: await writePages(join(directory, 'waiting'), waitingLines(tx, names)),
      rows: await writePages(join(directory, 'rows'), rowLines(tx, names, tables)),
    }
  })
}

/** C2SP's tlog-policy. Keep it apart from the exports: whoever forges one can forge the other. */
export function policyText(keys: LogKeys): string {
  const lines = [`log ${verifierKey(keys.origin, 'ed25519', keys.ed25519)}`]
  if (keys.mlDsa44)
    lines.push(`witness post-quantum ${verifierKey(keys.origin, 'ml-dsa-44', keys.mlDsa44)}`)
  return `${lines.join('\n')}\nquorum none\n`
}

async function* leafLines(tx: ReadTx): AsyncGenerator<string[]> {
  for (let from = 1; ; ) {
    const page = await store.listLeaves(tx, from, PAGE)
    yield page.map(({ seq, body, leaf_hash }) =>
      line([seq, leaf_hash.toString('base64'), body.toString('base64')]),
    )
    if (page.length < PAGE) return
    from = page.at(-1)!.seq + 1
  }
}

async function* waitingLines(tx: ReadTx, names: Names): AsyncGenerator<string[]> {
  for (let after = 0; ; ) {
    const page = await store.listWaiting(tx, after, PAGE)
    yield page.map((row) => line([leafBody(row, names).toString('base64')]))
    if (page.length < PAGE) return
    after = page.at(-1)!.id
  }
}

async function* rowLines(tx: ReadTx, names: Names, tables: string[]): AsyncGenerator<string[]> {
  for (const table of tables) {
    let last: string | undefined
    for (;;) {
      const page = await store.listRowHashes(tx, table, last ?? FIRST_ID, PAGE)
      yield page
        .filter((row) => row.row_id !== last)
        .map((row) =>
          line([
            table,
            names.record(table, row.row_id),
            row.hash_versions,
            row.row_hashes.map((hash) => hash.toString('base64')),
          ]),
        )
      if (page.length < PAGE) break
      last = page.at(-1)!.row_id
    }
  }
}

function line(fields: unknown[]): string {
  return `${JSON.stringify(fields)}\n`
}

async function writePages(path: string, pages: AsyncGenerator<string[]>): Promise<number> {
  const file = openSync(path, 'wx', 0o600)
  let count = 0
  try {
    for await (const page of pages) {
      writeSync(file, page.join(''))
      count += page.length
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return count
}

function writeLines(path: string, lines: string[]): number {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, lines.join(''))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return lines.length
}
