import { type Route, read, write } from '#security/access/route.ts'
import type { Who } from '#security/access/who.ts'
import type { Actor } from './colleagues.ts'
import * as shape from './contract.ts'
import type { SignInRules } from './sign-in.ts'

type Parts = { rules: SignInRules; forgetWho: () => void }

const actorOf = ({ who, token }: { who: Who; token: NonNullable<Actor>['token'] }) => ({
  userId: who.userId,
  token,
})

/** Programs and their keys. A key opens none of these: its role can't hold the right. */
export function programRoutes({ rules, forgetWho }: Parts): Route[] {
  const needs = 'api-keys:manage'
  return [
    read('GET /api/programs', { needs, reply: shape.Programs }, async () => ({
      items: await rules.listPrograms(),
    })),
    write(
      'POST /api/programs',
      { needs, operation: 'keys', body: shape.NewProgram, reply: shape.MadeKey, status: 201 },
      async ({ body, now, ...call }) => rules.addProgram(body, actorOf(call), now),
    ),
    write(
      'PATCH /api/programs/:id',
      {
        needs,
        operation: 'keys',
        params: shape.Id,
        body: shape.ProgramEdit,
        reply: shape.Programs,
      },
      async ({ params, body, ...call }) => {
        await rules.changeProgram(params.id, body, actorOf(call))
        forgetWho()
        return { items: await rules.listPrograms() }
      },
    ),
    write(
      'POST /api/programs/:id/keys',
      {
        needs,
        operation: 'keys',
        params: shape.Id,
        body: shape.NewKey,
        reply: shape.MadeKey,
        status: 201,
      },
      async ({ params, body, now, ...call }) => ({
        id: params.id,
        key: await rules.addKey(params.id, body, actorOf(call), now),
      }),
    ),
    write(
      'DELETE /api/programs/:id/keys/:keyId',
      { needs, operation: 'keys', params: shape.KeyParams, reply: shape.Done },
      async ({ params, now, ...call }) => {
        await rules.revokeKey(params.id, params.keyId, actorOf(call), now)
        forgetWho()
        return { done: true as const }
      },
    ),
  ]
}
