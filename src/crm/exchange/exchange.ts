/**
 * Import: a file becomes people and companies, 500 rows at a time. What is decided is decided by pure functions
 * (draft.ts, duplicates.ts, decide.ts), so a dry run and a run say the same.
 *
 * Trusts: the file for nothing. If lost: a run that stopped halfway has stored whole batches; the same file again
 * goes on where it stopped, since what is there is not made twice.
 */
import { randomUUID } from 'node:crypto'
import type { CompanyContact } from '#crm/companies/contract.ts'
import type { Contact } from '#crm/people/contract.ts'
import type { ReadTx, Tx } from '#platform/db.ts'
import { findDayOrder } from '#platform/normalise.ts'
import { refuse } from '#platform/problem.ts'
import type { Who } from '#security/access/who.ts'
import type { SealTarget, Vault } from '#security/vault/vault.ts'
import { type Made, prepareBatch, tellLost, tokenOf } from './batch.ts'
import type { Column, Imported, Preview } from './contract.ts'
import { CompanyMemory, decideRow, type Known, type Place, type Step } from './decide.ts'
import { type Draft, type DraftOptions, readRow } from './draft.ts'
import {
  companyIdentity,
  companyKeys,
  FileMemory,
  type Key,
  keysOf,
  keyText,
  personIdentity,
  type RecordKind,
} from './duplicates.ts'
import { correctColumns, suggestColumns } from './mapping.ts'
import { readTable } from './read-table.ts'
import * as store from './store.ts'
import type { Row, Table } from './table.ts'

export type Write = <T>(ask: (tx: Tx) => Promise<T>) => Promise<T>
export type Asking = { tx: ReadTx; who: Who; now: Date; write: Write }

export type ExchangeParts = {
  vault: Vault
  /** After a batch is stored: the one who imported finds it at once. */
  recordsMade(tx: ReadTx, kind: RecordKind, made: Made[]): Promise<void>
  recordsGone(kind: RecordKind, ids: string[]): void
}

export type ImportAsk = {
  bytes: Uint8Array
  isDryRun: boolean
  mapping?: string | undefined
  duplicates?: 'skip' | 'update'
  nationalNumbers?: 'leave-out' | 'keep'
  fileName?: string
  sheet?: string
  onProgress?: (done: number, total: number) => void
}

const BATCH_ROWS = 500
// What a screen can show; the counts are always whole, and the file to download holds every refused row.
const ROWS_TOLD_MAX = 2_000
const FIRST_ROWS = 20
// A file with more rows of its own than this has no use for each one's reasons being kept.
const ROWS_KEPT_MAX = 20_000
const KEPT_DAYS = 30
const DAY_MS = 24 * 3600_000

/** Reads, decides, and unless it is a dry run stores. Nobody is made twice. */
export async function importFile(
  parts: ExchangeParts,
  asking: Asking,
  ask: ImportAsk,
): Promise<Preview> {
  const table = await readTable(ask.bytes, ask.sheet)
  const mapping = correctColumns(suggestColumns(table), ask.mapping)
  if (!mapping.some(({ field }) => namesSomebody.has(field)))
    refuse('file-unreadable', { why: 'no-name-column', headers: table.headers })
  const run = await beginRun(parts, asking, ask, table, mapping)
  try {
    for (let start = 0; start < table.rows.length; start += BATCH_ROWS) {
      await importBatch(run, table.rows.slice(start, start + BATCH_ROWS))
      ask.onProgress?.(Math.min(start + BATCH_ROWS, table.rows.length), table.rows.length)
    }
    await run.save({ state: 'done' })
  } catch (error) {
    // The batches before this one are stored and counted; the run says that it stopped.
    await run.save({ state: 'failed' }).catch(() => {})
    throw error
  }
  return run.result
}

const namesSomebody = new Set(['givenName', 'familyName', 'fullName', 'company'])

type Run = {
  parts: ExchangeParts
  asking: Asking
  ask: ImportAsk
  id: string
  options: DraftOptions
  memory: FileMemory
  companies: CompanyMemory
  placeOfLine: Map<number, Place>
  /** Enterprise numbers asked of the database already. */
  askedNumbers: Set<string>
  result: Preview
  keptRows: number
  version: number
  save(change: { state?: store.RunState }): Promise<void>
}

async function beginRun(
  parts: ExchangeParts,
  asking: Asking,
  ask: ImportAsk,
  table: Table,
  mapping: Column[],
): Promise<Run> {
  const id = randomUUID()
  const counts = { read: 0, created: 0, updated: 0, skipped: 0, refused: 0, flagged: 0 }
  const run: Run = {
    parts,
    asking,
    ask,
    id,
    options: draftOptions(asking, ask, table, mapping),
    memory: new FileMemory(),
    companies: new CompanyMemory(),
    placeOfLine: new Map(),
    askedNumbers: new Set(),
    keptRows: 0,
    version: 1,
    result: {
      importId: ask.isDryRun ? null : id,
      kind: table.kind,
      encoding: table.encoding,
      separator: table.separator,
      sheets: table.sheets,
      sheet: table.sheet,
      notices: table.notices,
      mapping,
      ...counts,
      people: 0,
      companies: 0,
      rows: [],
      firstRows: [],
    },
    async save(change) {
      if (ask.isDryRun) return
      const { read, created, updated, skipped, refused, flagged } = run.result
      await asking.write((tx) =>
        store.updateRun(tx, id, run.version, {
          read,
          created,
          updated,
          skipped,
          refused,
          flagged,
          ...change,
        }),
      )
      run.version++
    },
  }
  if (ask.isDryRun) return run
  if (asking.who.teamIds.length === 0) refuse('not-allowed')
  const content = { fileName: ask.fileName ?? '', headers: table.headers }
  const [sealed] = await parts.vault.seal([
    { target: ownTarget(parts.vault, 'import_run', id), value: content },
  ])
  await asking.write((tx) =>
    Promise.all([
      store.deleteToldRowsBefore(tx, new Date(asking.now.getTime() - KEPT_DAYS * DAY_MS)),
      store.insertRun(tx, id, sealed!),
    ]),
  )
  return run
}

function draftOptions(
  asking: Asking,
  ask: ImportAsk,
  table: Table,
  mapping: Column[],
): DraftOptions {
  const birthdayAt = mapping.findIndex(({ field }) => field === 'birthday')
  const reference = mapping.find(({ field }) => field === 'reference')?.header ?? ''
  return {
    headers: table.headers,
    mapping: mapping.map(({ field }) => field),
    dayOrder: findDayOrder(table.rows.map(({ cells }) => cells[birthdayAt] ?? '')),
    country: 'BE',
    // Who has a customer number is a customer.
    stage: /klant|customer|client|kunde/i.test(reference) ? 'customer' : 'lead',
    keepsNationalNumbers: ask.nationalNumbers === 'keep',
    language: asking.who.language,
    today: asking.now.toISOString().slice(0, 10),
  }
}

async function importBatch(run: Run, rows: Row[]): Promise<void> {
  const drafts = rows.map((row) => readRow(row, run.options))
  const known = await findKnown(run, drafts)
  const steps = drafts.map((draft) => {
    const step = decideRow(draft, run.memory, known, run.ask.duplicates ?? 'skip')
    if (step.outcome === 'created') run.memory.remember(draft)
    const repeated = draft.problems.find((one) => one.problem === 'duplicate-in-file')?.line
    if (repeated !== undefined) run.memory.absorb(repeated, draft)
    return step
  })
  if (run.ask.isDryRun) {
    countMade(run, steps)
    count(run, steps, [])
    return
  }
  const { parts, asking } = run
  const batch = await prepareBatch(
    { ...run, vault: parts.vault, tx: asking.tx, who: asking.who, importId: run.id },
    steps,
  )
  run.result.people += steps.filter(
    (step) => step.outcome === 'created' && step.draft.person,
  ).length
  const told = await sealTold(run, steps)
  await asking.write((tx) => Promise.all([batch.write(tx), store.insertToldRows(tx, told)]))
  run.result.companies += batch.newCompanies
  count(run, steps, batch.lost)
  await run.save({})
  for (const kind of ['company', 'person'] as const)
    if (batch.made[kind].length > 0) await parts.recordsMade(asking.tx, kind, batch.made[kind])
}

/** A dry run makes nothing, and still says how many companies would come beside the people. */
function countMade(run: Run, steps: Step[]): void {
  for (const { outcome, draft } of steps) {
    if (outcome !== 'created') continue
    if (draft.person) run.result.people++
    if (!draft.company || (draft.person && run.companies.find(draft.company.contact))) continue
    run.result.companies++
    run.companies.remember(draft.company.contact, {
      kind: 'company',
      id: '',
      keySlot: 0,
      isNew: true,
    })
  }
}

/** Records the caller sees that share a value with one of these rows, by that value. */
async function findKnown(run: Run, drafts: Draft[]): Promise<Map<string, Known[]>> {
  const { vault } = run.parts
  const { tx } = run.asking
  const keys = drafts.filter((draft) => !draft.refusedWhy).flatMap(keysOf)
  const known = new Map<string, Known[]>()
  for (const kind of ['person', 'company'] as const) {
    const own = keys.filter((key) => key.kind === kind)
    if (kind === 'company') own.push(...companyNumbers(run, drafts))
    const byToken = new Map<string, Key>(
      own.map((key) => [`${key.column} ${tokenOf(vault, key).toString('base64')}`, key]),
    )
    const matches = await store.listMatches(
      tx,
      kind,
      [...byToken.keys()].map((text) => Buffer.from(text.split(' ')[1]!, 'base64')),
    )
    if (matches.length === 0) continue
    const opened = await vault.open<Contact | CompanyContact>(tx, {
      table: kind,
      sealedClass: 'contact',
      ids: [...new Set(matches.map((match) => match.id))],
      purpose: 'duplicates',
      record: 'list',
    })
    const places = await store.listPlaces(tx, kind, [...opened.keys()])
    const slotOf = new Map(places.map((place) => [place.id, place.key_slot]))
    for (const match of matches) {
      const key = byToken.get(`${match.column} ${match.token.toString('base64')}`)
      const outcome = opened.get(match.id)
      // A record that does not open can not be told apart, so it is nobody's duplicate.
      if (!key || outcome?.kind !== 'open') continue
      const contact = outcome.value
      if (kind === 'company')
        run.companies.remember(contact as CompanyContact, {
          kind,
          id: match.id,
          keySlot: slotOf.get(match.id)!,
          isNew: false,
        })
      const identity =
        kind === 'person'
          ? personIdentity(contact as Contact)
          : companyIdentity(contact as CompanyContact)
      const text = keyText(key)
      known.set(text, [...(known.get(text) ?? []), { id: match.id, identity }])
    }
  }
  return known
}

/** Of companies beside people only the number tells whether they are there; each is asked once. */
function companyNumbers(run: Run, drafts: Draft[]): Key[] {
  return drafts.flatMap((draft) => {
    if (!draft.person || !draft.company?.contact.enterpriseNumber) return []
    const contact = draft.company.contact
    if (run.askedNumbers.has(contact.enterpriseNumber)) return []
    run.askedNumbers.add(contact.enterpriseNumber)
    return companyKeys(contact, []).filter((key) => key.column === 'enterprise-number')
  })
}

function count(run: Run, steps: Step[], lost: Step[]): void {
  const { result } = run
  for (const step of steps) {
    const { draft } = step
    const isLost = lost.includes(step)
    if (isLost) tellLost(draft)
    const outcome = isLost ? 'refused' : step.outcome
    result.read++
    result[outcome]++
    if (draft.isFlagged) result.flagged++
    if (draft.problems.length > 0 && result.rows.length < ROWS_TOLD_MAX)
      result.rows.push({ line: draft.line, outcome, problems: draft.problems })
    if (result.firstRows.length < FIRST_ROWS) result.firstRows.push(showRow(draft))
  }
}

function showRow(draft: Draft): Preview['firstRows'][number] {
  const of = draft.person ?? draft.company
  const values: Record<string, string> = {}
  const show = (name: string, value: unknown) => {
    if (typeof value === 'string' || typeof value === 'number') values[name] = String(value)
    if (Array.isArray(value))
      values[name] = value
        .map((one) =>
          typeof one === 'string'
            ? one
            : 'value' in one
              ? one.value
              : Object.values(one).filter(Boolean).join(', '),
        )
        .join(' · ')
  }
  for (const [name, value] of Object.entries(of?.contact ?? {})) if (value) show(name, value)
  show('ibans', of?.ibans ?? [])
  if (draft.note) show('note', draft.note)
  for (const [name, value] of Object.entries(values)) if (!value) delete values[name]
  return {
    line: draft.line,
    kind: draft.person ? 'person' : draft.company ? 'company' : 'none',
    values,
  }
}

/** Refused rows are kept sealed, to be handed back; of a flagged one only the reason. */
async function sealTold(run: Run, steps: Step[]): Promise<store.ToldRow[]> {
  const told = steps.filter(({ outcome, draft }) => outcome !== 'created' || draft.isFlagged)
  const room = Math.max(0, ROWS_KEPT_MAX - run.keptRows)
  const rows = told.slice(0, room).map(({ outcome, draft }) => ({
    id: randomUUID(),
    draft,
    outcome: outcome as string,
  }))
  run.keptRows += rows.length
  const sealed = await run.parts.vault.seal(
    rows.map(({ id, draft, outcome }) => ({
      target: ownTarget(run.parts.vault, 'import_row', id),
      value: {
        problems: draft.problems,
        cells: outcome === 'refused' && !draft.isFlagged ? draft.cells : [],
      },
    })),
  )
  return rows.map(({ id, draft, outcome }, i) => ({
    id,
    import_id: run.id,
    line: draft.line,
    outcome,
    sealed: sealed[i]!,
  }))
}

export function ownTarget(
  vault: Vault,
  table: 'import_run' | 'import_row',
  rowId: string,
): SealTarget {
  return {
    table,
    sealedClass: 'content',
    rowId,
    subjectId: vault.organisationId,
    keySlot: 0,
    sealCounter: 1,
  }
}

export type { Imported }
