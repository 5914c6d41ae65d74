/** What travels between the server and the index process, by structured clone. */
import type { Spread } from '#security/vault/spread.ts'
import type {
  ContentState,
  GroupQuery,
  Indexed,
  IndexGroups,
  IndexKind,
  IndexPage,
  IndexQuery,
  IndexScope,
  IndexState,
  LikelyPair,
  Relation,
  Similar,
  SimilarQuery,
} from './index-types.ts'

export type Asks = {
  open: { ask: { order: 'nl' | 'be'; cursorKey: Uint8Array }; reply: null }
  load: { ask: Indexed[]; reply: null }
  loaded: { ask: null; reply: null }
  put: { ask: Indexed[]; reply: null }
  renew: { ask: Indexed[]; reply: null }
  contents: { ask: ContentState; reply: null }
  remove: { ask: { kind: IndexKind | Relation; ids: string[] }; reply: null }
  query: { ask: IndexQuery; reply: IndexPage | 'unknown-cursor' }
  groups: { ask: GroupQuery; reply: IndexGroups }
  facets: {
    ask: { kind: IndexKind; field: string; scope: IndexScope }
    reply: { value: string; count: number }[]
  }
  similar: { ask: SimilarQuery; reply: Similar[] }
  spread: { ask: { kind: IndexKind; field: string }; reply: Spread }
  likely: { ask: { kind: IndexKind; begin: boolean }; reply: LikelyPair[] | undefined }
  state: { ask: null; reply: Omit<IndexState, 'total'> }
}

export type AskName = keyof Asks
export type Ask = {
  [Name in AskName]: { seq: number; name: Name; ask: Asks[Name]['ask'] }
}[AskName]
/** `failed` carries no text of the failure: it could quote a name. */
export type Reply = { seq: number } & (
  | { reply: Asks[AskName]['reply'] }
  | { failed: 'unknown' | 'too-much-text' | 'content-off' | 'content-loading' }
)
