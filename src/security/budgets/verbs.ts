import { z } from 'zod'
import type { Verb, VerbAnswer } from '#platform/operator-socket.ts'
import type { SignInRules } from '#security/sign-in/sign-in.ts'
import type { operatorFreezes } from './budgets.ts'

type Parts = { signIn: SignInRules; freezes: ReturnType<typeof operatorFreezes> }

const Args = z.object({ email: z.string(), reason: z.string().trim().min(1).max(500) })

/** `kluis freeze` and `kluis unfreeze`: by the operator of the host, also when no administrator is left to do it. */
export function freezeVerbs({ signIn, freezes }: Parts): Record<string, Verb> {
  const verb =
    (
      doIt: (userId: string, reason: string) => Promise<boolean>,
      done: string,
      before: string,
    ): Verb =>
    async (args): Promise<VerbAnswer> => {
      const { email, reason } = Args.parse(args)
      const person = await signIn.findColleague(email)
      if (!person) return { exitCode: 1, result: { failed: `nobody here signs in as ${email}` } }
      const isDone = await doIt(person.id, reason)
      const line = `${email} ${isDone ? done : before}`
      return { exitCode: 0, result: { email, isChanged: isDone }, lines: [line] }
    }
  return {
    freeze: verb(
      freezes.freeze,
      'is frozen: no session of theirs sees a customer',
      'was frozen already',
    ),
    unfreeze: verb(freezes.lift, 'is no longer frozen', 'was not frozen'),
  }
}
