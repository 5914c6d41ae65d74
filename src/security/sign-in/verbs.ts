import { z } from 'zod'
import type { Verb, VerbAnswer } from '#platform/operator-socket.ts'
import { Problem, refuse } from '#platform/problem.ts'
import type { Guard, Guarded } from '#security/access/operations.ts'
import type { Permission } from '#security/access/permissions.ts'
import type { WhoCache } from '#security/access/who.ts'
import type { Actor } from './colleagues.ts'
import { Invite, ResetFactor } from './contract.ts'
import { programVerbs } from './program-verbs.ts'
import type { ResetResult } from './recoveries.ts'
import type { SignInRules } from './sign-in.ts'

export type UserVerbParts = { signIn: SignInRules; who: WhoCache; guard: Guard }

const FINE = 0
const FAILED = 1
const WRONG_USE = 2

const As = z.object({ as: z.string().optional() })
const InviteArgs = Invite.omit({ teamId: true }).extend({ team: z.string().optional() })
const ResetArgs = ResetFactor.extend({ email: z.string() })

export type InNameOf = <T>(
  args: Record<string, unknown>,
  guarded: { verb: string; operation: Guarded['operation'] },
  ask: (actor: Actor) => Promise<T>,
  needs?: Permission,
) => Promise<T>

/** In a colleague's name, with their permission and what else the operation asks; in nobody's where `as` is left out. */
export function actingFor({ signIn, who, guard }: UserVerbParts): InNameOf {
  return inNameOf

  async function inNameOf<T>(
    args: Record<string, unknown>,
    { verb, operation }: { verb: string; operation: Guarded['operation'] },
    ask: (actor: Actor) => Promise<T>,
    needs: Permission = 'users:manage',
  ): Promise<T> {
    const { as } = As.parse(args)
    if (as === undefined) return ask(null)
    const { token, sessionId } = await signIn.openOperatorSession(as, verb, new Date())
    try {
      const caller = (await who.ask(token, Date.now())) ?? refuse('not-signed-in')
      if (!caller.permissions.has(needs)) refuse('not-allowed')
      const request = guard.requestOf({ method: 'verb', path: verb, body: args })
      const self = { ...caller, token }
      const guarded = { operation, request }
      const lacking = await guard.pass(self, guarded, await signIn.grantToOperator(self, guarded))
      if (lacking) refuse(lacking)
      return await ask({ userId: caller.userId, token })
    } finally {
      await signIn.endOperatorSession(sessionId, new Date())
      who.forgetAll()
    }
  }
}

/**
 * `kluis users …` and `kluis api-key …`. With `as` the change is done in that colleague's name, and needs their permission;
 * without it by the operator of the host, which the ledger shows as nobody's session.
 */
export function userVerbs(parts: UserVerbParts): Record<string, Verb> {
  const { signIn, who } = parts
  const inNameOf = actingFor(parts)
  return {
    ...programVerbs({ signIn, who }, inNameOf),

    'users list': async () => {
      const all = await signIn.listColleagues('factors')
      const items = all.filter(({ kind }) => kind === 'person')
      return {
        exitCode: FINE,
        result: { items },
        lines: items.map(
          ({ email, name, roleId, status, factors }) =>
            `${email}  ${name}  ${roleId}  ${status}  ${factorsInWords(factors)}`,
        ),
      }
    },

    'users invite': (args) =>
      answering(async () => {
        const { team, ...given } = InviteArgs.parse(pick(args, ['email', 'name', 'roleId', 'team']))
        const teams = await signIn.listTeams()
        const found = team === undefined ? teams.slice(0, 2) : teams.filter((t) => t.name === team)
        if (found.length !== 1)
          return wrongUse(
            `name one team with --team: ${teams.map((t) => t.name).join(', ') || 'there is none yet'}`,
          )
        const invited = await inNameOf(
          args,
          { verb: 'users invite', operation: 'change-rights' },
          (actor) => signIn.invite({ ...given, teamId: found[0]!.id }, actor, new Date()),
        )
        return { exitCode: FINE, result: invited, lines: [`Send this link, once: ${invited.link}`] }
      }),

    'users reset-factor': (args) =>
      answering(async () => {
        const { email, reason } = ResetArgs.parse(pick(args, ['email', 'reason']))
        const person = await signIn.findColleague(email)
        if (!person) return failed(`nobody here signs in as ${email}`)
        const result = await inNameOf(
          args,
          { verb: 'users reset-factor', operation: 'reset-factor' },
          (actor) => signIn.resetFactor(person.id, actor, reason, new Date()),
        )
        who.forgetAll()
        return { exitCode: FINE, result, lines: resetInWords(result) }
      }),

    'users set-up-link': async () => {
      if (await signIn.isSetUp()) return failed('Kluis is set up already')
      const link = (await signIn.makeInvite(null, null, new Date())).href
      return { exitCode: FINE, result: { link }, lines: [link] }
    },
  }
}

function resetInWords(result: ResetResult): string[] {
  if (result.kind === 'asked')
    return ['A second administrator must agree first, in Settings, Colleagues.']
  const { link, code } = result
  return [
    `Send this link, once: ${link}`,
    code === null
      ? 'The code that it asks for went to them by mail.'
      : `Tell them this code yourself, face to face and not in the same message: ${code}`,
  ]
}

function factorsInWords(
  factors: { hasPassword: boolean; hasTotp: boolean; passkeys: number } | null,
): string {
  if (!factors) return ''
  const { hasPassword, hasTotp, passkeys } = factors
  return [hasPassword && 'password', hasTotp && 'TOTP', passkeys > 0 && `${passkeys} passkeys`]
    .filter(Boolean)
    .join(' + ')
}

export function pick(args: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, args[name]]))
}

export const failed = (why: string): VerbAnswer => ({ exitCode: FAILED, result: { failed: why } })
export const wrongUse = (why: string): VerbAnswer => ({
  exitCode: WRONG_USE,
  result: { failed: why },
})

const asked: Record<string, string> = {
  email: 'the e-mail address must look like an@bureau.be',
  name: '--name must have 1 to 120 letters',
  roleId: '--role must be the id of a role, such as sales or support',
  reason: '--reason must have 10 to 500 letters',
  ranges: '--from takes a network such as 203.0.113.0/24, and may be given again',
  days: '--days must be 1 to 365',
}

function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  return asked[String(path[0])] ?? `${path.join('.')}: ${message}`
}

/** A refusal or a wrong argument ends the verb with a sentence, not with a stack. */
export async function answering(ask: () => Promise<VerbAnswer>): Promise<VerbAnswer> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid-fields') return wrongUse(asked.roleId!)
    if (error instanceof z.ZodError) return wrongUse(error.issues.map(sentenceOf).join('; '))
    if (error instanceof Problem)
      return { exitCode: FAILED, result: { failed: error.message, code: error.code } }
    throw error
  }
}
