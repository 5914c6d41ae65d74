/**
 * Whether functions, policies, triggers and grants are still those that this program put there when it started. The
 * other checks look for known mistakes; this one sees any change, such as one more policy or another body of
 * `kluis.scope()`. A start puts everything back as it should be.
 */
import { readFileSync } from 'node:fs'
import { type AdminConnection, runReadOnly } from '#platform/admin-connection.ts'
import type { CheckResult } from './checks.ts'

export type Definitions = ReadonlyMap<string, string>

const question = readFileSync(new URL('../../../database/definitions.sql', import.meta.url), 'utf8')

/** Undefined where the catalogues can not be read. */
export async function readDefinitions(admin: AdminConnection): Promise<Definitions | undefined> {
  const [answer] = await runReadOnly<{ object: string; hash: string }>(admin, [question])
  if (answer?.kind !== 'rows') return undefined
  return new Map(answer.rows.map(({ object, hash }) => [object, hash]))
}

export function compareDefinitions(
  installed: Definitions | undefined,
  now: Definitions | undefined,
): CheckResult {
  const check = {
    id: 'D01',
    severity: 'critical' as const,
    title: 'functions, policies, triggers and grants are those that this start put there',
    why: 'one more policy, or another body of a function, shows rows to whoever made it',
    remedy: 'find out who did it, then start Kluis again: that puts every definition back',
  }
  if (!installed || !now) {
    const detail = 'the definitions can not be read'
    return { ...check, outcome: 'not visible', findings: [{ object: check.id, detail }] }
  }
  const findings = [...new Set([...installed.keys(), ...now.keys()])]
    .filter((object) => installed.get(object) !== now.get(object))
    .sort()
    .map((object) => ({
      object,
      detail: !installed.has(object) ? 'was added' : now.has(object) ? 'was changed' : 'is gone',
    }))
  return { ...check, outcome: findings.length ? 'fail' : 'pass', findings }
}
