import { type Route, read, write } from '#security/access/route.ts'
import type { BreakGlassRules } from './break-glass.ts'
import * as shape from './contract.ts'

export function breakGlassRoutes(rules: BreakGlassRules): Route[] {
  return [
    read(
      'GET /api/break-glass/live',
      { needs: 'signed-in', reply: shape.Live, isUnattended: true },
      async ({ tx }) => ({ items: await rules.live(tx) }),
    ),
    read(
      'GET /api/break-glass',
      { needs: 'signed-in', reply: shape.BreakGlasses },
      async (caller) => ({ items: await rules.list(caller) }),
    ),
    write(
      'POST /api/break-glass',
      {
        needs: 'break-glass:use',
        operation: 'break-glass',
        body: shape.Opening,
        reply: shape.BreakGlass,
        status: 201,
      },
      ({ body, ...caller }) => rules.open(caller, body.reason),
    ),
    write(
      'POST /api/break-glass/:id/end',
      { needs: 'signed-in', params: shape.BreakGlassId, reply: shape.BreakGlass },
      ({ params, ...caller }) => rules.end(caller, params.id),
    ),
    read(
      'GET /api/break-glass/:id/openings',
      { needs: 'break-glass:review', params: shape.BreakGlassId, reply: shape.OpenedRecords },
      ({ params, ...caller }) => rules.openings(caller, params.id),
    ),
    write(
      'POST /api/break-glass/:id/review',
      {
        needs: 'break-glass:review',
        params: shape.BreakGlassId,
        body: shape.Review,
        reply: shape.BreakGlass,
      },
      ({ params, body, ...caller }) => rules.review(caller, params.id, body.review),
    ),
  ]
}
