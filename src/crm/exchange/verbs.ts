import type { Database, SessionToken } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import type { WhoCache } from '#security/access/who.ts'
import { type ExchangeParts, importPeople } from './exchange.ts'

export type ImportVerbParts = {
  db: Database
  who: WhoCache
  exchange: ExchangeParts
  signIn: {
    openOperatorSession(email: string, purpose: string, now: Date): Promise<{ token: SessionToken }>
  }
}

/** The same import as by the screen, under a session of its own in that colleague's name. */
export async function importFile(
  { db, who, exchange, signIn }: ImportVerbParts,
  { bytes, as, isDryRun }: { bytes: Buffer; as: string; isDryRun: boolean },
  onProgress: (progress: { done: number; total: number }) => void = () => {},
) {
  const { token } = await signIn.openOperatorSession(as, 'import', new Date())
  const caller = (await who.ask(token, Date.now())) ?? refuse('not-signed-in')
  if (!caller.permissions.has('imports:run')) refuse('not-allowed')
  const result = await importPeople(
    exchange,
    { tx: db.reader(token, 'import'), who: caller },
    { bytes, isDryRun, onProgress: (done, total) => onProgress({ done, total }) },
    (ask) => db.writeAtOnce(token, ask, 'import'),
  )
  const { read, created, updated, skipped, refused } = result
  const lines = [
    `${read} rows read: ${created} created, ${skipped} skipped, ${refused} refused${isDryRun ? ' (dry run: nothing was stored)' : ''}`,
    ...result.rows.flatMap((row) =>
      row.problems.map(
        (problem) =>
          `line ${row.line} ${row.outcome}: ${problem.field} ${problem.problem} ${problem.value}`,
      ),
    ),
  ]
  return {
    exitCode: refused > 0 ? 1 : 0,
    result: { read, created, updated, skipped, refused, importId: result.importId },
    lines,
  }
}
