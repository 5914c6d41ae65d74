import type { Database, SessionToken } from '#platform/db.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Permission } from '#security/access/permissions.ts'
import type { WhoCache } from '#security/access/who.ts'
import type { Imported } from './contract.ts'
import { type Asking, type ExchangeParts, lookAt, startImport } from './exchange.ts'
import { exportPeople } from './export.ts'

export type ExchangeVerbParts = {
  db: Database
  who: WhoCache
  exchange: ExchangeParts
  signIn: {
    openOperatorSession(email: string, purpose: string, now: Date): Promise<{ token: SessionToken }>
  }
}

export type ImportVerbAsk = {
  bytes: Buffer
  as: string
  isDryRun: boolean
  mapping?: string
  duplicates?: 'skip' | 'update' | 'only-update'
  nationalNumbers?: 'leave-out' | 'keep'
  fileName?: string
  sheet?: string
}

// A few lines say what happened; the screen and the refused.csv have all of them.
const LINES_MAX = 200

/** The same import as by the screen, under a session of its own in that colleague's name. */
export async function importFile(
  parts: ExchangeVerbParts,
  { as, ...ask }: ImportVerbAsk,
  onProgress: (progress: { done: number; total: number }) => void = () => {},
) {
  const asking = await askingAs(parts, as, 'import', 'imports:run')
  const { isDryRun, ...given } = ask
  const told = {
    ...given,
    onProgress: (done: number, total: number) => onProgress({ done, total }),
  }
  const result = await (isDryRun
    ? lookAt(parts.exchange, asking, told)
    : startImport(parts.exchange, asking, told).then(({ finished }) => finished)
  ).catch(sayWhy)
  const { read, created, updated, skipped, refused, flagged, importId } = result
  return {
    exitCode: refused > 0 ? 1 : 0,
    result: { read, created, updated, skipped, refused, flagged, importId },
    lines: [
      `${read} rows read: ${created} created, ${updated} updated, ${skipped} skipped, ${refused} refused, ${flagged} flagged${ask.isDryRun ? ' (dry run: nothing was stored)' : ''}`,
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

/** All people that colleague sees, as `csv`; recorded as their export. */
export async function exportPeopleAs(parts: ExchangeVerbParts, { as }: { as: string }) {
  const asking = await askingAs(parts, as, 'export', 'people:export')
  const { csv, rows } = await exportPeople(parts.exchange.vault, asking)
  return {
    exitCode: 0,
    result: { rows, csv: csv.toString('base64') },
    lines: [`${rows} people exported`],
  }
}

async function askingAs(
  { db, who, signIn }: ExchangeVerbParts,
  email: string,
  purpose: string,
  needs: Permission,
): Promise<Asking> {
  const now = new Date()
  const { token } = await signIn.openOperatorSession(email, purpose, now)
  const caller = (await who.ask(token, now.getTime())) ?? refuse('not-signed-in')
  if (!caller.permissions.has(needs)) refuse('not-allowed')
  return {
    tx: db.reader(token, purpose),
    who: caller,
    now,
    write: (ask) => db.write(token, ask, purpose),
  }
}
