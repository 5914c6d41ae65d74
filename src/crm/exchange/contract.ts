import { z } from 'zod'

export const ImportQuery = z.object({
  dryRun: z.enum(['true', 'false']).default('false'),
  mapping: z.string().max(4000).optional(),
})
export const Imported = z.object({
  importId: z.string().nullable(),
  encoding: z.string(),
  separator: z.string(),
  mapping: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
  read: z.number(),
  created: z.number(),
  updated: z.number(),
  skipped: z.number(),
  refused: z.number(),
  rows: z.array(
    z.object({
      line: z.number(),
      outcome: z.enum(['skipped', 'refused', 'created']),
      problems: z.array(z.object({ field: z.string(), problem: z.string(), value: z.string() })),
    }),
  ),
})
export type Imported = z.infer<typeof Imported>
export const ImportId = z.object({ id: z.uuid() })
export const Reverted = z.object({ removed: z.number(), keptBecauseChanged: z.number() })
