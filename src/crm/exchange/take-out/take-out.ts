/**
 * Everything the caller sees, in an open format: one JSON object a line, each file as it was put in, and a manifest that
 * says how many and what each must hash to (docs/formats/take-out.md). Written while it is read: nothing of it lies on a
 * disk here, and of files a piece at a time is in memory.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { refuse } from '#platform/problem.ts'
import { type ExportAsking, type ExportParts, recorded } from '../export/export.ts'
import { countForExport, requireBudget } from '../export/store.ts'
import { type ZipPart, zipOf } from '../files/zip-writer.ts'
import { type FileLine, filesOf } from './files.ts'
import { type Part, partsOf } from './parts.ts'
import { takeOutTables } from './tables.ts'

export const TAKE_OUT_VERSION = 3
const LINES_AT_ONCE = 2_000

type Written = { file: string; rows: number; bytes: number; sha256: string }
export type TakenFiles = { count: number; bytes: number; notReadable: FileLine[] }

export async function takeOut(
  parts: ExportParts,
  asking: ExportAsking,
  now = new Date(),
): Promise<{
  fileName: string
  stream: Readable
  total: number
  written: Written[]
  taken: TakenFiles
}> {
  const { tx, who } = asking
  const needed = [
    'people:export',
    'companies:export',
    'notes:see',
    'tasks:see',
    'files:see',
  ] as const
  if (!needed.every((one) => who.permissions.has(one))) refuse('not-allowed')
  const written: Written[] = []
  const taken: TakenFiles = { count: 0, bytes: 0, notReadable: [] }
  const tables = [...partsOf(parts, asking).map(({ table }) => table), 'file' as const]
  const counts = await Promise.all(tables.map((table) => countForExport(tx, table)))
  const countOf = (table: (typeof tables)[number]) => counts[tables.indexOf(table)] ?? 0
  await requireBudget(tx, countOf('person') + countOf('company') + countOf('joint_dossier'))
  return {
    fileName: `kluis-${now.toISOString().slice(0, 10)}.zip`,
    stream: zipOf(zipParts(parts, asking, now, written, taken), now),
    total: counts.reduce((sum, count) => sum + count, 0),
    written,
    taken,
  }
}

/** In this order: the manifest comes last, when all before it is counted. */
async function* zipParts(
  parts: ExportParts,
  asking: ExportAsking,
  now: Date,
  written: Written[],
  taken: TakenFiles,
): AsyncGenerator<ZipPart> {
  for (const part of partsOf(parts, asking)) {
    const lines = recorded(asking, { table: part.table, format: 'take-out' }, part.lines)
    yield linesPart(part.file, lines, written)
  }
  // Of each a line, held until the last was written: what a file hashes to is known when it was read.
  const held: string[] = []
  const files = recorded(
    asking,
    { table: 'file', format: 'take-out' },
    oneByOne(filesOf(parts, asking)),
  )
  for await (const [{ line, part }] of files as AsyncIterable<
    [{ line: FileLine; part?: ZipPart }]
  >) {
    held.push(JSON.stringify(line))
    if (part) {
      taken.count += 1
      taken.bytes += line.bytes ?? 0
      yield part
    } else taken.notReadable.push(line)
  }
  yield linesPart('files.ndjson', heldPages(held), written)
  yield { path: 'manifest.json', content: () => [manifestOf(asking, now, written, taken)] }
}

async function* oneByOne<T>(all: AsyncIterable<T>): AsyncGenerator<T[]> {
  for await (const one of all) yield [one]
}

function* heldPages(lines: string[]): Generator<string[]> {
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE) yield lines.slice(at, at + LINES_AT_ONCE)
}

function linesPart(
  file: Part['file'],
  pages: AsyncIterable<object[]> | Iterable<string[]>,
  written: Written[],
): ZipPart {
  return {
    path: file,
    content: async function* () {
      const hash = createHash('sha256')
      let rows = 0
      let bytes = 0
      for await (const page of pages) {
        const texts = page.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
        const piece = Buffer.from(texts.map((text) => `${text}\n`).join(''))
        hash.update(piece)
        rows += page.length
        bytes += piece.length
        yield piece
      }
      written.push({ file, rows, bytes, sha256: hash.digest('hex') })
    },
  }
}

function manifestOf(
  { who }: ExportAsking,
  now: Date,
  files: Written[],
  { notReadable, ...attached }: TakenFiles,
): Buffer {
  const leftOut = Object.entries(takeOutTables).flatMap(([table, place]) =>
    'leftOut' in place ? [{ table, why: place.leftOut }] : [],
  )
  const manifest = {
    format: 'kluis-take-out',
    version: TAKE_OUT_VERSION,
    madeAt: now.toISOString(),
    madeBy: who.userId,
    scope:
      'what the right to export of this user reaches; without the trash; account numbers and confidential fields in full only with the right to reveal them',
    files,
    attached,
    /** What was put in and can not be read back: nothing of it is in this zip. */
    notReadable,
    leftOut,
  }
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
}
