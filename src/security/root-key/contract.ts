import { z } from 'zod'

export const ShareSet = z.object({
  /** Seven letters that are the same on every share of one installation. */
  installation: z.string(),
  set: z.string(),
  day: z.string(),
  shares: z.array(z.object({ number: z.number(), text: z.string() })),
})
export type ShareSet = z.infer<typeof ShareSet>

export const RecoveryState = z.object({
  provider: z.enum(['file', 'passphrase', 'pkcs11', 'transit', 'aws-kms']),
  installation: z.string(),
  shares: z
    .object({
      set: z.string(),
      day: z.string(),
      testedOn: z.string().nullable(),
      isCurrent: z.boolean(),
    })
    .nullable(),
})
export type RecoveryState = z.infer<typeof RecoveryState>

const Typed = z.string().max(400)
export const SharesTyped = z.strictObject({ shares: z.tuple([Typed, Typed]) })

const which = z.number()
export const SharesTested = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('opens'), set: z.string(), day: z.string() }),
  z.object({ kind: z.literal('does-not-open') }),
  z.object({ kind: z.literal('wrong-groups'), which, groups: z.array(z.number()) }),
  z.object({ kind: z.literal('wrong-length'), which, letters: z.number(), wanted: z.number() }),
  z.object({ kind: z.literal('wrong-checksum'), which }),
  z.object({ kind: z.literal('unknown-format'), which }),
  z.object({
    kind: z.literal('other-installation'),
    which,
    installation: z.string(),
    wanted: z.string(),
  }),
  z.object({ kind: z.literal('same-share'), number: z.number() }),
  z.object({ kind: z.literal('other-set'), days: z.tuple([z.string(), z.string()]) }),
])
export type SharesTested = z.infer<typeof SharesTested>
