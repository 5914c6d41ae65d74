import type { ReadTx } from '#platform/db.ts'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import { daysLater, remainsOf, remainsText } from './certificate.ts'
import * as shape from './contract.ts'
import type { Erasing } from './erasing.ts'

const kinds = { people: 'person', companies: 'company', 'joint-dossiers': 'joint_dossier' } as const

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
            facts: {
              count: body.ids.length,
              why: body.reason,
              isWronglyKept: String(body.isWronglyKept === true),
            },
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
    ...ofRecords(erasing, 'people'),
    ...ofRecords(erasing, 'companies'),
    ...ofRecords(erasing, 'joint-dossiers'),
  ]
}

function ofRecords(erasing: Erasing, path: keyof typeof kinds): Route[] {
  const kind = kinds[path]
  return [
    read(
      `GET /api/${path}/:id/erasure-plan`,
      {
        needs: 'erasures:run',
        params: shape.RecordId,
        query: shape.PlanQuery,
        reply: shape.SeenPlan,
      },
      async ({ tx, params: { id }, query, now }) => {
        if (!(await erasing.isSeen(tx, { kind, id }))) refuse('not-found')
        const plan = await erasing.plan({ kind, id })
        const [going, left] = await Promise.all([
          erasing.listSeen(tx, 'company', plan.soleTraderCompanies),
          erasing.listSeen(tx, 'company', plan.left),
        ])
        return {
          ...plan,
          soleTraderCompanies: going,
          left,
          unseen: {
            soleTraderCompanies: plan.soleTraderCompanies.length - going.length,
            left: plan.left.length - left.length,
          },
          remains: remainsText({
            remains: remainsOf(
              kind,
              now,
              daysLater(now, query.graceDays),
              plan.retained,
              plan.jointDossiers.left,
            ),
            retained: plan.retained,
          }),
        }
      },
    ),
    read(
      `GET /api/${path}/:id/erasure`,
      {
        needs: path === 'companies' ? 'companies:see' : 'people:see',
        params: shape.RecordId,
        reply: shape.ErasedState,
      },
      async ({ tx, who, params: { id } }) => {
        if (!(await erasing.isSeen(tx, { kind, id }))) refuse('not-found')
        const mayKnow = who.permissions.has('erasures:run')
        return { erased: await erasing.of({ kind, id }, mayKnow) }
      },
    ),
  ]
}
