import { type Route, read, write } from '#security/access/route.ts'
import { IdParams } from '../contract.ts'
import { type CanaryParts, listCanaries, makeCanaries, retireCanary } from './canaries.ts'
import { Canaries, NewCanaries } from './contract.ts'

export function canaryRoutes(parts: CanaryParts): Route[] {
  return [
    read('GET /api/canaries', { needs: 'canaries:manage', reply: Canaries }, ({ tx }) =>
      listCanaries(parts, tx),
    ),
    write(
      'POST /api/canaries',
      { needs: 'canaries:manage', body: NewCanaries, reply: Canaries, status: 201 },
      ({ body, ...asking }) => makeCanaries(parts, asking, body),
    ),
    write(
      'DELETE /api/canaries/:id',
      {
        needs: 'canaries:manage',
        operation: 'change-safeguards',
        // Which one it is, is not for whoever agrees to know.
        preview: () => ({ what: 'retire-canary' as const, facts: {} }),
        params: IdParams,
        reply: Canaries,
      },
      ({ params, ...asking }) => retireCanary(parts, asking, params.id),
    ),
  ]
}
