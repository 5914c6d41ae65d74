/** `npm run drill -- [NAME …] [--rounds N] [--seed S]`: the long drills of tests/drills, one after another. Exit 1 when one failed. */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const folder = fileURLToPath(new URL('../tests/drills/', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, seed: { type: 'string' } },
})
const all = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort()
const names = positionals.length > 0 ? positionals : all
const unknown = names.filter((name) => !existsSync(`${folder}${name}.ts`))
if (unknown.length > 0) {
  console.error(`drill: there is no ${unknown.join(', ')}; there are: ${all.join(', ')}`)
  process.exit(2)
}
// Told, so that a drill that failed can be run again with the same choices.
const seed = values.seed ?? randomBytes(4).toString('hex')
const failed = names.filter((name) => {
  console.log(`── ${name} (seed ${seed})`)
  const args = ['--seed', seed, ...(values.rounds ? ['--rounds', values.rounds] : [])]
  const done = spawnSync(process.execPath, [`${folder}${name}.ts`, ...args], { stdio: 'inherit' })
  return done.status !== 0
})
console.log(`${names.length - failed.length} passed, ${failed.length} failed`)
process.exit(failed.length === 0 ? 0 : 1)
