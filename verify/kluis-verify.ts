#!/usr/bin/env node
/**
 * Checks an export of Kluis' ledger without Kluis: one file, nothing but Node 24 or newer.
 *
 *   node kluis-verify.ts DIR --policy FILE [--checkpoint FILE]… [--json]
 *
 * Trusts: the policy file (keep it where the checked machine's owner can't reach it) and this program.
 * Shares no code with the program that writes the ledger: a mistake there is not repeated here.
 * Exit codes: 0 intact · 1 tampered with · 2 wrong use · 3 not everything could be looked at.
 * Formats: docs/formats/ledger.md.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { createReadStream, existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

export type Report = {
  leaves: number
  checkpoints: number
  rows: number
  waiting: number
  findings: { table: string; row: string; what: string }[]
  gaps: string[]
}

/** A mistake of whoever calls: exit code 2. */
export class WrongUse extends Error {}

type Key = { name: string; id: string; type: number; key: KeyObject | undefined }
type Newest = { changeId: number; table: string; hashVersion: number; hash: string | null }
type Checkpoint = { origin: string; size: number; root: string }
type Reading = { folder: string; report: Report; newest: Map<string, Newest> }

const SPKI: Record<number, string> = {
  1: '302a300506032b6570032100',
  6: '30820532300b06096086480165030403110382052100',
}

/** `anchors`: checkpoints somebody kept elsewhere; each must fit too. */
export async function verifyExport(
  folder: string,
  policy: string,
  anchors: string[] = [],
): Promise<Report> {
  const keys = readPolicy(policy)
  const report: Report = { leaves: 0, checkpoints: 0, rows: 0, waiting: 0, findings: [], gaps: [] }
  const reading: Reading = { folder, report, newest: new Map() }
  const notes: string[] = []
  await eachLine(reading, 'checkpoints', (note) => notes.push(String(note)))
  report.checkpoints = notes.length
  const roots = await readLeaves(reading, new Set([...notes, ...anchors].map(sizeOf)))
  checkNotes(reading, keys, new Set([...notes, ...anchors]), roots)
  await eachLine(reading, 'waiting', (fields) => {
    report.waiting++
    remember(reading.newest, parseBody(Buffer.from(String((fields as unknown[])[0]), 'base64')))
  })
  await compareRows(reading)
  return report
}

/** C2SP tlog-policy: the log's own keys. Witnesses besides are not asked for yet. */
function readPolicy(text: string): Key[] {
  const keys = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([word]) => word === 'log' || word === 'witness')
    .map((words) => parseKey(words[0] === 'log' ? words[1] : words[2]))
  if (!keys.some(({ type }) => type === 1)) throw new WrongUse('the policy names no Ed25519 key')
  return keys
}

function parseKey(word = ''): Key {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(word) ?? []
  if (!name || !id || !encoded)
    throw new WrongUse(`the policy holds no key in "${word.slice(0, 40)}"`)
  const bytes = Buffer.from(encoded, 'base64')
  const computed = createHash('sha256').update(`${name}\n`).update(bytes).digest('hex').slice(0, 8)
  if (computed !== id) throw new WrongUse(`the policy's key ${name}+${id} is damaged`)
  return { name, id, type: bytes[0]!, key: publicKey(bytes) }
}

/** Undefined when this Node does not know the algorithm. */
function publicKey(bytes: Buffer): KeyObject | undefined {
  const prefix = SPKI[bytes[0]!]
  if (!prefix) return undefined
  try {
    const key = Buffer.concat([Buffer.from(prefix, 'hex'), bytes.subarray(1)])
    return createPublicKey({ format: 'der', type: 'spki', key })
  } catch (error) {
    if (bytes[0] === 1)
      throw new WrongUse('the policy holds no valid Ed25519 key', { cause: error })
    return undefined
  }
}

/** Every leaf against its hash, and the tree over them. Gives the roots at the sizes asked for. */
async function readLeaves(reading: Reading, sizes: Set<number>): Promise<Map<number, string>> {
  const { report, newest } = reading
  const tree = new GrowingTree()
  const roots = new Map<number, string>()
  let expected = 1
  await eachLine(reading, 'leaves', (fields) => {
    const [seq, hash, encoded] = fields as [number, string, string]
    const body = Buffer.from(encoded, 'base64')
    if (seq !== expected) found(report, 'leaf', `${expected}..${seq - 1}`, 'leaves are missing')
    const leaf = parseBody(body)
    if (!leaf || sha256(Buffer.of(0), body).toString('base64') !== hash)
      found(report, 'leaf', String(seq), 'leaf was changed')
    tree.add(Buffer.from(hash, 'base64'))
    remember(newest, leaf)
    expected = seq + 1
    if (sizes.has(seq) && tree.size === seq) roots.set(seq, tree.root())
  })
  report.leaves = expected - 1
  return roots
}

function checkNotes(
  { report }: Reading,
  keys: Key[],
  notes: Set<string>,
  roots: Map<number, string>,
): void {
  const fitting = [0]
  const misfits: number[] = []
  for (const note of notes) {
    const checkpoint = openNote(note, keys, report)
    if (!checkpoint) {
      const row = note.split('\n')[1] ?? 'unreadable'
      found(report, 'checkpoint', row, 'checkpoint is not signed by a key of the policy')
    } else if (roots.get(checkpoint.size) === checkpoint.root) fitting.push(checkpoint.size)
    else misfits.push(checkpoint.size)
  }
  const longest = misfits.reduce((most, size) => Math.max(most, size), 0)
  if (longest > report.leaves)
    found(report, 'leaf', `${report.leaves + 1}..${longest}`, 'leaves are missing')
  const changed = misfits.filter((size) => size <= report.leaves).sort((a, b) => a - b)[0]
  const isCut = report.findings.some(({ what }) => what === 'leaves are missing')
  if (changed !== undefined && !isCut) {
    const before = fitting.reduce((most, size) => (size < changed && size > most ? size : most), 0)
    found(report, 'leaf', `${before + 1}..${changed}`, 'leaf was changed')
  }
  const covered = [...fitting, ...misfits].reduce((most, size) => Math.max(most, size), 0)
  if (covered < report.leaves)
    found(
      report,
      'leaf',
      `${covered + 1}..${report.leaves}`,
      'leaf is not covered by a signed checkpoint',
    )
}

/** C2SP signed-note. Any bad signature by a key of the policy refuses the note. */
function openNote(note: string, keys: Key[], report: Report): Checkpoint | undefined {
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const [origin, size, root, ...rest] = text.split('\n')
  if (end < 0 || rest.length === 0 || !origin || !/^(0|[1-9]\d*)$/.test(size ?? ''))
    return undefined
  const checkpoint = { origin, size: Number(size), root: root! }
  let isSigned = false
  for (const line of note.slice(end + 2).split('\n')) {
    const [dash, name, encoded] = line.split(' ')
    if (dash !== '—' || name !== origin || !encoded) continue
    const bytes = Buffer.from(encoded, 'base64')
    const key = keys.find((one) => one.name === name && one.id === bytes.toString('hex', 0, 4))
    if (!key) continue
    if (!key.key) {
      const gap = 'this Node can not check ML-DSA-44 signatures; Ed25519 was checked'
      if (!report.gaps.includes(gap)) report.gaps.push(gap)
      continue
    }
    const [message, signature] =
      key.type === 6
        ? [cosigned(name, bytes.subarray(4, 12), checkpoint), bytes.subarray(12)]
        : [Buffer.from(text), bytes.subarray(4)]
    if (!verify(null, message, key.key, signature)) return undefined
    if (key.type === 1) isSigned = true
  }
  return isSigned ? checkpoint : undefined
}

/** C2SP tlog-cosignature, ML-DSA-44. */
function cosigned(signer: string, timestamp: Buffer, { origin, size, root }: Checkpoint): Buffer {
  const numbers = Buffer.alloc(16)
  numbers.writeBigUInt64BE(BigInt(size), 8)
  const named = (name: string) => [Buffer.of(Buffer.byteLength(name)), Buffer.from(name)]
  return Buffer.concat([
    Buffer.from('subtree/v1\n\0'),
    ...named(signer),
    timestamp,
    ...named(origin),
    numbers,
    Buffer.from(root, 'base64'),
  ])
}

/** Every row against its newest leaf; what is left over are rows that are gone. */
async function compareRows(reading: Reading): Promise<void> {
  const { report, newest, folder } = reading
  const file = join(folder, 'export.json')
  const about = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  if (about.format !== 'kluis-ledger-export/1')
    report.gaps.push('export.json is missing or of another format')
  const tables = new Set<string>(Array.isArray(about.tables) ? about.tables : [])
  await eachLine(reading, 'rows', (fields) => {
    const [table, record, versions, hashes] = fields as [string, string, number[], string[]]
    report.rows++
    const leaf = newest.get(record)
    newest.delete(record)
    const position = leaf ? versions.indexOf(leaf.hashVersion) : -1
    if (!leaf || leaf.hash === null)
      report.findings.push({ table, row: `record ${record}`, what: 'row without leaf' })
    else if (position < 0) report.gaps.push(`${table}: record ${record} can no longer be compared`)
    else if (hashes[position] !== leaf.hash)
      report.findings.push({
        table,
        row: `record ${record}`,
        what: 'row differs from its newest leaf',
      })
  })
  const unread = new Set<string>()
  for (const [record, { table, hash }] of newest) {
    if (hash === null) continue
    if (tables.has(table))
      report.findings.push({ table, row: `record ${record}`, what: 'leaf without row' })
    else unread.add(table)
  }
  for (const table of unread) report.gaps.push(`${table}: its rows are not in the export`)
}

function remember(newest: Map<string, Newest>, leaf: ReturnType<typeof parseBody>): void {
  if (!leaf?.table || !leaf.record || leaf.hashVersion === null) return
  const { record, table, changeId, hashVersion, hash } = leaf
  const before = newest.get(record)
  if (!before || before.changeId < changeId)
    newest.set(record, { changeId, table, hashVersion, hash })
}

function parseBody(body: Buffer) {
  const fields = parseJson(body.toString())
  if (!Array.isArray(fields) || fields[0] !== 'kluis-leaf/1' || fields.length !== 14)
    return undefined
  const [, changeId, , , , , table, record, , hashVersion, hash] = fields
  return { changeId, table, record, hashVersion, hash }
}

/** RFC 6962: keeps only the roots of the complete subtrees on the left. */
class GrowingTree {
  size = 0
  #complete: { height: number; hash: Buffer }[] = []
  add(hash: Buffer): void {
    let node = { height: 0, hash }
    while (this.#complete.at(-1)?.height === node.height)
      node = {
        height: node.height + 1,
        hash: sha256(Buffer.of(1), this.#complete.pop()!.hash, node.hash),
      }
    this.#complete.push(node)
    this.size++
  }
  root(): string {
    const [first, ...others] = this.#complete.toReversed()
    if (!first) return sha256().toString('base64')
    let hash = first.hash
    for (const left of others) hash = sha256(Buffer.of(1), left.hash, hash)
    return hash.toString('base64')
  }
}

function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

async function eachLine(
  { folder, report }: Reading,
  name: string,
  use: (value: unknown) => void,
): Promise<void> {
  if (!existsSync(join(folder, name))) {
    report.gaps.push(`the file ${name} is missing from the export`)
    return
  }
  let number = 0
  for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
    number++
    const value = parseJson(line)
    const isLine = name === 'checkpoints' ? typeof value === 'string' : Array.isArray(value)
    if (isLine) use(value)
    else report.findings.push({ table: `file ${name}`, row: `line ${number}`, what: 'unreadable' })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function sizeOf(note: string): number {
  return Number(note.split('\n')[1])
}

function found(report: Report, table: string, row: string, what: string): void {
  const range = row.split('..')
  const isOne = range.length === 2 && range[0] === range[1]
  report.findings.push({ table: `kluis_ledger.${table}`, row: isOne ? range[0]! : row, what })
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      policy: { type: 'string' },
      checkpoint: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  })
  const folder = positionals[0]
  if (positionals.length !== 1 || !folder || !existsSync(folder))
    throw new WrongUse('name the folder of an export: node kluis-verify.ts DIR --policy FILE')
  const anchors = (values.checkpoint ?? []).map((file) => readFileSync(file, 'utf8'))
  const report = await verifyExport(
    folder,
    readFileSync(values.policy ?? join(folder, 'policy'), 'utf8'),
    anchors,
  )
  if (!values.policy)
    report.gaps.push('the keys came with the export: name a policy file that was kept elsewhere')
  const { findings, gaps } = report
  process.stdout.write(
    `${report.leaves} leaves, ${report.checkpoints} checkpoints, ${report.rows} rows compared, ${report.waiting} changes waiting\n`,
  )
  for (const { table, row, what } of findings)
    process.stdout.write(`TAMPERED ${table} ${row}: ${what}\n`)
  for (const gap of gaps) process.stdout.write(`INCOMPLETE ${gap}\n`)
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else
    process.stdout.write(
      findings.length ? 'tampered with\n' : gaps.length ? 'incomplete\n' : 'intact\n',
    )
  return findings.length ? 1 : gaps.length ? 3 : 0
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main().catch((error: Error) => {
    process.stderr.write(`kluis-verify: ${error.message}\n`)
    const code = (error as { code?: string }).code ?? ''
    return error instanceof WrongUse || /^(ENOENT|EACCES|ERR_PARSE_ARGS)/.test(code) ? 2 : 3
  })
}
