/**
 * `npm run mutation`: Stryker changes the vault's own arithmetic one place at a time, and the vault's own tests must notice. Not part of
 * `npm test`: it takes a quarter of an hour and more. Stryker and what it brings are fetched into a copy outside the clone, so that
 * nobody who installs Kluis installs them. Writes docs/assurance/mutation.md. Exit 1 below 90 %.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const STRYKER = '10.1.1'
const PERCENT_MIN = 90
const root = fileURLToPath(new URL('..', import.meta.url))
const vault = 'src/security/vault'
const mutated = ['sealed-record', 'sealed-file', 'segment', 'blind-index', 'canary-id']
const tests = [
  ...[
    'sealed-record',
    'sealed-file',
    'sealing',
    'tampering.property',
    'keystore',
    'commitment',
    'segment',
  ],
  ...['blind-index', 'blind-index.vectors', 'canary-id'],
]

const vitestConfig = `import { defineConfig } from 'vitest/config'
export default defineConfig({
  test: { include: ['${vault}/{${tests.join(',')}}.test.ts'], testTimeout: 60_000 },
})
`
const strykerConfig = {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  // It would ask TypeScript 5 for it; nothing here is compiled.
  tsconfigFile: 'none.json',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: [`${vault}/{${mutated.join(',')}}.ts`],
  reporters: ['json', 'clear-text'],
  jsonReporter: { fileName: 'mutation.json' },
  coverageAnalysis: 'perTest',
  // Constants at the top of a file: each needs the whole of it read anew, for minutes a piece.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 60_000,
}

type Report = { files: Record<string, { mutants: { status: string }[] }> }

const work = mkdtempSync(join(tmpdir(), 'kluis-mutation-'))
function run(command: string, args: string[]): void {
  const done = spawnSync(command, args, { cwd: work, stdio: 'inherit' })
  if (done.status !== 0) throw new Error(`${command} ${args[0]} ended with ${done.status}`)
}
let report: Report
try {
  for (const part of ['package.json', 'package-lock.json', 'src', 'database', 'docs/formats'])
    cpSync(join(root, part), join(work, part), { recursive: true })
  mkdirSync(join(work, 'node_modules'), { recursive: true })
  writeFileSync(join(work, 'vitest.mutation.config.ts'), vitestConfig)
  writeFileSync(join(work, 'stryker.config.json'), JSON.stringify(strykerConfig))
  const stryker = ['core', 'vitest-runner'].map((part) => `@stryker-mutator/${part}@${STRYKER}`)
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-dev', ...stryker])
  run(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'])
  report = JSON.parse(readFileSync(join(work, 'mutation.json'), 'utf8'))
} finally {
  rmSync(work, { recursive: true, force: true })
}

const rows = Object.entries(report.files).map(([name, { mutants }]) => {
  const count = (...statuses: string[]) =>
    mutants.filter(({ status }) => statuses.includes(status)).length
  return {
    name: name.replace(`${vault}/`, ''),
    noticed: count('Killed', 'Timeout'),
    timedOut: count('Timeout'),
    missed: count('Survived', 'NoCoverage'),
    leftOut: count('Ignored'),
  }
})
const sum = (of: (row: (typeof rows)[number]) => number) =>
  rows.reduce((total, row) => total + of(row), 0)
const percent = (noticed: number, missed: number) => (100 * noticed) / (noticed + missed)
const total = percent(
  sum(({ noticed }) => noticed),
  sum(({ missed }) => missed),
)
const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' }).format(new Date())
writeFileSync(
  join(root, 'docs/assurance/mutation.md'),
  `# Mutation of the vault

\`npm run mutation\` changes the vault's own arithmetic one place at a time (Stryker ${STRYKER}), runs the vault's own tests, and counts
how many changes they notice. Written by it, ${today}: **${total.toFixed(1)} %**.

| file | noticed | of which timed out | missed | noticed of all |
|---|---|---|---|---|
${rows.map((row) => `| ${row.name} | ${row.noticed} | ${row.timedOut} | ${row.missed} | ${percent(row.noticed, row.missed).toFixed(1)} % |`).join('\n')}

Left out are ${sum(({ leftOut }) => leftOut)} changes of constants at the top of a file; the frozen vectors hold those. The files are those without a database, a
disk or a network: what surrounds them is tested whole, and not by mutation.
`,
)
console.log(`${total.toFixed(1)} % noticed; docs/assurance/mutation.md is written`)
process.exit(total >= PERCENT_MIN ? 0 : 1)
