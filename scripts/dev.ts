/** `npm run dev -- [start's options]`: the server, started anew at each change, and the screens at once in the browser. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
// The browser talks to the screens' server, and only requests from the program's own address are obeyed.
const env = { KLUIS_URL: 'http://localhost:4311', ...process.env }
const programs = [
  [
    '--disable-warning=ExperimentalWarning',
    '--watch',
    '--watch-preserve-output',
    'src/cli.ts',
    'start',
    ...process.argv.slice(2),
  ],
  ['node_modules/vite/bin/vite.js'],
].map((args) => spawn(process.execPath, args, { cwd: root, env, stdio: 'inherit' }))

let isEnding = false
function end(): void {
  if (isEnding) return
  isEnding = true
  for (const program of programs) program.kill('SIGTERM')
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
// One without the other is of no use.
for (const program of programs) program.on('exit', end)
