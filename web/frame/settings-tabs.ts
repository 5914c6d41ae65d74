import type { Word } from '../language/words.tsx'

export const tabIds = [
  'preferences',
  'security',
  'budgets',
  'colleagues',
  'roles',
  'reviews',
  'organisation',
  'signInRules',
  'programs',
  'customFields',
  'singleSignOn',
  'leakage',
  'recovery',
  'keys',
  'erasures',
] as const
export type SettingsTab = (typeof tabIds)[number]

/** Any of these, each as a whole. */
const needs: Partial<Record<SettingsTab, string[][]>> = {
  roles: [['rights:see'], ['rights:manage']],
  reviews: [['rights:review']],
  organisation: [['organisation:manage']],
  signInRules: [['organisation:manage']],
  programs: [['api-keys:manage']],
  customFields: [['organisation:manage']],
  recovery: [['organisation:manage']],
  keys: [['keys:manage']],
  erasures: [['erasures:run']],
  // What a provider's groups give is a role.
  singleSignOn: [['organisation:manage', 'users:manage']],
  leakage: [['organisation:manage'], ['rights:review']],
}

/** Mine first; what concerns everybody only for those who may change it. */
export function settingsTabs(
  may: (permission: string) => boolean,
): [SettingsTab, Word & SettingsTab][] {
  return tabIds
    .filter((tab) => needs[tab]?.some((all) => all.every(may)) ?? true)
    .map((tab) => [tab, tab])
}
