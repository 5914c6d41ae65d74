import type { Readable } from 'node:stream'
import type { Database, SessionToken } from '#platform/db.ts'
import type { SendPiece } from '#platform/operator-socket.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { AskedRequest, GrantHolder, Guard, Guarded } from '#security/access/operations.ts'
import type { Permission } from '#security/access/permissions.ts'
import type { WhoCache } from '#security/access/who.ts'
import type { ExportFormat, Imported } from './contract.ts'
import {
  type Asking,
  type ExchangeParts,
  type ImportAsk,
  lookAt,
  resumeImport,
  startImport,
} from './exchange.ts'
import { exportRecords } from './export/export.ts'
import { previewRevert, revertImport } from './revert/revert.ts'
import { listImports } from './runs.ts'
import { takeOut } from './take-out/take-out.ts'

export type ExchangeVerbParts = {
  db: Database
  who: WhoCache
  exchange: ExchangeParts
  guard: Guard
  signIn: {
    openOperatorSession(
      email: string,
      purpose: string,
      now: Date,
    ): Promise<{ token: SessionToken; sessionId: string }>
    endOperatorSession(sessionId: string, now: Date): Promise<void>
    grantToOperator(self: GrantHolder & { token: SessionToken }, guarded: Guarded): Promise<string>
  }
}

export type ImportVerbAsk = Omit<ImportAsk, 'onProgress'> & { as: string; isDryRun: boolean }

// A few lines say what happened; the screen and the refused.csv have all of them.
const LINES_MAX = 200

/** The same import as by the screen, under a session of its own in that colleague's name. */
export async function importFile(
  parts: ExchangeVerbParts,
  { as, ...ask }: ImportVerbAsk,
  onProgress: (progress: { done: number; total: number }) => void = () => {},
) {
  return inNameOf(parts, as, 'import', 'imports:run', async (asking) => {
    const { isDryRun, ...given } = ask
    const asked = {
      ...given,
      onProgress: (done: number, total: number) => onProgress({ done, total }),
    }
    const result = await (isDryRun
      ? lookAt(parts.exchange, asking, asked)
      : startImport(parts.exchange, asking, asked).then(({ finished }) => finished)
    ).catch(sayWhy)
    return told(result, isDryRun)
  })
}

function told(result: Imported, isDryRun: boolean) {
  const { read, created, updated, skipped, refused, flagged, people, companies } = result
  const { importId, preset } = result
  const counts = { read, created, updated, skipped, refused, flagged, people, companies }
  return {
    exitCode: refused > 0 ? 1 : 0,
    result: { ...counts, importId, preset },
    lines: [
      `${read} rows read: ${created} created, ${updated} updated, ${skipped} skipped, ${refused} refused, ${flagged} flagged${isDryRun ? ' (dry run: nothing was stored)' : ''}`,
      `${people} people and ${companies} companies are new`,
      ...(preset ? [`recognised as an export of ${preset}`] : []),
      ...result.mapping.map(({ header, field }) => `column "${header}" → ${field}`),
      ...result.rows.slice(0, LINES_MAX).flatMap(lineOf),
    ],
  }
}

/** The screens have words for each reason; an operator gets the reason itself. */
function sayWhy(error: unknown): never {
  const why = error instanceof Problem && error.detail && JSON.stringify(error.detail)
  if (!why) throw error
  throw new Error(`${(error as Problem).message}: ${why}`, { cause: error })
}

function lineOf(row: Imported['rows'][number]): string[] {
  return row.problems.map(({ problem, field, value, on, line }) => {
    const what = [
      field,
      problem,
      value && `"${value}"`,
      on && `(${on.join(', ')})`,
      line && `of line ${line}`,
    ]
    return `line ${row.line} ${row.outcome}: ${what.filter(Boolean).join(' ')}`
  })
}

/** All people or companies that colleague sees, sent piece by piece; recorded as their export. */
export async function exportAs(
  parts: ExchangeVerbParts,
  { as, kind, format }: { as: string; kind: 'person' | 'company'; format: ExportFormat },
  send: SendPiece,
) {
  const list = kind === 'person' ? 'people' : 'companies'
  const address = { method: 'GET', path: `/api/${list}/export.${format}` }
  return guarded(parts, as, 'export', address, `${list}:export`, async (asking) => {
    let rows = 0
    const { stream } = await exportRecords(
      parts.exchange,
      { ...asking, onRows: (more) => (rows += more) },
      kind,
      format,
    )
    await sendAll(stream, send)
    return {
      exitCode: 0,
      result: { rows },
      lines: [`${rows} ${kind === 'person' ? 'people' : 'companies'} exported`],
    }
  })
}

/** Everything that colleague sees, as one zip; exit 1 when a file that was put in could not be read. */
export async function takeOutAs(
  parts: ExchangeVerbParts,
  { as }: { as: string },
  send: SendPiece,
  onProgress: (progress: { done: number; total: number }) => void = () => {},
) {
  const address = { method: 'GET', path: '/api/take-out' }
  return guarded(parts, as, 'export', address, 'people:export', async (asking) => {
    const progress = { done: 0, total: 0 }
    const onRows = (more: number) => {
      progress.done = Math.min(progress.done + more, progress.total)
      onProgress(progress)
    }
    const { stream, total, written, taken } = await takeOut(parts.exchange, { ...asking, onRows })
    progress.total = total
    await sendAll(stream, send)
    const { notReadable, ...files } = taken
    return {
      exitCode: notReadable.length > 0 ? 1 : 0,
      result: { files: written, attached: files, notReadable },
      lines: [
        ...written.map(({ file, rows }) => `${file}: ${rows}`),
        `files: ${files.count} (${files.bytes} bytes)`,
        ...notReadable.map(
          ({ id, ...line }) =>
            `NOT READABLE ${id} ${line.name ?? ''} of ${'personId' in line ? line.personId : line.companyId}`,
        ),
      ],
    }
  })
}

async function sendAll(stream: Readable, send: SendPiece): Promise<void> {
  for await (const piece of stream as AsyncIterable<Buffer | string>) await send(Buffer.from(piece))
}

export async function listImportsAs(parts: ExchangeVerbParts, { as }: { as: string }) {
  return inNameOf(parts, as, 'import', 'imports:run', async (asking) => {
    const { items } = await listImports(parts.exchange, asking)
    return {
      exitCode: 0,
      result: { items },
      lines: items.map(
        ({ id, state, read, total, fileName, startedAt }) =>
          `${id} ${state.padEnd(11)} ${read}/${total} ${startedAt} ${fileName}`,
      ),
    }
  })
}

/** Goes on with an import that stands still, to its end. */
export async function resumeImportAs(
  parts: ExchangeVerbParts,
  { as, id }: { as: string; id: string },
  onProgress: (progress: { done: number; total: number }) => void = () => {},
) {
  return inNameOf(parts, as, 'import', 'imports:run', async (asking) => {
    const { finished } = await resumeImport(parts.exchange, asking, id, (done, total) =>
      onProgress({ done, total }),
    ).catch(sayWhy)
    return told(await finished.catch(sayWhy), false)
  })
}

/** Without `isConfirmed` it only tells what would go, what would come back and what would be lost. */
export async function revertImportAs(
  parts: ExchangeVerbParts,
  {
    as,
    id,
    isConfirmed,
    changedSince,
  }: { as: string; id: string; isConfirmed: boolean; changedSince: 'keep' | 'revert' },
) {
  if (!isConfirmed)
    return inNameOf(parts, as, 'import', 'imports:run', async (asking) => {
      const preview = await previewRevert(parts.exchange, asking, id).catch(sayWhy)
      const { people, companies, restored, notes, tasks, photos, merged, changedSinceCount } =
        preview
      return {
        exitCode: 0,
        result: preview,
        lines: [
          `would remove ${people} people and ${companies} companies, put back ${restored}, remove ${notes} notes, ${tasks} tasks and ${photos} photos (nothing was done; say --yes)`,
          ...(merged > 0
            ? [`${merged} were merged with another since and stay until that merge is undone`]
            : []),
          ...(changedSinceCount > 0
            ? [
                `${changedSinceCount} were worked on since and stay; --also-changed reverts them too`,
              ]
            : []),
          ...preview.changedSince.map(
            ({ kind, id: recordId, was, edits, notes: n, tasks: k, fields }) =>
              `${kind} ${recordId} ${was}: ${edits} edits ${fields.join(',')} ${n} notes ${k} tasks`,
          ),
        ],
      }
    })
  const asked = {
    method: 'POST',
    path: '/api/imports/:id/revert',
    params: { id },
    body: { changedSince },
  }
  return guarded(parts, as, 'bulk-delete', asked, 'imports:run', async (asking) => {
    const done = await revertImport(parts.exchange, asking, id, changedSince).catch(sayWhy)
    return {
      exitCode: 0,
      result: done,
      lines: [
        `${done.removed} people and ${done.removedCompanies} companies removed, ${done.restored} put back, ${done.keptBecauseChanged} kept because someone worked on them, ${done.keptBecauseMerged} because they were merged`,
      ],
    }
  })
}

/**
 * What the screens ask a grant for is granted here too, and stands in the ledger as theirs does: the operator proves it by
 * the socket, which only the owner of the host's files reaches.
 */
async function guarded<T>(
  parts: ExchangeVerbParts,
  email: string,
  operation: 'export' | 'bulk-delete',
  asked: AskedRequest,
  needs: Permission,
  work: (asking: Asking) => Promise<T>,
): Promise<T> {
  const { guard, signIn } = parts
  const purpose = operation === 'export' ? 'export' : 'import'
  return inNameOf(parts, email, purpose, needs, async (asking, token) => {
    const request = guard.requestOf({ params: {}, query: {}, ...asked })
    const lets: Guarded = { operation, request }
    const caller = { ...asking.who, token }
    const grant = await signIn.grantToOperator(caller, lets)
    if (await guard.pass(caller, lets, grant))
      throw new Error(
        `the organisation asks four eyes for this\nstate: nothing was ${operation === 'export' ? 'exported' : 'removed'}\ntry: ask it as ${email} in Kluis (Import and export), and run this again once a colleague approved it`,
      )
    return work(asking)
  })
}

/** Under a session of its own in that colleague's name, which ends with the work. */
async function inNameOf<T>(
  { db, who, signIn, exchange }: ExchangeVerbParts,
  email: string,
  purpose: string,
  needs: Permission,
  work: (asking: Asking, token: SessionToken) => Promise<T>,
): Promise<T> {
  const now = new Date()
  const { token, sessionId } = await signIn.openOperatorSession(email, purpose, now)
  try {
    const caller = (await who.ask(token, now.getTime())) ?? refuse('not-signed-in')
    if (!caller.permissions.has(needs)) refuse('not-allowed')
    // No request came before this one, where the program was started for it.
    await exchange.fields.ready()
    const asking: Asking = {
      tx: db.reader(token, purpose),
      who: caller,
      now,
      write: (ask) => db.write(token, ask, purpose),
    }
    return await work(asking, token)
  } finally {
    await signIn.endOperatorSession(sessionId, new Date())
    who.forgetAll()
  }
}
