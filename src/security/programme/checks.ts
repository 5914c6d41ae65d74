import { readdirSync, readFileSync } from 'node:fs'
import { type AdminConnection, runReadOnly } from '#platform/admin-connection.ts'

export type Severity = 'critical' | 'high' | 'medium' | 'low'
export type Check = {
  id: string
  severity: Severity
  title: string
  why: string
  remedy: string
  sql: string
}
export type CheckResult = Omit<Check, 'sql'> & {
  outcome: 'pass' | 'fail' | 'not visible'
  findings: { object: string; detail: string }[]
}
export type CheckReport = { exitCode: 0 | 1 | 3; checks: CheckResult[] }

const folder = new URL('../../../database/checks/', import.meta.url)

/** Every file of database/checks: what it looks for, and the query whose rows are findings. */
export function listChecks(): Check[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const text = readFileSync(new URL(name, folder), 'utf8')
      const said = (key: string) =>
        new RegExp(`^-- ${key}: (.+)$`, 'm').exec(text)?.[1] ??
        fail(`database/checks/${name} does not say its ${key}`)
      return {
        id: said('id'),
        severity: said('severity') as Severity,
        title: said('title'),
        why: said('why'),
        remedy: said('remedy'),
        sql: text,
      }
    })
}

/** Unknown is never pass: what can't be seen makes the run incomplete (3); a critical or high finding makes it 1. */
export async function runChecks(
  admin: AdminConnection,
  checks = listChecks(),
  further: readonly CheckResult[] = [],
): Promise<CheckReport> {
  const answers = await runReadOnly<{ object: string; detail: string }>(
    admin,
    checks.map((check) => check.sql),
  )
  const asked = checks.map(({ sql: _, ...check }, i): CheckResult => {
    const answer = answers[i]!
    if (answer.kind === 'refused')
      return {
        ...check,
        outcome: 'not visible',
        findings: [{ object: check.id, detail: answer.why }],
      }
    return { ...check, outcome: answer.rows.length ? 'fail' : 'pass', findings: answer.rows }
  })
  const results = [...asked, ...further]
  const isGrave = results.some(
    (result) =>
      result.outcome === 'fail' && (result.severity === 'critical' || result.severity === 'high'),
  )
  return {
    exitCode: isGrave ? 1 : results.some((result) => result.outcome === 'not visible') ? 3 : 0,
    checks: results,
  }
}

function fail(message: string): never {
  throw new Error(message)
}
