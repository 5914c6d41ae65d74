/**
 * What can be searched, and what that costs.
 *
 * GET   /api/search    → SearchState     for whoever manages the organisation
 * PATCH /api/search    SearchChange → SearchState
 */
import { z } from 'zod'

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
  rowVersion: z.number().int(),
})
export type SearchState = z.infer<typeof SearchState>

export const SearchChange = z.strictObject({
  rowVersion: z.number().int().min(1),
  isContentSearched: z.boolean(),
})
export type SearchChange = z.infer<typeof SearchChange>
