import type { Database, SessionToken } from '#platform/db.ts'
import { dayNumber } from '#security/search/declared-filters.ts'
import type {
  IndexDocument,
  Indexed,
  IndexKind,
  RelatedDocument,
  Relation,
} from '#security/search/index-types.ts'
import type { RecordIndex } from '#security/search/record-index.ts'
import type { OpenOutcome, Vault } from '#security/vault/vault.ts'
import {
  COLUMNS,
  type IndexRow,
  listAffiliationSides,
  listAffiliationSidesAfter,
  listRelatedAfter,
  listRelatedRows,
  listRows,
  type RelatedRow,
} from './store.ts'

export type Describe = Record<IndexKind, (row: IndexRow, contact: never) => IndexDocument>

const REFRESH_MAX = 2_000
const KINDS: IndexKind[] = ['person', 'company']

export type IndexLoader = {
  filled: Promise<void>
  refresh(kind: IndexKind, ids: string[]): Promise<void>
  refreshRelated(relation: Relation, ids: string[]): Promise<void>
}

type Sources = {
  db: Database
  token: SessionToken
  vault: Vault
  index: RecordIndex
  describe: Describe
}

/** What is held of every record of a kind became another: they are opened once more, in batches, and searched meanwhile. */
export async function describeAgain(
  { db, token, vault, index, describe }: Sources,
  kind: IndexKind,
): Promise<void> {
  const rows = vault.openBulk<never>(db.reader(token, 'index'), {
    table: kind,
    sealedClass: 'contact',
    also: COLUMNS,
  })
  for await (const page of rows)
    index.put(
      page.flatMap(({ id, outcome, columns }) =>
        outcome.kind === 'open'
          ? [describe[kind]({ id, ...columns } as IndexRow, outcome.value)]
          : [],
      ),
    )
}

/** Opens everyone once, in batches, under the indexer's own session; afterwards only who changed. */
export function fillIndex({ db, token, vault, index, describe }: Sources): IndexLoader {
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
    for (let after: string | undefined; ; ) {
      const rows = await listAffiliationSidesAfter(tx, after, REFRESH_MAX)
      yield await openAffiliations(rows)
      if (rows.length < REFRESH_MAX) break
      after = rows.at(-1)!.id
    }
    for (const relation of ['task', 'note'] as const) {
      let after: string | undefined
      do {
        const rows = await listRelatedAfter(tx, relation, after, REFRESH_MAX)
        yield rows.map((row) => relatedOf(relation, row))
        after = rows.length < REFRESH_MAX ? undefined : rows.at(-1)!.id
      } while (after !== undefined)
    }
  }

  return {
    filled: index.fill(everything),
    async refreshRelated(relation, ids) {
      const all = [...new Set(ids)]
      for (let at = 0; at < all.length; at += REFRESH_MAX)
        await refreshRelatedBatch(relation, all.slice(at, at + REFRESH_MAX))
    },
    async refresh(kind, ids) {
      const all = [...new Set(ids)]
      for (let at = 0; at < all.length; at += REFRESH_MAX)
        await refreshBatch(kind, all.slice(at, at + REFRESH_MAX))
    },
  }

  async function refreshRelatedBatch(relation: Relation, ids: string[]): Promise<void> {
    const documents =
      relation === 'affiliation'
        ? await openAffiliations(await listAffiliationSides(tx, ids))
        : (await listRelatedRows(tx, relation, ids)).map((row) => relatedOf(relation, row))
    const there = new Set(documents.map(({ id }) => id))
    const gone = ids.filter((id) => !there.has(id))
    if (gone.length > 0) index.remove(relation, gone)
    index.putRelated(documents)
  }

  async function openAffiliations(rows: AffiliationRow[]): Promise<RelatedDocument[]> {
    const opened = await vault.open<AffiliationSaid>(tx, {
      table: 'affiliation',
      sealedClass: 'content',
      ids: rows.map(({ id }) => id),
      purpose: 'index',
      record: 'none',
      isUnseen: true,
    })
    return rows.map((row) => affiliationOf(row, opened.get(row.id)))
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

type AffiliationRow = { id: string; person_id: string; company_id: string }
type AffiliationSaid = { jobTitle: string; until?: string }

function affiliationOf(
  row: AffiliationRow,
  outcome: OpenOutcome<AffiliationSaid> | undefined,
): RelatedDocument {
  const said = outcome?.kind === 'open' ? outcome.value : undefined
  return {
    relation: 'affiliation',
    id: row.id,
    subjects: [
      { kind: 'person', id: row.person_id },
      { kind: 'company', id: row.company_id },
    ],
    text: said?.jobTitle ?? '',
    at: said?.until ? (dayNumber(said.until) ?? null) : null,
  }
}

function relatedOf(relation: 'task' | 'note', row: RelatedRow): RelatedDocument {
  const subject =
    row.person_id !== null
      ? { kind: 'person' as const, id: row.person_id }
      : { kind: 'company' as const, id: row.company_id! }
  const { due_on: dueOn } = row
  return {
    relation,
    id: row.id,
    subjects: [subject],
    ...(relation === 'note'
      ? { at: row.created_at.getTime() }
      : {
          isOpen: row.done_at === null,
          userId: row.assignee_id,
          at: dueOn ? (dayNumber(dueOn) ?? null) : null,
        }),
  }
}
