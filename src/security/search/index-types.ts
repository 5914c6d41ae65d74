/** What others hand to the memory index and what they get back. Ids only come out, never a name. */

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
  /** stage, tag, city, language, …; a field with several values gives a list. */
  filters: Record<string, string | string[]>
  ownerId: string | null
  teamId: string | null
  isDeleted: boolean
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
}

/** Whose eyes: tested on every row, so that totals tell only of what this person may see. */
export type IndexScope = {
  /** May see every row. */
  everything: boolean
  userId: string
  teamIds: string[]
}

export type IndexSort = {
  by: 'relevance' | 'name' | 'createdAt' | 'updatedAt'
  descending: boolean
}

export type IndexQuery = {
  kind: IndexKind
  text?: string
  /** Every field must match one of its values. `ownerId` and `teamId` may be filtered too. */
  filters?: Record<string, string | string[]>
  /** Default: relevance where there is text, else name. */
  sort?: IndexSort
  scope: IndexScope
  /** 1 to 500. */
  limit: number
  cursor?: string
  /** true: only records in the bin; default: only those not in it. */
  deleted?: boolean
}

/** `nextCursor` is sealed: it carries a sort position, which may be a name. */
export type IndexPage = { ids: string[]; total: number; nextCursor?: string }

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
}

export interface SearchIndex {
  /** Takes batches of any size; queries are answered meanwhile from what is there. */
  load(
    batches: AsyncIterable<IndexDocument[]> | Iterable<IndexDocument[]>,
    total?: number,
  ): Promise<void>
  /** A document older than the indexed `rowVersion` is ignored. */
  put(documents: IndexDocument[]): Promise<void>
  remove(kind: IndexKind, ids: string[]): Promise<void>
  query(query: IndexQuery): Promise<IndexPage>
  /** How many visible records have each value: for the menus of filters. Most frequent first. */
  facets(
    kind: IndexKind,
    field: string,
    scope: IndexScope,
  ): Promise<{ value: string; count: number }[]>
  similar(query: SimilarQuery): Promise<Similar[]>
  /** The next slice of a look through all records of a kind; undefined at its end. `begin` starts it anew. */
  likely(kind: IndexKind, begin: boolean): Promise<LikelyPair[] | undefined>
  state(): Promise<IndexState>
  /** Ends the process; the kernel clears its pages. */
  close(): Promise<void>
}

/** nl: Berg, Jan van den. be: Van den Berg, Jan. */
export type AlphabetOrder = 'nl' | 'be'
