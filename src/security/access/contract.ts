import { z } from 'zod'

/** What asks more than a session. Each is used by an address; its words for the screens stand in web/language/grants.ts. */
export const Operation = z.enum([
  'export',
  'bulk-delete',
  'more-dossiers',
  'change-rights',
  'end-others-sessions',
  'reset-factor',
  'change-factors',
  'keys',
  'erase',
  'approve',
  'change-safeguards',
  'break-glass',
])
export type Operation = z.infer<typeof Operation>

/** Those for which an organisation may ask that a second person agrees. */
export const FourEyesOperation = Operation.extract([
  'export',
  'bulk-delete',
  'change-rights',
  'reset-factor',
  'erase',
])
export type FourEyesOperation = z.infer<typeof FourEyesOperation>

/** What a request will do, for whoever must agree to it: `preview.WHAT` says it, with these facts filled in. */
export const Preview = z.object({
  what: z.enum([
    'export-people',
    'export-companies',
    'take-out',
    'trash-people',
    'trash-companies',
    'change-colleague',
    'invite',
    'field-roles',
    'role',
    'provider',
    'switch-provider',
    'directory-token',
    'reset-factor',
    'safeguards',
    'erase',
    'erase-files',
    'sign-in-rules',
    'add-role',
    'remove-role',
    'move-team',
    'add-provider',
    'remove-provider',
    'leaving',
    'budget',
    'lift-freeze',
    'retire-canary',
    'name-prefixes',
    'revert-import',
  ]),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
})
export type Preview = z.infer<typeof Preview>
