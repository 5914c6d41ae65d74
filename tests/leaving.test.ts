/** Whoever leaves is out, and what waited in their name with them, by whatever hand; who gets their records is told. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addProvider,
  type IdentityProvider,
  type Known,
  settingsOf,
  startIdentityProvider,
  tryAndSwitchOn,
} from './support/identity-provider.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let piet: Caller
let theirs: IdentityProvider
let provider: Known
let scimToken: string

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  piet = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  await ana.call('PUT', '/api/safeguards', {
    rowVersion: 1,
    fourEyes: ['export'],
    breakGlassMinutes: 60,
  })
  theirs = await startIdentityProvider()
  provider = await addProvider(ana, settingsOf(theirs.issuer, ana.teamId))
  theirs.serve(provider.callback, provider.signedOut)
  theirs.people.set('proef', {
    sub: 'proef',
    email: 'proef@bureau.example',
    email_verified: true,
    amr: ['mfa'],
  })
  await tryAndSwitchOn(kluis, ana, provider.id, 'proef')
  const path = `/api/identity-providers/${provider.id}/scim-tokens`
  scimToken = (await ana.call('POST', path, { days: 30 })).json().token
})
afterAll(async () => {
  await kluis.close()
  await theirs.close()
})

const REASON = { 'kluis-reason': encodeURIComponent('Mailing voor de opendeurdag, één keer') }
const told = async (who: Caller, kind: string) =>
  (await who.call('GET', '/api/notifications'))
    .json()
    .items.filter((one: { kind: string }) => one.kind === kind)
const one = async (sql: string, values: unknown[] = []) =>
  (await kluis.admin.query(sql, values)).rows[0]

const ways: Record<string, (cas: Caller) => Promise<number>> = {
  'an administrator shuts the account': async ({ userId }) =>
    (await ana.call('PATCH', `/api/users/${userId}`, { status: 'disabled' })).statusCode,
  'what they had is handed over': async ({ userId }) =>
    (await ana.call('POST', `/api/users/${userId}/leave`, { receivers: [ana.userId] })).statusCode,
  'a review of rights finds that they left': async ({ userId }) =>
    (
      await ana.call('POST', '/api/rights/reviews', {
        userId,
        roleId: 'manager',
        teamsGone: [],
        sharesGone: [],
        isLeaving: true,
      })
    ).statusCode,
  "the organisation's directory says so": async ({ userId }) =>
    (
      await kluis.app.http.inject({
        method: 'PATCH',
        url: `/api/scim/v2/Users/${userId}`,
        headers: {
          authorization: `Bearer ${scimToken}`,
          'content-type': 'application/scim+json',
        },
        payload: JSON.stringify({
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'replace', path: 'active', value: false }],
        }),
      })
    ).statusCode,
}

test.each(Object.keys(ways))(
  '%s: their sessions, links, grants, requests and break-glass end, and somebody hears of their program',
  async (way) => {
    const cas = await kluis.colleague(ana, 'manager', ana.teamId)
    const program = await ana.call('POST', '/api/programs', {
      name: 'Webwinkel',
      roleId: 'sales',
      teamId: ana.teamId,
      responsibleId: cas.userId,
      ranges: ['127.0.0.1'],
      days: 90,
    })
    expect(program.statusCode, program.body).toBe(201)
    // With a grant that was not used, a request that waits, a link to enrol anew, and the glass broken.
    const asked = await cas.call('POST', '/api/break-glass', {
      reason: 'Klant belt over een ongeval',
    })
    expect(asked.statusCode, asked.body).toBe(201)
    const waits = await kluis.send(
      'GET',
      '/api/people/export.csv',
      undefined,
      { kluis: cas.token },
      REASON,
    )
    // Break-glass lets nothing be exported; it waits from a session beside it.
    expect(waits.statusCode).toBe(403)
    const beside = await kluis.signInAgain(cas)
    const exported = await kluis.send(
      'GET',
      '/api/people/export.csv',
      undefined,
      { kluis: beside.token },
      REASON,
    )
    expect(exported.json().code).toBe('approval-asked')
    await kluis.app.signIn.makeInvite(cas.userId, null, new Date())
    await kluis.admin.query(
      `insert into kluis_auth.step_up (id, token_hash, session_id, user_id, operation, request, factor)
       select gen_random_uuid(), sha256($2::bytea), s.id, $1, 'export', '\\x00112233445566778899aabbccddeeff', 'passkey'
       from kluis_auth.session s where s.user_id = $1 and s.revoked_at is null limit 1`,
      [cas.userId, Buffer.from(way)],
    )
    const before = (await told(ana, 'key-orphaned')).length
    const reviewed = (await told(piet, 'break-glass-ended')).length

    expect(await ways[way]!(cas)).toBeLessThan(300)

    for (const { token } of [cas, beside])
      expect(
        (await kluis.send('GET', '/api/session', undefined, { kluis: token })).statusCode,
      ).toBe(401)
    expect(
      await one(
        `select (select count(*)::int from kluis_auth.session where user_id = $1 and revoked_at is null) as sessions,
          (select count(*)::int from kluis_auth.invite where user_id = $1 and used_at is null) as links,
          (select count(*)::int from kluis_auth.step_up where user_id = $1 and used_at is null) as grants,
          (select count(*)::int from kluis.approval where created_by = $1 and withdrawn_at is null) as requests,
          (select count(*)::int from kluis.break_glass where user_id = $1 and ended_at is null) as glass`,
        [cas.userId],
      ),
    ).toEqual({ sessions: 0, links: 0, grants: 0, requests: 0, glass: 0 })
    expect((await told(ana, 'key-orphaned')).length).toBe(before + 1)
    expect((await told(piet, 'break-glass-ended')).length).toBe(reviewed + 1)
    // A business stops for no leaver.
    const works = await kluis.app.http.inject({
      method: 'GET',
      url: '/api/people',
      headers: { authorization: `Bearer ${program.json().key}` },
    })
    expect(works.statusCode).toBe(200)
  },
)

test('each receiver is told once, of how many; views that nobody else saw go, those shared stay', async () => {
  const cas = await kluis.colleague(ana, 'sales', ana.teamId)
  const els = await kluis.colleague(ana, 'sales', ana.teamId)
  for (const familyName of ['Een', 'Twee', 'Drie'])
    await cas.call('POST', '/api/people', { familyName })
  const view = (name: string, sharedWith: string) =>
    cas.call('POST', '/api/views', {
      list: 'people',
      kind: 'view',
      sharedWith,
      content: { name },
      ...(sharedWith === 'team' ? { teamId: ana.teamId } : {}),
    })
  const [own, shared] = [await view('Voor mij', 'nobody'), await view('Voor ons', 'team')]
  expect([own.statusCode, shared.statusCode], own.body + shared.body).toEqual([201, 201])
  const left = await ana.call('POST', `/api/users/${cas.userId}/leave`, {
    receivers: [els.userId],
  })
  expect(left.json()).toEqual({ left: 0 })
  const lines = await told(els, 'handed-over')
  expect(lines).toMatchObject([{ count: 3, by: ana.userId, subject: null, isRead: false }])
  expect(await told(ana, 'handed-over')).toEqual([])
  expect(
    await one(`select array_agg(owner_id) as owners from kluis.saved_view where id = any ($1)`, [
      [own.json().id, shared.json().id],
    ]),
  ).toEqual({ owners: [els.userId] })
})

test('a role that may less, a seat in a team and a review of rights put another token in the sessions they concern', async () => {
  const role = (
    await ana.call('POST', '/api/rights/roles', { name: 'Proef', copyOf: 'sales' })
  ).json()
  const dirk = await kluis.colleague(ana, role.id, ana.teamId)
  const els = await kluis.colleague(ana, 'sales', ana.teamId)
  const due = async () => {
    const sql = `select user_id from kluis_auth.session where rotation_due and revoked_at is null and user_id = any ($1)`
    const { rows } = await kluis.admin.query(sql, [[dirk.userId, els.userId]])
    return rows.map((row) => row.user_id)
  }
  const settled = async () => {
    for (const who of [dirk, els]) await who.call('GET', '/api/session')
    expect(await due()).toEqual([])
  }
  await settled()
  const kept = role.grants.filter(
    (each: { permission: string }) => each.permission !== 'imports:run',
  )
  const edited = await ana.call('PATCH', `/api/rights/roles/${role.id}`, {
    rowVersion: role.rowVersion,
    grants: kept,
  })
  expect(edited.statusCode, edited.body).toBe(200)
  expect(await due()).toEqual([dirk.userId])
  const old = dirk.token
  await settled()
  expect(dirk.token).not.toBe(old)
  const other = await kluis.newTeam('Erbij')
  await ana.call('PATCH', `/api/users/${els.userId}`, { teamIds: [ana.teamId, other] })
  expect(await due()).toEqual([els.userId])
  await settled()
  const reviewed = await ana.call('POST', '/api/rights/reviews', {
    userId: els.userId,
    roleId: 'sales',
    teamsGone: [other],
    sharesGone: [],
  })
  expect(reviewed.statusCode, reviewed.body).toBe(200)
  expect(await due()).toEqual([els.userId])
  await settled()
  // What is no change of rights changes no token.
  await els.call('PATCH', '/api/session', { language: 'en' })
  expect(await due()).toEqual([])
})
