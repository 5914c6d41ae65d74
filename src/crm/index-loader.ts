import type { Database, SessionToken } from '#platform/db.ts'
import type {
  IndexDocument,
  Indexed,
  IndexKind,
  RelatedDocument,
  Relation,
} from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { describeRelated, type Said } from './related-documents.ts'
import {
  COLUMNS,
  countIndexed,
  findSearchSetting,
  type IndexRow,
  listRelatedAfter,
  listRelatedOf,
  listRelatedRows,
  listRows,
  type RelatedRow,
} from './store.ts'

export type Describe = Record<IndexKind, (row: IndexRow, contact: never) => IndexDocument>

const REFRESH_MAX = 2_000
const KINDS: IndexKind[] = ['person', 'company']
export const RELATIONS: Relation[] = ['task', 'note', 'file', 'affiliation', 'relation']
/** Those of which people wrote something of any length. */
const WRITTEN: Relation[] = ['task', 'note', 'file']
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

export type IndexLoader = {
  fill(): Promise<void>
  refresh(kind: IndexKind, ids: string[]): Promise<void>
  refreshRelated(relation: Relation, ids: string[]): Promise<void>
  /** Puts back what hangs on the records that were gone and are there again. */
  refreshReturned(): Promise<void>
  /** What people wrote is held, or let go, as the organisation set it. */
  switchContents(): Promise<void>
}

type Sources = {
  db: Database
  token: SessionToken
  vault: KeeperVault
  index: RecordIndex
  describe: Describe
}

/** What is held of every record of a kind became another: they are opened once more, in batches, and searched meanwhile. */
export async function describeAgain(
  { db, token, vault, index, describe }: Sources,
  kind: IndexKind,
): Promise<void> {
  if (index.isOff) return
  const rows = vault.openBulk<never>(db.reader(token, 'index'), {
    table: kind,
    sealedClass: 'contact',
    also: COLUMNS,
  })
  // A record that was removed since the page was read must not come back with it.
  for await (const page of rows)
    index.renew(
      page.flatMap(({ id, outcome, columns }) =>
        outcome.kind === 'open'
          ? [describe[kind]({ id, ...columns } as IndexRow, outcome.value)]
          : [],
      ),
    )
}

/** Opens everyone once, in batches, under the indexer's own session; afterwards only who changed. */
export function openIndexLoader({ db, token, vault, index, describe }: Sources): IndexLoader {
  const tx = db.reader(token, 'index')

  async function* everything(): AsyncGenerator<Indexed[]> {
    // A record that does not open can not be found by its name; lists still show it, closed.
    for (const kind of KINDS)
      for await (const rows of vault.openBulk<never>(tx, {
        table: kind,
        sealedClass: 'contact',
        also: COLUMNS,
      }))
        yield rows.flatMap(({ id, outcome, columns }) =>
          outcome.kind === 'open'
            ? [describe[kind]({ id, ...columns } as IndexRow, outcome.value)]
            : [],
        )
    for (const relation of RELATIONS) yield* allOf(relation)
  }

  async function* allOf(relation: Relation): AsyncGenerator<RelatedDocument[]> {
    for (let after: string | undefined = FIRST_ID; after; ) {
      const rows: RelatedRow[] = await listRelatedAfter(tx, relation, after, REFRESH_MAX)
      yield await openRelated(relation, rows)
      after = rows.length < REFRESH_MAX ? undefined : rows.at(-1)!.id
    }
  }

  async function* everyText(): AsyncGenerator<RelatedDocument[]> {
    for (const relation of WRITTEN) yield* allOf(relation)
  }

  async function fill(): Promise<void> {
    if (index.isOff) return
    const [setting, count] = await Promise.all([findSearchSetting(tx), countIndexed(tx)])
    if (!setting.content_search) await index.dropContents()
    index.expect(count)
    await index.fill(everything)
  }

  return {
    fill,
    async switchContents() {
      const { content_search: isWanted } = await findSearchSetting(tx)
      if (isWanted === index.isContentWanted || index.isOff) return
      if (isWanted) await index.fillContents(everyText())
      else await index.dropContents()
    },
    async refreshRelated(relation, ids) {
      if (index.isOff) return
      const all = [...new Set(ids)]
      for (let at = 0; at < all.length; at += REFRESH_MAX)
        await refreshRelatedBatch(relation, all.slice(at, at + REFRESH_MAX))
    },
    async refreshReturned() {
      const ids = index.takeReturned()
      for (let at = 0; at < ids.length; at += REFRESH_MAX)
        for (const relation of RELATIONS) {
          const rows = await listRelatedOf(tx, relation, ids.slice(at, at + REFRESH_MAX))
          index.putRelated(await openAllRelated(relation, rows))
        }
    },
    async refresh(kind, ids) {
      if (index.isOff) return
      const all = [...new Set(ids)]
      for (let at = 0; at < all.length; at += REFRESH_MAX)
        await refreshBatch(kind, all.slice(at, at + REFRESH_MAX))
    },
  }

  async function refreshRelatedBatch(relation: Relation, ids: string[]): Promise<void> {
    const documents = await openRelated(relation, await listRelatedRows(tx, relation, ids))
    const there = new Set(documents.map(({ id }) => id))
    const gone = ids.filter((id) => !there.has(id))
    if (gone.length > 0) index.remove(relation, gone)
    index.putRelated(documents)
  }

  async function openAllRelated(relation: Relation, rows: RelatedRow[]) {
    const documents: RelatedDocument[] = []
    for (let at = 0; at < rows.length; at += REFRESH_MAX)
      documents.push(...(await openRelated(relation, rows.slice(at, at + REFRESH_MAX))))
    return documents
  }

  /** One that does not open still hangs on its record, without what it says. */
  async function openRelated(relation: Relation, rows: RelatedRow[]): Promise<RelatedDocument[]> {
    if (rows.length === 0) return []
    const opened = await vault.open<Said>(tx, {
      table: relation,
      sealedClass: 'content',
      ids: rows.map(({ id }) => id),
      purpose: 'index',
      record: 'none',
      isUnseen: true,
    })
    return rows.map((row) => {
      const outcome = opened.get(row.id)
      const document = describeRelated(relation, row, outcome?.kind === 'open' ? outcome.value : {})
      if (index.isContentWanted) return document
      const { body: _, ...silent } = document
      return silent
    })
  }

  async function refreshBatch(kind: IndexKind, ids: string[]): Promise<void> {
    const [rows, opened] = await Promise.all([
      listRows(tx, kind, ids),
      vault.open<never>(tx, {
        table: kind,
        sealedClass: 'contact',
        ids,
        purpose: 'index',
        record: 'none',
        isUnseen: true,
      }),
    ])
    const there = new Set(rows.map((row) => row.id))
    const gone = ids.filter((id) => !there.has(id))
    if (gone.length > 0) index.remove(kind, gone)
    index.put(
      rows.flatMap((row) => {
        const outcome = opened.get(row.id)
        return outcome?.kind === 'open' ? [describe[kind](row, outcome.value)] : []
      }),
    )
  }
}
