/** Export: the vault opens what row security shows, recorded as an export; the caller gets a file, never more than they see. */
import { Readable } from 'node:stream'
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { SealedFiles } from '#security/vault/file-vault.ts'
import { openedOrRefuse } from '#security/vault/vault.ts'
import { mayReveal } from '../../field-catalogue.ts'
import { type FieldValues, MASK } from '../../fields/contract.ts'
import { namesIn, openRows, type ValueParts } from '../../record-values.ts'
import { listConfidentialOf, listPhotos } from '../../store.ts'
import type { ExportFormat } from '../contract.ts'
import type { RecordKind } from '../duplicates.ts'
import { BYTE_ORDER_MARK, csvLine, csvShape } from '../files/csv-lines.ts'
import { workbookStream } from '../files/workbook-writer.ts'
import type { Download } from '../runs.ts'
import { type Columns, companyColumns, peopleColumns } from './columns.ts'
import {
  customColumns,
  customObject,
  type ExportedFields,
  exportedFields,
} from './custom-columns.ts'
import {
  countForExport,
  type ExportedRow,
  listForExport,
  recordExport,
  requireBudget,
  requireSession,
} from './store.ts'
import { companyCard, personCard } from './vcard-writer.ts'

const BATCH_ROWS = 2_000
// What a sheet has at most, with its header.
const WORKBOOK_ROWS_MAX = 1_048_575
const FIRST = '00000000-0000-0000-0000-000000000000'

export type ExportParts = ValueParts & { files: SealedFiles }
export type ExportAsking = {
  tx: ReadTx
  who: Who
  /** After each page, with how many rows it had. */
  onRows?: ((rows: number) => void) | undefined
}
/** `total` as counted before it began. */
export type Exported = Pick<Download, 'fileName' | 'type'> & { stream: Readable; total: number }
export type Line<T> = {
  row: ExportedRow
  contact: T
  ibans: string[]
  /** Personal data, also where it stands among companies. */
  isOfPerson: boolean
  /** Confidential values of fields the exporter's role sees; without the right to reveal, that there is one. */
  values: FieldValues
  /** Of the records that values name. */
  names: ReadonlyMap<string, string>
}
type Confidential = { ibans: string[] }

const names = {
  person: { nl: 'kluis-klanten', en: 'kluis-people' },
  company: { nl: 'kluis-bedrijven', en: 'kluis-companies' },
}
const types: Record<ExportFormat, string> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  vcf: 'text/vcard; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/**
 * All the caller sees of one kind, written while it is read: however many, a page of them is held at once. Account
 * numbers and confidential fields in full only for those who may reveal them.
 */
export async function exportRecords(
  parts: ExportParts,
  asking: ExportAsking,
  kind: RecordKind,
  format: ExportFormat,
): Promise<Exported> {
  const { tx, who } = asking
  const total = await countForExport(tx, kind)
  if (format === 'xlsx' && total > WORKBOOK_ROWS_MAX)
    refuse('too-large', { rowsMax: WORKBOOK_ROWS_MAX })
  await requireBudget(tx, total)
  const pages = pagesOf(parts, asking, kind)
  // What can not begin is refused; what is sent already can only be broken off.
  const first = await pages.next()
  const all = recorded(asking, { table: kind, format }, startingWith(first, pages))
  return {
    fileName: `${names[kind][who.language]}.${format}`,
    type: types[format],
    stream: streamOf(kind, all, format, exportedFields(parts, who, kind), (page) =>
      photosOf(parts, tx, page),
    ),
    total,
  }
}

async function* startingWith<T>(
  first: IteratorResult<T, void>,
  rest: AsyncIterable<T>,
): AsyncGenerator<T> {
  if (first.done) return
  yield first.value
  yield* rest
}

/** What left is recorded at the end, also when somebody breaks off: they have what came before. */
export async function* recorded<T>(
  { tx, who, onRows }: ExportAsking,
  what: { table: string; format: string },
  pages: AsyncIterable<T[]>,
): AsyncGenerator<T[]> {
  let rows = 0
  let isWhole = false
  try {
    for await (const page of pages) {
      rows += page.length
      yield page
      onRows?.(page.length)
    }
    isWhole = true
  } finally {
    // Whose it was stands in it too: a session that ended meanwhile names nobody any more.
    const by = who.userId
    await recordExport(tx, { ...what, by, rows, ...(isWhole ? {} : { isBrokenOff: true }) })
  }
}

/** What row security shows, opened page by page; each opening is recorded with its page. */
export async function* pagesOf(
  parts: ValueParts,
  { tx, who }: ExportAsking,
  kind: RecordKind,
): AsyncGenerator<Line<Contact | CompanyContact>[]> {
  const { vault } = parts
  const maySee = who.permissions.has(mayReveal[kind])
  for (let after = FIRST; ; ) {
    const page = await listForExport(tx, kind, after, BATCH_ROWS)
    if (page.length === 0) return requireSession(tx)
    const ask = { table: kind, ids: page.map((row) => row.id), purpose: 'export' as const }
    const [contacts, confidentials, rows] = await Promise.all([
      vault.open<Contact | CompanyContact>(tx, {
        ...ask,
        sealedClass: 'contact',
        record: 'export',
      }),
      vault.open<Confidential>(tx, { ...ask, sealedClass: 'confidential', record: 'none' }),
      listConfidentialOf(tx, kind, ask.ids),
    ])
    const opened = maySee ? await openRows(vault, tx, rows, 'export') : undefined
    const rowsOf = Map.groupBy(rows, (one) => one.record_id)
    const names = await namesIn(
      parts,
      tx,
      kind,
      [...contacts.values()].map((one) => (one.kind === 'open' ? one.value.custom : undefined)),
      'export',
    )
    yield page.flatMap((row) => {
      const outcome = contacts.get(row.id)
      // Erased a moment ago: no line for it. Whatever else does not open stops the export, so that none is short unseen.
      if (!outcome || (outcome.kind === 'closed' && outcome.why === 'erased')) return []
      const confidential = confidentials.get(row.id)
      const ibans = confidential ? openedOrRefuse(confidential).ibans : []
      const contact = openedOrRefuse(outcome)
      return {
        row,
        contact,
        isOfPerson: vault.isOfPerson(kind, contact),
        ibans: maySee ? ibans : ibans.map(mask),
        values: Object.fromEntries(
          (rowsOf.get(row.id) ?? []).flatMap((one) => {
            const value = opened ? opened.get(one.id) : MASK
            return value === undefined ? [] : [[one.field_id, value]]
          }),
        ),
        names,
      }
    })
    after = page.at(-1)!.id
  }
}

function mask(iban: string): string {
  return `${iban.slice(0, 4)} •••• ${iban.slice(-4)}`
}

type Pages = AsyncIterable<Line<Contact | CompanyContact>[]>

function streamOf(
  kind: RecordKind,
  pages: Pages,
  format: ExportFormat,
  fields: ExportedFields,
  photos: Photos,
): Readable {
  if (format === 'xlsx')
    return workbookStream(
      fields.language === 'nl' ? 'Klanten' : 'Customers',
      rowsOf(kind, pages, fields),
    )
  const texts =
    format === 'vcf'
      ? cardsOf(kind, pages, photos)
      : { json: jsonOf, csv: csvOf }[format](kind, pages, fields)
  return Readable.from(texts, { objectMode: false })
}

async function* jsonOf(
  _: RecordKind,
  pages: Pages,
  fields: ExportedFields,
): AsyncGenerator<string> {
  let before = '[\n'
  for await (const page of pages) {
    if (page.length === 0) continue
    yield before + page.map((line) => JSON.stringify(plain(line, fields))).join(',\n')
    before = ',\n'
  }
  yield before === '[\n' ? '[\n\n]\n' : '\n]\n'
}

type Photos = (page: Line<unknown>[]) => Promise<Map<string, () => Promise<Buffer>>>

/** Who of these people has a photo; each is opened when its card is written, so that one is held at a time. */
async function photosOf(
  { vault, files }: ExportParts,
  tx: ReadTx,
  page: Line<unknown>[],
): ReturnType<Photos> {
  const photos = await listPhotos(
    tx,
    page.map(({ row }) => row.id),
  )
  if (photos.length === 0) return new Map()
  const contents = await vault.open<{ size: number }>(tx, {
    table: 'file',
    sealedClass: 'content',
    ids: photos.map(({ id }) => id),
    purpose: 'export',
    record: 'none',
  })
  return new Map(
    photos.map(({ id, person_id, frame_count: frameCount }) => [
      person_id,
      async () => {
        const { size } = openedOrRefuse(contents.get(id))
        const pieces: Buffer[] = []
        for await (const piece of files.read(tx, { id, size, frameCount }, 'export'))
          pieces.push(piece)
        return Buffer.concat(pieces)
      },
    ]),
  )
}

async function* cardsOf(kind: RecordKind, pages: Pages, photos: Photos): AsyncGenerator<string> {
  for await (const page of pages) {
    const withPhoto = kind === 'person' ? await photos(page) : new Map()
    let cards = ''
    for (const line of page) {
      const photo = await withPhoto.get(line.row.id)?.()
      cards +=
        kind === 'person'
          ? personCard(line as Line<Contact>, photo)
          : companyCard(line as Line<CompanyContact>)
      if (!photo) continue
      yield cards
      cards = ''
    }
    if (cards !== '') yield cards
  }
}

async function* csvOf(
  kind: RecordKind,
  pages: Pages,
  fields: ExportedFields,
): AsyncGenerator<string> {
  const shape = csvShape(fields.language)
  let before = BYTE_ORDER_MARK
  for await (const rows of rowsOf(kind, pages, fields)) {
    yield before + rows.map((cells) => csvLine(cells, shape)).join('')
    before = ''
  }
}

/** As a table: the header, then page by page. */
async function* rowsOf(
  kind: RecordKind,
  pages: Pages,
  fields: ExportedFields,
): AsyncGenerator<string[][]> {
  const columns = [
    ...((kind === 'person' ? peopleColumns : companyColumns) as Columns<
      Line<Contact | CompanyContact>
    >),
    ...customColumns(fields),
  ]
  yield [columns.map(([name]) => name[fields.language])]
  for await (const page of pages) yield page.map((line) => columns.map(([, of]) => of(line)))
}

/** A record as it is, without what only the database needs. */
export function plain(line: Line<Contact | CompanyContact>, fields: ExportedFields): object {
  const { row, contact, ibans, isOfPerson } = line
  return {
    id: row.id,
    stage: row.stage,
    ...contact,
    custom: customObject(fields, line),
    ibans,
    isPersonalData: isOfPerson,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
