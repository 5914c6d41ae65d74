/**
 * What the database shows to whoever holds all of it, column by column, read from the database itself.
 *
 * GET /api/leakage → Leakage
 */
import { z } from 'zod'

/**
 * sealed: opens with a key outside the database. token: a keyed hash, equal for equal values. hash: of a random secret or of
 * sealed rows. key: the public half of a pair. readable: as it is. words: one of a fixed list. id, moment, number, yes-no: as named.
 */
export const Kind = z.enum([
  'sealed',
  'token',
  'hash',
  'key',
  'readable',
  'words',
  'id',
  'moment',
  'number',
  'yes-no',
])
export type Kind = z.infer<typeof Kind>

const Label = z.object({ nl: z.string(), en: z.string() })
export const Column = z.object({
  name: z.string(),
  kind: Kind,
  /** What the database says of it, where it has to. */
  shows: z.string().nullable(),
  /** What is in it, of a sealed column whose fields are declared. */
  holds: z.array(Label),
})
export const Table = z.object({
  name: z.string(),
  columns: z.array(Column),
  /** Rows of it that belong to one person or company show as such. */
  isOfCustomers: z.boolean(),
})
export const Leakage = z.object({ tables: z.array(Table) })
export type Column = z.infer<typeof Column>
export type Table = z.infer<typeof Table>
export type Leakage = z.infer<typeof Leakage>
