import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Secret, TOTP } from 'otpauth'
import pg from 'pg'
import { runDirectoryOf } from '#platform/run-directory.ts'
import { Side } from './requests.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const POLL_MS = 100

export type Secured = {
  side: Side
  /** The same and two colleagues: nobody asks for eight pages at once, and one who does waits for themselves. */
  colleagues: Side[]
  port: number
  /** What the signed-in browser would send. */
  cookie: string
  /** Of everything it runs: the program, its index, PostgreSQL. */
  process: ChildProcess
  dataDirectory: string
  readyMs: number
  close(): Promise<void>
}

/**
 * Nobody looks at as many customers in a day as a bench does. Limits are held and looks are counted as for everybody;
 * there are only more of them.
 */
async function widenBudgets(dataDirectory: string): Promise<void> {
  const host = runDirectoryOf(dataDirectory)
  const admin = new pg.Client({ host, port: 5432, user: 'kluis_admin', database: 'kluis' })
  await admin.connect()
  await admin.query(
    `update kluis.budget set hour_soft = 5000000, hour_hard = 5000000, day_soft = 5000000, day_hard = 5000000, row_version = row_version + 1
     where role_id in ('administrator', 'sales', 'support')`,
  )
  await admin.end()
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The product itself as its users run it, in processes of its own, with demo customers; signed in as a salesperson. */
export async function openSecured(people: number): Promise<Secured> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'kluis-bench-'))
  const first = await run('demo', dataDirectory, ['--people', String(people)])
  const users = JSON.parse(readFileSync(join(dataDirectory, 'demo-users.json'), 'utf8')) as {
    email: string
    password: string
    totpSecret: string
    role: string
  }[]
  const cookie = await signIn(first.port, users.find(({ role }) => role === 'administrator')!)
  const side = new Side(first.port, { cookie })
  const colleagues = [side]
  for (const role of ['sales', 'support']) {
    const user = users.find((one) => one.role === role)!
    colleagues.push(new Side(first.port, { cookie: await signIn(first.port, user) }))
  }
  await widenBudgets(dataDirectory)
  return {
    side,
    colleagues,
    port: first.port,
    cookie,
    process: first.process,
    dataDirectory,
    readyMs: first.readyMs,
    async close() {
      for (const one of colleagues) one.close()
      await stop(first.process)
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** Starts a verb that listens, and waits until search answers too. */
export async function run(
  verb: 'start' | 'demo',
  dataDirectory: string,
  args: string[] = [],
): Promise<{ process: ChildProcess; port: number; readyMs: number }> {
  const port = await freePort()
  const began = performance.now()
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      `${root}src/cli.ts`,
      verb,
      '--data',
      dataDirectory,
      '--port',
      String(port),
      ...args,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      said += part.toString()
    })
  const answers = new Side(port)
  const isFilled = () => verb !== 'demo' || said.includes('the demo is filled')
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${verb} ended with ${child.exitCode}: ${said}`)
    const health = await answers
      .ask({ method: 'GET', path: '/api/health' })
      .catch(() => ({ status: 0 }))
    if (health.status === 200 && isFilled()) break
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  answers.close()
  return { process: child, port, readyMs: performance.now() - began }
}

export async function signIn(
  port: number,
  user: { email: string; password: string; totpSecret: string },
): Promise<string> {
  const post = (path: string, body: object, cookie = '') =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const cookieOf = (response: Response, last: RegExp) =>
    response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0]!)
      .find((one) => last.test(one.split('=')[0]!)) ?? ''
  const half = await post('/api/sign-in', { email: user.email, password: user.password })
  const totp = new TOTP({ secret: Secret.fromBase32(user.totpSecret) })
  // The demo's own sign-in used the code of this step: the next one is new.
  const code = totp.generate({ timestamp: Date.now() + 30_000 })
  const whole = await post('/api/sign-in/totp', { code }, cookieOf(half, /pending$/))
  const cookie = cookieOf(whole, /kluis$/)
  if (!cookie) throw new Error(`no sign-in: ${half.status}, ${whole.status} ${await whole.text()}`)
  return cookie
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}
