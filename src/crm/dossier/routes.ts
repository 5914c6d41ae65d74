import { type Route, read } from '#security/access/route.ts'
import { IdParams, PageQuery } from '../contract.ts'
import { TimelinePage } from './contract.ts'
import { type DossierParts, showTimeline } from './dossier.ts'

/** Asks for the right to notes: every role that has it has the right to tasks. */
export function dossierRoutes(parts: DossierParts): Route[] {
  const shapes = {
    needs: 'notes:see',
    params: IdParams,
    query: PageQuery,
    reply: TimelinePage,
  } as const
  return [
    read('GET /api/people/:id/timeline', shapes, ({ tx, params, query }) =>
      showTimeline(parts, tx, { kind: 'person', id: params.id }, query),
    ),
    read('GET /api/companies/:id/timeline', shapes, ({ tx, params, query }) =>
      showTimeline(parts, tx, { kind: 'company', id: params.id }, query),
    ),
  ]
}
