import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { exportFormats, importKeys, presetIds } from '#crm/exchange/contract.ts'
import {
  askOperator,
  CutOff,
  operatorSocketPath,
  type VerbAnswer,
} from '#platform/operator-socket.ts'
import { runDirectoryOf } from '#platform/run-directory.ts'
import { openOut, readAsked } from './asked-files.ts'
import { addAccessCommands } from './cli-access.ts'
import { type Common, EXIT_CODES, verbOf, withCommon } from './cli-options.ts'
import { addRootKeyCommands } from './cli-root-key.ts'
import { addVaultCommands } from './cli-vault.ts'
import { type Config, type Flags, readConfig, Stopped, WrongUse } from './config.ts'
import { keepPlacesOf } from './keep-places.ts'
import { endProgress, showProgress } from './progress-bar.ts'

// 0 fine, 1 found something or failed, 2 wrong use, 3 incomplete: the same for every verb.
const FAILED = 1
const WRONG_USE = 2
const INCOMPLETE = 3

export type { Common } from './cli-options.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** Asks the running server when there is one; opens the parts for this verb alone when there is none. */
async function runVerb(
  flags: Common,
  name: string,
  args: Record<string, unknown> = {},
  { onPiece, finish }: Receiving = { onPiece: () => {}, finish: (answer) => answer },
): Promise<void> {
  const config = readConfig(process.env, flags)
  const asked = await askOperator(
    operatorSocketPath(runDirectoryOf(config.dataDirectory)),
    name,
    args,
    showProgress,
    onPiece,
  )
  if (asked.kind === 'busy') {
    const failed = `another command works with these data ("${asked.doing}", process ${asked.processId}); try again when it is done`
    return tell({ exitCode: INCOMPLETE, result: { failed } }, flags)
  }
  const answer =
    asked.kind === 'answer' ? asked.answer : await runAlone(config, name, args, onPiece)
  tell(finish(answer), flags)
}

/** What becomes of a file that a verb hands over, and of the answer behind it. */
type Receiving = {
  onPiece: (piece: Buffer) => void
  finish: (answer: VerbAnswer) => VerbAnswer
}

async function runAlone(
  config: Config,
  name: string,
  args: Record<string, unknown>,
  onPiece: (piece: Buffer) => void,
): Promise<VerbAnswer> {
  if (!config.databaseUrl && !existsSync(join(config.dataDirectory, 'postgres')))
    throw new WrongUse(
      `there is no Kluis in ${config.dataDirectory}; name its directory with --data, or begin one with: npm start`,
    )
  const { openKluis } = await import('./main.ts')
  const { operatorVerbs } = await import('./verbs.ts')
  const running = await openKluis(config, say, name)
  try {
    return await operatorVerbs(running)[name]!(args, showProgress, async (piece) => onPiece(piece))
  } finally {
    await running.close()
  }
}

function tell({ exitCode, result, lines }: VerbAnswer, flags: Common): void {
  endProgress()
  if ('failed' in result) say(`kluis: ${result.failed}`)
  for (const line of lines ?? []) process.stdout.write(`${line}\n`)
  if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exitCode = exitCode
}

const program = new Command('kluis')
  .description('A CRM whose customer database is built to be checked.')
  .exitOverride()
  .addHelpText('after', `\n${EXIT_CODES}`)

withCommon(program.command('start').description('start Kluis on this machine'))
  .option('--port <n>', 'port on localhost (KLUIS_PORT, default 4310)')
  .option('--tls-cert <file>', 'certificates in PEM: TLS without a proxy (KLUIS_TLS_CERT)')
  .option('--tls-key <file>', 'the key that belongs to it (KLUIS_TLS_KEY)')
  .option(
    '--listen <address>',
    'with TLS: the address; all of the machine otherwise (KLUIS_LISTEN)',
  )
  .option(
    '--redirect-port <n>',
    'with TLS: a port where plain HTTP is led to https (KLUIS_REDIRECT_PORT)',
  )
  .option(
    '--trust-proxy <addresses>',
    'proxies that tell where a request came from, such as loopback (KLUIS_TRUST_PROXY)',
  )
  .addHelpText(
    'after',
    `\nExample: npm start -- --data /srv/kluis --keystore /mnt/keys --port 4310\n${EXIT_CODES}`,
  )
  .action(async (flags: Flags) => {
    await start(flags)
  })

withCommon(
  program.command('demo').description('start Kluis with fictional customers and four users'),
)
  .option('--port <n>', 'port on localhost (KLUIS_PORT, default 4310)')
  .option('--people <n>', 'how many fictional people', '2000')
  .addHelpText(
    'after',
    `\nExample: npm run demo -- --data /tmp/kluis-demo --people 500\nWho can sign in stands in DIR/demo-users.json.\n${EXIT_CODES}`,
  )
  .action(async (flags: Flags & { people: string }) => {
    if (!/^[1-9]\d{0,5}$/.test(flags.people))
      throw new WrongUse(`--people must be a number from 1 to 999999, not "${flags.people}"`)
    const { people, data = demoData(), ...given } = flags
    await start(data === undefined ? given : { ...given, data }, Number(people))
  })

/** Beside one's own data, never in them. */
function demoData(): string | undefined {
  return process.env.KLUIS_DATA ? undefined : `${readConfig(process.env, {}).dataDirectory}-demo`
}

async function start(flags: Flags, demoPeople?: number): Promise<void> {
  const { supervise } = await import('./supervisor.ts')
  await supervise(readConfig(process.env, flags), flags, say, demoPeople)
}

verbOf(
  program,
  'migrate',
  'bring the database to this release',
  'migrate --data /srv/kluis',
).action((flags: Common) => runVerb(flags, 'migrate'))

verbOf(program, 'places <file>', 'keep postcodes, from a file of GeoNames', 'places NL.txt').action(
  (file: string, flags: Common) =>
    tell(keepPlacesOf(readConfig(process.env, flags).dataDirectory, file), flags),
)

const imports = program.command('import').description('bring customers in').exitOverride()
const AS = ['--as <email>', 'the colleague in whose name this is done'] as const
verbOf(
  imports,
  'people <file>',
  'import people and companies, or notes and tasks, from CSV, XLSX or vCards; exit 1 when rows were refused',
  'import people klanten.xlsx --as anna@bureau.be --dry-run',
)
  .requiredOption(...AS)
  .option('--dry-run', 'tell what would happen, store nothing')
  .option('--map <header=field>', 'what a column means; may be given again', also)
  .option('--sheet <name>', 'which sheet of a workbook; the first with rows otherwise')
  .option(
    '--preset <program>',
    `${presetIds.join(', ')} or none; seen in the headers otherwise`,
    '',
  )
  .option('--duplicates <what>', 'skip, update or only-update whoever is there already', 'skip')
  .option('--key <what>', `by what they are recognised: ${importKeys.join(', ')}`, 'auto')
  .option('--keep-national-numbers', 'store remarks that hold a national number all the same')
  .action((file: string, flags: ImportFlags) =>
    runVerb(flags, 'import people', {
      file: readAsked(file).toString('base64'),
      fileName: basename(file),
      sheet: flags.sheet ?? '',
      preset: oneOf('--preset', flags.preset, ['', 'none', ...presetIds]),
      as: flags.as,
      isDryRun: flags.dryRun === true,
      mapping: (flags.map ?? []).map(encodedPair).join(','),
      duplicates: oneOf('--duplicates', flags.duplicates, ['skip', 'update', 'only-update']),
      key: oneOf('--key', flags.key, importKeys),
      nationalNumbers: flags.keepNationalNumbers ? 'keep' : 'leave-out',
    }),
  )
verbOf(
  imports,
  'list',
  'imports of that colleague and how far they are',
  'import list --as anna@bureau.be',
)
  .requiredOption(...AS)
  .action((flags: Common & { as: string }) => runVerb(flags, 'import list', { as: flags.as }))
verbOf(
  imports,
  'resume <id>',
  'go on with an import that was paused or stopped by a crash',
  'import resume 0b3f… --as anna@bureau.be',
)
  .requiredOption(...AS)
  .action((id: string, flags: Common & { as: string }) =>
    runVerb(flags, 'import resume', { id, as: flags.as }),
  )
verbOf(
  imports,
  'revert <id>',
  'take an import back: what it made goes, what it changed gets its old values; without --yes only tells',
  'import revert 0b3f… --as anna@bureau.be --yes',
)
  .requiredOption(...AS)
  .option('--yes', 'do it')
  .option('--also-changed', 'also what somebody worked on since')
  .action((id: string, flags: Common & { as: string; yes?: boolean; alsoChanged?: boolean }) =>
    runVerb(flags, 'import revert', {
      id,
      as: flags.as,
      isConfirmed: flags.yes === true,
      isAll: flags.alsoChanged === true,
    }),
  )

type ImportFlags = Common & {
  as: string
  dryRun?: boolean
  map?: string[]
  sheet?: string
  preset: string
  key: string
  duplicates: string
  keepNationalNumbers?: boolean
}

function oneOf(option: string, given: string, known: readonly string[]): string {
  if (known.includes(given)) return given
  throw new WrongUse(`${option} must be one of ${known.filter(Boolean).join(', ')}, not "${given}"`)
}

function also(one: string, before: string[] = []): string[] {
  return [...before, one]
}

/** A header may hold a comma or an equals sign; the field's name never does. */
function encodedPair(pair: string): string {
  const at = pair.lastIndexOf('=')
  if (at < 1) throw new WrongUse(`--map takes header=field, not "${pair}"`)
  return `${encodeURIComponent(pair.slice(0, at))}=${pair.slice(at + 1)}`
}

const alone = 'nothing needs a second person any more, for when nobody is left who could agree'
const off = 'four-eyes-off'
verbOf(program, off, alone, off).action((flags: Common) => runVerb(flags, off))
const exports = program.command('export').description('take customers out').exitOverride()
for (const kind of ['people', 'companies'] as const)
  verbOf(
    exports,
    kind,
    `all ${kind} that colleague sees; recorded as their export`,
    `export ${kind} --as anna@bureau.be --format xlsx --out ${kind}.xlsx`,
  )
    .requiredOption(...AS)
    .option('--format <format>', exportFormats.join(', '), 'csv')
    .option('--out <file>', 'where to write it; standard output otherwise')
    .action((flags: ExportFlags) => {
      const format = oneOf('--format', flags.format, exportFormats)
      return runExport(flags, `export ${kind}`, { as: flags.as, format })
    })
verbOf(
  exports,
  'everything',
  'everything that colleague sees, files too, as one zip in an open format; exit 1 when a file can not be read',
  'export everything --as anna@bureau.be --out kluis.zip',
)
  .requiredOption(...AS)
  .requiredOption('--out <file>', 'where to write it')
  .action((flags: ExportFlags) => runExport(flags, 'export everything', { as: flags.as }))

type ExportFlags = Common & { as: string; format: string; out?: string }

/** The file is for its reader alone; on standard output it stands by itself. */
async function runExport(flags: ExportFlags, name: string, args: object): Promise<void> {
  const out = flags.out === undefined ? undefined : openOut(flags.out)
  // With --json a text is part of the one object on the last line.
  const held: Buffer[] = []
  const onPiece = (piece: Buffer) => {
    if (out) out.write(piece)
    else if (flags.json) held.push(piece)
    else process.stdout.write(piece)
  }
  const finish = ({ lines, ...answer }: VerbAnswer): VerbAnswer => {
    if ('failed' in answer.result) {
      out?.empty()
      return answer
    }
    if (!out)
      return { ...answer, result: { ...answer.result, text: Buffer.concat(held).toString() } }
    // In the answer `files` says what is in it, `file` where it is.
    return { ...answer, result: { ...answer.result, file: flags.out }, ...(lines && { lines }) }
  }
  try {
    await runVerb(flags, name, { ...args }, { onPiece, finish })
  } catch (error) {
    out?.empty()
    throw error
  }
}

const ledger = program.command('ledger').description('the log of all changes').exitOverride()
verbOf(
  ledger,
  'verify',
  'check every leaf, checkpoint and row; exit 1 names what was tampered with',
  'ledger verify --json',
).action((flags: Common) => runVerb(flags, 'ledger verify'))

verbOf(
  program,
  'check',
  'check roles and row security of the live database; exit 1 on a critical or high finding',
  'check --json',
).action((flags: Common) => runVerb(flags, 'check'))

const users = program.command('users').description('who signs in here').exitOverride()
verbOf(
  users,
  'list',
  'colleagues, their roles and what they sign in with',
  'users list --json',
).action((flags: Common) => runVerb(flags, 'users list'))
verbOf(
  users,
  'invite <email>',
  'make a link with which a colleague joins, once, within a week',
  'users invite an@bureau.be --name "An Peeters" --role sales --as bea@bureau.be',
)
  .requiredOption('--name <name>', 'how the colleague is called')
  .requiredOption('--role <role>', 'administrator, manager, sales, support or privacy-officer')
  .option('--team <name>', 'their team; may be left out when there is one only')
  .option('--as <email>', 'the colleague in whose name this is done')
  .action(
    (email: string, given: Common & { name: string; role: string; team?: string; as?: string }) => {
      const { name, role: roleId, team, as } = given
      return runVerb(given, 'users invite', { email, name, roleId, team, as })
    },
  )
verbOf(
  users,
  'reset-factor <email>',
  'take away lost factors, end the sessions, and make a link to enrol anew',
  'users reset-factor an@bureau.be --reason "lost her phone on 3 May, called in person"',
)
  .requiredOption('--reason <text>', 'why, in at least ten letters; kept sealed')
  .option('--as <email>', 'the colleague in whose name this is done')
  .action((email: string, flags: Common & { reason: string; as?: string }) =>
    runVerb(flags, 'users reset-factor', { email, reason: flags.reason, as: flags.as }),
  )
verbOf(
  users,
  'set-up-link',
  'a new one-time link for the first administrator; earlier ones stop working',
  'users set-up-link',
).action((flags: Common) => runVerb(flags, 'users set-up-link'))

addAccessCommands(program, { verbOf, runVerb, also })
addVaultCommands(program, { verbOf, runVerb, tell })
addRootKeyCommands(program, { runVerb, tell })

program.parseAsync().catch((error: Error) => {
  if (error instanceof Stopped) process.exit(0)
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USE)
  const exitCode =
    error instanceof WrongUse ? WRONG_USE : error instanceof CutOff ? INCOMPLETE : FAILED
  // A program that reads the last line finds an object there whatever happened.
  tell(
    { exitCode, result: { failed: error.message } },
    { json: process.argv.slice(2).includes('--json') },
  )
  process.exit(exitCode)
})
