/**
 * Import: a file becomes people and companies, 500 rows at a time. What is decided is decided by pure functions
 * (draft.ts, duplicates.ts, decide.ts), so a dry run and a run say the same.
 *
 * Trusts: the file for nothing. If lost: a run that stopped halfway has stored whole batches, and goes on behind the
 * last of them (run.ts).
 */
import { randomUUID } from 'node:crypto'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findDayOrder } from '#platform/normalise.ts'
import type { Places } from '#platform/places.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { Changed } from '#security/search/record-index.ts'
import type { SealedFiles } from '#security/vault/file-vault.ts'
import type { Vault } from '#security/vault/vault.ts'
import { customName, type FieldCatalogue } from '../field-catalogue.ts'
import type { Column, ImportField, ImportKey, ImportQuery, PresetId, Preview } from './contract.ts'
import type { CustomFields } from './custom-columns.ts'
import type { DraftOptions } from './draft.ts'
import type { LiveExports } from './export/live-exports.ts'
import { readTableAside } from './files/read-aside.ts'
import type { Table } from './files/table.ts'
import type { LiveRuns } from './live-runs.ts'
import { correctColumns, suggestColumns } from './mapping.ts'
import { findMapping, keepMapping } from './mapping-memory.ts'
import { footerRows, recognise } from './presets.ts'
import { Run, type RunContent } from './run.ts'
import { keepFile, openRunContent, readFile } from './run-store.ts'
import * as store from './store.ts'

export type Write = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
export type Asking = { tx: ReadTx; who: Who; now: Date; write: Write }

export type ExchangeParts = {
  vault: Vault
  files: SealedFiles
  /** What is kept of customers beside what the program knows itself. */
  fields: FieldCatalogue
  live: LiveRuns
  places: Places
  exports: LiveExports
  /** After a batch is stored: the one who imported finds it at once. */
  changed: Changed
}

export type ImportAsk = Partial<
  Pick<
    ImportQuery,
    'duplicates' | 'nationalNumbers' | 'fileName' | 'sheet' | 'preset' | 'remembered' | 'key'
  >
> & {
  bytes: Uint8Array
  mapping?: string | undefined
  onProgress?: ((done: number, total: number) => void) | undefined
}

/** A run under way: `finished` tells when and how it ended, and never rejects unheard. */
export type Started = { id: string; result: Preview; finished: Promise<Preview> }

const KEPT_DAYS = 30
const DAY_MS = 24 * 3600_000

/** What an import would do. Nothing is stored. */
export async function lookAt(
  parts: ExchangeParts,
  asking: Asking,
  ask: ImportAsk,
): Promise<Preview> {
  const read = await readFor(parts, asking, ask)
  // With columns to choose from, whoever looks at it may still say which one holds the names.
  if (read.table.headers.length < 2) requireKey(read.content)
  const run = new Run({ ...read, parts, asking, id: null, onProgress: ask.onProgress })
  return run.toEnd()
}

/** Stores the file and begins. Nobody is made twice, whatever stops it. */
export async function startImport(
  parts: ExchangeParts,
  asking: Asking,
  ask: ImportAsk,
): Promise<Started> {
  if (asking.who.teamIds.length === 0) refuse('not-allowed')
  const read = await readFor(parts, asking, ask)
  requireKey(read.content)
  const id = randomUUID()
  const { headers, fields } = read.content
  await keepMapping(parts.vault, asking.tx, asking.write, { headers, fields })
  await keepFile(parts.vault, asking, id, {
    bytes: ask.bytes,
    content: read.content,
    totalRows: read.table.rows.length,
    forgetBefore: new Date(asking.now.getTime() - KEPT_DAYS * DAY_MS),
  })
  const run = new Run({ ...read, parts, asking, id, onProgress: ask.onProgress })
  return { id, result: run.result, finished: parts.live.start(id, run) }
}

/** Goes on with one that was paused, or that a crash or the end of a session stopped. */
export async function resumeImport(
  parts: ExchangeParts,
  asking: Asking,
  id: string,
  onProgress?: ImportAsk['onProgress'],
): Promise<Started> {
  const row = (await store.findRun(asking.tx, id)) ?? refuse('not-found')
  if (parts.live.has(id)) refuse('already-done', { state: 'running' })
  if (!['running', 'paused', 'failed'].includes(row.state))
    refuse('already-done', { state: row.state })
  const content = await openRunContent(parts.vault, asking.tx, id)
  const bytes = await readFile(parts.vault, asking.tx, id)
  const table = await readTableAside(bytes, content.sheet)
  dropFooter(table, content.preset ?? undefined)
  const read = {
    table,
    content,
    columns: columnsOf(table, content.fields),
    options: optionsOf(parts, asking, table, content),
  }
  const run = new Run({ ...read, parts, asking, id, onProgress })
  await run.recall(row)
  return { id, result: run.result, finished: parts.live.start(id, run) }
}

type Read = { table: Table; columns: Column[]; content: RunContent; options: DraftOptions }

async function readFor(parts: ExchangeParts, asking: Asking, ask: ImportAsk): Promise<Read> {
  const table = await readTableAside(ask.bytes, ask.sheet)
  const asked = ask.preset && ask.preset !== 'none' ? ask.preset : undefined
  const recognised = ask.preset === 'none' ? undefined : recognise(table.headers, asked)
  dropFooter(table, recognised?.preset)
  const custom = customFieldsOf(parts, asking)
  // What the importer says now goes before what anybody said earlier.
  const isFresh = ask.remembered === 'ignore' || Boolean(ask.preset)
  const remembered = isFresh
    ? undefined
    : await findMapping(parts.vault, asking.tx, table.headers, custom)
  const suggested = suggestColumns(table, { recognised, remembered: remembered?.fields, custom })
  const columns = correctColumns(suggested, ask.mapping, custom)
  const content: RunContent = {
    fileName: ask.fileName ?? '',
    headers: table.headers,
    fields: columns.map(({ field }) => field),
    kind: table.kind,
    separator: table.separator,
    sheet: table.sheet,
    preset: recognised?.preset ?? null,
    rememberedId: remembered?.id ?? null,
    duplicates: ask.duplicates ?? 'skip',
    key: ask.key ?? 'auto',
    nationalNumbers: ask.nationalNumbers ?? 'leave-out',
  }
  return { table, columns, content, options: optionsOf(parts, asking, table, content) }
}

function dropFooter(table: Table, preset: PresetId | undefined): void {
  const count = footerRows(preset, table.rows)
  if (count === 0) return
  table.rows.splice(-count)
  table.notices.push({ notice: 'footer-left-out', count })
}

function columnsOf(table: Table, fields: ImportField[]): Column[] {
  return suggestColumns(table, { remembered: fields })
}

const namesSomebody = new Set<ImportField>([
  'givenName',
  'familyName',
  'fullName',
  'company',
  'nameAfterCompany',
])
const hangsOnSomebody = new Set<ImportField>(['note', 'task'])
const keyFields: Record<Exclude<ImportKey, 'auto'>, ImportField[]> = {
  email: ['email'],
  phone: ['phone', 'mobile'],
  reference: ['reference'],
  enterpriseNumber: ['enterpriseNumber'],
  id: ['id'],
}

/** A file names people or companies, or hangs notes and tasks on those who are there; anything else is no customer file. */
function requireKey({ fields, key }: RunContent): void {
  const has = (wanted: Iterable<ImportField>) => [...wanted].some((one) => fields.includes(one))
  if (key !== 'auto' && !has(keyFields[key]))
    refuse('invalid-fields', { fields: [{ field: key, problem: 'no-column-for-key' }] })
  if (has(namesSomebody)) return
  if (!has(hangsOnSomebody) || !has(Object.values(keyFields).flat()))
    refuse('file-unreadable', { why: 'no-name-column' })
}

/** Those of both kinds that the importer's role sees and that take values. */
function customFieldsOf({ fields }: ExchangeParts, { who }: Pick<Asking, 'who'>): CustomFields {
  return (['person', 'company'] as const).flatMap((kind) =>
    fields.seenBy(kind, who).filter(({ isArchived }) => !isArchived),
  )
}

function optionsOf(
  parts: ExchangeParts,
  asking: Asking,
  table: Table,
  content: RunContent,
): DraftOptions {
  const { headers, fields } = content
  const daysOf = (field: ImportField) => {
    const at = fields.indexOf(field)
    return at < 0 ? [] : table.rows.map(({ cells }) => cells[at] ?? '')
  }
  const custom = customFieldsOf(parts, asking)
  const days = custom.filter(({ kind }) => kind === 'date').map(({ id }) => customName(id))
  const reference = headers[fields.indexOf('reference')] ?? ''
  return {
    headers,
    mapping: fields,
    dayOrder: findDayOrder(
      [
        ...(['birthday', 'noteDate', 'taskDue', 'worksSince', 'workedUntil'] as ImportField[]),
        ...(days as ImportField[]),
      ].flatMap(daysOf),
    ),
    country: 'BE',
    isFittingPlace: (...place) => parts.places.isFitting(...place),
    // Who has a customer number is a customer.
    stage: /klant|customer|client|kunde/i.test(reference) ? 'customer' : 'lead',
    custom,
    isNumberPlain: table.kind === 'xlsx',
    keepsNationalNumbers: content.nationalNumbers === 'keep',
    takesIbans: asking.who.permissions.has('fields:confidential'),
    language: asking.who.language,
    today: asking.now.toISOString().slice(0, 10),
    attaches:
      !fields.some((field) => namesSomebody.has(field)) &&
      fields.some((field) => hangsOnSomebody.has(field)),
  }
}
