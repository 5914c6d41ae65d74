import { refuse } from '#platform/problem.ts'
import { type Route, read, write } from '#security/access/route.ts'
import type { KeeperVault } from '#security/vault/vault.ts'
import { organisationName } from './accounts.ts'
import * as shape from './contract.ts'
import type { SignInRules } from './sign-in.ts'
import { findOrganisation, listRoles, listTeams, type OrganisationRow } from './store.ts'

type Parts = { rules: SignInRules; vault: KeeperVault; forgetWho: () => void }

export function colleagueRoutes(parts: Parts): Route[] {
  return [
    ...userRoutes(parts),
    ...sessionRoutesOfOthers(parts),
    ...recoveryRoutes(parts),
    ...roleRoutes(parts),
    ...teamRoutes(parts),
    ...organisationRoutes(parts),
  ]
}

function userRoutes({ rules, forgetWho }: Parts): Route[] {
  return [
    read(
      'GET /api/users',
      { needs: 'signed-in', reply: shape.Colleagues },
      async ({ tx, who }) => ({
        items: await rules.listColleagues(
          who.permissions.has('users:manage') ? 'factors' : 'names',
          tx,
        ),
      }),
    ),
    write(
      'PATCH /api/users/:id',
      {
        needs: 'users:manage',
        // Shutting somebody out never waits for a second person: an account that was stolen is shut at once.
        operation: ({ body: { status, roleId, teamIds } }: { body: shape.ColleagueEdit }) =>
          status === 'disabled' && !roleId && !teamIds ? 'end-others-sessions' : 'change-rights',
        preview: ({ params, body }: { params: { id: string }; body: shape.ColleagueEdit }) => ({
          what: 'change-colleague' as const,
          facts: {
            userId: params.id,
            ...(body.roleId ? { roleId: body.roleId } : {}),
            ...(body.status ? { status: body.status } : {}),
            ...(body.teamIds ? { teamIds: body.teamIds } : {}),
          },
        }),
        params: shape.Id,
        body: shape.ColleagueEdit,
        reply: shape.Colleague,
      },
      async ({ tx, who, token, params, body }) => {
        await rules.changeColleague(params.id, body, { userId: who.userId, token })
        forgetWho()
        const all = await rules.listColleagues('factors', tx)
        return all.find((one) => one.id === params.id) ?? refuse('not-found')
      },
    ),
    write(
      'POST /api/invites',
      {
        needs: 'users:manage',
        operation: 'change-rights',
        preview: ({ body }: { body: shape.Invite }) => ({
          what: 'invite' as const,
          facts: body,
        }),
        body: shape.Invite,
        reply: shape.Invited,
        status: 201,
      },
      async ({ body, who, token, now }) => rules.invite(body, { userId: who.userId, token }, now),
    ),
    write(
      'POST /api/users/:id/reset-factor',
      {
        needs: 'users:manage',
        operation: 'reset-factor',
        preview: ({ params, body }: { params: { id: string }; body: { reason: string } }) => ({
          what: 'reset-factor' as const,
          facts: { userId: params.id, why: body.reason },
        }),
        params: shape.Id,
        body: shape.ResetFactor,
        reply: shape.ResetDone,
      },
      async ({ params, body, who, token, now }) => {
        const actor = { userId: who.userId, token }
        const result = await rules.resetFactor(params.id, actor, body.reason, now)
        forgetWho()
        return result
      },
    ),
    read(
      'GET /api/users/:id/factor-resets',
      { needs: 'users:manage', params: shape.Id, reply: shape.FactorResets },
      async ({ params }) => ({ items: await rules.listFactorResets(params.id) }),
    ),
    read('GET /api/roles', { needs: 'signed-in', reply: shape.Roles }, async ({ tx }) => ({
      items: await listRoles(tx),
    })),
  ]
}

function sessionRoutesOfOthers({ rules, forgetWho }: Parts): Route[] {
  return [
    read(
      'GET /api/users/:id/sessions',
      { needs: 'users:manage', params: shape.Id, reply: shape.SessionLines },
      async ({ params, who, now }) => ({
        items: (await rules.listSessionsOf(params.id, now)).map((row) => ({
          id: row.id,
          isThis: row.id === who.sessionId,
          kind: row.kind as 'user',
          purpose: row.purpose,
          factor: row.factor,
          userAgent: row.user_agent,
          place: row.place,
          createdAt: row.created_at.toISOString(),
          lastSeenAt: row.last_seen_at.toISOString(),
          expiresAt: row.expires_at.toISOString(),
        })),
      }),
    ),
    write(
      'POST /api/users/:id/sign-out',
      {
        needs: 'users:manage',
        operation: 'end-others-sessions',
        params: shape.Id,
        reply: shape.Done,
      },
      async ({ params, who, token, now }) => {
        await rules.endSessionsOf(params.id, { userId: who.userId, token }, now)
        forgetWho()
        return { done: true as const }
      },
    ),
  ]
}

function recoveryRoutes({ rules, forgetWho }: Parts): Route[] {
  return [
    read(
      'GET /api/recoveries',
      { needs: 'signed-in', reply: shape.Recoveries },
      async ({ who, token, now }) => ({
        items: await rules.listRecoveries(
          { userId: who.userId, token },
          who.permissions.has('users:manage'),
          now,
        ),
      }),
    ),
    write(
      'POST /api/recoveries/:id/agree',
      { needs: 'users:manage', operation: 'approve', params: shape.Id, reply: shape.Agreed },
      async ({ params, who, token, now }) => {
        const link = await rules.agreeToRecovery(params.id, { userId: who.userId, token }, now)
        forgetWho()
        return { link }
      },
    ),
    write(
      'DELETE /api/recoveries/:id',
      { needs: 'signed-in', params: shape.Id, reply: shape.Done },
      async ({ params, who, token, now }) => {
        const isManager = who.permissions.has('users:manage')
        await rules.stopRecovery(params.id, { userId: who.userId, token }, isManager, now)
        return { done: true as const }
      },
    ),
  ]
}

function roleRoutes({ rules, forgetWho }: Parts): Route[] {
  return [
    read(
      'GET /api/sign-in-rules',
      { needs: 'organisation:manage', reply: shape.RoleSignIns },
      async () => ({ items: await rules.listRoleRules() }),
    ),
    write(
      'PATCH /api/sign-in-rules/:id',
      {
        needs: 'organisation:manage',
        operation: 'change-safeguards',
        preview: ({
          params,
          body: { rowVersion: _, ...rules },
        }: {
          params: { id: string }
          body: shape.RoleSignInEdit
        }) => ({ what: 'sign-in-rules' as const, facts: { roleId: params.id, ...rules } }),
        params: shape.RoleParams,
        body: shape.RoleSignInEdit,
        reply: shape.RoleSignIns,
      },
      async ({ params, body, who, token }) => {
        await rules.changeRoleRules(params.id, body, { userId: who.userId, token }, who.roleId)
        forgetWho()
        return { items: await rules.listRoleRules() }
      },
    ),
  ]
}

function teamRoutes({ rules, forgetWho }: Parts): Route[] {
  return [
    read('GET /api/teams', { needs: 'signed-in', reply: shape.Teams }, async ({ tx }) => ({
      items: await listTeams(tx),
    })),
    write(
      'POST /api/teams',
      { needs: 'users:manage', body: shape.NewTeam, reply: shape.Team, status: 201 },
      async ({ body, who, token }) => {
        const { name, parentId = null } = body
        const id = await rules.addTeam({ name, parentId }, { userId: who.userId, token })
        forgetWho()
        return { id, name, parentId, rowVersion: 1 }
      },
    ),
    write(
      'PATCH /api/teams/:id',
      {
        needs: 'users:manage',
        // Under another team whoever is in that one sees what this one has; a name gives nobody anything.
        operation: ({ body }: { body: shape.TeamEdit }) =>
          body.parentId === undefined ? undefined : 'change-rights',
        preview: ({ params, body }: { params: { id: string }; body: shape.TeamEdit }) => ({
          what: 'move-team' as const,
          facts: { teamId: params.id, ...(body.parentId ? { parentId: body.parentId } : {}) },
        }),
        params: shape.Id,
        body: shape.TeamEdit,
        reply: shape.Team,
      },
      async ({ params, body, who, token }) => {
        const team = await rules.changeTeam(params.id, body, { userId: who.userId, token })
        forgetWho()
        return team
      },
    ),
  ]
}

function organisationRoutes({ rules, vault, forgetWho }: Parts): Route[] {
  const shown = (row: OrganisationRow) => ({
    name: organisationName(vault, row),
    language: row.language as 'nl',
    rowVersion: row.row_version,
  })
  return [
    read(
      'GET /api/organisation',
      { needs: 'signed-in', reply: shape.Organisation },
      async ({ tx }) => shown((await findOrganisation(tx)) ?? refuse('not-found')),
    ),
    write(
      'PATCH /api/organisation',
      {
        needs: 'organisation:manage',
        body: shape.OrganisationEdit,
        reply: shape.Organisation,
      },
      async ({ tx, body, who, token }) => {
        await rules.changeOrganisation(body, { userId: who.userId, token })
        forgetWho()
        return shown((await findOrganisation(tx)) ?? refuse('not-found'))
      },
    ),
  ]
}
