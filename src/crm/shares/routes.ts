import { type Route, read, write } from '#security/access/route.ts'
import { IdParams } from '../contract.ts'
import * as shape from './contract.ts'
import { endShare, listOwnShares, listShares, type ShareParts, share } from './shares.ts'

export function shareRoutes(parts: ShareParts): Route[] {
  const onSubject = (path: 'people' | 'companies', kind: 'person' | 'company'): Route[] => [
    read(
      `GET /api/${path}/:id/shares`,
      { needs: `${path}:see`, params: IdParams, reply: shape.Shares },
      ({ tx, params }) => listShares(tx, { kind, id: params.id }),
    ),
    write(
      `POST /api/${path}/:id/shares`,
      {
        needs: `${path}:share`,
        params: IdParams,
        body: shape.NewShare,
        reply: shape.Share,
        status: 201,
        purpose: 'share',
      },
      ({ params, body, writeAtOnce, ...asking }) =>
        share(parts, asking, { kind, id: params.id }, body, writeAtOnce),
    ),
  ]
  return [
    ...onSubject('people', 'person'),
    ...onSubject('companies', 'company'),
    read('GET /api/shares', { needs: 'signed-in', reply: shape.SharedRecords }, (asking) =>
      listOwnShares(parts, asking),
    ),
    write(
      'DELETE /api/shares/:id',
      { needs: 'signed-in', params: IdParams, reply: shape.Done, purpose: 'share' },
      async ({ params, writeAtOnce }) => {
        await endShare(parts, params.id, writeAtOnce)
        return { done: true as const }
      },
    ),
  ]
}
