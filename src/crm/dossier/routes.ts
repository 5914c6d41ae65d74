import { type Route, read } from '#security/access/route.ts'
import { type HangingPath, type HangsOn, IdParams } from '../contract.ts'
import { DossierTrash, Revision, TimelinePage, TimelineQuery } from './contract.ts'
import { type DossierParts, showRevision, showTimeline, showTrash } from './dossier.ts'

/** Notes, tasks and files are left out for a role that may not see those. */
export function dossierRoutes(parts: DossierParts): Route[] {
  const onSubject = (
    path: HangingPath,
    kind: HangsOn['kind'],
    needs: 'people:see' | 'companies:see',
  ): Route[] => [
    read(
      `GET /api/${path}/:id/timeline`,
      { needs, params: IdParams, query: TimelineQuery, reply: TimelinePage },
      ({ tx, who, params, query }) =>
        showTimeline(parts, { tx, who }, { kind, id: params.id }, query),
    ),
    read(
      `GET /api/${path}/:id/revision`,
      { needs, params: IdParams, reply: Revision, isUnattended: true },
      ({ tx, params }) => showRevision(tx, { kind, id: params.id }),
    ),
    read(
      `GET /api/${path}/:id/trash`,
      { needs: 'notes:see', params: IdParams, reply: DossierTrash },
      ({ tx, who, params }) => showTrash(parts, { tx, who }, { kind, id: params.id }),
    ),
  ]
  return [
    ...onSubject('people', 'person', 'people:see'),
    ...onSubject('companies', 'company', 'companies:see'),
    ...onSubject('joint-dossiers', 'joint_dossier', 'people:see'),
  ]
}
