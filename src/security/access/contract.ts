import { z } from 'zod'

/** What asks more than a session. Each is used by an address; its words for the screens stand in web/language/grants.ts. */
export const Operation = z.enum([
  'export',
  'bulk-delete',
  'change-rights',
  'reset-factor',
  'change-factors',
])
export type Operation = z.infer<typeof Operation>
