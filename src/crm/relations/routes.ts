import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import {
  changeRelation,
  type RelationParts,
  relate,
  showCompanyRelations,
  showPersonRelations,
} from './relations.ts'
import { deleteRelation, type Side } from './store.ts'

export function relationRoutes(parts: RelationParts): Route[] {
  return [
    read(
      'GET /api/people/:id/relations',
      { needs: 'people:see', params: shape.RelationSide, reply: shape.PersonRelations },
      ({ params, ...asking }) => showPersonRelations(parts, asking, params.id),
    ),
    read(
      'GET /api/companies/:id/relations',
      { needs: 'companies:see', params: shape.RelationSide, reply: shape.CompanyRelations },
      ({ params, ...asking }) => showCompanyRelations(parts, asking, params.id),
    ),
    ...changing(parts, 'person', '/api/people/:id/relations', 'people:edit'),
    ...changing(parts, 'company', '/api/companies/:id/relations', 'companies:edit'),
  ]
}

function changing(
  parts: RelationParts,
  side: Side,
  path: '/api/people/:id/relations' | '/api/companies/:id/relations',
  needs: 'people:edit' | 'companies:edit',
): Route[] {
  return [
    write(
      `POST ${path}`,
      {
        needs,
        params: shape.RelationSide,
        body: shape.NewRelation,
        reply: shape.Relation,
        status: 201,
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        relate(parts, asking, side, params.id, body, writeAtOnce),
    ),
    write(
      `PATCH ${path}/:relationId`,
      { needs, params: shape.RelationPlace, body: shape.RelationEdit, reply: shape.Relation },
      ({ params, body, writeAtOnce, ...asking }) =>
        changeRelation(parts, asking, side, params, body, writeAtOnce),
    ),
    write(
      `DELETE ${path}/:relationId`,
      { needs, params: shape.RelationPlace, reply: shape.Deleted },
      async ({ params, writeAtOnce }) => {
        const { id, relationId } = params
        if (!(await writeAtOnce((tx) => deleteRelation(tx, side, relationId, id))))
          refuse('not-found')
        return { id: relationId }
      },
    ),
  ]
}
