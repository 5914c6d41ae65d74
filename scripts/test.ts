/**
 * `npm test`: everything, on a machine with only Node and npm. Ends with what failed, by name, and
 * `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const DEBIAN_15 = '/usr/lib/postgresql/15/bin'
// What asks PostgreSQL itself; the rest says the same whatever the version.
const DATABASE_TESTS = [
  ...[
    'confidential-fields',
    'curious-colleague',
    'every-table',
    'forged-session',
    'moved-ciphertext',
    'mutations',
    'owner-only',
    'planted-rows',
    'rights-escalation',
    'sql-injection',
    'stolen-dump',
    'swapped-files',
    'telling-filters',
  ].map((attack) => `tests/attacks/${attack}.test.ts`),
  'tests/budgets.test.ts',
  'tests/policies.test.ts',
  'tests/ledger.test.ts',
  'tests/restore.test.ts',
  'tests/checks.test.ts',
  'tests/explain.test.ts',
  'src/security/vault',
  'src/crm',
]

type Outcome = { title: string; passed: number; failed: number; isGood: boolean; names: string[] }

function run(
  title: string,
  script: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  process.stdout.write(`\n── ${title}\n`)
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      // Colours would make a line of dots ten times as long in a log that keeps only its end.
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      process.stdout.write(chunk)
    })
    child.on('exit', (code) => {
      const line = /Tests\s+(.*)/.exec(text)?.[1] ?? ''
      const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0)
      const names = [...new Set(text.match(/^ ?FAIL .*$/gm))].map((name) => name.trim())
      const seconds = Math.round((performance.now() - started) / 1000)
      process.stdout.write(`── ${title}: ${seconds} s, ${code === 0 ? 'good' : 'NOT GOOD'}\n`)
      resolve({
        title,
        passed: count('passed'),
        failed: count('failed'),
        isGood: code === 0,
        names,
      })
    })
  })
}

const modules = `${root}node_modules/`
const vitest = `${modules}vitest/vitest.mjs`
const outcomes: Outcome[] = []

// Of the runs below only the one of the database tests may use it; all tests run on the embedded one.
const given = process.env.KLUIS_TEST_DATABASE_URL
delete process.env.KLUIS_TEST_DATABASE_URL

outcomes.push(await run('format and lint', `${modules}@biomejs/biome/bin/biome`, ['check', '.']))
for (const [title, project] of [
  ['types of the server', 'tsconfig.json'],
  ['types of the screens', 'tsconfig.web.json'],
] as const)
  outcomes.push(await run(title, `${modules}typescript/bin/tsc`, ['-p', project, '--noEmit']))
outcomes.push(
  await run('the screens are built', `${modules}vite/bin/vite.js`, ['build', '--logLevel', 'warn']),
)
outcomes.push(await run('all tests, PostgreSQL 18 (embedded)', vitest, ['run', '--reporter=dot']))
if (given) {
  outcomes.push(
    await run(
      'database tests, PostgreSQL at KLUIS_TEST_DATABASE_URL',
      vitest,
      ['run', '--reporter=dot', ...DATABASE_TESTS],
      { KLUIS_TEST_DATABASE_URL: given },
    ),
  )
} else if (existsSync(`${DEBIAN_15}/postgres`)) {
  outcomes.push(
    await run(
      'database tests, PostgreSQL 15',
      vitest,
      ['run', '--reporter=dot', ...DATABASE_TESTS],
      { KLUIS_TEST_POSTGRES_BINARIES: DEBIAN_15 },
    ),
  )
} else {
  process.stdout.write(
    `\n── PostgreSQL 15 is not here (no ${DEBIAN_15}, no KLUIS_TEST_DATABASE_URL): the database tests ran on 18 only\n`,
  )
}

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
const failed = outcomes.reduce(
  (sum, outcome) => sum + Math.max(outcome.failed, outcome.isGood ? 0 : 1),
  0,
)
for (const { title, isGood, names } of outcomes)
  if (!isGood)
    process.stdout.write(`\nNot good: ${title}\n${names.map((name) => `  ${name}\n`).join('')}`)
process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)
