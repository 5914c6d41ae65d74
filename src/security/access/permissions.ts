/**
 * What a role may do, as rows of kluis.role_permission: an object and an action, and whose records it is for. Adding one:
 * here, in a migration, in the glossary.
 */
export const permissions = [
  'people:see',
  'people:create',
  'people:edit',
  'people:delete',
  'people:export',
  'people:reveal',
  'people:share',
  'companies:see',
  'companies:create',
  'companies:edit',
  'companies:delete',
  'companies:export',
  'companies:reveal',
  'companies:share',
  'notes:see',
  'notes:create',
  'notes:edit',
  'notes:delete',
  'tasks:see',
  'tasks:create',
  'tasks:edit',
  'tasks:delete',
  'files:see',
  'files:create',
  'files:edit',
  'files:delete',
  // Classes of fields: without one, what is sealed in it is not given out.
  'fields:contact',
  'fields:confidential',
  'fields:content',
  'imports:run',
  'openings:see',
  'users:manage',
  'rights:manage',
  'rights:see',
  'rights:review',
  'organisation:manage',
  'ledger:see',
  'views:share',
  'api-keys:manage',
  'approvals:decide',
  'break-glass:use',
  'break-glass:review',
  'budgets:manage',
  'alarms:see',
  'canaries:manage',
  'keys:manage',
  'erasures:run',
] as const

/** What is left of seeing without contact data: worked out in PostgreSQL, in no role. */
export type OutlinePermission = 'people:outline' | 'companies:outline'
export type Permission = (typeof permissions)[number] | OutlinePermission

/** Those that are about records: for one's own, those of one's teams, or all. */
export const isScoped = (permission: string): boolean =>
  /^(people|companies|notes|tasks|files):/.test(permission) || permission === 'rights:review'
