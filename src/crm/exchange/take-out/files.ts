/**
 * The files and photos of a take-out, byte for byte as they were put in. Each is checked whole before its place in the
 * zip is made: one that is damaged gets none and is named instead, and those behind it still come.
 */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { Problem, type ProblemCode } from '#platform/problem.ts'
import { FRAME_BYTES, type SealedFiles } from '#security/vault/file-vault.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { ExportAsking } from '../export/export.ts'
import { requireSession } from '../export/store.ts'
import type { ZipPart } from '../files/zip-writer.ts'
import { FIRST, instant, subjectOf } from './parts.ts'
import { type FileRow, listFiles } from './store.ts'

const PAGE = 200
const NAME_MAX = 60
const EXTENSION = /\.[A-Za-z0-9]{1,10}$/

type Content = { name: string; type: string; size: number }
/** As `files.ndjson` and the manifest say it. `path` is null where nothing of it is in the zip. */
export type FileLine = ReturnType<typeof subjectOf> & {
  name: string | null
  type: string | null
  bytes: number | null
  path: string | null
  sha256: string | null
  isPhoto: boolean
  /** The law that has it kept, and the first day on which it may go. */
  retentionRule: string | null
  retainedUntil: string | null
  addedBy: string | null
  addedAt: string | null
  notReadable?: 'damaged'
}

/** One at a time, each as a part of the zip or as a line that says it can not be read. */
export async function* filesOf(
  { vault, files }: { vault: Vault; files: SealedFiles },
  { tx }: ExportAsking,
): AsyncGenerator<{ line: FileLine; part?: ZipPart }> {
  for (let after = FIRST; ; ) {
    const rows = await listFiles(tx, after, PAGE)
    if (rows.length === 0) return requireSession(tx)
    const contents = await vault.open<Content>(tx, {
      table: 'file',
      sealedClass: 'content',
      ids: rows.map(({ id }) => id),
      purpose: 'export',
      record: 'none',
    })
    for (const row of rows) {
      const outcome = contents.get(row.id)
      // Removed or erased a moment ago: no line for it.
      if (!outcome || (outcome.kind === 'closed' && outcome.why === 'erased')) continue
      if (outcome.kind === 'closed') {
        if (outcome.why === 'no-key') throw new Problem('keystore-unavailable')
        yield { line: { ...lineOf(row, undefined), notReadable: 'damaged' } }
        continue
      }
      const content = outcome.value
      const checked = await check(row, content)
      if (checked === 'gone') continue
      const line = lineOf(row, content)
      if (checked === 'damaged') {
        yield { line: { ...line, notReadable: 'damaged' } }
        continue
      }
      const path = pathOf(row, content.name)
      yield {
        line: { ...line, path, sha256: checked.sha256 },
        part: {
          path,
          mtime: row.created_at,
          known: { bytes: content.size, crc32: checked.crc32 },
          content: checked.whole ? () => [checked.whole!] : () => read(row, content),
        },
      }
    }
    after = rows.at(-1)!.id
  }

  function read(row: FileRow, { size }: Content) {
    return files.read(tx, { id: row.id, size, frameCount: row.frame_count }, 'export')
  }

  /** All of it once, a piece at a time; what is one piece is kept, and not read a second time. */
  async function check(row: FileRow, content: Content) {
    const hash = createHash('sha256')
    let sum = 0
    let whole: Buffer | undefined = Buffer.alloc(0)
    try {
      for await (const piece of read(row, content)) {
        hash.update(piece)
        sum = crc32(piece, sum)
        whole = content.size <= FRAME_BYTES ? piece : undefined
      }
      return { sha256: hash.digest('hex'), crc32: sum, whole }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      // Nothing is there for a session that ended; that is no damage.
      await requireSession(tx)
      return whyNot(error.code) ?? Promise.reject(error)
    }
  }
}

function whyNot(code: ProblemCode): 'damaged' | 'gone' | undefined {
  if (code === 'record-damaged' || code === 'key-damaged') return 'damaged'
  return code === 'not-found' || code === 'record-erased' ? 'gone' : undefined
}

function lineOf(row: FileRow, content: Content | undefined): FileLine {
  return {
    ...subjectOf(row),
    name: content?.name ?? null,
    type: content?.type ?? null,
    bytes: content?.size ?? null,
    path: null,
    sha256: null,
    isPhoto: row.photo_of !== null,
    retentionRule: row.retention_rule,
    retainedUntil: row.retained_until,
    addedBy: row.created_by,
    addedAt: instant(row.created_at),
  }
}

/**
 * A folder for each person, company or joint dossier. The id makes it the only one of its name, whatever capitals a disk takes for the
 * same; what follows is for a human eye, in letters that every system writes. The name itself is in `files.ndjson`.
 */
export function pathOf(
  row: Pick<FileRow, 'id' | 'person_id' | 'company_id' | 'joint_dossier_id'>,
  name: string,
): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/\.{2,}/g, '.')
  const extension = EXTENSION.exec(plain)?.[0] ?? ''
  const stem = plain.slice(0, plain.length - extension.length).slice(0, NAME_MAX)
  const kind = row.joint_dossier_id ? 'joint-dossiers' : row.person_id ? 'people' : 'companies'
  return `files/${kind}/${row.joint_dossier_id ?? row.person_id ?? row.company_id}/${row.id}-${stem.replace(/(?<![._-])[._-]+$/, '')}${extension}`
}
