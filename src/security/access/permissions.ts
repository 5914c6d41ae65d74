/** What a role may do, as rows of kluis.role_permission. Adding one: here, in a migration, in the glossary. */
const permissions = [
  'people:see',
  'people:edit',
  'people:delete',
  'people:export',
  'people:reveal',
  'companies:see',
  'companies:edit',
  'companies:delete',
  'companies:export',
  'notes:see',
  'notes:edit',
  'tasks:see',
  'tasks:edit',
  'files:see',
  'files:edit',
  'imports:run',
  'openings:see',
  'records:see-all',
  'users:manage',
  'organisation:manage',
  'ledger:see',
  'views:share',
  'api-keys:manage',
] as const

export type Permission = (typeof permissions)[number]
