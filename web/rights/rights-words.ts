import type { Reach } from '../api/shapes.ts'
import type { Speak } from '../language/words.tsx'

/** Objects of which a role says whose they are, with what can be done to each. */
export const matrix: Record<string, readonly string[]> = {
  people: ['see', 'create', 'edit', 'delete', 'export', 'reveal', 'share'],
  companies: ['see', 'create', 'edit', 'delete', 'export', 'reveal', 'share'],
  notes: ['see', 'create', 'edit', 'delete'],
  tasks: ['see', 'create', 'edit', 'delete'],
  files: ['see', 'create', 'edit', 'delete'],
}
export const actions = ['see', 'create', 'edit', 'delete', 'export', 'reveal', 'share'] as const
export const fieldClasses = ['fields:contact', 'fields:confidential', 'fields:content'] as const
export const administration = [
  'imports:run',
  'openings:see',
  'views:share',
  'users:manage',
  'rights:manage',
  'rights:see',
  'rights:review',
  'organisation:manage',
  'api-keys:manage',
  'ledger:see',
  'budgets:manage',
  'alarms:see',
  'canaries:manage',
] as const
export const reaches: readonly Reach[] = ['own', 'team', 'organisation']

/** "Personen zien (team)": what a permission is called, with its reach where it has one. */
export function rightText(t: Speak, permission: string, reach?: Reach): string {
  const [object, action] = permission.split(':')
  const known = t.known(`may.${permission}`)
  if (known) return known
  const said = `${t.known(`object.${object}`) ?? object} ${t.known(`action.${action}`) ?? action}`
  return reach ? `${said} (${t(`reach.${reach}`)})` : said
}
