import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import { runDirectoryOf } from '#platform/run-directory.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

export type Answer = { status: number; body: Record<string, unknown>; cookie: string }

/** The same seed chooses the same moments; what runs at that moment is the machine's affair. */
export function chanceOf(seed: string, round: number): number {
  return createHash('sha256').update(`${seed} ${round}`).digest().readUInt32BE(0) / 2 ** 32
}

/** The program as an operator starts it, on data of its own, to be killed and started again. */
export class Program {
  readonly root: string
  readonly data: string
  readonly #port: number
  #app: ChildProcess | undefined
  constructor(root: string, port: number) {
    this.root = root
    this.data = join(root, 'data')
    this.#port = port
  }

  get base(): string {
    return `http://localhost:${this.#port}`
  }

  /** Where its own PostgreSQL listens, for whoever runs the program. */
  get postgres(): { host: string; port: number } {
    return { host: runDirectoryOf(this.data), port: 5432 }
  }

  async start(verb: 'demo' | 'start', readyWhen: string, more: string[] = []): Promise<void> {
    const app = spawn(
      process.execPath,
      [cli, verb, '--data', this.data, '--port', `${this.#port}`, ...more],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    )
    this.#app = app
    let said = ''
    await new Promise<void>((resolve, reject) => {
      app.stderr!.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes(readyWhen)) resolve()
      })
      app.on('exit', (code) => reject(new Error(`${verb} ended with ${code}: ${said}`)))
    })
    app.removeAllListeners('exit')
  }

  /** The app, PostgreSQL and every child of theirs, at once and without a warning. */
  async kill(): Promise<void> {
    const app = this.#app
    if (!app || app.exitCode !== null || app.signalCode !== null) return
    const ended = once(app, 'exit')
    for (const pid of [app.pid!, ...childrenOf(app.pid!)]) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Its parent's death took it along.
      }
    }
    await ended
  }

  async call(
    method: string,
    path: string,
    cookie: string,
    body?: object | string,
  ): Promise<Answer> {
    const base = this.base
    const isText = typeof body === 'string'
    const response = await fetch(base + path, {
      method,
      headers: {
        origin: base,
        cookie,
        ...(body ? { 'content-type': isText ? 'text/csv' : 'application/json' } : {}),
      },
      ...(body ? { body: isText ? body : JSON.stringify(body) } : {}),
    })
    const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]!)
    return {
      status: response.status,
      body: (await response.json()) as Record<string, unknown>,
      cookie: cookies.filter((pair) => !pair.endsWith('=')).join('; '),
    }
  }

  /** What the operator exports in the name of a colleague of this role. */
  async exported(kind: 'people' | 'companies', role: string): Promise<string> {
    const { email } = this.#userOf(role)
    const args = ['export', kind, '--as', email, '--format', 'json', '--data', this.data]
    const done = await promisify(execFile)(process.execPath, [cli, ...args], {
      maxBuffer: 256 * 1024 * 1024,
    })
    return done.stdout
  }

  #userOf(wanted: string) {
    const users = JSON.parse(readFileSync(join(this.data, 'demo-users.json'), 'utf8')) as {
      email: string
      password: string
      totpSecret: string
      role: string
    }[]
    return users.find(({ role }) => role === wanted)!
  }

  async signIn(wanted: string): Promise<string> {
    const { email, password, totpSecret } = this.#userOf(wanted)
    const first = await this.call('POST', '/api/sign-in', '', { email, password })
    // The code of this half minute may have been used for enrolling; the next one is accepted early.
    const code = new TOTP({ secret: Secret.fromBase32(totpSecret) }).generate({
      timestamp: Date.now() + 30_000,
    })
    const second = await this.call('POST', '/api/sign-in/totp', first.cookie, { code })
    if (second.status !== 200) throw new Error(JSON.stringify(second.body))
    return second.cookie
  }
}

export async function openProgram(): Promise<Program> {
  const root = mkdtempSync(join(tmpdir(), 'kluis-drill-'))
  // Started as root, the program runs as another user, who must be able to enter.
  chmodSync(root, 0o711)
  return new Program(root, await freePort())
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
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
