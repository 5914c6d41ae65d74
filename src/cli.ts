import { existsSync, readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { type Flags, readConfig, WrongUse } from './config.ts'
import { openKluis, startKluis } from './main.ts'

// 0 fine, 1 found something or failed, 2 wrong use, 3 incomplete: the same for every verb.
const FAILED = 1
const WRONG_USE = 2

type Common = Flags & { json?: boolean }

function withCommon(command: Command): Command {
  return command
    .option('--data <dir>', 'where the data live (KLUIS_DATA)')
    .option('--keystore <dir>', 'where the keys live, better on another disk (KLUIS_KEYSTORE)')
    .option(
      '--database-url <url>',
      'a PostgreSQL 15 to 18 of your own instead of the embedded one (KLUIS_DATABASE_URL)',
    )
    .exitOverride()
}

const say = (line: string) => process.stderr.write(`${line}\n`)

/** Opens the parts, runs one verb, closes the parts. With --json the last line is one JSON object. */
async function runVerb(
  flags: Common,
  verb: (
    running: Awaited<ReturnType<typeof openKluis>>,
  ) => Promise<{ exitCode: number; result: object; lines?: string[] }>,
): Promise<void> {
  const running = await openKluis(readConfig(process.env, flags), () => {})
  try {
    const { exitCode, result, lines } = await verb(running)
    for (const line of lines ?? []) process.stdout.write(`${line}\n`)
    if (flags.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    process.exitCode = exitCode
  } finally {
    await running.close()
  }
}

const program = new Command('kluis')
  .description('A CRM whose customer database is provably safe.')
  .exitOverride()
  .addHelpText(
    'after',
    '\nExit codes: 0 fine · 1 found something or failed · 2 wrong use · 3 incomplete',
  )

withCommon(program.command('start').description('start Kluis on this machine'))
  .option('--port <n>', 'port on localhost (KLUIS_PORT, default 4310)')
  .addHelpText(
    'after',
    '\nExample: npm start -- --data /srv/kluis --keystore /mnt/keys --port 4310',
  )
  .action(async (flags: Flags) => {
    const running = await startKluis(readConfig(process.env, flags), say)
    let isStopping = false
    const stop = async () => {
      if (isStopping) return
      isStopping = true
      say('stopping …')
      await running.close()
      process.exit(0)
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })

withCommon(program.command('migrate').description('bring the database to this release'))
  .option('--json', 'last line as JSON')
  .action((flags: Common) =>
    runVerb(flags, async () => ({
      exitCode: 0,
      result: { migrated: true },
      lines: ['the database is at this release'],
    })),
  )

const ledger = program.command('ledger').description('the log of all changes').exitOverride()
withCommon(
  ledger
    .command('verify')
    .description('check every leaf, checkpoint and row; exit 1 names what was tampered with'),
)
  .option('--json', 'last line as JSON')
  .action((flags: Common) =>
    runVerb(flags, async (running) => {
      const check = await running.ledger.verify()
      const lines = [
        `${check.leaves} leaves, ${check.checkpoints} checkpoints, ${check.rows} rows compared`,
        ...check.findings.map(
          (finding) => `TAMPERED ${finding.table} ${finding.row}: ${finding.what}`,
        ),
      ]
      return {
        exitCode: check.findings.length ? FAILED : 0,
        result: check,
        lines: [...lines, check.findings.length ? `${check.findings.length} findings` : 'intact'],
      }
    }),
  )

withCommon(
  program.command('check').description('check roles and row security of the live database'),
)
  .option('--json', 'last line as JSON')
  .action((flags: Common) =>
    runVerb(flags, async (running) => {
      const { runChecks } = await import('#security/programme/checks.ts')
      const report = await runChecks(running.adminConnection)
      const lines = report.checks.flatMap((check) => [
        `${check.outcome.padEnd(11)} ${check.id} ${check.severity.padEnd(8)} ${check.title}`,
        ...check.findings.map(
          (finding) => `            ${finding.object}: ${finding.detail} — ${check.remedy}`,
        ),
      ])
      return { exitCode: report.exitCode, result: report, lines }
    }),
  )

program.parseAsync().catch((error: Error) => {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USE)
  say(`kluis: ${error.message}`)
  process.exit(error instanceof WrongUse ? WRONG_USE : FAILED)
})
