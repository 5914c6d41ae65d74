import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Connection } from './db.ts'
import type { Hidden } from './hidden.ts'

/**
 * A PostgreSQL of one's own. The given address is for migrating only; each role of the program signs in
 * with a password derived from the keystore. Over a network the server's certificate is verified.
 */
export function externalConnection(
  url: Hidden<URL>,
  passwordKey: Buffer,
): { admin: pg.ClientConfig; connection: Connection } {
  const given = url.reveal()
  const socket = given.searchParams.get('host')
  const host = socket ?? given.hostname
  const port = Number(given.port || given.searchParams.get('port') || 5432)
  const database = decodeURIComponent(given.pathname.slice(1)) || 'kluis'
  const caPath = given.searchParams.get('sslrootcert')
  const ssl = host.startsWith('/')
    ? undefined
    : { servername: host, ...(caPath ? { ca: readFileSync(caPath, 'utf8') } : {}) }
  return {
    admin: {
      host,
      port,
      database,
      user: decodeURIComponent(given.username) || 'postgres',
      ...(given.password ? { password: decodeURIComponent(given.password) } : {}),
      ...(ssl ? { ssl } : {}),
    },
    connection: {
      host,
      port,
      database,
      passwordOf: (role) => createHmac('sha256', passwordKey).update(role).digest('base64url'),
      ...(ssl ? { ssl } : {}),
    },
  }
}

const VERSIONS = { from: 15, to: 18 }
const CONNECT_MS_MAX = 10_000

/** Why this PostgreSQL can not be used, as one sentence that says what to do; undefined when it can. */
export async function findObstacle(admin: pg.ClientConfig): Promise<string | undefined> {
  const client = new pg.Client({ ...admin, connectionTimeoutMillis: CONNECT_MS_MAX })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query(
      `select current_setting('server_version_num')::int as version, (select rolsuper from pg_roles where rolname = current_user) as is_superuser`,
    )
    return obstacleOfVersion(rows[0].version) ?? obstacleOfUser(rows[0].is_superuser, admin)
  } catch (error) {
    return obstacleOf(error as Error & { code?: string }, admin)
  } finally {
    await client.end().catch(() => {})
  }
}

export function obstacleOfVersion(versionNumber: number): string | undefined {
  const major = Math.floor(versionNumber / 10_000)
  if (major >= VERSIONS.from && major <= VERSIONS.to) return undefined
  return `this is PostgreSQL ${major}; Kluis works with ${VERSIONS.from} to ${VERSIONS.to}`
}

/** Migrating makes roles and hands functions to owners of their own; the checks look past row security. */
function obstacleOfUser(isSuperuser: boolean, admin: pg.ClientConfig): string | undefined {
  if (isSuperuser) return undefined
  return `"${admin.user}" is not a superuser of PostgreSQL at ${admin.host}:${admin.port}; name one in --database-url: it makes the roles Kluis works with, and none of those is one`
}

function obstacleOf(error: Error & { code?: string }, admin: pg.ClientConfig): string {
  const { code = '', message } = error
  const at = `${admin.host}:${admin.port}`
  if (code === '3D000')
    return `PostgreSQL at ${at} has no database "${admin.database}"; make it with createdb, or name another in --database-url`
  if (code.startsWith('28'))
    return `PostgreSQL at ${at} refuses "${admin.user}"; look at the user and the password in --database-url`
  if (/SSL/.test(message) || /CERT|SSL|SELF_SIGNED|ALTNAME/.test(code))
    return `the connection to ${at} can not be trusted (${code || message}); give the certificate of its authority with ?sslrootcert=FILE in --database-url, and the name it was made for`
  return `PostgreSQL at ${at} can not be reached (${code || message}); look at --database-url and whether it runs`
}
