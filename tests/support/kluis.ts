import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LightMyRequestResponse } from 'fastify'
import { Secret, TOTP } from 'otpauth'
import pg from 'pg'
import { inject } from 'vitest'
import type { Certificate } from '#platform/certificate.ts'
import type { Mail } from '#platform/mail.ts'
import { type Keystore, openKeystore } from '#security/vault/keystore.ts'
import { openRootKey, readRootKeyFiles } from '#security/vault/root-key/held-root-key.ts'
import { openRecovery } from '#security/vault/root-key/recovery.ts'
import { type App, buildApp } from '../../src/app.ts'
import { copyDatabase, dropDatabase, passingPlace } from './cluster.ts'
import { grantFor } from './grants.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
export type Caller = {
  userId: string
  teamId: string
  token: string
  email: string
  password: string
  totpSecret: string
  /** Where a step-up is asked it is given, with a passkey that the caller has from then on. */
  call(method: Method, url: string, body?: object): Promise<LightMyRequestResponse>
}

const PASSWORD = 'paard batterij nietje correct'
export const ORIGIN = 'http://localhost:4310'

/** As a browser would: another token replaces the one it had. */
export function keepToken(
  caller: Pick<Caller, 'token'>,
  answer: LightMyRequestResponse,
): LightMyRequestResponse {
  const fresh = answer.cookies.find((one) => one.name === 'kluis')?.value
  if (fresh) caller.token = fresh
  return answer
}

/** The whole program as main.ts puts it together, on a database of its own; it listens on nothing. */
export class TestKluis {
  readonly app: App
  readonly admin: pg.Client
  readonly directory: string
  readonly databaseName: string
  readonly origin: URL
  readonly keystore: Keystore
  readonly rootKeyPath: string
  constructor(
    app: App,
    admin: pg.Client,
    directory: string,
    databaseName: string,
    origin: URL,
    keys: { keystore: Keystore; rootKeyPath: string },
  ) {
    this.app = app
    this.admin = admin
    this.directory = directory
    this.databaseName = databaseName
    this.origin = origin
    this.keystore = keys.keystore
    this.rootKeyPath = keys.rootKeyPath
  }

  /** A second connection of the database's owner, to hold a transaction open beside the program. */
  async otherAdmin(): Promise<pg.Client> {
    const { host, port, database, user, password } = this.admin
    const client = new pg.Client({ host, port, database, user, password })
    await client.connect()
    return client
  }

  async send(
    method: Method,
    url: string,
    body?: object,
    cookies: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<LightMyRequestResponse> {
    const payload = body ? { payload: body } : {}
    return this.app.http.inject({ method, url, cookies, headers, ...payload })
  }

  callerOf(given: Omit<Caller, 'call'>): Caller {
    const caller: Caller = {
      ...given,
      call: async (method, url, body) => {
        const send = async (headers: Record<string, string> = {}) => {
          const answer = await this.send(method, url, body, { kluis: caller.token }, headers)
          return keepToken(caller, answer)
        }
        const answer = await send()
        const isAsked =
          answer.statusCode === 403 &&
          answer.json().code === 'step-up-needed' &&
          answer.json().detail.request
        if (!isAsked) return answer
        return send({ 'kluis-grant': await grantFor(this, caller, answer.json().detail) })
      },
    }
    return caller
  }

  async #enrol(response: LightMyRequestResponse): Promise<{ token: string; totpSecret: string }> {
    const totpSecret = response.json().totp.secret as string
    const done = await this.send(
      'POST',
      '/api/enrol/totp',
      { code: codeNow(totpSecret) },
      { 'kluis-pending': cookie(response, 'kluis-pending') },
    )
    if (done.statusCode !== 200) throw new Error(done.body)
    return { token: cookie(done, 'kluis'), totpSecret }
  }

  async setUp(visibility: 'owner' | 'team' | 'everyone' = 'team'): Promise<Caller> {
    const link = await this.app.signIn.makeInvite(null, null, new Date())
    const email = 'beheer@bureau.example'
    const begun = await this.send('POST', '/api/set-up', {
      token: link.pathname.split('/')[2],
      organisation: { name: 'Bureau', visibility, language: 'nl' },
      administrator: { name: 'Bea Heer', email, password: PASSWORD, language: 'nl' },
    })
    const enrolled = await this.#enrol(begun)
    return this.#caller(enrolled, email)
  }

  async #caller(enrolled: { token: string; totpSecret: string }, email: string): Promise<Caller> {
    const session = (
      await this.send('GET', '/api/session', undefined, { kluis: enrolled.token })
    ).json()
    return this.callerOf({
      ...enrolled,
      email,
      password: PASSWORD,
      userId: session.user.id,
      teamId: session.user.teamIds[0],
    })
  }

  async newTeam(name: string): Promise<string> {
    return (
      await this.admin.query('insert into kluis.team (name) values ($1) returning id', [name])
    ).rows[0].id
  }

  /** How far what every role but the privacy officer's may do with records reaches. */
  async reach(scope: 'own' | 'team' | 'organisation'): Promise<void> {
    await this.admin.query(
      `update kluis.role_permission set scope = $1, row_version = row_version + 1
       where permission ~ '^(people|companies|notes|tasks|files):' and role_id <> 'privacy-officer'`,
      [scope],
    )
    this.app.who.forgetAll()
  }

  async colleague(administrator: Caller, roleId: string, teamId: string): Promise<Caller> {
    const email = `${roleId}-${randomBytes(4).toString('hex')}@bureau.example`
    const invited = await administrator.call('POST', '/api/invites', {
      email,
      name: `Collega ${roleId}`,
      roleId,
      teamId,
    })
    const begun = await this.send(
      'POST',
      `/api/join/${new URL(invited.json().link).pathname.split('/')[2]}`,
      { name: `Collega ${roleId}`, password: PASSWORD, language: 'nl' },
    )
    return this.#caller(await this.#enrol(begun), email)
  }

  /** Another session of the same person. */
  async signInAgain(person: Caller): Promise<Caller> {
    await this.admin.query('update kluis_auth.totp set last_step = 0')
    const { email, password } = person
    const begun = await this.send('POST', '/api/sign-in', { email, password })
    const opened = await this.send(
      'POST',
      '/api/sign-in/totp',
      { code: codeNow(person.totpSecret) },
      { 'kluis-pending': cookie(begun, 'kluis-pending') },
    )
    return this.callerOf({ ...person, token: cookie(opened, 'kluis') })
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.admin.end()
    const { host, port, user, database } = this.admin
    await dropDatabase({ host, port, user, database })
    rmSync(this.directory, { recursive: true, force: true })
  }
}

export function codeNow(secret: string, shiftSteps = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: Date.now() + shiftSteps * 30_000,
  })
}

export function cookie(response: LightMyRequestResponse, name: string): string {
  const found = response.cookies.find((one) => one.name === name)
  if (!found) throw new Error(`no cookie ${name}: ${response.statusCode} ${response.body}`)
  return found.value
}

export type TestOptions = {
  origin?: URL
  webRoot?: string
  /** A PostgreSQL of the test's own instead of the one all tests share. */
  postgres?: { host: string; port: number }
  mail?: Mail
  /** As behind a proxy on this machine: a test can then come from any address. */
  trustProxy?: string[]
  tls?: Certificate
  /** How long a rotation waits for requests that began before it. */
  settleMs?: number
  /** As on a host whose operator has no index in memory. */
  isIndexOff?: boolean
}

export async function openTestKluis({
  origin = new URL(ORIGIN),
  webRoot,
  postgres = inject('postgres'),
  trustProxy = ['loopback'],
  mail,
  tls,
  settleMs,
  isIndexOff = false,
}: TestOptions = {}): Promise<TestKluis> {
  const { host, port } = postgres
  const { name, admin } = await copyDatabase(host, port)
  const directory = mkdtempSync(join(passingPlace(), 'kluis-test-keys-'))
  const rootKeyPath = join(directory, 'root.key')
  const rootKey = await openRootKey({
    path: rootKeyPath,
    files: readRootKeyFiles(rootKeyPath),
    asked: undefined,
    secret: async () => '',
    head: undefined,
    mayCreate: true,
  })
  const keystore = openKeystore({
    directory: join(directory, 'keystore'),
    rootKey: rootKey.key,
    organisationId: rootKey.organisationId,
    mayCreate: true,
  })
  const app = await buildApp({
    connection: { host, port, database: name },
    keystore,
    origin,
    webRoot: webRoot ?? join(directory, 'no-web'),
    ledgerDirectory: join(directory, 'ledger'),
    placesDirectory: join(directory, 'places'),
    recovery: openRecovery(rootKey, join(directory, 'recovery-shares.json')),
    rootKey,
    ...(settleMs !== undefined && { settleMs }),
    mail,
    trustProxy,
    tls,
    mayReachLoopback: true,
    isIndexOff,
    log: (event) => {
      if (event.level === 'error') process.stderr.write(`${event.what}\n`)
    },
  })
  const client = new pg.Client(admin)
  await client.connect()
  // Filled from nothing: each test puts in what it makes.
  await app.index.fill(() => [])
  return new TestKluis(app, client, directory, name, origin, { keystore, rootKeyPath })
}
