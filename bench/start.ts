/**
 * From the command to an answer, the memory of everything at rest, and the size of what npm installs for a server.
 * node bench/start.ts [--people N] [--json]
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { memoryOf } from './load/processes.ts'
import { openSecured, run, stop } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
})
const root = fileURLToPath(new URL('../', import.meta.url))
const REST_MS = 5_000

function installedMb(): number {
  const directory = mkdtempSync(join(tmpdir(), 'kluis-install-'))
  try {
    for (const file of ['package.json', 'package-lock.json'])
      cpSync(join(root, file), join(directory, file))
    execFileSync(
      'npm',
      ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'],
      { cwd: directory, stdio: 'ignore' },
    )
    const [kb] = execFileSync('du', ['-sk', join(directory, 'node_modules')])
      .toString()
      .split('\t')
    return Math.round(Number(kb) / 1024)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const empty = mkdtempSync(join(tmpdir(), 'kluis-first-'))
const first = await run('start', empty)
await stop(first.process)
rmSync(empty, { recursive: true, force: true })

const secured = await openSecured(Number(values.people))
await stop(secured.process)
const again = await run('start', secured.dataDirectory)
await new Promise((resolve) => setTimeout(resolve, REST_MS))
const used = memoryOf(again.process.pid!)
const sum = (of: RegExp) =>
  used.filter(({ name }) => of.test(name)).reduce((total, one) => total + one.privateMb, 0)
const memoryMb = {
  program: sum(/cli\.ts/),
  index: sum(/index-process/),
  postgres: sum(/postgres/),
  all: sum(/./),
}
await stop(again.process)
await secured.close()
const result = {
  bench: 'start',
  firstStartMs: Math.round(first.readyMs),
  laterStartMs: Math.round(again.readyMs),
  people: Number(values.people),
  memoryMb,
  installedMb: installedMb(),
}
if (!values.json)
  console.log(
    `first start ${result.firstStartMs} ms, later ${result.laterStartMs} ms; at rest ${memoryMb.all} MB (program ${memoryMb.program}, index ${memoryMb.index}, PostgreSQL ${memoryMb.postgres}); npm ci --omit=dev ${result.installedMb} MB`,
  )
console.log(JSON.stringify(result))
