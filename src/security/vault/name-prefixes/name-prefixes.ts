/**
 * Keeps the beginnings of names in the database, where an organisation chose that: blind tokens under a key of the team, made
 * of what is sealed and by nobody else. Off, nothing is written, and PostgreSQL refuses it.
 *
 * Trusts: the rows themselves for what is lacking, so that whatever was missed is found again at the next start.
 * If lost: names are found in memory alone, and the next start writes what is lacking.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Tx } from '#platform/db.ts'
import { namePrefixes } from '#security/search/name-prefixes.ts'
import type { KeyWork } from '../key-work.ts'
import { rowOpener } from '../vault.ts'
import { nameColumn } from './name-tokens.ts'
import * as store from './store.ts'

export type Kind = 'person' | 'company'
const KINDS: Kind[] = ['person', 'company']
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
const PURPOSE = 'index'
const BATCH = 200
// Between batches: somebody who saves meanwhile waits for none of them.
const PAUSE_MS = 5
// What failed, as when the database was away for a moment.
const AGAIN_MS = 30_000

export type NamePrefixParts = Pick<KeyWork, 'keystore' | 'db' | 'token' | 'inTurn'> & {
  /** What a record is called, of its contact data. */
  nameOf: (kind: Kind, contact: never) => string
  blindToken: (column: ReturnType<typeof nameColumn>, value: string) => Buffer
  warn: (error: Error) => void
}
export type NamePrefixes = ReturnType<typeof openNamePrefixes>

export function openNamePrefixes(parts: NamePrefixParts) {
  const { keystore, db, inTurn, warn } = parts
  const stopping = new AbortController()
  let isOn = false
  let catchingUp: Promise<void> | undefined
  let isAskedAgain = false
  let again: NodeJS.Timeout | undefined

  /** In the transaction of whoever has the rows: a rotation, or `write`. */
  async function writeIn(tx: Tx, kind: Kind, ids: readonly string[]): Promise<void> {
    const openRow = rowOpener(keystore)
    const rows = await store.lockNamed(tx, kind, ids)
    const tokens = rows.flatMap(({ id, team_id: teamId, sealed, counter }) => {
      const row = { id, subject_id: id, sealed, counter }
      const outcome = openRow<never>({ table: kind, sealedClass: 'contact' }, row)
      if (outcome.kind === 'closed') return []
      return namePrefixes(kind, parts.nameOf(kind, outcome.value)).map((one) => {
        const token = parts.blindToken(nameColumn(kind, teamId), one)
        return { id, teamId, counter, token }
      })
    })
    await store.replaceTokens(tx, kind, ids, tokens)
  }
  async function write(kind: Kind, ids: readonly string[]): Promise<void> {
    const token = await parts.token()
    // An erasure destroys keys after its rows are written: nothing is made of what is on its way out.
    await inTurn(() => db.write(token, (tx) => writeIn(tx, kind, ids), PURPOSE))
  }

  async function everythingLacking(): Promise<void> {
    const tx = db.reader(await parts.token(), PURPOSE)
    isOn = await store.isOn(tx)
    for (const kind of KINDS)
      for (let after: string | undefined = FIRST_ID; after && isOn; ) {
        stopping.signal.throwIfAborted()
        const ids: string[] = await store.listWrong(tx, kind, after, BATCH)
        if (ids.length > 0) await write(kind, ids)
        after = ids.length < BATCH ? undefined : ids.at(-1)
        await sleep(PAUSE_MS, undefined, { signal: stopping.signal })
      }
  }

  function failed(error: Error): void {
    if (stopping.signal.aborted) return
    warn(error)
    clearTimeout(again)
    again = setTimeout(() => void catchUp(), AGAIN_MS).unref()
  }

  /** Once at a time; asked meanwhile, it looks once more behind that. */
  function catchUp(): Promise<void> {
    if (catchingUp) {
      isAskedAgain = true
      return catchingUp
    }
    catchingUp = everythingLacking()
      .catch(failed)
      .then(() => {
        catchingUp = undefined
        if (!isAskedAgain || stopping.signal.aborted) return
        isAskedAgain = false
        return catchUp()
      })
    return catchingUp
  }

  return {
    /** At a start, and when the organisation chose otherwise: writes all that is lacking. Off, it looks and does nothing. */
    catchUp,
    /** Records that were made, changed, moved or removed. */
    async follow(kind: Kind, ids: readonly string[]): Promise<void> {
      if (!isOn) return
      try {
        const tx = db.reader(await parts.token(), PURPOSE)
        for (let at = 0; at < ids.length; at += BATCH) {
          const wrong = await store.listWrongOf(tx, kind, ids.slice(at, at + BATCH))
          if (wrong.length > 0) await write(kind, wrong)
        }
      } catch (error) {
        failed(error as Error)
      }
    },
    /** For a rotation of what records are found by, with its own transaction. */
    writeIn: async (tx: Tx, kind: Kind, ids: readonly string[]) => {
      if (await store.isOn(tx)) await writeIn(tx, kind, ids)
    },
    /** How many records there are, and how many of them are found. */
    async progress(): Promise<{ isWriting: boolean; records: number; found: number }> {
      const tx = db.reader(await parts.token(), PURPOSE)
      const { records, lacking } = await store.countLacking(tx)
      return { isWriting: catchingUp !== undefined, records, found: records - lacking }
    },
    async close(): Promise<void> {
      stopping.abort()
      clearTimeout(again)
      await catchingUp
    },
  }
}
