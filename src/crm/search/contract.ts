/**
 * What can be searched, and what that costs.
 *
 * GET   /api/search    → SearchState     for whoever manages the organisation
 * PATCH /api/search    SearchChange → SearchState
 */
import { z } from 'zod'

const Read = z.object({
  /** By whoever has public statistics of names, as unevenly as the demo draws them. */
  demo: z.number(),
  /** The same where the commonest names are as common as in a country. */
  country: z.number(),
})

export const SearchState = z.object({
  /** Whether notes, titles of tasks and names of files are searched too. */
  isContentSearched: z.boolean(),
  /** `filling`: switched on, and not read in full yet; `away`: the index is being started. */
  contents: z.enum(['off', 'filling', 'on', 'away']),
  isIndexReady: z.boolean(),
  /** From 0 to 1. */
  indexProgress: z.number(),
  records: z.number().int(),
  texts: z.number().int(),
  /** What the texts alone take; their lists of words come on top. */
  textBytes: z.number().int(),
  /** Of the whole process that holds the index. */
  memoryBytes: z.number().int(),
  /** The operator of the host has no index. */
  isIndexOff: z.boolean(),
  names: z.object({
    /** Whether the beginnings of names are kept in the database, as blind tokens. */
    isKept: z.boolean(),
    /** They are being written, or what changed meanwhile is. */
    isWriting: z.boolean(),
    records: z.number().int(),
    found: z.number().int(),
    /** What a thief of the database reads of them, as it was measured: shares of 1. */
    leak: z.object({
      /** What whoever switches it on confirms to have read. */
      measured: z.string(),
      people: z.number().int(),
      countryPeople: z.number().int(),
      ...{ familyNames: Read, givenNames: Read },
    }),
  }),
  rowVersion: z.number().int(),
})
export type SearchState = z.infer<typeof SearchState>

export const SearchChange = z.strictObject({
  rowVersion: z.number().int().min(1),
  isContentSearched: z.boolean().optional(),
  /** To keep names so, `hasRead` is the `measured` of the figures that were shown. */
  areNamesKept: z.boolean().optional(),
  hasRead: z.string().max(40).optional(),
})
export type SearchChange = z.infer<typeof SearchChange>
