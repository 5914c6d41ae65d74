import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import {
  type AffiliationParts,
  affiliate,
  changeAffiliation,
  showAffiliations,
} from './affiliations.ts'
import * as shape from './contract.ts'
import { deleteAffiliation } from './store.ts'

export function affiliationRoutes(parts: AffiliationParts): Route[] {
  return [
    read(
      'GET /api/people/:id/affiliations',
      { needs: 'people:see', params: shape.AffiliationId, reply: shape.Affiliations },
      ({ tx, params }) => showAffiliations(parts, tx, 'person', params.id),
    ),
    read(
      'GET /api/companies/:id/affiliations',
      { needs: 'companies:see', params: shape.AffiliationId, reply: shape.Affiliations },
      ({ tx, params }) => showAffiliations(parts, tx, 'company', params.id),
    ),
    write(
      'POST /api/people/:id/affiliations',
      {
        needs: 'people:edit',
        params: shape.AffiliationId,
        body: shape.NewAffiliation,
        reply: shape.Affiliation,
        status: 201,
      },
      ({ tx, params, body, writeAtOnce }) => affiliate(parts, tx, params.id, body, writeAtOnce),
    ),
    write(
      'PATCH /api/affiliations/:id',
      {
        needs: 'people:edit',
        params: shape.AffiliationId,
        body: shape.AffiliationEdit,
        reply: shape.Affiliation,
      },
      ({ tx, params, body, writeAtOnce }) =>
        changeAffiliation(parts, tx, params.id, body, writeAtOnce),
    ),
    write(
      'DELETE /api/affiliations/:id',
      { needs: 'people:edit', params: shape.AffiliationId, reply: shape.Deleted },
      async ({ params, writeAtOnce }) => {
        if (!(await writeAtOnce((tx) => deleteAffiliation(tx, params.id)))) refuse('not-found')
        return { id: params.id }
      },
    ),
  ]
}
