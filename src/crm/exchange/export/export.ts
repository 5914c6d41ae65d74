/** Export: the vault opens what row security shows, recorded as an export; the caller gets a file, never more than they see. */
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import { openedOrRefuse } from '#security/vault/vault.ts'
import { type FieldValues, MASK } from '../../fields/contract.ts'
import { namesIn, openRows, type ValueParts } from '../../record-values.ts'
import { listConfidentialOf } from '../../store.ts'
import type { ExportFormat } from '../contract.ts'
import type { RecordKind } from '../duplicates.ts'
import { BYTE_ORDER_MARK, csvLine, csvShape } from '../files/csv-lines.ts'
import { writeWorkbook } from '../files/workbook-writer.ts'
import type { Download } from '../runs.ts'
import { type Columns, companyColumns, peopleColumns } from './columns.ts'
import {
  customColumns,
  customObject,
  type ExportedFields,
  exportedFields,
} from './custom-columns.ts'
import { type ExportedRow, listForExport, recordExport } from './store.ts'
import { companyCard, personCard } from './vcard-writer.ts'

const BATCH_ROWS = 2_000
// More than a spreadsheet opens comfortably; a whole database leaves by a backup.
const ROWS_MAX = 250_000
const FIRST = '00000000-0000-0000-0000-000000000000'

export type ExportAsking = { tx: ReadTx; who: Who }
export type Exported = Download & { rows: number }
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

/** All the caller sees of one kind. Account numbers and confidential fields in full only for those who may reveal them. */
export async function exportRecords(
  parts: ValueParts,
  asking: ExportAsking,
  kind: RecordKind,
  format: ExportFormat,
): Promise<Exported> {
  const { tx, who } = asking
  const lines: Line<Contact | CompanyContact>[] = []
  for await (const page of pagesOf(parts, asking, kind)) {
    lines.push(...page)
    if (lines.length > ROWS_MAX) refuse('too-large', { rowsMax: ROWS_MAX })
  }
  const fields = exportedFields(parts, who, kind)
  const bytes = await write(kind, lines, format, fields)
  await recordExport(tx, { table: kind, rows: lines.length, format })
  return {
    fileName: `${names[kind][who.language]}.${format}`,
    type: types[format],
    bytes,
    rows: lines.length,
  }
}

/** What row security shows, opened page by page; each opening is recorded with its page. */
export async function* pagesOf(
  parts: ValueParts,
  { tx, who }: ExportAsking,
  kind: RecordKind,
): AsyncGenerator<Line<Contact | CompanyContact>[]> {
  const { vault } = parts
  const maySee = who.permissions.has('people:reveal')
  for (let after = FIRST; ; ) {
    const page = await listForExport(tx, kind, after, BATCH_ROWS)
    if (page.length === 0) return
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

async function write(
  kind: RecordKind,
  lines: Line<Contact | CompanyContact>[],
  format: ExportFormat,
  fields: ExportedFields,
): Promise<Buffer> {
  const { language } = fields
  if (format === 'json')
    return Buffer.from(
      `[\n${lines.map((line) => JSON.stringify(plain(line, fields))).join(',\n')}\n]\n`,
    )
  if (format === 'vcf')
    return Buffer.from(
      lines
        .map((line) =>
          kind === 'person'
            ? personCard(line as Line<Contact>)
            : companyCard(line as Line<CompanyContact>),
        )
        .join(''),
    )
  const columns = [
    ...((kind === 'person' ? peopleColumns : companyColumns) as Columns<
      Line<Contact | CompanyContact>
    >),
    ...customColumns(fields),
  ]
  const rows = [
    columns.map(([name]) => name[language]),
    ...lines.map((line) => columns.map(([, of]) => of(line))),
  ]
  if (format === 'xlsx') return writeWorkbook(language === 'nl' ? 'Klanten' : 'Customers', rows)
  const shape = csvShape(language)
  return Buffer.from(BYTE_ORDER_MARK + rows.map((cells) => csvLine(cells, shape)).join(''))
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
