/**
 * Somebody runs whatever they like inside the web process: what they reach are the sessions that pass through it, within
 * what row security and the budgets of those people allow, and nothing else.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Secret, TOTP } from 'otpauth'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDirectoryOf } from '#platform/run-directory.ts'

const isRoot = process.getuid?.() === 0
const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const hook = fileURLToPath(new URL('../support/owned-web.mjs', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'kluis-test-'))
const data = join(root, 'data')
const run = runDirectoryOf(data)
const PEOPLE = 130
const pgModule = JSON.stringify(createRequire(import.meta.url).resolve('pg'))

let program: ChildProcess
let said = ''
let base = ''
let owned = ''
let admin: pg.Client
let sales = ''
let shown: string
let ids: string[] = []
let own: string[] = []

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function hear(what: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = what.exec(said)
    if (found) return found
    if (program.exitCode !== null) throw new Error(said)
    await once(program.stderr!, 'data')
  }
}

async function call(path: string, cookie = '', body?: object) {
  const answer = await fetch(base + path, {
    method: body ? 'POST' : 'GET',
    headers: { origin: base, cookie, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0]!)
  const cookieOf = cookies.filter((pair) => !pair.endsWith('=')).join('; ')
  // biome-ignore lint/suspicious/noExplicitAny: whatever was asked
  return { status: answer.status, body: (await answer.json()) as any, cookie: cookieOf }
}

const usersOf = () => JSON.parse(readFileSync(join(data, 'demo-users.json'), 'utf8'))
const anEmail = async (role: string): Promise<string> =>
  usersOf().find((one: { role: string }) => one.role === role).email

async function operator(...args: string[]): Promise<string> {
  const done = await promisify(execFile)(process.execPath, [cli, ...args, '--data', data], {
    maxBuffer: 2 ** 28,
  })
  return done.stdout
}

async function signIn(role: string): Promise<string> {
  const user = usersOf().find((one: { role: string }) => one.role === role)
  const begun = await call('/api/sign-in', '', { email: user.email, password: user.password })
  const code = new TOTP({ secret: Secret.fromBase32(user.totpSecret) }).generate({
    timestamp: Date.now() + 30_000,
  })
  const done = await call('/api/sign-in/totp', begun.cookie, { code })
  return /kluis=([\w-]+)/.exec(done.cookie)![1]!
}

/** Runs there. `load` imports, `seen` holds every session that passed. */
async function inside<T>(code: string): Promise<{ value?: T; error?: string }> {
  return (
    await fetch(owned, { method: 'POST', headers: { connection: 'close' }, body: code })
  ).json() as never
}

// The keeper's socket as the web process has it, spoken to past everything the program would do.
const speak = `
  const { connect } = await load('node:net')
  const { deserialize } = await load('node:v8')
  const socket = connect(${JSON.stringify(join(run, 'keeper.sock'))})
  let held = Buffer.alloc(0)
  const waiting = new Map()
  socket.on('data', (piece) => {
    held = Buffer.concat([held, piece])
    while (held.length >= 4 && held.length >= 4 + held.readUInt32BE(0)) {
      const length = held.readUInt32BE(0)
      const said = deserialize(held.subarray(4, 4 + length))
      held = held.subarray(4 + length)
      waiting.get(said.seq)?.(said)
    }
  })
  let seq = 0
  const ask = (name, ask) => new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify({ seq: ++seq, name, ask }))
    const head = Buffer.alloc(4)
    head.writeUInt32BE(body.length)
    waiting.set(seq, resolve)
    socket.once('close', () => resolve({ closed: true }))
    socket.once('error', reject)
    socket.write(Buffer.concat([head, body]))
  })
  const dossier = (token, ids, more = {}) => ask('open', { token, purpose: 'x', ask: { table: 'person', sealedClass: 'contact', ids, purpose: 'dossier', record: 'dossier', ...more } })
`

beforeAll(async () => {
  chmodSync(root, 0o711)
  // One of the few folders that the web process may read.
  mkdirSync(join(data, 'places'), { recursive: true, mode: 0o755 })
  const loaded = join(data, 'places/owned-web.mjs')
  copyFileSync(hook, loaded)
  const port = await freePort()
  base = `http://localhost:${port}`
  program = spawn(
    process.execPath,
    [cli, 'demo', '--data', data, '--port', `${port}`, '--people', `${PEOPLE}`],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${loaded} --disable-warning=ExperimentalWarning`,
      },
    },
  )
  program.stderr!.on('data', (piece: Buffer) => {
    said += piece.toString()
  })
  owned = `http://127.0.0.1:${(await hear(/owned at (\d+)/))[1]}`
  await hear(/sign in as one of/)
  admin = new pg.Client({ host: run, port: 5432, user: 'kluis_admin', database: 'kluis' })
  // PostgreSQL begins again with its keeper.
  admin.on('error', () => {})
  await admin.connect()
  sales = await signIn('sales')
  shown = JSON.stringify((await call('/api/people?limit=1', `kluis=${sales}`)).body)
  const { rows } = await admin.query(
    `select p.id, p.owner_id = s.user_id as is_own from kluis.person p, kluis_auth.session s
     where s.token_hash = sha256($1::bytea) order by p.id`,
    [Buffer.from(sales)],
  )
  ids = rows.map((row) => row.id)
  own = rows.filter((row) => row.is_own).map((row) => row.id)
}, 240_000)
afterAll(async () => {
  await admin?.end().catch(() => {})
  if (program && program.exitCode === null) {
    program.kill('SIGTERM')
    await once(program, 'exit')
  }
  rmSync(root, { recursive: true, force: true })
})

test('the sessions that pass through it are what it has', async () => {
  expect((await inside<string[]>('return [...seen]')).value).toContain(sales)
})

test.runIf(isRoot)(
  'no key is in a file it may read, nor is anything of the keeper its own',
  async () => {
    const files = [
      'root.key',
      'keystore/head.json',
      ...readdirSync(join(data, 'keystore')).map((name) => `keystore/${name}`),
      'demo-users.json',
      'postgres/pg_hba.conf',
      'postgres.log',
    ].map((name) => join(data, name))
    expect(files.filter((path) => !existsSync(path))).toEqual([])
    const keeper = processOf('keeper-process.ts')
    const read = await inside<string[]>(`
    const { readFileSync } = await load('node:fs')
    return ${JSON.stringify([...files, `/proc/${keeper}/environ`, `/proc/${keeper}/mem`])}.flatMap((path) => {
      try { readFileSync(path); return [path] } catch { return [] }
    })`)
    expect(read.value).toEqual([])
    // A thread is given no rights that its process has not; what Node forbids it, it may lift, what the machine forbids it may not.
    const inThread = await inside<string[]>(`
    const { Worker } = await load('node:worker_threads')
    const code = 'const fs = require("fs"); const p = require("worker_threads"); p.parentPort.postMessage(p.workerData.flatMap((path) => { try { fs.readFileSync(path); return [path] } catch { return [] } }))'
    return new Promise((resolve, reject) => {
      const thread = new Worker(code, { eval: true, execArgv: ['--no-permission'], workerData: ${JSON.stringify(['/etc/passwd', ...files])} })
      thread.on('message', resolve)
      thread.on('error', reject)
    })`)
    expect(inThread.value).toEqual(['/etc/passwd'])
    const killed = await inside(`process.kill(${keeper}, 'SIGUSR1')`)
    expect(killed.error).toMatch(/EPERM/)
  },
)

test.runIf(isRoot)(
  'neither a key nor a customer nobody asked for is anywhere in its memory',
  async () => {
    const rootKey = readFileSync(join(data, 'root.key'))
    // By the operator's door, which leads past the web process.
    const everybody = JSON.parse(
      await operator(
        'export',
        'people',
        '--as',
        await anEmail('administrator'),
        '--format',
        'json',
      ),
    )
    // One customer was asked for, and passed through it.
    const addresses = JSON.stringify(everybody.slice(-20)).match(/[\w.+-]+@[\w.-]+\w/g)!
    const unasked = addresses.find((one) => !shown.includes(one))!
    const [web, keeper] = [processOf('web-process.ts'), processOf('keeper-process.ts')]
    const forms = (key: Buffer) => [
      key,
      Buffer.from(key.toString('hex')),
      Buffer.from(key.toString('base64')),
    ]
    const needles = [...forms(rootKey), Buffer.from(unasked), Buffer.from(unasked, 'utf16le')]
    expect(inMemory(web, needles)).toEqual(needles.map(() => 0))
    // The same look finds what is there: the session that passes, and the key where it is.
    expect(inMemory(web, [Buffer.from(sales)])[0]).toBeGreaterThan(0)
    expect(inMemory(keeper, [rootKey])[0]).toBeGreaterThan(0)
  },
)

test.runIf(isRoot)('PostgreSQL takes it as the app and as nobody else', async () => {
  const answers = await inside<string[]>(`
    const pg = (await load(${pgModule})).default
    const as = []
    for (const user of ['kluis_app', 'kluis_sign_in', 'kluis_keeper', 'kluis_worker', 'kluis_ledger', 'kluis_migrate', 'kluis_admin', 'kluis_backup', 'postgres']) {
      const client = new pg.Client({ host: ${JSON.stringify(run)}, port: 5432, user, database: 'kluis' })
      await client.connect().then(() => as.push(user), () => {})
      await client.end().catch(() => {})
    }
    return as`)
  expect(answers.value).toEqual(['kluis_app'])
})

test('it makes no session: the app may not write one, and the keeper gives none', async () => {
  const written = await inside(`
    const pg = (await load(${pgModule})).default
    const client = new pg.Client({ host: ${JSON.stringify(run)}, port: 5432, user: 'kluis_app', database: 'kluis' })
    await client.connect()
    try {
      await client.query("insert into kluis_auth.session (token_hash, user_id, kind, factor, expires_at) select sha256('x'), id, 'user', 'passkey', now() + interval '1 day' from kluis.user_account")
    } finally { await client.end() }`)
  expect(written.error).toMatch(/42501/)
  const rotated = await inside<object>(
    `${speak}; return ask('rotateSession', { token: ${JSON.stringify(sales)} })`,
  )
  // Answered, and with nothing: a session that needs no other gets none.
  expect(rotated).toEqual({ value: { seq: 1 } })
  const bound = await inside<{ problem: { code: string } }>(
    `${speak}; return ask('blindTokens', { asked: [{ column: 'session', value: 'x' }] })`,
  )
  expect(bound.value?.problem.code).toBe('bad-request')
})

test.runIf(isRoot)('the door of the operator is closed to it', async () => {
  const operator = JSON.stringify(join(run, 'operator.sock'))
  const answer = await inside(`
    const { connect } = await load('node:net')
    await new Promise((resolve, reject) => connect(${operator}).on('connect', resolve).on('error', reject))`)
  expect(answer.error).toMatch(/EACCES/)
})

test('bytes from a stolen dump are opened for nobody: there is no question that takes them', async () => {
  const { rows } = await admin.query('select contact_sealed from kluis.person limit 1')
  const sealed = rows[0].contact_sealed.toString('base64')
  const answer = await inside<{ problem?: { code: string }; closed?: boolean }[]>(`${speak}
    return [
      await dossier(${JSON.stringify(sales)}, [], { sealed: ${JSON.stringify(sealed)} }),
      await ask('unseal', { sealed: ${JSON.stringify(sealed)} }),
    ]`)
  expect(answer.value![0]!.problem?.code).toBe('bad-request')
  expect(answer.value![1]!.closed).toBe(true)
})

test('a live session opens what its budget allows, however it is asked, and then nothing', async () => {
  const used = async (kind: string) =>
    Number(
      (
        await admin.query(
          `select coalesce(sum(u.counted), 0) as n from kluis.budget_use u join kluis_auth.session s using (user_id)
           where s.token_hash = sha256($1::bytea) and u.kind = $2`,
          [Buffer.from(sales), kind],
        )
      ).rows[0].n,
    )
  const before = await used('opened')
  const begun = performance.now()
  const byDossier = await inside<{ opened: number; why: string }>(`${speak}
    let opened = 0
    for (const id of ${JSON.stringify(ids)}) {
      const said = await dossier(${JSON.stringify(sales)}, [id])
      if (said.problem) return { opened, why: said.problem.code }
      opened += JSON.parse(said.reply).length
    }
    return { opened, why: '' }`)
  const seconds = (performance.now() - begun) / 1000
  // The limit of sales before a second factor is asked; a thief of the session has none.
  expect(byDossier.value).toEqual({ opened: 100 - before, why: 'step-up-needed' })
  expect(ids.length).toBeGreaterThan(100)
  // In ten minutes no more than in these seconds: the budget is of an hour.
  expect(seconds).toBeLessThan(600)

  await admin.query(
    `update kluis.budget set hour_soft = 110, hour_hard = 120, day_soft = 110, day_hard = 120, row_version = row_version + 1
     where role_id = 'sales' and kind in ('listed', 'exported')`,
  )
  const more = await inside<Record<string, unknown>>(`${speak}
    const all = ${JSON.stringify(ids)}
    const count = async (more) => {
      let opened = 0
      for (const id of all) {
        const said = await dossier(${JSON.stringify(sales)}, [id], more)
        if (said.problem) return [opened, said.problem.code]
        opened += JSON.parse(said.reply).length
      }
      return [opened, '']
    }
    const unseen = await count({ record: 'none', purpose: 'import', isUnseen: true })
    return {
      unseen,
      list: (await count({ record: 'list', purpose: 'list' }))[1],
      none: (await count({ record: 'none', purpose: 'edit' }))[1],
      whole: (await dossier(${JSON.stringify(sales)}, all, { isUnseen: true })).problem?.code,
    }`)
  expect(more.value).toEqual({
    list: 'step-up-needed',
    none: 'step-up-needed',
    // What programs work with and nobody is shown is not the person's budget, but has this limit of its own.
    unseen: [120, 'over-budget'],
    whole: 'over-budget',
  })
  expect(await used('listed')).toBe(110)
  expect(await used('opened')).toBe(100)
})

test('what a live session does not see it opens, finds and counts nothing of', async () => {
  await admin.query(
    `update kluis.role_permission set scope = 'own', row_version = row_version + 1 where role_id = 'sales' and permission in ('people:see', 'companies:see')`,
  )
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const token = JSON.stringify(sales)
  const foreign = ids.filter((id) => !own.includes(id)).slice(0, 5)
  expect(foreign.length).toBe(5)
  const answer = await inside<{ opened: number; found: string[]; total: number }>(`${speak}
    const opened = await dossier(${token}, ${JSON.stringify(foreign)}, { isUnseen: true, record: 'none' })
    const found = await ask('query', { token: ${token}, query: { kind: 'person', limit: 500, scope: { everything: true, userId: '', teamIds: [] } } })
    return { opened: JSON.parse(opened.reply ?? '[]').length, found: found.reply.ids, total: found.reply.total }`)
  expect(answer.value!.opened).toBe(0)
  expect(answer.value!.found.filter((id) => !own.includes(id))).toEqual([])
  expect(answer.value!.total).toBe(own.length)
})

test.runIf(isRoot)(
  'a keeper that is killed is started again: who asks meanwhile waits or hears so, and nothing is lost',
  async () => {
    const token = `kluis=${await signIn('administrator')}`
    const made = await call('/api/people', token, { familyName: 'Vóórdeherstart' })
    expect(made.status).toBe(201)
    process.kill(processOf('keeper-process.ts'), 'SIGKILL')
    const refused = new Set<string>()
    for (;;) {
      const found = await call('/api/people?search=voordeherstart', token)
      if (found.status !== 200) refused.add(`${found.status} ${found.body.code}`)
      // Filled again, it finds by name.
      else if (found.body.isIndexReady) {
        expect(found.body.items.map((one: { id: string }) => one.id)).toEqual([made.body.id])
        break
      }
    }
    // Whatever was refused was said to be over in a moment; nobody was signed out, and nothing failed.
    for (const one of refused) expect(one).toMatch(/^503 (keeper|database)-unavailable$/)
    expect(said).toContain('the keeper ended (SIGKILL) and is started again')
  },
)

function processOf(program: string): number {
  const found = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return (
        readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`src/${program}`) && belongs(name)
      )
    } catch {
      return false
    }
  })
  expect(found.length).toBe(1)
  return Number(found[0])
}

function belongs(pid: string): boolean {
  return (
    readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1] === `${program.pid}`
  )
}

const PIECE = 16 * 1024 * 1024

/** How often each stands in what the process may write to: its heap, its stacks, what it mapped. */
function inMemory(pid: number, needles: Buffer[]): number[] {
  const counts = needles.map(() => 0)
  const overlap = Math.max(...needles.map((needle) => needle.length))
  const file = openSync(`/proc/${pid}/mem`, 'r')
  for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
    const region = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line)
    if (!region) continue
    const [from, to] = [BigInt(`0x${region[1]}`), BigInt(`0x${region[2]}`)]
    for (let at = from; at < to; at += BigInt(PIECE)) {
      const bytes = Buffer.alloc(Number(to - at < PIECE + overlap ? to - at : PIECE + overlap))
      try {
        readSync(file, bytes, 0, bytes.length, at)
      } catch {
        // Reserved, and never used.
        continue
      }
      needles.forEach((needle, i) => {
        for (
          let found = bytes.indexOf(needle);
          found >= 0;
          found = bytes.indexOf(needle, found + 1)
        )
          counts[i]!++
      })
    }
  }
  closeSync(file)
  return counts
}
