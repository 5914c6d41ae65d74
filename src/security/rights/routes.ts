import { type Route, read, write } from '../access/route.ts'
import type { SignInRules } from '../sign-in/sign-in.ts'
import * as shape from './contract.ts'
import { leave, showLeaving } from './leaver.ts'
import {
  listPastReviews,
  listReviews,
  lookAs,
  type NamesOf,
  review,
  showRights,
  showViewers,
} from './rights.ts'
import { addRole, editRole, listRoles, removeRole } from './roles.ts'

export type RightsParts = {
  namesOf: NamesOf
  /** Closes the account of a leaver. */
  signIn: SignInRules
  forgetWho: () => void
  /** Permissions that addresses ask for: of the others nobody can tell whether they are used. */
  watched: () => ReadonlySet<string>
}
const done = { done: true as const }

export function rightsRoutes(parts: RightsParts): Route[] {
  return [
    ...roleRoutes(parts),
    ...viewerRoutes(parts),
    ...reviewRoutes(parts),
    ...leaverRoutes(parts),
  ]
}

function roleRoutes({ forgetWho, watched }: RightsParts): Route[] {
  return [
    read('GET /api/rights/roles', { needs: 'signed-in', reply: shape.Roles }, async ({ tx }) => ({
      items: await listRoles(tx, watched()),
    })),
    write(
      'POST /api/rights/roles',
      {
        needs: 'rights:manage',
        operation: 'change-rights',
        preview: ({ body: { name, copyOf } }: { body: shape.NewRole }) => ({
          what: 'add-role' as const,
          facts: { name, ...(copyOf ? { roleId: copyOf } : {}) },
        }),
        body: shape.NewRole,
        reply: shape.Role,
        status: 201,
        purpose: 'change-rights',
      },
      ({ tx, body, writeAtOnce }) => addRole(tx, body, watched(), writeAtOnce),
    ),
    write(
      'PATCH /api/rights/roles/:id',
      {
        needs: 'rights:manage',
        operation: ({ body }: { body: shape.RoleEdit }) =>
          body.grants ? 'change-rights' : undefined,
        preview: ({ params, body }: { params: { id: string }; body: shape.RoleEdit }) => ({
          what: 'role' as const,
          facts: {
            roleId: params.id,
            ...(body.name ? { name: body.name } : {}),
            grants: (body.grants ?? []).map(({ permission, scope }) => `${permission} ${scope}`),
          },
        }),
        params: shape.RoleParams,
        body: shape.RoleEdit,
        reply: shape.Role,
        purpose: 'change-rights',
      },
      async ({ tx, params, body, writeAtOnce }) => {
        const role = await editRole(tx, params.id, body, watched(), writeAtOnce)
        forgetWho()
        return role
      },
    ),
    write(
      'DELETE /api/rights/roles/:id',
      {
        needs: 'rights:manage',
        operation: 'change-rights',
        preview: ({ params }: { params: { id: string } }) => ({
          what: 'remove-role' as const,
          facts: { roleId: params.id },
        }),
        params: shape.RoleParams,
        reply: shape.Done,
        purpose: 'change-rights',
      },
      async ({ params, writeAtOnce }) => {
        await removeRole(params.id, writeAtOnce)
        return done
      },
    ),
  ]
}

function viewerRoutes({ namesOf, watched }: RightsParts): Route[] {
  const viewers = (path: 'people' | 'companies'): Route =>
    read(
      `GET /api/${path}/:id/viewers`,
      { needs: `${path}:see`, params: shape.PersonId, reply: shape.Viewers },
      ({ tx, params }) => showViewers(tx, params.id),
    )
  return [
    read(
      'GET /api/rights/people/:id',
      { needs: 'signed-in', params: shape.PersonId, reply: shape.PersonRights },
      ({ tx, params }) => showRights(tx, params.id, watched(), namesOf),
    ),
    read(
      'GET /api/rights/people/:id/look',
      { needs: 'rights:see', params: shape.PersonId, query: shape.LookQuery, reply: shape.Look },
      ({ tx, params, query }) => lookAs(tx, params.id, query),
    ),
    viewers('people'),
    viewers('companies'),
  ]
}

function reviewRoutes({ signIn, forgetWho }: RightsParts): Route[] {
  return [
    read('GET /api/rights/reviews', { needs: 'rights:review', reply: shape.Reviews }, ({ tx }) =>
      listReviews(tx),
    ),
    write(
      'POST /api/rights/reviews',
      {
        needs: 'rights:review',
        // It takes away and never gives; whom it shuts out is shut out as anywhere else.
        operation: ({ body }: { body: shape.Review }) =>
          body.isLeaving ? 'end-others-sessions' : undefined,
        body: shape.Review,
        reply: shape.Done,
        purpose: 'access-review',
      },
      async ({ body, writeAtOnce }) => {
        await review(body, writeAtOnce)
        if (body.isLeaving) signIn.hasLeft(body.userId)
        forgetWho()
        return done
      },
    ),
    read(
      'GET /api/rights/people/:id/reviews',
      { needs: 'signed-in', params: shape.PersonId, reply: shape.PastReviews },
      ({ tx, params }) => listPastReviews(tx, params.id),
    ),
  ]
}

function leaverRoutes({ signIn, forgetWho }: RightsParts): Route[] {
  return [
    read(
      'GET /api/users/:id/leaving',
      { needs: 'users:manage', params: shape.PersonId, reply: shape.Leaving },
      async ({ tx, params }) => showLeaving(tx, params.id, await signIn.listPrograms()),
    ),
    write(
      'POST /api/users/:id/leave',
      {
        needs: 'users:manage',
        // All that somebody has goes to whom the caller names: with a session alone it would be everybody's book in one go.
        operation: 'change-rights',
        preview: ({ params, body }: { params: { id: string }; body: shape.Leave }) => ({
          what: 'leaving' as const,
          facts: { userId: params.id, receivers: body.receivers },
        }),
        params: shape.PersonId,
        body: shape.Leave,
        reply: shape.Left,
        purpose: 'leaver',
      },
      async ({ params, body, who, token, writeAtOnce }) => {
        const left = await leave(params.id, body.receivers, writeAtOnce)
        if (left === 0 && body.isDisabled) {
          const actor = { userId: who.userId, token }
          await signIn.changeColleague(params.id, { status: 'disabled' }, actor)
        }
        forgetWho()
        return { left }
      },
    ),
  ]
}
