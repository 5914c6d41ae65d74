/**
 * `npm test`: everything, on a machine with only Node and npm. Ends with what failed, by name, and
 * `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const DEBIAN_15 = '/usr/lib/postgresql/15/bin'
// What PostgreSQL decides or computes: rights, policies, triggers, plans, and what the modules ask of it. The rest of
// src/crm and src/security/vault never speaks to it, and says the same whatever the version.
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
  'src/security/vault/vault.test.ts',
  ...['companies', 'dossier', 'notes', 'notifications', 'tasks'].map(
    (module) => `src/crm/${module}/${module}.test.ts`,
  ),
]

type Outcome = { title: string; passed: number; failed: number; isGood: boolean; names: string[] }

// The tests start Kluis a hundred times; compiled once, each start takes half.
const NODE_COMPILE_CACHE = `${root}node_modules/.cache/compiled`

type Options = { env?: Record<string, string>; isHeldBack?: boolean }

/** With `isHeldBack`, what it says stands together at its end: for what runs beside others. */
function run(
  title: string,
  script: string,
  args: string[],
  { env = {}, isHeldBack = false }: Options = {},
): Promise<Outcome> {
  if (!isHeldBack) process.stdout.write(`\n── ${title}\n`)
  const started = performance.now()
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      // Colours would make a line of dots ten times as long in a log that keeps only its end.
      env: { ...process.env, NODE_COMPILE_CACHE, NO_COLOR: '1', FORCE_COLOR: undefined, ...env },
      stdio: ['ignore', 'pipe', isHeldBack ? 'pipe' : 'inherit'],
    })
    let text = ''
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (!isHeldBack) process.stdout.write(chunk)
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    // What a test left running may hold the output open: the end of a run is the end of its own process.
    child.on(isHeldBack ? 'close' : 'exit', (code) => {
      if (isHeldBack) process.stdout.write(`\n${text}`)
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
const tsc = `${modules}typescript/bin/tsc`
const outcomes: Outcome[] = []

// Of the runs below only the one of the database tests may use it; all tests run on the embedded one.
const given = process.env.KLUIS_TEST_DATABASE_URL
delete process.env.KLUIS_TEST_DATABASE_URL

const beside = { isHeldBack: true }
outcomes.push(
  ...(await Promise.all([
    run('format and lint', `${modules}@biomejs/biome/bin/biome`, ['check', '.'], beside),
    run('types of the server', tsc, ['-p', 'tsconfig.json', '--noEmit'], beside),
    run('types of the screens', tsc, ['-p', 'tsconfig.web.json', '--noEmit'], beside),
    run(
      'the screens are built',
      `${modules}vite/bin/vite.js`,
      ['build', '--logLevel', 'warn'],
      beside,
    ),
  ])),
)
outcomes.push(await run('all tests, PostgreSQL 18 (embedded)', vitest, ['run', '--reporter=dot']))
if (given) {
  outcomes.push(
    await run(
      'database tests, PostgreSQL at KLUIS_TEST_DATABASE_URL',
      vitest,
      ['run', '--reporter=dot', ...DATABASE_TESTS],
      { env: { KLUIS_TEST_DATABASE_URL: given } },
    ),
  )
} else if (existsSync(`${DEBIAN_15}/postgres`)) {
  outcomes.push(
    await run(
      'database tests, PostgreSQL 15',
      vitest,
      ['run', '--reporter=dot', ...DATABASE_TESTS],
      { env: { KLUIS_TEST_POSTGRES_BINARIES: DEBIAN_15 } },
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
