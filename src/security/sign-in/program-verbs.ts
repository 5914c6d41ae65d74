import type { Verb } from '#platform/operator-socket.ts'
import { NewProgram } from './contract.ts'
import { answering, failed, type InNameOf, pick, type UserVerbParts, wrongUse } from './verbs.ts'

const NewProgramArgs = NewProgram.omit({ teamId: true, responsibleId: true })

/** `kluis api-key …`: programs and their keys. */
export function programVerbs(
  { signIn, who }: Pick<UserVerbParts, 'signIn' | 'who'>,
  inNameOf: InNameOf,
): Record<string, Verb> {
  return {
    'api-key create': (args) =>
      answering(async () => {
        const given = NewProgramArgs.parse(pick(args, ['name', 'roleId', 'ranges', 'days']))
        const teams = await signIn.listTeams()
        const named = args.team
        const found = named === undefined ? teams : teams.filter((team) => team.name === named)
        if (found.length !== 1)
          return wrongUse(`name one team with --team: ${teams.map((t) => t.name).join(', ')}`)
        const person = await signIn.findColleague(String(args.responsible))
        if (!person) return failed(`nobody here signs in as ${args.responsible}`)
        const program = { ...given, teamId: found[0]!.id, responsibleId: person.id }
        const made = await inNameOf(
          args,
          { verb: 'api-key create', operation: 'keys' },
          (actor) => signIn.addProgram(program, actor, new Date()),
          'api-keys:manage',
        )
        return {
          exitCode: 0,
          result: made,
          lines: [`The key, shown this once: ${made.key}`],
        }
      }),

    'api-key list': async () => {
      const items = await signIn.listPrograms()
      return {
        exitCode: 0,
        result: { items },
        lines: items.flatMap(({ name, roleId, status, keys }) =>
          keys.map(({ id, ranges, expiresAt, lastUsedAt }) =>
            [
              id,
              name,
              roleId,
              status,
              ranges.join(' '),
              `until ${expiresAt.slice(0, 10)}`,
              lastUsedAt ? `last used ${lastUsedAt}` : 'never used',
            ].join('  '),
          ),
        ),
      }
    },

    'api-key revoke': (args) =>
      answering(async () => {
        const id = String(args.id)
        const items = await signIn.listPrograms()
        const program = items.find(({ keys }) => keys.some((key) => key.id === id))
        if (!program) return failed(`there is no key ${id}`)
        await inNameOf(
          args,
          { verb: 'api-key revoke', operation: 'keys' },
          (actor) => signIn.revokeKey(program.id, id, actor, new Date()),
          'api-keys:manage',
        )
        who.forgetAll()
        return { exitCode: 0, result: { revoked: id }, lines: ['The key opens nothing any more.'] }
      }),
  }
}
