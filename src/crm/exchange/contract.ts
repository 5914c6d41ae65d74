/** Imports and exports: `/api/imports`, `/api/people/export.FORMAT`, `/api/companies/export.FORMAT`, `/api/take-out`, `/api/exports/ID`. */
import { z } from 'zod'

/** What a column can mean. `remark` keeps a column nobody knows in the note, as "Header: value"; `ignore` leaves it out. */
export const importFields = [
  'givenName',
  'middleName',
  'infix',
  'familyName',
  'fullName',
  'salutation',
  'company',
  'enterpriseNumber',
  'otherNumber',
  'siteNumber',
  'sector',
  'isSoleTrader',
  'jobTitle',
  'department',
  'worksSince',
  'workedUntil',
  'email',
  'phone',
  'mobile',
  'street',
  'houseNumber',
  'box',
  'postalCode',
  'city',
  'country',
  'birthday',
  'language',
  'iban',
  'newsletter',
  'website',
  'reference',
  'stage',
  'tag',
  'industry',
  'employeeCount',
  'note',
  'noteDate',
  'noteAuthor',
  'task',
  'taskDue',
  'taskDone',
  'id',
  'isCompany',
  'nameAfterCompany',
  'companyReference',
  'callingCode',
  'nationalNumber',
  'remark',
  'ignore',
] as const
/** Or a field of one's own making, by its id. */
export const ImportField = z.union([z.enum(importFields), z.templateLiteral(['custom.', z.uuid()])])
export type ImportField = z.infer<typeof ImportField>

/** Programs whose exports are known by their header row. */
export const presetIds = [
  'hubspot',
  'salesforce',
  'google',
  'outlook',
  'odoo',
  'espocrm',
  'twenty',
  'teamleader',
] as const
export const PresetId = z.enum(presetIds)
export type PresetId = z.infer<typeof PresetId>

/** By what a row is held to be a customer who is there. `auto`: by any of these, when the names agree too. */
export const importKeys = ['auto', 'email', 'phone', 'reference', 'enterpriseNumber', 'id'] as const
export const ImportKey = z.enum(importKeys)
export type ImportKey = z.infer<typeof ImportKey>

/** Why a value, or a row, did not come in as it stood. A screen translates each. */
export const importProblems = [
  'email-unreadable',
  'email-repaired',
  'phone-kept-as-typed',
  'phone-unreadable',
  'iban-wrong',
  'iban-not-allowed',
  'day-impossible',
  'day-unreadable',
  'day-in-future',
  'country-unknown',
  'place-unlike',
  'organisation-number-wrong',
  'sector-unknown',
  'newsletter-unclear',
  'number-unreadable',
  'option-unknown',
  'link-unreadable',
  'record-unknown',
  'needed',
  'too-long',
  'formula-kept-as-text',
  'national-number',
  'leading-zero-restored',
  'no-name',
  'too-many-columns',
  'duplicate-in-file',
  'duplicate-in-database',
  'likely-in-file',
  'likely-in-database',
  'changed-meanwhile',
  'nobody-found',
  'key-ambiguous',
  'names-differ',
  'no-key',
  'nothing-to-attach',
  'hangs-already',
  'photo-too-large',
  'photo-unknown',
  'photo-there',
  'photo-not-allowed',
] as const
export const ImportProblem = z.enum(importProblems)
export type ImportProblem = z.infer<typeof ImportProblem>

export const Problem = z.object({
  problem: ImportProblem,
  /** Which field; empty when it concerns the row. */
  field: z.string(),
  /** As it stood in the file; never a national number. */
  value: z.string(),
  /** For a duplicate: what both have. */
  on: z.array(z.string()).optional(),
  /** For a duplicate: the line of the file, or the record, it repeats. */
  line: z.number().optional(),
  id: z.string().optional(),
})
export type Problem = z.infer<typeof Problem>

export const Outcome = z.enum(['created', 'updated', 'skipped', 'refused'])
export type Outcome = z.infer<typeof Outcome>

export const ImportQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).default('false'),
  /** `header=field` or one field a column, parted by commas; each is a URI component. */
  mapping: z.string().max(8000).optional(),
  /** What happens to a row that is there already. Never made twice either way. */
  duplicates: z.enum(['skip', 'update', 'only-update']).default('skip'),
  key: ImportKey.default('auto'),
  /** Whether a remark that holds a national number is kept all the same. */
  nationalNumbers: z.enum(['leave-out', 'keep']).default('leave-out'),
  fileName: z.string().max(200).default(''),
  /** Of a workbook; the first with rows otherwise. */
  sheet: z.string().max(200).default(''),
  /** The program the file is from, where its headers do not say it, or say it wrongly. */
  preset: z.union([PresetId, z.enum(['', 'none'])]).default(''),
  /** false: answers once the run has begun; how far it is, its own address tells. */
  wait: z.enum(['true', 'false']).default('true'),
  /** Whether what the columns of this source meant last time is used. */
  remembered: z.enum(['use', 'ignore']).default('use'),
})
export type ImportQuery = z.infer<typeof ImportQuery>

const Count = z.number().int().min(0)
export const Counts = z.object({
  read: Count,
  created: Count,
  updated: Count,
  skipped: Count,
  refused: Count,
  /** Rows with a national number that was left out; they are counted under their outcome too. */
  flagged: Count,
})
export type Counts = z.infer<typeof Counts>

export const Column = z.object({
  header: z.string(),
  field: ImportField,
  /** How it was found: the format or the program's preset says so, a colleague said so before, by its header, by its
   * values, not at all, or given by the caller. */
  by: z.enum(['format', 'preset', 'remembered', 'header', 'values', 'none', 'caller']),
  examples: z.array(z.string()),
})
export type Column = z.infer<typeof Column>

export const RunState = z.enum(['running', 'paused', 'done', 'failed', 'reverted', 'interrupted'])
export const Imported = Counts.extend({
  importId: z.string().nullable(),
  state: RunState,
  /** Rows of the file. */
  total: Count,
  kind: z.enum(['csv', 'xlsx', 'vcard']),
  encoding: z.string(),
  separator: z.string(),
  sheets: z.array(z.string()),
  sheet: z.string(),
  /** What was left out of the file as a whole, and how often. */
  notices: z.array(
    z.object({
      notice: z.enum(['logo-left-out', 'cell-error-left-out', 'footer-left-out']),
      count: Count,
    }),
  ),
  preset: PresetId.nullable(),
  /** The mapping of this source that was kept and used. */
  rememberedId: z.string().nullable(),
  mapping: z.array(Column),
  /** Among the created: people and companies; a row with both makes one person and at most one company. */
  people: Count,
  companies: Count,
  rows: z.array(z.object({ line: z.number(), outcome: Outcome, problems: z.array(Problem) })),
})
export type Imported = z.infer<typeof Imported>

/** A dry run, with the first rows as they would be kept. */
export const Preview = Imported.extend({
  firstRows: z.array(
    z.object({
      line: z.number(),
      kind: z.enum(['person', 'company', 'none']),
      values: z.record(z.string(), z.string()),
    }),
  ),
})
export type Preview = z.infer<typeof Preview>

export const ImportId = z.object({ id: z.uuid() })
export const ImportRun = Counts.extend({
  id: z.string(),
  fileName: z.string(),
  /** interrupted: it was under way when the program or its session ended, and waits to be resumed. */
  state: RunState,
  total: Count,
  people: Count,
  companies: Count,
  secondsLeft: z.number().nullable(),
  startedAt: z.iso.datetime(),
  revertedAt: z.iso.datetime().nullable(),
})
export type ImportRun = z.infer<typeof ImportRun>
export const ImportRuns = z.object({ items: z.array(ImportRun) })
export const ImportRunRows = ImportRun.extend({ rows: Imported.shape.rows })

/** Whether records that someone worked on since the import go too. */
export const RevertRequest = z.strictObject({
  changedSince: z.enum(['keep', 'revert']).default('keep'),
})

const RecordKind = z.enum(['person', 'company'])

/** What taking an import back would do, before it is done. */
export const RevertPreview = z.object({
  /** Made by the import and untouched since: these go. */
  people: Count,
  companies: Count,
  /** Changed by the import and untouched since: these get the values they had. */
  restored: Count,
  /** Hung by the import on customers who were there. */
  notes: Count,
  tasks: Count,
  photos: Count,
  /** One with another customer since: these stay in any case, until the merge is undone. */
  merged: Count,
  changedSinceCount: Count,
  /** Worked on since: these stay, or what was done since is lost. At most 200. */
  changedSince: z.array(
    z.object({
      kind: RecordKind,
      id: z.string(),
      name: z.string(),
      was: z.enum(['created', 'updated']),
      edits: Count,
      notes: Count,
      tasks: Count,
      files: Count,
      /** Of an updated one: what differs from what the import left. */
      fields: z.array(z.string()),
    }),
  ),
})
export type RevertPreview = z.infer<typeof RevertPreview>

/** What went and what got its old values, and which records stay because someone worked on them since. */
export const Reverted = z.object({
  removed: Count,
  removedCompanies: Count,
  restored: Count,
  keptBecauseChanged: Count,
  keptBecauseMerged: Count,
  kept: z.array(z.object({ kind: RecordKind, id: z.string() })),
})
export type Reverted = z.infer<typeof Reverted>

export const exportFormats = ['csv', 'xlsx', 'vcf', 'json'] as const
export const ExportFormat = z.enum(exportFormats)
export type ExportFormat = z.infer<typeof ExportFormat>

/** An id of the caller's own choosing, under which `GET /api/exports/:id` tells how far the export is. */
export const ExportQuery = z.object({ export: z.uuid().optional() })
export const ExportProgress = z.object({
  state: z.enum(['running', 'done', 'stopped', 'broken-off']),
  done: Count,
  total: Count,
})
export type ExportProgress = z.infer<typeof ExportProgress>
