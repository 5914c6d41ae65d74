/** The search index as the web process has it. It says who asks and which records it wrote; the keeper does the rest. */
import type { IndexKind, IndexScope } from '#security/search/index-types.ts'
import type { Changed, RecordFinder } from '#security/search/record-index.ts'
import type { KeeperLink } from './link.ts'

const IDS_MAX = 2_000

/** In the order of the calls on one connection: whoever asks afterwards is answered when the keeper has looked. */
export function changedByKeeper(link: KeeperLink, warn: (error: Error) => void): Changed {
  return (kind, ids) => {
    for (let at = 0; at < ids.length; at += IDS_MAX)
      link.ask('changed', { kind, ids: ids.slice(at, at + IDS_MAX) }).catch(warn)
  }
}

export function remoteIndex(link: KeeperLink): RecordFinder {
  return {
    get isReady() {
      return link.state.isIndexReady
    },
    get isOff() {
      return link.state.isIndexOff
    },
    get progress() {
      return link.state.indexProgress
    },
    query: (query) => link.ask('query', { token: tokenOf(query.scope), query: asked(query) }),
    groups: (query) => link.ask('groups', { token: tokenOf(query.scope), query: asked(query) }),
    facets: (kind, fields, scope) => link.ask('facets', { token: tokenOf(scope), kind, fields }),
    similar: (query) => link.ask('similar', { token: tokenOf(query.scope), query: asked(query) }),
  }
}

function tokenOf({ asker }: IndexScope): string {
  if (!asker) throw new Error('the index is asked in the name of somebody')
  return asker.reveal()
}

function asked<Q extends { scope: IndexScope; kind: IndexKind }>({ scope: _, ...rest }: Q) {
  return rest as Omit<Q, 'scope'> & { kind: IndexKind }
}
