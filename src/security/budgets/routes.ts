import type { ReadTx } from '#platform/db.ts'
import { type Route, read, write } from '#security/access/route.ts'
import * as budgets from './budgets.ts'
import * as shape from './contract.ts'
import { showHabits } from './habits.ts'
import { listRoleOf, raiseBudget } from './store.ts'

export function budgetRoutes(parts: budgets.BudgetParts): Route[] {
  return [
    read('GET /api/budgets/own', { needs: 'signed-in', reply: shape.OwnUse }, ({ tx, who }) =>
      budgets.showOwnUse(tx, who),
    ),
    write(
      'POST /api/budgets/own/more',
      { needs: 'signed-in', operation: 'more-dossiers', reply: shape.OwnUse },
      async ({ tx, who, writeAtOnce }) => {
        await writeAtOnce(raiseBudget)
        return budgets.showOwnUse(tx, who)
      },
    ),
    read('GET /api/budgets', { needs: 'budgets:manage', reply: shape.Budgets }, ({ tx }) =>
      budgets.showBudgets(tx),
    ),
    write(
      'PATCH /api/budgets/:id',
      {
        needs: 'budgets:manage',
        operation: 'change-safeguards',
        preview: async ({
          tx,
          params,
          body: { rowVersion: _, ...limits },
        }: {
          tx: ReadTx
          params: { id: string }
          body: shape.BudgetEdit
        }) => {
          const { roleId, kind } = await budgets.showBudget(tx, params.id)
          const said = Object.entries(limits).map(([name, value]) => [
            name,
            typeof value === 'boolean' ? `${value}` : value,
          ])
          return {
            what: 'budget' as const,
            facts: { roleId, kind, ...Object.fromEntries(said) } as Record<string, string | number>,
          }
        },
        params: shape.IdParams,
        body: shape.BudgetEdit,
        reply: shape.Budget,
      },
      ({ tx, params, body, writeAtOnce }) => budgets.changeBudget(tx, params.id, body, writeAtOnce),
    ),
    read('GET /api/budgets/use', { needs: 'budgets:manage', reply: shape.Uses }, async ({ tx }) =>
      budgets.showUses(tx, await listRoleOf(tx)),
    ),
    read(
      'GET /api/budgets/habits',
      { needs: 'budgets:manage', reply: shape.Habits },
      ({ tx, now }) => showHabits(tx, now),
    ),
    read('GET /api/freezes', { needs: 'budgets:manage', reply: shape.Freezes }, ({ tx }) =>
      budgets.listFreezes(parts, tx),
    ),
    write(
      'POST /api/freezes',
      { needs: 'budgets:manage', body: shape.NewFreeze, reply: shape.Freeze, status: 201 },
      ({ tx, body, writeAtOnce }) => budgets.freezeColleague(parts, tx, body, writeAtOnce),
    ),
    write(
      'POST /api/freezes/:id/lift',
      {
        needs: 'budgets:manage',
        // Shutting somebody out asks for nothing; letting them in again gives them their rights back.
        operation: 'change-rights',
        preview: async ({ tx, params }: { tx: ReadTx; params: { id: string } }) => ({
          what: 'lift-freeze' as const,
          facts: { userId: (await budgets.showFreeze(parts, tx, params.id)).userId },
        }),
        params: shape.IdParams,
        body: shape.LiftFreeze,
        reply: shape.Freeze,
      },
      ({ tx, who, params, body, writeAtOnce }) =>
        budgets.liftFreeze(parts, tx, who, { ...params, ...body }, writeAtOnce),
    ),
    read('GET /api/alarms', { needs: 'alarms:see', reply: shape.Alarms }, ({ tx, who, now }) =>
      budgets.listAlarms(parts, tx, who, now),
    ),
    write(
      'POST /api/alarms/:id/review',
      { needs: 'alarms:see', params: shape.IdParams, body: shape.Review, reply: shape.Alarm },
      ({ params, body, writeAtOnce, ...asking }) =>
        budgets.reviewAlarm(parts, asking, params.id, body, writeAtOnce),
    ),
  ]
}
