export const pages = [
  'getting-started',
  'people-and-companies',
  'lists-and-views',
  'dossier',
  'joint-dossiers',
  'notes-and-files',
  'tasks-and-my-day',
  'import',
  'export',
  'duplicates',
  'custom-fields',
  'notifications',
  'colleagues-and-rights',
  'approvals',
  'single-sign-on',
  'security',
  'budgets',
  'keys',
  'erasing',
  'keyboard',
] as const
export type HelpPage = (typeof pages)[number]

const settingsPages: Record<string, HelpPage> = {
  security: 'security',
  budgets: 'budgets',
  colleagues: 'colleagues-and-rights',
  organisation: 'colleagues-and-rights',
  signInRules: 'colleagues-and-rights',
  programs: 'colleagues-and-rights',
  customFields: 'custom-fields',
  singleSignOn: 'single-sign-on',
  leakage: 'security',
  recovery: 'security',
  keys: 'keys',
  erasures: 'erasing',
}

/** The page about the screen one is on. */
export function pageOf({
  pathname,
  search,
}: {
  pathname: string
  search: { open?: string; tab?: string }
}): HelpPage {
  const [, room, id] = pathname.split('/')
  switch (room) {
    case 'people':
    case 'companies':
      if (id === 'trash') return 'people-and-companies'
      return id || search.open ? 'dossier' : 'lists-and-views'
    case 'day':
    case 'tasks':
      return 'tasks-and-my-day'
    case 'joint-dossiers':
    case 'import':
    case 'duplicates':
    case 'notifications':
    case 'approvals':
      return room
    case 'settings':
      return settingsPages[search.tab ?? ''] ?? 'getting-started'
    default:
      return 'getting-started'
  }
}
