/**
 * Everything the caller sees, in an open format: one JSON object a line, and a manifest that says how many and what
 * each file must hash to (docs/formats/take-out.md). Written while it is read: nothing of it lies on a disk here.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { AffiliationContent } from '#crm/affiliations/contract.ts'
import type { RelationContent } from '#crm/relations/contract.ts'
import { refuse } from '#platform/problem.ts'
import { openedOrRefuse, type Vault } from '#security/vault/vault.ts'
import type { ValueParts } from '../../record-values.ts'
import { zipOf } from '../files/zip-writer.ts'
import { exportedFields } from './custom-columns.ts'
import { type ExportAsking, pagesOf, plain, recorded } from './export.ts'
import * as store from './store.ts'

const PAGE = 2_000
const FIRST = '00000000-0000-0000-0000-000000000000'
export const TAKE_OUT_VERSION = 1

type Part = { file: string; table: store.ExportedTable; lines: AsyncIterable<object[]> }
type Written = { file: string; rows: number; bytes: number; sha256: string }

export async function takeOut(
  parts: ValueParts,
  asking: ExportAsking,
  now = new Date(),
): Promise<{ fileName: string; stream: Readable; total: number; written: Written[] }> {
  const { tx, who } = asking
  const needed = ['people:export', 'companies:export', 'notes:see', 'tasks:see'] as const
  if (!needed.every((one) => who.permissions.has(one))) refuse('not-allowed')
  const written: Written[] = []
  const files = partsOf(parts, asking)
  const counts = await Promise.all(files.map(({ table }) => store.countForExport(tx, table)))
  const [people = 0, companies = 0] = counts
  await store.requireBudget(tx, people + companies)
  // The manifest comes last, so it is asked for when all before it is counted.
  const stream = zipOf(
    [
      ...files.map((part) => ({
        path: part.file,
        content: () => linesOf(asking, part, written),
      })),
      { path: 'manifest.json', content: () => [manifestOf(asking, now, written)] },
    ],
    now,
  )
  return {
    fileName: `kluis-${now.toISOString().slice(0, 10)}.zip`,
    stream,
    total: counts.reduce((sum, count) => sum + count, 0),
    written,
  }
}

async function* linesOf(
  asking: ExportAsking,
  { file, table, lines }: Part,
  written: Written[],
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let rows = 0
  let bytes = 0
  for await (const page of recorded(asking, { table, format: 'take-out' }, lines)) {
    const piece = Buffer.from(page.map((line) => `${JSON.stringify(line)}\n`).join(''))
    hash.update(piece)
    rows += page.length
    bytes += piece.length
    yield piece
  }
  written.push({ file, rows, bytes, sha256: hash.digest('hex') })
}

function manifestOf({ who }: ExportAsking, now: Date, files: Written[]): Buffer {
  const manifest = {
    format: 'kluis-take-out',
    version: TAKE_OUT_VERSION,
    madeAt: now.toISOString(),
    madeBy: who.userId,
    scope:
      'what this user sees; without the trash; account numbers and confidential fields in full only with the right to reveal them',
    files,
  }
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)
}

function partsOf(parts: ValueParts, asking: ExportAsking): Part[] {
  const { vault } = parts
  const pages = async function* (kind: 'person' | 'company') {
    const columns = exportedFields(parts, asking.who, kind)
    for await (const page of pagesOf(parts, asking, kind))
      yield page.map((line) => plain(line, columns))
  }
  return [
    { file: 'people.ndjson', table: 'person', lines: pages('person') },
    { file: 'companies.ndjson', table: 'company', lines: pages('company') },
    {
      file: 'affiliations.ndjson',
      table: 'affiliation',
      lines: hung<Partial<AffiliationContent>>(vault, asking, 'affiliation', (row, content) => ({
        id: row.id,
        personId: row.person_id,
        companyId: row.company_id,
        ...AffiliationContent.parse(content ?? {}),
        createdAt: row.created_at.toISOString(),
      })),
    },
    {
      file: 'relations.ndjson',
      table: 'relation',
      lines: hung<RelationContent>(vault, asking, 'relation', (row, content) => ({
        ...subjectOf(row),
        ...(row.person_id
          ? { otherPersonId: row.other_person_id }
          : { otherCompanyId: row.other_company_id }),
        ...content,
        createdAt: row.created_at.toISOString(),
      })),
    },
    {
      file: 'notes.ndjson',
      table: 'note',
      lines: hung<{ body: string }>(vault, asking, 'note', (row, content) => ({
        ...subjectOf(row),
        body: content?.body ?? '',
        writtenBy: row.created_by,
        writtenAt: row.created_at.toISOString(),
      })),
    },
    {
      file: 'tasks.ndjson',
      table: 'task',
      lines: hung<{ title: string }>(vault, asking, 'task', (row, content) => ({
        ...subjectOf(row),
        title: content?.title ?? '',
        dueOn: row.due_on,
        doneAt: row.done_at?.toISOString() ?? null,
        assigneeId: row.assignee_id,
        createdBy: row.created_by,
        createdAt: row.created_at.toISOString(),
      })),
    },
  ]
}

/** What hangs on records that are in the take-out themselves; their opening is recorded with them. */
async function* hung<T>(
  vault: Vault,
  { tx }: ExportAsking,
  table: 'affiliation' | 'relation' | 'note' | 'task',
  show: (row: store.ExportedTask, content: T | undefined) => object,
): AsyncGenerator<object[]> {
  for (let after = FIRST; ; ) {
    const rows = await rowsOf(tx, table, after)
    if (rows.length === 0) return store.requireSession(tx)
    const opened = await vault.open<T>(tx, {
      table,
      sealedClass: 'content',
      ids: rows.map((row) => row.id),
      purpose: 'export',
      record: 'none',
    })
    yield rows.map((row) => {
      const outcome = opened.get(row.id)
      return show(row as store.ExportedTask, outcome && openedOrRefuse(outcome))
    })
    after = rows.at(-1)!.id
  }
}

function rowsOf(
  tx: ExportAsking['tx'],
  table: 'affiliation' | 'relation' | 'note' | 'task',
  after: string,
): Promise<store.HungRow[]> {
  if (table === 'affiliation') return store.listAffiliations(tx, after, PAGE)
  if (table === 'relation') return store.listRelations(tx, after, PAGE)
  return store.listHung(tx, table, after, PAGE)
}

function subjectOf(row: store.HungRow) {
  return row.person_id
    ? { id: row.id, personId: row.person_id }
    : { id: row.id, companyId: row.company_id }
}
