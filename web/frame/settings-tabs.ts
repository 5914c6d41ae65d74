import type { Word } from '../language/words.tsx'

export const tabIds = ['preferences', 'security', 'colleagues', 'organisation'] as const
export type SettingsTab = (typeof tabIds)[number]

/** Mine first; what concerns everybody only for those who may change it. */
export function settingsTabs(
  may: (permission: string) => boolean,
): [SettingsTab, Word & SettingsTab][] {
  return tabIds
    .filter((tab) => tab !== 'organisation' || may('organisation:manage'))
    .map((tab) => [tab, tab])
}
