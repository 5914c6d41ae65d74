import { createServer } from 'node:net'
import { expect, inject, test } from 'vitest'
import { findObstacle, obstacleOfVersion } from './external-postgres.ts'

test.each([
  [140_012, 'this is PostgreSQL 14; Kluis works with 15 to 18'],
  [150_000, undefined],
  [180_004, undefined],
  [190_000, 'this is PostgreSQL 19; Kluis works with 15 to 18'],
])('version %i: %s', (version, obstacle) => expect(obstacleOfVersion(version)).toBe(obstacle))

test('a user who is no superuser is named', async () => {
  const server = { ...inject('postgres'), user: 'kluis_app', database: 'postgres' }
  expect(await findObstacle(server)).toMatch(/"kluis_app" is not a superuser/)
})

test('a server that can be used is no obstacle; a missing database, a closed door and one without TLS are named', async () => {
  const server = { ...inject('postgres'), user: 'kluis_admin', database: 'postgres' }
  expect(await findObstacle(server)).toBeUndefined()
  expect(await findObstacle({ ...server, database: 'nowhere' })).toMatch(
    /no database "nowhere"; make it with createdb/,
  )
  const plain = createServer((socket) => socket.on('data', () => socket.write('N')))
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
  const { port } = plain.address() as { port: number }
  const network = { host: '127.0.0.1', port, user: 'someone', ssl: { servername: 'localhost' } }
  expect(await findObstacle(network)).toMatch(/can not be trusted .*sslrootcert=FILE/)
  await new Promise((resolve) => plain.close(resolve))
  expect(await findObstacle(network)).toMatch(
    /can not be reached \(ECONNREFUSED\); look at --database-url/,
  )
})
