/** `npm run bench -- NAME [options]`: runs bench/NAME.ts and hands its options on. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../bench/', import.meta.url))
const [name, ...args] = process.argv.slice(2)
const script = `${folder}${name}.ts`
if (!name || !/^[\w-]+$/.test(name) || !existsSync(script)) {
  const names = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  console.error(`bench: name one of ${names.map((file) => file.slice(0, -3)).join(', ')}`)
  process.exit(2)
}
process.exit(spawnSync(process.execPath, [script, ...args], { stdio: 'inherit' }).status ?? 1)
