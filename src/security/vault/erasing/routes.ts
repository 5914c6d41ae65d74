import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import * as shape from './contract.ts'
import type { Erasing } from './erasing.ts'

/** Whoever erases sees the record: of others they are told nothing, not even that there is one. */
export function erasingRoutes(erasing: Erasing): Route[] {
  return [
    read('GET /api/erasures', { needs: 'erasures:run', reply: shape.Erasures }, ({ tx }) =>
      erasing.list(tx),
    ),
    write(
      'POST /api/erasures',
      {
        needs: 'erasures:run',
        operation: 'erase',
        preview: async ({ body, tx }: { body: shape.NewErasure; tx: ReadTx }) => {
          if (!(await erasing.isSeen(tx, body.subject))) refuse('not-found')
          const { soleTraderCompanies, keySlots } = await erasing.plan(body.subject)
          return {
            what: 'erase' as const,
            facts: {
              kind: body.subject.kind,
              subjectId: body.subject.id,
              companies: soleTraderCompanies.length,
              count: keySlots,
              why: body.reason,
            },
          }
        },
        body: shape.NewErasure,
        reply: shape.Erasure,
        status: 201,
      },
      async ({ tx, who, body }) => {
        if (!(await erasing.isSeen(tx, body.subject))) refuse('not-found')
        return erasing.erase(body, who.userId)
      },
    ),
    write(
      'POST /api/retained-files/erasures',
      {
        needs: 'erasures:run',
        operation: 'erase',
        preview: async ({ body, tx }: { body: shape.NewFileErasure; tx: ReadTx }) => {
          if (!(await erasing.areFilesSeen(tx, body.ids))) refuse('not-found')
          return {
            what: 'erase-files' as const,
            facts: { count: body.ids.length, why: body.reason },
          }
        },
        body: shape.NewFileErasure,
        reply: shape.Erasure,
        status: 201,
      },
      async ({ tx, who, body }) => {
        if (!(await erasing.areFilesSeen(tx, body.ids))) refuse('not-found')
        return erasing.eraseFiles(body, who.userId)
      },
    ),
  ]
}
