/**
 * Brings a database to this release: roles, numbered migrations once, functions, what every table gets
 * and access whole each time. All in one transaction: a failure leaves the database as it was.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

export type AdminConnection = pg.ClientConfig

export type MigrateOptions = {
  admin: AdminConnection
  /** Outside the embedded server each role signs in with a password of its own. */
  passwordOf?: (role: LoginRole) => string
  say?: (line: string) => void
}

const LOGIN_ROLES = [
  'kluis_migrate',
  'kluis_app',
  'kluis_sign_in',
  'kluis_keeper',
  'kluis_rotation',
  'kluis_worker',
  'kluis_ledger',
  'kluis_monitor',
  'kluis_backup',
] as const
type LoginRole = (typeof LOGIN_ROLES)[number]

/** Gives the numbers applied now, in order. Throws an Error naming the file that failed. */
export async function migrate({
  admin,
  passwordOf,
  say,
}: MigrateOptions): Promise<{ applied: string[] }> {
  const client = new pg.Client(admin)
  await client.connect()
  try {
    await client.query('begin')
    // Two starts at once: the second waits and finds nothing to do.
    await client.query(`select pg_advisory_xact_lock(hashtext('kluis.migrate'))`)
    await run(client, 'roles.sql', read('roles.sql'))
    if (passwordOf) await setPasswords(client, passwordOf)
    const applied = await applyMigrations(client, say)
    for (const folder of ['functions', 'after_migrations.sql', 'access', 'readable.sql'])
      await applyFolder(client, folder)
    await client.query('commit')
    return { applied }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    await client.end()
  }
}

async function applyMigrations(client: pg.Client, say?: (line: string) => void): Promise<string[]> {
  await client.query('create schema if not exists kluis_migrations authorization kluis_owner')
  await client.query('set local role kluis_owner')
  await client.query(
    'create table if not exists kluis_migrations.applied (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
  )
  const known = new Map<string, string>(
    (await client.query('select name, sha256 from kluis_migrations.applied')).rows.map((row) => [
      row.name,
      row.sha256,
    ]),
  )
  const applied: string[] = []
  for (const name of sqlFiles('migrations')) {
    const text = read(`migrations/${name}`)
    const sha256 = createHash('sha256').update(text).digest('hex')
    const before = known.get(name)
    if (before === sha256) continue
    if (before)
      throw new Error(
        `migration ${name} was edited after it had been applied\nstate: nothing was changed\ntry: restore the file, and write the change as a new migration`,
      )
    if (applied.length === 0)
      await run(client, 'before_migrations.sql', read('before_migrations.sql'))
    say?.(`migration ${name}`)
    await run(client, name, text)
    await client.query('insert into kluis_migrations.applied (name, sha256) values ($1, $2)', [
      name,
      sha256,
    ])
    applied.push(name)
  }
  await client.query('reset role')
  return applied
}

async function applyFolder(client: pg.Client, folder: string): Promise<void> {
  const files = folder.endsWith('.sql')
    ? [folder]
    : sqlFiles(folder).map((name) => `${folder}/${name}`)
  for (const file of files) await run(client, file, read(file))
}

async function run(client: pg.Client, name: string, text: string): Promise<void> {
  await client.query(text).catch((error: Error) => {
    throw new Error(`database/${name}: ${error.message}`, { cause: error })
  })
}

function sqlFiles(folder: string): string[] {
  return readdirSync(new URL(folder, import.meta.url))
    .filter((name) => name.endsWith('.sql'))
    .sort()
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

async function setPasswords(
  client: pg.Client,
  passwordOf: (role: LoginRole) => string,
): Promise<void> {
  for (const role of LOGIN_ROLES) {
    await client.query(
      `alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(scramVerifier(passwordOf(role)))}`,
    )
  }
}

/** RFC 5803: the password itself never travels, so no server log can hold it. */
function scramVerifier(password: string): string {
  const iterations = 4096
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}
