import type { Command } from 'commander'
import type { VerbAnswer } from '#platform/operator-socket.ts'
import type { Common } from './cli.ts'
import { readConfig, WrongUse } from './config.ts'

type Tools = {
  verbOf(parent: Command, name: string, description: string, example: string): Command
  runVerb(flags: Common, name: string, args: Record<string, unknown>): Promise<void>
  tell(answer: VerbAnswer, flags: Common): void
}

const WHAT = ['root', 'organisation', 'segments', 'records', 'search', 'algorithm']

type EraseFlags = Common & {
  person?: string
  company?: string
  jointDossier?: string
  reason: string
  graceDays: string
  yes?: boolean
  as?: string
}

/** Keys: how they are kept, replacing, erasing and repairing them. */
export function addVaultCommands(program: Command, { verbOf, runVerb, tell }: Tools): void {
  const vault = program.command('vault').description('the keys of customers').exitOverride()
  verbOf(
    vault,
    'status',
    'how the keys are kept, and how far replacing them is',
    'vault status --json',
  ).action((flags: Common) => runVerb(flags, 'vault status', {}))
  verbOf(
    vault,
    'rotate',
    'replace keys while work goes on; stopped, it goes on at the next start; exit 1 when rows did not open',
    'vault rotate --what records --rate 500',
  )
    .requiredOption('--what <what>', `which keys: ${WHAT.join(', ')}`)
    .option('--rate <n>', 'rows a second, at most', '500')
    .action((flags: Common & { what: string; rate: string }) => {
      if (!WHAT.includes(flags.what))
        throw new WrongUse(`--what must be one of ${WHAT.join(', ')}, not "${flags.what}"`)
      const { what } = flags
      return runVerb(flags, 'vault rotate', { what, rate: numberOf('--rate', flags.rate, 100_000) })
    })
  verbOf(
    vault,
    'erase',
    'destroy the keys of one person, company or joint dossier; without --yes only tells',
    'vault erase --person 0b3f… --reason "asked to be forgotten, letter of 3 May" --yes',
  )
    .option('--person <id>', 'the person, as in the address of the dossier')
    .option('--company <id>', 'the company')
    .option('--joint-dossier <id>', 'the joint dossier; its parties stay')
    .requiredOption('--reason <text>', 'why; kept sealed, and stands in the certificate')
    .option('--grace-days <n>', 'how long copies of the keystore are kept', '30')
    .option('--yes', 'do it')
    .option('--as <email>', 'the colleague in whose name this is done')
    .action((flags: EraseFlags) => {
      const { person, company, jointDossier: joint_dossier, reason, as } = flags
      const named = Object.entries({ person, company, joint_dossier }).filter(([, id]) => id)
      if (named.length !== 1)
        throw new WrongUse('name one: --person ID, --company ID or --joint-dossier ID')
      const [kind, id] = named[0]!
      return runVerb(flags, 'vault erase', {
        kind,
        id,
        reason,
        graceDays: numberOf('--grace-days', flags.graceDays, 3_650, 0),
        isConfirmed: flags.yes === true,
        as,
      })
    })
  verbOf(
    vault,
    'repair',
    'put damaged keys back from the mirror, with Kluis stopped; exit 1 when keys are lost',
    'vault repair --keystore-mirror /mnt/keys2 --dry-run',
  )
    .option('--dry-run', 'tell what would be put back, write nothing')
    .option('--give-up', 'mark keys that no copy holds as lost, so that the others can be replaced')
    .action(async (flags: Common & { dryRun?: boolean; giveUp?: boolean }) => {
      const { repairVault } = await import('./vault-repair.ts')
      const wanted = { isDryRun: flags.dryRun === true, isGivingUp: flags.giveUp === true }
      tell(await repairVault(readConfig(process.env, flags), wanted), flags)
    })
}

function numberOf(option: string, given: string, max: number, min = 1): number {
  const number = Number(given)
  if (/^\d+$/.test(given) && number >= min && number <= max) return number
  throw new WrongUse(`${option} must be a number from ${min} to ${max}, not "${given}"`)
}
