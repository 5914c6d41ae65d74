/** The vault as the web process has it: every question goes to the keeper, under the session of the transaction it is asked in. */
import type { Sealed } from '#database/sealed.ts'
import { type ReadTx, sessionOf } from '#platform/db.ts'
import type { SealedTable } from '#security/vault/catalogue.ts'
import { isOfPerson } from '#security/vault/kinds.ts'
import type { Vault } from '#security/vault/vault.ts'
import type { KeeperLink } from './link.ts'
import { readOutcomes, readRecords } from './opened.ts'

// Of JSON, at three bytes a letter at most: well below what a frame may hold, so that other questions are answered in between.
const SEAL_LETTERS = 4 * 1024 * 1024
const SEAL_MAX = 2_000
const BLIND_MAX = 5_000

export function remoteVault(link: KeeperLink, tables: readonly SealedTable[]): Vault {
  return {
    get organisationId() {
      return link.state.organisationId
    },
    isOfPerson: (kind, contact) => isOfPerson(tables, kind, contact),

    drawKeySlots: (tx, count) => link.ask('drawKeySlots', { token: asking(tx).token, count }),
    async seal(batch) {
      const pieces = inPieces(batch)
      const sealed = await Promise.all(pieces.map((piece) => link.ask('seal', { batch: piece })))
      return sealed.flat() as Sealed[]
    },
    open: async <T>(tx: ReadTx, ask: Parameters<Vault['open']>[1]) =>
      readOutcomes<T>(
        await link.ask('open', { ...asking(tx), ask: { ...ask, ids: [...ask.ids] } }),
      ),
    async openRecords<R, V>(tx: ReadTx, ask: Parameters<Vault['openRecords']>[1]) {
      const named = { classes: [...ask.classes], also: [...ask.also] }
      return readRecords<R, V>(
        await link.ask('openRecords', {
          ...asking(tx),
          ask: { ...ask, ...named, ids: [...ask.ids] },
        }),
        named,
      )
    },
    blindTokens: (asked) => inPortions(asked, (some) => link.ask('blindTokens', { asked: some })),
    searchTokens: (asked) => inPortions(asked, (some) => link.ask('searchTokens', { asked: some })),
    nameTokens: (tx, kind, words) =>
      link.ask('nameTokens', {
        token: asking(tx).token,
        kind,
        words: words.map((any) => [...any]),
      }),
    newCanary: (tx) => link.ask('newCanary', { token: asking(tx).token }),
    canariesAmong: (tx, ids) =>
      link.ask('canariesAmong', { token: asking(tx).token, ids: [...ids] }),
    async countLook(tx, record) {
      await link.ask('countLook', { ...asking(tx), record })
    },
    async countQuestion(tx, question) {
      await link.ask('countQuestion', { ...asking(tx), question: [...question] })
    },
    async recordDownload(tx, subject) {
      await link.ask('recordDownload', { ...asking(tx), subject })
    },
  }
}

/** What a transaction wrote and did not end yet nobody else can read, the keeper neither. */
function asking(tx: ReadTx): { token: string; purpose: string } {
  const session = sessionOf(tx)
  if (!session) throw new Error('the keeper is asked under a session')
  if (session.isOpen)
    throw new Error(
      'the keeper is asked before a transaction begins: it does not see what is not written yet',
    )
  return { token: session.token.reveal(), purpose: session.purpose }
}

type Batch = Parameters<Vault['seal']>[0]

function inPieces(batch: Batch): Batch[number][][] {
  if (batch.length === 1) return [[...batch]]
  const pieces: Batch[number][][] = []
  let letters = SEAL_LETTERS
  for (const { target, value } of batch) {
    const length = JSON.stringify(value).length
    if (letters + length >= SEAL_LETTERS || pieces.at(-1)!.length >= SEAL_MAX) {
      pieces.push([])
      letters = 0
    }
    letters += length
    pieces.at(-1)!.push({ target, value })
  }
  return pieces
}

type Exact = { column: string; value: string }

async function inPortions<T>(
  asked: readonly Exact[],
  ask: (some: Exact[]) => Promise<T[]>,
): Promise<T[]> {
  const tokens: T[] = []
  for (let at = 0; at < asked.length; at += BLIND_MAX) {
    const some = asked.slice(at, at + BLIND_MAX)
    tokens.push(...(await ask(some.map(({ column, value }) => ({ column, value })))))
  }
  return tokens
}
