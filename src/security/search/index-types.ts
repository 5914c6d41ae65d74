/** What others hand to the memory index and what they get back. Ids only come out, never a name. */
import type { Spread } from '#security/vault/spread.ts'

export type IndexKind = 'person' | 'company'

/** Everything of one record that lists filter, sort or search by. Held in memory only. */
export type IndexDocument = {
  kind: IndexKind
  id: string
  rowVersion: number
  /** Display words: given and family name, or the company's name. */
  names: string[]
  /** What alphabetical order goes by. A company gives its name as `family`. */
  sortName: { given?: string; family: string }
  /** Found, but not ranked as names: e-mails, phones, customer number, company name, city. */
  fragments: string[]
  /** For `similar` alone. */
  addresses?: { street: string; city: string }[]
  /** stage, tag, city, language, …: fields of few values; one with several values gives a list. */
  filters: Record<string, string | string[]>
  /** Fields of which nearly every record has another value: e-mail, phone, street. */
  texts?: Record<string, string[]>
  /** Amounts, and days counted from 1970. */
  numbers?: Record<string, number>
  ownerId: string | null
  teamId: string | null
  isDeleted: boolean
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
}

/** What hangs on people and companies, and can be filtered by. */
export type Relation = 'task' | 'note' | 'file' | 'affiliation' | 'relation'
/** Of the index of what people wrote. */
export type ContentState = 'off' | 'filling' | 'on'
export type RelatedDocument = {
  relation: Relation
  id: string
  /** Of an affiliation, the person and the company; of a relation, both its ends. */
  subjects: { kind: IndexKind; id: string }[]
  /** A task not done yet; an affiliation that is the company's main contact; a relation that makes a group of two companies. */
  isMarked?: boolean
  /** A note's or file's instant in milliseconds; the day a task is due or a tie ends, counted from 1970. */
  at?: number | null
  /** When a task was ticked off, in milliseconds. */
  doneAt?: number | null
  userId?: string | null
  /** Few words, such as a job title. */
  texts?: Record<string, string>
  /** What somebody wrote; found by any part of it. */
  body?: string
  /** Of a relation: what the second is to the first, and the first to the second. */
  roles?: [string, string]
}

/** Any operator somebody can choose is one of these four, or its negation. */
export type IndexCondition =
  | { field: string; test: 'equals' | 'contains' | 'starts'; values: string[] }
  | { field: string; test: 'range'; from?: number; to?: number }
  | { field: string; test: 'there' }
/** `company.city` of a person asks the companies they are affiliated to, as far as the asker sees those. */
export type IndexFilter =
  | { all: IndexFilter[] }
  | { any: IndexFilter[] }
  | { not: IndexFilter }
  | IndexCondition

/** Whose rows a right is for, as row security says it. */
export type RowScope = {
  /** May see every row. */
  everything: boolean
  userId: string
  teamIds: string[]
  /** Ids of rows that are shared with them at this moment. */
  shared?: string[]
}
/** Whose eyes: tested on every row, so that totals tell only of what this person may see. */
export type IndexScope = RowScope & {
  /** Where it is another: of the records they are tied to, and of what hangs on them. */
  beside?: { linked: RowScope; task: RowScope; note: RowScope; file: RowScope }
}

/** A field that holds the id of a record goes by that record's name, as far as the asker sees it. */
export type NamedField = { field: string; recordKind: IndexKind; became: Became }
/** What became of records that were merged: a value may still name those. */
export type Became = Record<string, string>

export type IndexSort = {
  /** Or a field; rows without a value for it come last. */
  by: 'relevance' | 'name' | 'createdAt' | 'updatedAt' | { field: string } | NamedField
  descending: boolean
}

export type IndexQuery = {
  kind: IndexKind
  text?: string
  /** Every field must match one of its values. `ownerId` and `teamId` may be filtered too. */
  filters?: Record<string, string | string[]>
  where?: IndexFilter
  /** Default: relevance where there is text, else name. */
  sort?: IndexSort
  scope: IndexScope
  /** Ids of what the asker opened last: first among those that fit as well. */
  recent?: string[]
  /** 1 to 500. */
  limit: number
  cursor?: string
  /** The place of the first row, for whoever goes to a place and not to the next page. */
  from?: number
  /** true: only records in the bin; default: only those not in it. */
  deleted?: boolean
}

/** `nextCursor` is sealed: it carries a sort position, which may be a name. */
export type IndexPage = {
  ids: string[]
  total: number
  /** Where nothing was found: who is called nearly so, of those the asker sees. */
  closest?: string[]
  nextCursor?: string
}

export type GroupQuery = Pick<
  IndexQuery,
  'kind' | 'text' | 'filters' | 'where' | 'scope' | 'deleted'
> & {
  by: string
  /** Fields of numbers to add up for each group. */
  sums: string[]
  /** What a group is for a field of days. */
  part?: 'day' | 'month' | 'year'
  became?: Became
}
/** `value` is null for the rows that have none. A row of several values counts in each of their groups. */
export type IndexGroup = { value: string | null; count: number; sums: Record<string, number> }
/** `total` and `sums` are of all rows; `others`, how many groups were left out because they were too many. */
export type IndexGroups = {
  groups: IndexGroup[]
  total: number
  sums: Record<string, number>
  others: number
}

export type SimilarQuery = {
  kind: IndexKind
  names: string[]
  address?: { street: string; city: string }
  scope: IndexScope
  /** The record itself, when an existing one is compared. */
  exceptId?: string
  limit: number
}

/** 1 = every name word equal; the same address adds 0.3. */
export type Similar = { id: string; score: number }

/** Two records that may be one customer; whoever shows them asks who may see both. */
export type LikelyPair = { a: string; b: string }

export type IndexState = {
  ready: boolean
  loaded: number
  /** As announced to `load`; undefined when the caller did not know. */
  total?: number
  /** Resident memory of the index process. */
  memoryBytes: number
  contents: { state: ContentState; texts: number; bytes: number }
}

export type Indexed = IndexDocument | RelatedDocument

export interface SearchIndex {
  /** Takes batches of any size; queries are answered meanwhile from what is there. */
  load(batches: AsyncIterable<Indexed[]> | Iterable<Indexed[]>, total?: number): Promise<void>
  /** A document older than the indexed `rowVersion` is ignored. */
  put(documents: Indexed[]): Promise<void>
  /** Only in the place of what is there: a record that was removed meanwhile stays away. */
  renew(documents: Indexed[]): Promise<void>
  /** Off, what people wrote is let go; filling, it is taken in and not answered from. */
  contents(state: ContentState): Promise<void>
  remove(kind: IndexKind | Relation, ids: string[]): Promise<void>
  query(query: IndexQuery): Promise<IndexPage>
  groups(query: GroupQuery): Promise<IndexGroups>
  /** How many visible records have each value: for the menus of filters. Most frequent first. */
  facets(
    kind: IndexKind,
    field: string,
    scope: IndexScope,
  ): Promise<{ value: string; count: number }[]>
  similar(query: SimilarQuery): Promise<Similar[]>
  /** Of all records, whoever may see them: counts, and no value. */
  spread(kind: IndexKind, field: string): Promise<Spread>
  /** The next slice of a look through all records of a kind; undefined at its end. `begin` starts it anew. */
  likely(kind: IndexKind, begin: boolean): Promise<LikelyPair[] | undefined>
  state(): Promise<IndexState>
  /** Ends the process; the kernel clears its pages. */
  close(): Promise<void>
}

/** nl: Berg, Jan van den. be: Van den Berg, Jan. */
export type AlphabetOrder = 'nl' | 'be'
