/** `npm run verify`: the quick round before a commit: lint, types, architecture. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const steps = [
  ['@biomejs/biome/bin/biome', 'check', '.'],
  ['typescript/bin/tsc', '-p', 'tsconfig.json', '--noEmit'],
  ['typescript/bin/tsc', '-p', 'tsconfig.web.json', '--noEmit'],
  ['vitest/vitest.mjs', 'run', 'tests/architecture.test.ts'],
]
const failed = steps.filter(
  ([script, ...args]) =>
    spawnSync(process.execPath, [`${root}node_modules/${script}`, ...args], {
      cwd: root,
      stdio: 'inherit',
    }).status !== 0,
)
process.exit(failed.length === 0 ? 0 : 1)
