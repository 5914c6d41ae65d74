import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import type { Rotations } from './rotation.ts'

/** How keys are kept, and replacing them. The root key is replaced on the machine itself. */
export function rotationRoutes(rotations: Rotations): Route[] {
  return [
    read(
      'GET /api/keys',
      { needs: 'keys:manage', reply: shape.Keys, isUnattended: true },
      ({ tx }) => rotations.show(tx),
    ),
    write(
      'POST /api/keys/rotations',
      {
        needs: 'keys:manage',
        operation: 'keys',
        body: shape.NewRotation,
        reply: shape.Keys,
        status: 201,
      },
      async ({ tx, who, body }) => {
        await rotations.start({ ...body, by: who.userId })
        return rotations.show(tx)
      },
    ),
    write(
      'PATCH /api/keys/rotations/:id',
      {
        needs: 'keys:manage',
        params: shape.IdParams,
        body: shape.RateEdit,
        reply: shape.Keys,
      },
      async ({ tx, params, body }) => {
        await rotations.changeRate(params.id, body.rowsPerSecond)
        return rotations.show(tx)
      },
    ),
  ]
}
