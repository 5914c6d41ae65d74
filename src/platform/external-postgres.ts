import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type pg from 'pg'
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
