/**
 * kill -9 of the app, PostgreSQL and every child of theirs at a random moment under parallel writes, then a
 * start: everybody whose creation was answered with 201 must be there with their values.
 *
 * `npm run drill -- kill --rounds 50 --seed S`. Last line: JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Secret, TOTP } from 'otpauth'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: 'kluis' },
    writers: { type: 'string', default: '8' },
  },
})
const WRITING_MS_MIN = 100
const WRITING_MS_MAX = 1_500

const root = mkdtempSync(join(tmpdir(), 'kluis-drill-'))
// Started as root, the program runs as another user, who must be able to enter.
chmodSync(root, 0o711)
const data = join(root, 'data')
const port = await freePort()
const base = `http://localhost:${port}`

type Acknowledged = { id: string; givenName: string; familyName: string; email: string }

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** The same seed chooses the same moments; what runs at that moment is the machine's affair. */
function chanceOf(round: number): number {
  const digest = createHash('sha256').update(`${values.seed} ${round}`).digest()
  return digest.readUInt32BE(0) / 2 ** 32
}

async function start(verb: string, readyWhen: string, more: string[] = []): Promise<ChildProcess> {
  const app = spawn(process.execPath, [cli, verb, '--data', data, '--port', `${port}`, ...more], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    app.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(readyWhen)) resolve()
    })
    app.on('exit', (code) => reject(new Error(`start ended with ${code}: ${said}`)))
  })
  app.removeAllListeners('exit')
  return app
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')
      const pid = Number(name)
      return Number(fields[1]) === parent ? [pid, ...childrenOf(pid)] : []
    } catch {
      // It ended while we looked.
      return []
    }
  })
}

async function killAll(app: ChildProcess): Promise<number> {
  const ended = once(app, 'exit')
  const victims = [app.pid!, ...childrenOf(app.pid!)]
  for (const pid of victims) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Its parent's death took it along.
    }
  }
  await ended
  return victims.length
}

async function call(method: string, path: string, cookie: string, body?: object) {
  const response = await fetch(base + path, {
    method,
    headers: { origin: base, cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]!)
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    cookie: cookies.filter((pair) => !pair.endsWith('=')).join('; '),
  }
}

async function signIn(): Promise<string> {
  const users = JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8')) as {
    email: string
    password: string
    totpSecret: string
    role: string
  }[]
  const { email, password, totpSecret } = users.find(({ role }) => role === 'sales')!
  const first = await call('POST', '/api/sign-in', '', { email, password })
  // The code of this half minute may have been used for enrolling; the next one is accepted early.
  const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({
    timestamp: Date.now() + 30_000,
  })
  const second = await call('POST', '/api/sign-in/totp', first.cookie, { code })
  if (second.status !== 200) throw new Error(JSON.stringify(second.body))
  return second.cookie
}

/** Creates people until the server is gone; whoever was answered 201 is written down. */
async function writeUntilGone(cookie: string, acknowledged: Acknowledged[]): Promise<void> {
  for (;;) {
    const familyName = `Proef ${randomUUID()}`
    const email = `${randomUUID()}@drill.example`
    const asked = { givenName: 'Kilian', familyName, emails: [{ value: email }] }
    try {
      const made = await call('POST', '/api/people', cookie, asked)
      if (made.status !== 201) throw new Error(JSON.stringify(made.body))
      acknowledged.push({ id: String(made.body.id), givenName: 'Kilian', familyName, email })
    } catch (error) {
      // Without a connection the answer is unknown: neither promised nor refused.
      if (error instanceof TypeError || error instanceof SyntaxError) return
      throw error
    }
  }
}

async function missingOf(cookie: string, people: Acknowledged[]): Promise<string[]> {
  const missing: string[] = []
  for (const one of people) {
    const { status, body } = await call('GET', `/api/people/${one.id}`, cookie)
    const emails = (body.emails ?? []) as { value: string }[]
    const isSame =
      status === 200 &&
      body.givenName === one.givenName &&
      body.familyName === one.familyName &&
      emails[0]?.value === one.email
    if (!isSame) missing.push(`${one.id}: ${status} ${JSON.stringify(body).slice(0, 200)}`)
  }
  return missing
}

let app = await start('demo', 'sign in as one of', ['--people', '20'])
const all: Acknowledged[] = []
const missing: string[] = []
let slowestStartMs = 0
try {
  const cookie = await signIn()
  for (let round = 1; round <= Number(values.rounds); round++) {
    const acknowledged: Acknowledged[] = []
    const writers = Array.from({ length: Number(values.writers) }, () =>
      writeUntilGone(cookie, acknowledged),
    )
    await sleep(WRITING_MS_MIN + chanceOf(round) * (WRITING_MS_MAX - WRITING_MS_MIN))
    const killed = await killAll(app)
    await Promise.all(writers)
    const startedAt = performance.now()
    app = await start('start', 'is ready after')
    slowestStartMs = Math.max(slowestStartMs, performance.now() - startedAt)
    missing.push(...(await missingOf(cookie, acknowledged)))
    all.push(...acknowledged)
    console.log(
      `round ${round}: ${killed} processes killed, ${acknowledged.length} acknowledged, ${missing.length} missing so far`,
    )
  }
  // Nor may a later crash take what an earlier start had found.
  missing.push(...(await missingOf(cookie, all)))
} finally {
  await killAll(app)
  rmSync(root, { recursive: true, force: true })
}
for (const line of missing) console.log(`MISSING ${line}`)
console.log(
  JSON.stringify({
    rounds: Number(values.rounds),
    seed: values.seed,
    acknowledged: all.length,
    missing: missing.length,
    slowestStartMs: Math.round(slowestStartMs),
  }),
)
process.exit(missing.length === 0 ? 0 : 1)
