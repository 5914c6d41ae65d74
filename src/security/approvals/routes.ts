import type { FastifyRequest } from 'fastify'
import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import type { ApprovalRules } from './approvals.ts'
import * as shape from './contract.ts'

export type ApprovalRouteParts = {
  rules: ApprovalRules
  /** Whether this person signed in before on the device that asks now. */
  isDeviceOf(userId: string, request: FastifyRequest): Promise<boolean>
}

export function approvalRoutes({ rules, isDeviceOf }: ApprovalRouteParts): Route[] {
  const decided = {
    needs: 'approvals:decide',
    params: shape.ApprovalId,
    body: shape.Decision,
    reply: shape.Approval,
  } as const
  return [
    read(
      'GET /api/approvals',
      { needs: 'signed-in', query: shape.ApprovalsQuery, reply: shape.Approvals },
      async ({ query, ...caller }) => ({ items: await rules.list(caller, query.state) }),
    ),
    read(
      'GET /api/approvals/waiting',
      { needs: 'signed-in', reply: shape.Waiting, isUnattended: true },
      async ({ tx }) => ({ waiting: await rules.countWaiting(tx) }),
    ),
    read(
      'GET /api/approvals/:id/request',
      { needs: 'signed-in', params: shape.ApprovalId, reply: shape.SentRequest },
      ({ params, ...caller }) => rules.sentOf(caller, params.id),
    ),
    read(
      'GET /api/approvals/:id/records',
      { needs: 'approvals:decide', params: shape.ApprovalId, reply: shape.AskedRecords },
      ({ params, ...caller }) => rules.recordsOf(caller, params.id),
    ),
    write(
      'POST /api/approvals/:id/approve',
      { ...decided, operation: 'approve' },
      async ({ params, body, request, ...caller }) => {
        const asked = await rules.find(caller, params.id)
        // A second account of the same person is mostly used on the same device.
        if (asked.askedBy !== caller.who.userId && (await isDeviceOf(asked.askedBy, request)))
          refuse('not-allowed', { why: 'same-device' })
        return rules.decide(caller, params.id, { isApproved: true, note: body.note })
      },
    ),
    write('POST /api/approvals/:id/refuse', decided, ({ params, body, ...caller }) =>
      rules.decide(caller, params.id, { isApproved: false, note: body.note }),
    ),
    write(
      'POST /api/approvals/:id/withdraw',
      { needs: 'signed-in', params: shape.ApprovalId, reply: shape.Done },
      async ({ params, ...caller }) => {
        await rules.withdraw(caller, params.id)
        return { done: true as const }
      },
    ),
    read('GET /api/safeguards', { needs: 'signed-in', reply: shape.Safeguards }, ({ tx }) =>
      rules.safeguards(tx),
    ),
    write(
      'PUT /api/safeguards',
      {
        needs: 'organisation:manage',
        operation: 'change-safeguards',
        preview: ({ body }: { body: shape.SafeguardsEdit }) => ({
          what: 'safeguards' as const,
          facts: { operations: body.fourEyes, minutes: body.breakGlassMinutes },
        }),
        body: shape.SafeguardsEdit,
        reply: shape.Safeguards,
      },
      ({ body, ...caller }) => rules.changeSafeguards(caller, body),
    ),
  ]
}
