import type { Word } from '../language/words.tsx'

export const tabIds = [
  'preferences',
  'security',
  'budgets',
  'colleagues',
  'organisation',
  'customFields',
] as const
export type SettingsTab = (typeof tabIds)[number]

const forManagers = new Set<SettingsTab>(['organisation', 'customFields'])

/** Mine first; what concerns everybody only for those who may change it. */
export function settingsTabs(
  may: (permission: string) => boolean,
): [SettingsTab, Word & SettingsTab][] {
  return tabIds
    .filter((tab) => !forManagers.has(tab) || may('organisation:manage'))
    .map((tab) => [tab, tab])
}
