/** Programs: what their keys open, from where, until when, and what they never do. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { userVerbs } from '#security/sign-in/verbs.ts'
import { type Caller, type Method, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let ana: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp()
  ana = await kluis.colleague(bea, 'sales', bea.teamId)
})
afterAll(() => kluis.close())
beforeEach(() => kluis.admin.query('delete from kluis.security_notice'))

async function newProgram(more: object = {}, by = bea) {
  const made = await by.call('POST', '/api/programs', {
    name: 'Webwinkel',
    roleId: 'sales',
    teamId: bea.teamId,
    responsibleId: bea.userId,
    ranges: ['127.0.0.1'],
    days: 90,
    ...more,
  })
  expect(made.statusCode, made.body).toBe(201)
  return made.json() as { id: string; key: string }
}
const as = (key: string, method: Method, url: string, payload?: object, address?: string) =>
  kluis.app.http.inject({
    method,
    url,
    headers: {
      authorization: `Bearer ${key}`,
      ...(address ? { 'x-forwarded-for': address } : {}),
    },
    ...(payload ? { payload } : {}),
  })
const list = async () =>
  (await bea.call('GET', '/api/programs')).json().items as {
    id: string
    isOrphaned: boolean
    keys: { id: string; ranges: string[]; lastUsedAt: string | null }[]
  }[]
const kindsTold = async (whom: Caller) =>
  (await whom.call('GET', '/api/notifications'))
    .json()
    .items.map((one: { kind: string }) => one.kind)

describe('through the same door', () => {
  test('a program sees and makes what its role and team may, under its own name in openings and ledger', async () => {
    const other = await kluis.colleague(bea, 'sales', await kluis.newTeam('Andere ploeg'))
    const hidden = (await other.call('POST', '/api/people', { familyName: 'Elders' })).json()
    const own = (await ana.call('POST', '/api/people', { familyName: 'Quispel' })).json()
    const { id, key } = await newProgram()
    expect((await as(key, 'GET', `/api/people/${hidden.id}`)).statusCode).toBe(404)
    const seen = await as(key, 'GET', `/api/people/${own.id}`)
    expect(seen.body).toContain('Quispel')
    const made = await as(key, 'POST', '/api/people', { familyName: 'Nieuw' })
    expect(made.statusCode, made.body).toBe(201)
    const traces = await kluis.admin.query(
      `select (select count(*)::int from kluis.opening where user_id = $1 and $2 = any (subject_ids)) as openings,
         (select count(*)::int from kluis_ledger.outbox where actor_id = $1 and row_id = $3) as changes`,
      [id, own.id, made.json().id],
    )
    expect(traces.rows[0].openings).toBeGreaterThan(0)
    expect(traces.rows[0].changes).toBeGreaterThan(0)
    expect((await as(key, 'GET', '/api/users')).json().items).toContainEqual(
      expect.objectContaining({ id, kind: 'program', name: 'Webwinkel' }),
    )
  })

  test('the key is shown once and stored as a hash; its last use shows', async () => {
    const { id, key } = await newProgram({ ranges: ['127.0.0.9/8', '2001:db8::1/32'] })
    const shown = async () => (await list()).find((one) => one.id === id)!.keys[0]!
    expect(await shown()).toMatchObject({
      ranges: ['127.0.0.0/8', '2001:db8::/32'],
      lastUsedAt: null,
    })
    expect((await as(key, 'GET', '/api/people')).statusCode).toBe(200)
    await expect.poll(async () => (await shown()).lastUsedAt).not.toBeNull()
    const { rows } = await kluis.admin.query(
      `select string_agg(s::text, ' ') || (select string_agg(o::text, ' ') from kluis_ledger.outbox o) as text from kluis_auth.session s`,
    )
    expect(rows[0].text).not.toContain(key.slice(6, 49))
  })

  test('a revoked key, one that ended, one of a disabled program and one from elsewhere get the bytes of a wrong one', async () => {
    const wrong = await as(`kluis_${'a'.repeat(65)}`, 'GET', '/api/people')
    expect(wrong.statusCode).toBe(401)
    const away = await newProgram({ responsibleId: ana.userId })
    expect((await as(away.key, 'GET', '/api/people', undefined, '203.0.113.7')).body).toBe(
      wrong.body,
    )
    // The one who answers for it hears that the key is in other hands, once.
    await as(away.key, 'GET', '/api/people', undefined, '203.0.113.8')
    await expect.poll(() => kindsTold(ana)).toEqual(['key-elsewhere'])
    expect((await as(away.key, 'GET', '/api/people')).statusCode).toBe(200)
    expect(
      (await as(away.key, 'GET', '/api/people', undefined, '::ffff:127.0.0.1')).statusCode,
    ).toBe(200)

    const revoked = await newProgram()
    const [key] = (await list()).find((one) => one.id === revoked.id)!.keys
    const url = `/api/programs/${revoked.id}/keys/${key!.id}`
    expect((await ana.call('DELETE', url)).statusCode).toBe(403)
    expect((await bea.call('DELETE', url)).statusCode).toBe(200)
    expect((await as(revoked.key, 'GET', '/api/people')).body).toBe(wrong.body)
    expect((await bea.call('DELETE', url)).statusCode).toBe(404)

    const disabled = await newProgram()
    await bea.call('PATCH', `/api/programs/${disabled.id}`, { status: 'disabled' })
    expect((await as(disabled.key, 'GET', '/api/people')).body).toBe(wrong.body)

    const ended = await newProgram()
    await kluis.admin.query(
      `update kluis_auth.session set expires_at = now() - interval '1 second' where user_id = $1`,
      [ended.id],
    )
    kluis.app.who.forgetAll()
    expect((await as(ended.key, 'GET', '/api/people')).body).toBe(wrong.body)
  })

  test('a key that somebody widens or lengthens in the database opens nothing any more', async () => {
    for (const change of [
      `address_ranges = '{0.0.0.0/0}'`,
      `expires_at = expires_at + interval '1 year'`,
    ]) {
      const { id, key } = await newProgram()
      await kluis.admin.query(`update kluis_auth.session set ${change} where user_id = $1`, [id])
      kluis.app.who.forgetAll()
      expect((await as(key, 'GET', '/api/people')).statusCode).toBe(401)
    }
  })
})

describe('what a program never does', () => {
  test('a key is none in a cookie, and a session none in the header', async () => {
    const { key } = await newProgram()
    for (const kluisCookie of [key, key.slice(6)]) {
      const answer = await kluis.send('GET', '/api/people', undefined, { kluis: kluisCookie })
      expect(answer.statusCode).toBe(401)
    }
    expect((await as(`kluis_${ana.token}`, 'GET', '/api/people')).statusCode).toBe(401)
    expect((await as(ana.token, 'GET', '/api/people')).statusCode).toBe(401)
    // Beside a right cookie a wrong key is not let through.
    const both = await kluis.app.http.inject({
      method: 'GET',
      url: '/api/people',
      headers: { authorization: 'Bearer nothing' },
      cookies: { kluis: ana.token },
    })
    expect(both.statusCode).toBe(401)
  })

  test('what only people do is refused at every address, whatever its role', async () => {
    const { key } = await newProgram()
    const forPeople = kluis.app.routes.filter(
      ({ kind, needs }) =>
        kind !== 'open' &&
        ((kind === 'write' && needs === 'signed-in') || /:(manage|decide|review)$/.test(needs)),
    )
    expect(forPeople.length).toBeGreaterThan(20)
    for (const { method, path } of forPeople) {
      const url = path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000')
      const answer = await as(key, method as Method, url, method === 'GET' ? undefined : {})
      expect(`${method} ${path} ${answer.json().code}`).toBe(`${method} ${path} not-allowed`)
    }
  })

  test('PostgreSQL gives it no factor, no invitation, no session of a person, and no role that manages', async () => {
    const { id } = await newProgram()
    const now = `now() + interval '1 day'`
    const hash = `decode(repeat('00', 32), 'hex')`
    for (const sql of [
      `insert into kluis_auth.invite (token_hash, user_id, expires_at) values (${hash}, '${id}', ${now})`,
      `insert into kluis_auth.passkey (user_id, credential_id, public_key) values ('${id}', ${hash}, ${hash})`,
      `insert into kluis_auth.recovery_code (user_id, code_hash) values ('${id}', ${hash})`,
      `insert into kluis_auth.session (token_hash, user_id, kind, factor, idle_seconds, expires_at) values (${hash}, '${id}', 'user', 'x', 60, ${now})`,
      `update kluis.user_account set role_id = 'administrator', row_version = row_version + 1 where id = '${id}'`,
      `update kluis.user_account set kind = 'person', responsible_id = null, email_token = decode(repeat('00', 16), 'hex'), row_version = row_version + 1 where id = '${id}'`,
      `insert into kluis.role_permission (role_id, permission) values ('sales', 'users:manage')`,
    ])
      await expect(kluis.admin.query(sql), sql).rejects.toMatchObject({ code: 'KL427' })
  })

  test('it is asked with clear words: no role that manages, no year and a day, no network that is none, nobody who left', async () => {
    const given = {
      name: 'Koppeling',
      roleId: 'sales',
      teamId: bea.teamId,
      responsibleId: bea.userId,
      ranges: ['10.0.0.0/8'],
      days: 30,
    }
    const ask = async (more: object) =>
      (await bea.call('POST', '/api/programs', { ...given, ...more })).json().code
    expect(await ask({ roleId: 'administrator' })).toBe('not-for-programs')
    expect(await ask({ days: 366 })).toBe('invalid-fields')
    for (const ranges of [[], ['10.0.0.0/33'], ['kluis.example'], ['10.0.0.0/8; drop']])
      expect(await ask({ ranges })).toBe('invalid-fields')
    const gone = await kluis.colleague(bea, 'support', bea.teamId)
    await bea.call('PATCH', `/api/users/${gone.userId}`, { status: 'disabled' })
    expect(await ask({ responsibleId: gone.userId })).toBe('not-found')
    const { id } = await newProgram()
    expect(await ask({ responsibleId: id })).toBe('not-found')
    // It is no colleague: it has no factor to restore, and is changed where programs are.
    const reset = { reason: 'telefoon kwijt, gebeld' }
    expect((await bea.call('POST', `/api/users/${id}/reset-factor`, reset)).statusCode).toBe(403)
    expect((await bea.call('PATCH', `/api/users/${id}`, { roleId: 'support' })).statusCode).toBe(
      404,
    )
  })
})

test('when whoever answers for a program leaves, it says so to those who can give it to another', async () => {
  const gone = await kluis.colleague(bea, 'support', bea.teamId)
  const { id, key } = await newProgram({ responsibleId: gone.userId })
  const leaving = await bea.call('GET', `/api/users/${gone.userId}/leaving`)
  expect(leaving.json().programs).toEqual(['Webwinkel'])
  await bea.call('PATCH', `/api/users/${gone.userId}`, { status: 'disabled' })
  expect(await kindsTold(bea)).toEqual(['key-orphaned'])
  const shown = async () => (await list()).find((one) => one.id === id)!
  expect((await shown()).isOrphaned).toBe(true)
  // What it does for the business goes on meanwhile.
  expect((await as(key, 'GET', '/api/people')).statusCode).toBe(200)
  await bea.call('PATCH', `/api/programs/${id}`, { responsibleId: ana.userId, name: 'Winkel' })
  expect(await shown()).toMatchObject({ isOrphaned: false, name: 'Winkel' })
})

test('on the command line: create shows the key once, list shows its use, revoke ends it', async () => {
  const verbs = userVerbs(kluis.app)
  const verb = (name: string, args: Record<string, unknown> = {}) =>
    verbs[name]!(
      args,
      () => {},
      async () => {},
    )
  const given = {
    name: 'Nachtrapport',
    roleId: 'sales',
    team: 'Kantoor',
    responsible: ana.email,
    ranges: ['127.0.0.0/8'],
    days: 30,
  }
  const made = await verb('api-key create', { ...given, as: bea.email })
  expect(made.exitCode, JSON.stringify(made.result)).toBe(0)
  const { key } = made.result as { key: string }
  expect((await as(key, 'GET', '/api/people')).statusCode).toBe(200)
  const shown = await verb('api-key list')
  const line = shown.lines!.find((one) => one.includes('Nachtrapport'))!
  expect(line).toContain('127.0.0.0/8')
  const keyId = /[0-9a-f-]{36}/.exec(line)![0]
  expect((await verb('api-key revoke', { id: keyId, as: bea.email })).exitCode).toBe(0)
  expect((await as(key, 'GET', '/api/people')).statusCode).toBe(401)
  expect((await verb('api-key revoke', { id: keyId })).exitCode).toBe(1)
  expect((await verb('api-key create', { ...given, days: 400 })).exitCode).toBe(2)
  expect((await verb('api-key create', { ...given, as: ana.email })).result).toMatchObject({
    code: 'not-allowed',
  })
})
