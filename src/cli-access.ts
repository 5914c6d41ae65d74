import type { Command } from 'commander'
import type { Common } from './cli-options.ts'

type Tools = {
  verbOf(parent: Command, name: string, description: string, example: string): Command
  runVerb(flags: Common, name: string, args: Record<string, unknown>): Promise<void>
  also(one: string, before?: string[]): string[]
}

type ApiKeyFlags = Common & {
  role: string
  responsible: string
  from: string[]
  days: string
  team?: string
  as?: string
}

/** Programs and their keys, and who is shut out. */
export function addAccessCommands(program: Command, { verbOf, runVerb, also }: Tools): void {
  for (const [verb, description] of [
    ['freeze', 'shut a colleague out of all customers at once, in every session'],
    ['unfreeze', 'let a colleague in again'],
  ] as const)
    verbOf(program, `${verb} <email>`, description, `${verb} anna@bureau.be --reason "new phone"`)
      .requiredOption('--reason <text>', 'why; kept, sealed')
      .action((email: string, { reason, ...flags }: Common & { reason: string }) =>
        runVerb(flags, verb, { email, reason }),
      )

  const keys = program
    .command('api-key')
    .description('programs that work with Kluis, and their keys')
    .exitOverride()
  verbOf(
    keys,
    'create <name>',
    'make a program and its key, which is shown once',
    'api-key create "Web shop" --role sales --responsible bea@bureau.be --from 203.0.113.0/24 --days 90',
  )
    .requiredOption('--role <role>', 'what it may do: a role that manages nothing')
    .requiredOption('--responsible <email>', 'the colleague who answers for it')
    .requiredOption(
      '--from <network>',
      'from where its key is taken, such as 203.0.113.0/24; may be given again',
      also,
    )
    .option('--days <n>', 'how long the key lasts, at most 365', '90')
    .option('--team <name>', 'its team; may be left out when there is one only')
    .option('--as <email>', 'the colleague in whose name this is done')
    .action((name: string, given: ApiKeyFlags) => {
      const { role: roleId, responsible, from: ranges, team, as } = given
      const days = Number(given.days)
      return runVerb(given, 'api-key create', { name, roleId, responsible, ranges, days, team, as })
    })
  verbOf(keys, 'list', 'programs, their keys and when each was used last', 'api-key list').action(
    (flags: Common) => runVerb(flags, 'api-key list', {}),
  )
  verbOf(keys, 'revoke <id>', 'end a key at once', 'api-key revoke 0b3f… --as bea@bureau.be')
    .option('--as <email>', 'the colleague in whose name this is done')
    .action((id: string, flags: Common & { as?: string }) =>
      runVerb(flags, 'api-key revoke', { id, as: flags.as }),
    )
}
