import { type Route, read } from '#security/access/route.ts'
import { IdParams } from '../contract.ts'
import { DossierTrash, Revision, TimelinePage, TimelineQuery } from './contract.ts'
import { type DossierParts, showRevision, showTimeline, showTrash } from './dossier.ts'
import type { SubjectKind } from './store.ts'

/** Notes, tasks and files are left out for a role that may not see those. */
export function dossierRoutes(parts: DossierParts): Route[] {
  const onSubject = (path: 'people' | 'companies', kind: SubjectKind): Route[] => [
    read(
      `GET /api/${path}/:id/timeline`,
      { needs: `${path}:see`, params: IdParams, query: TimelineQuery, reply: TimelinePage },
      ({ tx, who, params, query }) =>
        showTimeline(parts, { tx, who }, { kind, id: params.id }, query),
    ),
    read(
      `GET /api/${path}/:id/revision`,
      { needs: `${path}:see`, params: IdParams, reply: Revision, isUnattended: true },
      ({ tx, params }) => showRevision(tx, { kind, id: params.id }),
    ),
    read(
      `GET /api/${path}/:id/trash`,
      { needs: 'notes:see', params: IdParams, reply: DossierTrash },
      ({ tx, who, params }) => showTrash(parts, { tx, who }, { kind, id: params.id }),
    ),
  ]
  return [...onSubject('people', 'person'), ...onSubject('companies', 'company')]
}
