import { ExportFormat, ImportQuery } from '#crm/exchange/contract.ts'
import {
  exportAs,
  importFile,
  listImportsAs,
  resumeImportAs,
  revertImportAs,
  takeOutAs,
} from '#crm/exchange/verbs.ts'
import type { Verb } from '#platform/operator-socket.ts'
import { freezeVerbs } from '#security/budgets/verbs.ts'
import { listChecks, runChecks } from '#security/programme/checks.ts'
import { compareDefinitions, readDefinitions } from '#security/programme/definitions.ts'
import { rootKeyVerbs } from '#security/root-key/verbs.ts'
import { userVerbs } from '#security/sign-in/verbs.ts'
import { keyVerbs } from './key-verbs.ts'
import type { Running } from './main.ts'

const FINE = 0
const FAILED = 1
const INCOMPLETE = 3

/** What an operator may ask of an open Kluis: of the running server through its socket, or of one opened for this alone. */
export function operatorVerbs(running: Running): Record<string, Verb> {
  return {
    ...userVerbs(running),
    ...freezeVerbs(running),
    ...rootKeyVerbs(running),
    ...keyVerbs(running),

    // Opening has migrated already, the running server's too: this tells what it applied.
    migrate: async () => ({
      exitCode: FINE,
      result: { migrated: running.migrated },
      lines: [
        ...running.migrated.map((name) => `applied ${name}`),
        'the database is at this release',
      ],
    }),

    'ledger verify': async (_, onProgress) => {
      const check = await running.ledger.verify(onProgress)
      const found = check.findings.length
      return {
        exitCode: found ? FAILED : check.isComplete ? FINE : INCOMPLETE,
        result: check,
        lines: [
          `${check.leaves} leaves, ${check.checkpoints} checkpoints, ${check.rows} rows compared`,
          ...check.findings.map(({ table, row, what }) => `TAMPERED ${table} ${row}: ${what}`),
          found
            ? `${found} findings`
            : check.isComplete
              ? 'intact'
              : 'incomplete: changes are still on their way; try again in a moment',
        ],
      }
    },

    'four-eyes-off': async () => {
      const lifted = await running.approvals.liftFourEyes()
      return {
        exitCode: FINE,
        result: { lifted },
        lines: [
          lifted.length > 0
            ? `these need no second person any more: ${lifted.join(', ')}`
            : 'nothing needed a second person',
        ],
      }
    },

    check: async () => {
      const admin = running.adminConnection
      const definitions = compareDefinitions(running.definitions, await readDefinitions(admin))
      const report = await runChecks(admin, listChecks(), [definitions])
      const lines = report.checks.flatMap((check) => [
        `${check.outcome.padEnd(11)} ${check.id} ${check.severity.padEnd(8)} ${check.title}`,
        ...check.findings.map(
          (finding) => `            ${finding.object}: ${finding.detail} — ${check.remedy}`,
        ),
      ])
      return { exitCode: report.exitCode, result: report, lines }
    },

    'import people': ({ file, as, isDryRun, ...asked }, onProgress) =>
      importFile(
        running,
        {
          ...ImportQuery.pick({
            mapping: true,
            duplicates: true,
            nationalNumbers: true,
            fileName: true,
            sheet: true,
            preset: true,
            key: true,
          }).parse(asked),
          bytes: Buffer.from(String(file), 'base64'),
          as: String(as),
          isDryRun: isDryRun === true,
        },
        onProgress,
      ),

    'import list': ({ as }) => listImportsAs(running, { as: String(as) }),

    'import resume': ({ as, id }, onProgress) =>
      resumeImportAs(running, { as: String(as), id: String(id) }, onProgress),

    'import revert': ({ as, id, isConfirmed, isAll }) =>
      revertImportAs(running, {
        as: String(as),
        id: String(id),
        isConfirmed: isConfirmed === true,
        changedSince: isAll === true ? 'revert' : 'keep',
      }),

    'export people': ({ as, format }, _, send) =>
      exportAs(
        running,
        { as: String(as), kind: 'person', format: ExportFormat.parse(format) },
        send,
      ),

    'export companies': ({ as, format }, _, send) =>
      exportAs(
        running,
        { as: String(as), kind: 'company', format: ExportFormat.parse(format) },
        send,
      ),

    'export everything': ({ as }, onProgress, send) =>
      takeOutAs(running, { as: String(as) }, send, onProgress),
  }
}
