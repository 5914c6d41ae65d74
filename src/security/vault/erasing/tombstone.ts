/** What stands of an erasure beside the database. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ErasureRow } from './store.ts'

type Kept = { tombstone: string; content: string }
/** What is signed beside the certificate: of it the row is made again, and what it destroyed destroyed again. */
export type Tombstone = Pick<
  ErasureRow,
  'id' | 'kind' | 'subject_id' | 'also_ids' | 'complete_on'
> & { slots: number[] }

export const tombstoneOf = ({ tombstone }: Kept) =>
  JSON.parse(tombstone.split('\n')[0]!) as Tombstone

export function readKept(directory: string, isWanted: (name: string) => boolean): Kept[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json') && isWanted(name))
    .map((name) => {
      const path = join(directory, name)
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as Kept
      } catch (cause) {
        throw new Error(
          `the file ${path} of an erasure can not be read\nstate: nothing was erased anew\ntry: put it back from a copy of the ledger's directory`,
          { cause },
        )
      }
    })
}
