/**
 * `kluis start`: two processes and somebody who watches over them. The keeper has the keys, the web process has the port;
 * this one has neither, and starts again whichever ends.
 *
 * Trusts: the keeper. From the web process it takes two words, that it listens or why not.
 * If lost: both end by themselves.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, chownSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  type Certificate,
  CertificateRefused,
  readCertificate,
  toldCertificate,
} from '#platform/certificate.ts'
import type { OsUser } from '#platform/embedded-postgres.ts'
import { runDirectoryOf } from '#platform/run-directory.ts'
import { type RootKeyFiles, readRootKeyFiles } from '#security/vault/root-key/held-root-key.ts'
import type { AskSecret } from '#security/vault/root-key/provider.ts'
import { secretFrom } from '#security/vault/root-key/secret.ts'
import { type Config, type Flags, WrongUse } from './config.ts'
import { makeDirectories } from './main.ts'
import { dropPrivileges, webUser } from './unprivileged-user.ts'

type Say = (line: string) => void
export type Begun = { kind: 'begun'; link?: string } | Failed
/** The keeper has no terminal and no file of root's: it asks for the passphrase, PIN or token of the root key. */
export type SecretAsked = { kind: 'secret'; name: string; isNew?: boolean }
export type SecretTold = { kind: 'secret'; text?: string; why?: string }
type Failed = { kind: 'failed'; message: string; isWrongUse: boolean }
/** What the keeper is told when it begins. */
export type KeeperOrders = {
  flags: Flags
  /** What only root may read, read while we were. */
  files: RootKeyFiles
  certificate?: ReturnType<typeof toldCertificate>
  webUser?: OsUser
  /** Fills the demo with so many people, once it is asked to work. */
  demoPeople?: number
  socket: string
}
/** What the web process is told, and all that it is. */
export type WebOrders = {
  socket: string
  port: number
  origin: string
  tls?: Config['tls']
  certificate?: ReturnType<typeof toldCertificate>
  trustProxy: string[]
  placesDirectory: string
}

// A keeper that fails at once is not started again all the time; one that worked for a while begins anew.
const AGAIN_MS = [200, 500, 1_000, 2_000, 5_000, 15_000, 30_000]
const WORKED_MS = 60_000
const STOP_MS_MAX = 30_000
const clone = fileURLToPath(new URL('..', import.meta.url))

export async function supervise(
  config: Config,
  flags: Flags,
  say: Say,
  demoPeople?: number,
): Promise<void> {
  const started = Date.now()
  const runAs = makeDirectories(config)
  // While we may still be root, whose alone the key may be.
  const certificate = config.tls && ownCertificate(config.tls, config.origin)
  const files = readRootKeyFiles(config.rootKeyPath)
  const secret = secretFrom(config.rootKeySecret)
  const ofWeb = runAs && webUser()
  if (runAs && ofWeb) {
    // The way to the sockets; nothing else in it is for the web process to read.
    chownSync(config.dataDirectory, runAs.uid, ofWeb.gid)
    chmodSync(config.dataDirectory, 0o710)
  }
  const web = new Child('the web process', () => startWeb(config, ofWeb), say)
  // Its user may be another one, so it is started before we are nobody ourselves; it waits for its orders.
  web.start()
  if (runAs) dropPrivileges(runAs, ofWeb ? [ofWeb.gid] : [])

  const socket = join(runDirectoryOf(config.dataDirectory), 'keeper.sock')
  const orders: KeeperOrders = {
    flags,
    socket,
    files,
    ...(certificate ? { certificate: toldCertificate(certificate) } : {}),
    ...(ofWeb ? { webUser: ofWeb } : {}),
    ...(demoPeople === undefined ? {} : { demoPeople }),
  }
  const keeper = new Child('the keeper', () => startNode('keeper-process.ts', []), say, secret)
  const both = [web, keeper]
  const stop = async (exitCode: number) => {
    if (both.some((one) => one.isStopping)) return
    if (exitCode === 0) say('stopping …')
    // The keeper last: what is being done is finished with it.
    for (const one of both) await one.stop()
    process.exit(exitCode)
  }
  process.on('SIGINT', () => stop(0))
  process.on('SIGTERM', () => stop(0))
  if (certificate) process.on('SIGHUP', () => web.signal('SIGHUP'))
  try {
    keeper.start()
    const { link } = await keeper.begin(orders)
    await web.begin(webOrders(config, socket, certificate))
    tellReady(config, certificate, link, started, !ofWeb, say)
  } catch (error) {
    // Told to stop while it began: then this is no failure.
    if (both.some((one) => one.isStopping)) return await new Promise(() => {})
    for (const one of both) await one.stop()
    throw error
  }
  const goOn = ({ link }: { link?: string }) => {
    // One that had not been used is void: the keeper made another when it began again.
    if (link) say(setUpLine(link))
    keeper.send({ kind: 'work' })
  }
  keeper.send({ kind: 'work' })
  // Filled once.
  const { demoPeople: _, ...again } = orders
  keeper.keep(again, goOn)
  // Another user can not be made again by whoever is nobody any more: then the service manager begins anew.
  if (ofWeb)
    web.onceEnded((how) => {
      say(`the web process ended (${how}), so all of it ends`)
      void stop(1)
    })
  else web.keep(webOrders(config, socket, certificate), () => {})
}

const setUpLine = (link: string) => `Set up your organisation with this link, once: ${link}`

function tellReady(
  config: Config,
  certificate: Certificate | undefined,
  link: string | undefined,
  started: number,
  isOneUser: boolean,
  say: Say,
): void {
  say(
    `Kluis is ready after ${((Date.now() - started) / 1000).toFixed(1)} s: ${config.origin.origin}`,
  )
  say(`data: ${config.dataDirectory}`)
  if (config.origin.protocol === 'https:' && !certificate && config.trustProxy.length === 0)
    say(
      'no proxy is trusted: every request seems to come from this machine, and limits of sign-in count all as one; for a proxy on this machine say --trust-proxy loopback',
    )
  if (isOneUser)
    say(
      'the keeper and the web process are one user of this machine: whoever runs code in the web process is not kept from the keys; started as root, each has a user of its own',
    )
  if (link) say(setUpLine(link))
}

function ownCertificate(files: NonNullable<Config['tls']>, origin: URL): Certificate {
  try {
    return readCertificate(files, origin.hostname, new Date())
  } catch (error) {
    if (error instanceof CertificateRefused) throw new WrongUse(error.message, { cause: error })
    throw error
  }
}

function webOrders(
  { port, origin, tls, trustProxy, dataDirectory }: Config,
  socket: string,
  certificate: Certificate | undefined,
): WebOrders {
  return {
    socket,
    port,
    origin: origin.href,
    ...(tls ? { tls } : {}),
    ...(certificate ? { certificate: toldCertificate(certificate) } : {}),
    trustProxy,
    placesDirectory: join(dataDirectory, 'places'),
  }
}

/** Node lets it read its own program and nothing else, write nothing, and start nothing but threads that read files. */
function startWeb({ dataDirectory, tls }: Config, user: OsUser | undefined): ChildProcess {
  const mayRead = [
    ...['src', 'database', 'verify', 'node_modules', 'web/dist'].map((one) => `${clone}${one}/*`),
    `${clone}package.json`,
    join(dataDirectory, 'places/*'),
    ...(tls ? [tls.certificate, tls.key] : []),
  ]
  const { PATH, TZ, LANG, NODE_OPTIONS, NODE_EXTRA_CA_CERTS } = process.env
  return startNode(
    'web-process.ts',
    ['--permission', '--allow-worker', ...mayRead.map((path) => `--allow-fs-read=${path}`)],
    // Not the address of the database or the mail server, in which passwords stand.
    { PATH, TZ, LANG, NODE_OPTIONS, NODE_EXTRA_CA_CERTS },
    user,
  )
}

function startNode(
  program: string,
  options: string[],
  env: NodeJS.ProcessEnv = process.env,
  user?: OsUser,
): ChildProcess {
  const node = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=SecurityWarning',
    // A signal would open a debugger to everybody on this machine.
    '--disable-sigusr1',
    ...options,
    join(clone, 'src', program),
  ]
  // What is in memory goes into no file when it ends in disorder.
  return spawn('/bin/sh', ['-c', 'ulimit -c 0; exec "$@"', 'kluis', ...node], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Bytes for the keeper; from the web process only words are taken.
    serialization: program === 'keeper-process.ts' ? 'advanced' : 'json',
    env,
    cwd: '/',
    // Ctrl-C in a terminal reaches us; they end when we say so.
    ...(user ? { uid: user.uid, gid: user.gid } : {}),
  })
}

class Child {
  readonly #name: string
  readonly #start: () => ChildProcess
  readonly #say: Say
  readonly #secret: AskSecret | undefined
  #process: ChildProcess | undefined
  #ended: Promise<string> = Promise.resolve('')
  isStopping = false

  /** `secret`: only the keeper is told, when it asks. */
  constructor(name: string, start: () => ChildProcess, say: Say, secret?: AskSecret) {
    this.#secret = secret
    this.#name = name
    this.#start = start
    this.#say = say
  }

  start(): void {
    const child = this.#start()
    this.#process = child
    child.on('error', () => {})
    const secret = this.#secret
    if (secret)
      child.on('message', ({ kind, name, isNew }: SecretAsked) => {
        if (kind !== 'secret') return
        secret(name, isNew).then(
          (text) => this.send({ kind: 'secret', text }),
          (error: Error) => this.send({ kind: 'secret', why: error.message }),
        )
      })
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
      child.once('error', (error) => resolve(error.message))
    })
  }

  /** Its first word, or why there is none. */
  async begin(orders: object): Promise<{ link?: string }> {
    const child = this.#process!
    const word = new Promise<Begun>((resolve) =>
      child.on('message', (said: Begun | SecretAsked) => {
        if (said.kind !== 'secret') resolve(said)
      }),
    )
    this.send({ kind: 'begin', orders })
    const said = await Promise.race([word, this.#ended])
    if (typeof said === 'string') throw new Error(`${this.#name} did not start (${said})`)
    if (said.kind === 'begun') return said
    throw said.isWrongUse ? new WrongUse(said.message) : new Error(said.message)
  }

  send(message: object): void {
    this.#process?.send(message, () => {})
  }
  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }
  onceEnded(tell: (how: string) => void): void {
    this.#ended.then((how) => this.isStopping || tell(how))
  }

  /** Starts it again whenever it ends, later each time that it does not last. */
  async keep(orders: object, begun: (said: { link?: string }) => void): Promise<void> {
    for (let failed = 0; ; ) {
      const since = Date.now()
      const how = await this.#ended
      if (this.isStopping) return
      failed = Date.now() - since > WORKED_MS ? 0 : failed + 1
      const ms = AGAIN_MS[Math.min(failed, AGAIN_MS.length) - 1] ?? AGAIN_MS[0]!
      this.#say(`${this.#name} ended (${how}) and is started again`)
      await wait(ms)
      if (this.isStopping) return
      this.start()
      await this.begin(orders).then(begun, (error: Error) => this.#say(error.message))
    }
  }

  async stop(): Promise<void> {
    this.isStopping = true
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await this.#ended
    clearTimeout(late)
  }
}
