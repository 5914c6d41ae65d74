import type { Reach } from '../api/shapes.ts'

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
  'approvals:decide',
  'break-glass:use',
  'break-glass:review',
  'ledger:see',
  'budgets:manage',
  'alarms:see',
  'canaries:manage',
  'keys:manage',
  'erasures:run',
] as const
export const reaches: readonly Reach[] = ['own', 'team', 'organisation']
