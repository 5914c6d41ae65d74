import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  addProvider,
  changeProvider,
  type IdentityProvider,
  type Known,
  ledTo,
  settingsOf,
  signInBy,
  startIdentityProvider,
  tryAndSwitchOn,
} from './support/identity-provider.ts'
import { type Caller, type Method, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let admin: Caller
let theirs: IdentityProvider
let known: Known
let token: string

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User'

async function scim(method: Method, path: string, body?: object | string, bearer = token) {
  const response = await kluis.app.http.inject({
    method,
    url: `/api/scim/v2${path}`,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body ? { 'content-type': 'application/scim+json' } : {}),
    },
    ...(body ? { payload: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  })
  return {
    status: response.statusCode,
    body: response.body === '' ? undefined : response.json(),
    headers: response.headers,
  }
}
const user = (login: string, more: object = {}) => ({
  schemas: [USER],
  userName: `${login}@bureau.example`,
  externalId: `ext-${login}`,
  name: { givenName: 'Marie', familyName: 'Peeters' },
  emails: [{ value: `${login}@bureau.example`, type: 'work', primary: true }],
  active: true,
  ...more,
})
const find = (attribute: string, value: string) =>
  scim('GET', `/Users?filter=${encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)}`)
const replace = (path: string | undefined, value: unknown) => ({
  schemas: [PATCH],
  Operations: [{ op: 'Replace', ...(path ? { path } : {}), value }],
})
const makeToken = async (days = 30) =>
  (
    await admin.call('POST', `/api/identity-providers/${known.id}/scim-tokens`, { days })
  ).json() as { id: string; token: string }

beforeAll(async () => {
  kluis = await openTestKluis()
  admin = await kluis.setUp('team')
  theirs = await startIdentityProvider()
  known = await addProvider(admin, settingsOf(theirs.issuer, admin.teamId))
  theirs.serve(known.callback, known.signedOut)
  theirs.people.set('proef', {
    sub: 'proef',
    email: 'proef@bureau.example',
    email_verified: true,
    amr: ['mfa'],
  })
  await tryAndSwitchOn(kluis, admin, known.id, 'proef')
})
beforeEach(async () => {
  token ??= (await makeToken()).token
})
afterAll(async () => {
  await kluis.close()
  await theirs.close()
})

test('a colleague is made, found, renamed, shut, opened and deleted', async () => {
  const made = await scim('POST', '/Users', user('marie'))
  expect([made.status, made.headers['content-type']]).toEqual([
    201,
    expect.stringMatching(/^application\/scim\+json/),
  ])
  const { id } = made.body
  expect(made.headers.location).toBe(`http://localhost:4310/api/scim/v2/Users/${id}`)
  expect(made.body).toMatchObject({
    schemas: [USER],
    userName: 'marie@bureau.example',
    externalId: 'ext-marie',
    name: { givenName: 'Marie', familyName: 'Peeters' },
    active: true,
    meta: { resourceType: 'User' },
  })
  for (const [attribute, value] of [
    ['userName', 'MARIE@bureau.example'],
    ['externalId', 'ext-marie'],
    ['id', id],
    ['emails.value', 'marie@bureau.example'],
  ]) {
    const found = await find(attribute!, value!)
    expect([found.body.totalResults, found.body.Resources[0]?.id]).toEqual([1, id])
  }
  expect((await find('externalId', 'EXT-MARIE')).body.totalResults).toBe(0)
  expect((await find('userName', 'niemand@bureau.example')).body).toMatchObject({
    totalResults: 0,
    Resources: [],
  })
  const people = (await admin.call('GET', '/api/users')).json().items
  expect(people.find((one: { id: string }) => one.id === id)).toMatchObject({
    name: 'Marie Peeters',
    roleId: 'sales',
    status: 'invited',
    factors: { hasPassword: false, hasTotp: false, passkeys: 0 },
  })

  const renamed = await scim('PUT', `/Users/${id}`, {
    ...user('marie'),
    displayName: 'Marie Janssens',
    userName: 'marie.janssens@bureau.example',
    emails: [{ value: 'marie.janssens@bureau.example' }],
  })
  expect(renamed.body).toMatchObject({ displayName: 'Marie Janssens', active: true })
  expect((await find('userName', 'marie@bureau.example')).body.totalResults).toBe(0)
  expect((await find('userName', 'marie.janssens@bureau.example')).body.totalResults).toBe(1)

  expect((await scim('PATCH', `/Users/${id}`, replace('active', 'False'))).body.active).toBe(false)
  expect(
    (await scim('PATCH', `/Users/${id}`, replace(undefined, { active: true }))).body,
  ).toMatchObject({ active: true, displayName: 'Marie Janssens' })
  expect((await scim('DELETE', `/Users/${id}`)).status).toBe(204)
  expect((await scim('GET', `/Users/${id}`)).status).toBe(404)
  expect((await scim('DELETE', `/Users/${id}`)).status).toBe(404)
  // Hired again: the same account, with all that hangs on it.
  const back = await scim('POST', '/Users', user('marie.janssens'))
  expect([back.status, back.body.id, back.body.active]).toEqual([201, id, true])
})

test.each<[string, object]>([
  ['Entra', replace('active', 'False')],
  ['Entra, with a boolean', replace('active', false)],
  ['Okta', { schemas: [PATCH], Operations: [{ op: 'replace', value: { active: false } }] }],
  ['the full address', replace(`${USER}:active`, false)],
  [
    'a list of changes, some of which Kluis does not keep',
    {
      schemas: [PATCH],
      Operations: [
        { op: 'Add', path: 'title', value: 'Chef' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'x@bureau.example' },
        {
          op: 'Replace',
          path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
          value: 'Verkoop',
        },
        { op: 'replace', path: 'active', value: false },
      ],
    },
  ],
])('who leaves is out at the next request: %s', async (_, body) => {
  const leaver = await kluis.colleague(admin, 'sales', admin.teamId)
  expect((await leaver.call('GET', '/api/people')).statusCode).toBe(200)
  const found = await find('userName', leaver.email)
  expect(found.body.Resources).toMatchObject([{ id: leaver.userId, active: true }])
  const shut = await scim('PATCH', `/Users/${leaver.userId}`, body)
  expect([shut.status, shut.body.active]).toEqual([200, false])
  expect((await leaver.call('GET', '/api/people')).statusCode).toBe(401)
  const { rows } = await kluis.admin.query(
    'select count(*)::int as open from kluis_auth.session where user_id = $1 and revoked_at is null',
    [leaver.userId],
  )
  expect(rows[0].open).toBe(0)
  const again = await kluis.send('POST', '/api/sign-in', {
    email: leaver.email,
    password: leaver.password,
  })
  expect(again.json().code).toBe('wrong-credentials')
  await scim('DELETE', `/Users/${leaver.userId}`)
})

test('who is shut by the directory comes back by it, and who is shut by an administrator does not', async () => {
  const one = await kluis.colleague(admin, 'sales', admin.teamId)
  const path = `/Users/${one.userId}`
  await scim('PATCH', path, replace('active', false))
  expect((await scim('PATCH', path, replace('active', true))).body.active).toBe(true)
  await admin.call('PATCH', `/api/users/${one.userId}`, { status: 'disabled' })
  expect((await scim('PATCH', path, replace('active', true))).body.active).toBe(false)
  expect((await scim('PUT', path, { userName: one.email, active: true })).body.active).toBe(false)
  // Nor after the directory had shut them before: what the administrator did since counts.
  await admin.call('PATCH', `/api/users/${one.userId}`, { status: 'active' })
  await scim('PATCH', path, replace('active', false))
  await admin.call('PATCH', `/api/users/${one.userId}`, { status: 'active' })
  await admin.call('PATCH', `/api/users/${one.userId}`, { status: 'disabled' })
  expect((await scim('PATCH', path, replace('active', true))).body.active).toBe(false)
})

test('the last administrator is not shut out, nor whoever has emergency access', async () => {
  const last = await scim('PATCH', `/Users/${admin.userId}`, replace('active', false))
  expect([last.status, last.body]).toEqual([
    409,
    {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '409',
      detail: 'the last administrator can not be shut out',
    },
  ])
  expect((await scim('DELETE', `/Users/${admin.userId}`)).status).toBe(409)
  const second = await kluis.colleague(admin, 'administrator', admin.teamId)
  await changeProvider(admin, known.id, { exemptUserIds: [second.userId] })
  expect((await scim('DELETE', `/Users/${second.userId}`)).status).toBe(403)
  expect((await second.call('GET', '/api/users')).statusCode).toBe(200)
  await changeProvider(admin, known.id, { exemptUserIds: [] })
  await admin.call('PATCH', `/api/users/${second.userId}`, { roleId: 'sales' })
})

test('a directory gives no password, no role and no way in of its own', async () => {
  const made = await scim('POST', '/Users', {
    ...user('wachtwoord'),
    password: 'paard batterij nietje correct',
    roles: [{ value: 'administrator' }],
    groups: [{ value: 'administrator' }],
  })
  const bent = await scim('POST', '/Users', { ...user('krom'), ['__proto__']: { active: true } })
  expect(bent).toMatchObject({ status: 400, body: { status: '400' } })
  expect(JSON.stringify(made.body)).not.toMatch(/password|paard|administrator/)
  const entry = await kluis.send('POST', '/api/sign-in', {
    email: 'wachtwoord@bureau.example',
    password: 'paard batterij nietje correct',
  })
  expect(entry.json().code).toBe('wrong-credentials')
  const people = (await admin.call('GET', '/api/users')).json().items
  expect(people.find((one: { id: string }) => one.id === made.body.id).roleId).toBe('sales')
})

test('who the directory made comes in by the provider as the same person', async () => {
  const made = await scim('POST', '/Users', user('samen'))
  theirs.people.set('samen', {
    sub: 'samen',
    email: 'samen@bureau.example',
    email_verified: true,
    amr: ['mfa'],
  })
  const came = await signInBy(kluis, known.id, 'samen')
  const cookieOf = came.cookies.find(({ name }) => name === 'kluis')!.value
  const own = { kluis: cookieOf }
  const session = (await kluis.send('GET', '/api/session', undefined, own)).json()
  expect(session.user.id).toBe(made.body.id)
  await scim('PATCH', `/Users/${made.body.id}`, replace('active', false))
  expect((await kluis.send('GET', '/api/people', undefined, own)).statusCode).toBe(401)
  expect(ledTo(await signInBy(kluis, known.id, 'samen'))).toMatch(/provider=account-shut/)
})

test('a directory neither sees nor touches a program', async () => {
  const program = await admin.call('POST', '/api/programs', {
    ...{ name: 'Webwinkel', roleId: 'sales', teamId: admin.teamId, responsibleId: admin.userId },
    ...{ ranges: ['127.0.0.1'], days: 30 },
  })
  const { id } = program.json()
  expect((await find('id', id)).body).toMatchObject({ totalResults: 0 })
  for (const answer of [
    await scim('GET', `/Users/${id}`),
    await scim('PATCH', `/Users/${id}`, replace('active', false)),
    await scim('PUT', `/Users/${id}`, user('webwinkel')),
    await scim('DELETE', `/Users/${id}`),
  ])
    expect([answer.status, answer.body.detail]).toEqual([404, 'there is no such user'])
  const keep = kluis.admin.query(
    `insert into kluis_auth.provisioned_user (id, provider_id, user_id, user_name_token, profile_sealed, profile_seal_counter)
     select gen_random_uuid(), provider_id, $1, user_name_token, profile_sealed, profile_seal_counter from kluis_auth.provisioned_user limit 1`,
    [id],
  )
  await expect(keep).rejects.toThrow('a program does not sign in')
})

test('a directory sees and touches nobody outside its domains', async () => {
  const outside = await kluis.admin.query(
    `select id from kluis.user_account where id <> $1 limit 1`,
    [admin.userId],
  )
  await changeProvider(admin, known.id, { domains: ['elders.example'] })
  expect((await scim('GET', '/Users')).body).toMatchObject({ totalResults: 0, Resources: [] })
  const path = `/Users/${outside.rows[0].id}`
  for (const answer of [
    await scim('GET', path),
    await scim('PATCH', path, replace('active', false)),
    await scim('PUT', path, user('x')),
    await scim('DELETE', path),
    await scim('GET', '/Users/00000000-0000-4000-8000-000000000000'),
    await scim('GET', '/Users/geen-nummer'),
  ])
    expect([answer.status, answer.body.detail]).toEqual([404, 'there is no such user'])
  expect((await scim('POST', '/Users', user('buiten'))).body).toMatchObject({
    status: '400',
    scimType: 'invalidValue',
  })
  await changeProvider(admin, known.id, { domains: ['bureau.example'] })
  // Nor does anybody move to a domain it does not speak for.
  const one = await kluis.colleague(admin, 'sales', admin.teamId)
  const moved = await scim(
    'PATCH',
    `/Users/${one.userId}`,
    replace('emails', [{ value: 'x@elders.example' }]),
  )
  expect(moved.status).toBe(400)
  const taken = await scim('PATCH', `/Users/${one.userId}`, replace('userName', admin.email))
  expect([taken.status, taken.body.scimType]).toEqual([409, 'uniqueness'])
  expect((await scim('POST', '/Users', user(one.email.split('@')[0]!))).status).toBe(409)
})

test.each<
  [
    string,
    () => Promise<{ status: number; body: { scimType?: string } }>,
    number,
    string | undefined,
  ]
>([
  ['a body that is no JSON', () => scim('POST', '/Users', '{'), 400, 'invalidSyntax'],
  ['a body that is a list', () => scim('POST', '/Users', [] as never), 400, 'invalidSyntax'],
  ['a user without a name', () => scim('POST', '/Users', { active: true }), 400, 'invalidValue'],
  [
    'a user name that is no e-mail',
    () => scim('POST', '/Users', { userName: 'marie' }),
    400,
    'invalidValue',
  ],
  [
    'a user name too long',
    () => scim('POST', '/Users', { userName: `${'x'.repeat(300)}@bureau.example` }),
    400,
    'invalidValue',
  ],
  [
    'an active that is neither',
    () => scim('PATCH', `/Users/${admin.userId}`, replace('active', 'misschien')),
    400,
    'invalidValue',
  ],
  [
    'a change that is no change',
    () => scim('PATCH', `/Users/${admin.userId}`, { Operations: [] }),
    400,
    'invalidSyntax',
  ],
  [
    'a change nobody knows',
    () => scim('PATCH', `/Users/${admin.userId}`, { Operations: [{ op: 'move' }] }),
    400,
    'invalidSyntax',
  ],
  [
    'a filter it does not know',
    () => scim('GET', '/Users?filter=userName%20co%20%22a%22'),
    400,
    'invalidFilter',
  ],
  [
    'a filter that says more',
    () => scim('GET', `/Users?filter=${encodeURIComponent('userName eq "a" or active eq true')}`),
    400,
    'invalidFilter',
  ],
  ['a page that is no number', () => scim('GET', '/Users?startIndex=een'), 400, 'invalidValue'],
  [
    'a body too large',
    () => scim('POST', '/Users', { userName: 'x'.repeat(70_000) }),
    413,
    undefined,
  ],
])('%s is refused in the form of SCIM', async (_, ask, status, scimType) => {
  const answer = await ask()
  expect(answer.body).toMatchObject({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    detail: expect.stringMatching(/./),
  })
  expect([answer.status, answer.body.scimType]).toEqual([status, scimType])
})

test('pages are counted from one, and a page holds what it says', async () => {
  const all = (await scim('GET', '/Users')).body
  expect(all.totalResults).toBe(all.Resources.length)
  const page = (await scim('GET', '/Users?startIndex=2&count=2')).body
  expect(page).toMatchObject({ startIndex: 2, itemsPerPage: 2, totalResults: all.totalResults })
  expect(page.Resources).toEqual(all.Resources.slice(1, 3))
  expect((await scim('GET', '/Users?count=0')).body.Resources).toEqual([])
})

test('a program can ask what there is before it begins', async () => {
  const config = (await scim('GET', '/ServiceProviderConfig')).body
  expect([config.patch.supported, config.bulk.supported]).toEqual([true, false])
  expect((await scim('GET', '/ResourceTypes')).body.Resources[0].endpoint).toBe('/Users')
  expect((await scim('GET', `/Schemas/${USER}`)).body.id).toBe(USER)
  expect((await scim('GET', '/Groups')).body.totalResults).toBe(0)
})

test('a token is shown once, ends when it is revoked or over, and is worth nothing bent, planted or moved', async () => {
  const statusOf = async (bearer: string) => (await scim('GET', '/Users', undefined, bearer)).status
  const one = await makeToken()
  const list = `/api/identity-providers/${known.id}/scim-tokens`
  expect((await admin.call('GET', list)).body).not.toContain(one.token)
  expect(await statusOf(one.token)).toBe(200)
  const lines = (await admin.call('GET', list)).json().items
  expect(lines.find((line: { id: string }) => line.id === one.id).lastUsedAt).not.toBeNull()

  const bent = one.token.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))
  const refused = await scim('GET', '/Users', undefined, bent)
  expect([refused.status, refused.headers['www-authenticate'], refused.body.status]).toEqual([
    401,
    'Bearer realm="Kluis SCIM"',
    '401',
  ])
  for (const bearer of ['', 'x', admin.token]) expect(await statusOf(bearer)).toBe(401)

  const planted = `${'x'.repeat(65)}`
  await kluis.admin.query(
    `insert into kluis_auth.scim_token (provider_id, token_hash, expires_at) values ($1, $2, now() + interval '1 day')`,
    [known.id, createHash('sha256').update(planted).digest()],
  )
  expect(await statusOf(planted)).toBe(401)

  const second = await addProvider(
    admin,
    settingsOf(theirs.issuer, admin.teamId, { domains: ['elders.example'] }),
  )
  const move = (to: string) =>
    kluis.admin.query('update kluis_auth.scim_token set provider_id = $1 where id = $2', [
      to,
      one.id,
    ])
  await move(second.id)
  expect(await statusOf(one.token)).toBe(401)
  await move(known.id)
  expect(await statusOf(one.token)).toBe(200)

  expect((await admin.call('POST', list, { days: 366 })).statusCode).toBe(422)
  await kluis.admin.query(
    `update kluis_auth.scim_token set created_at = now() - interval '2 days', expires_at = now() - interval '1 second' where id = $1`,
    [one.id],
  )
  expect(await statusOf(one.token)).toBe(401)
  const two = await makeToken()
  await admin.call('DELETE', `${list}/${two.id}`)
  expect(await statusOf(two.token)).toBe(401)
})

test('the role of sign-in itself gives no token a longer life, nor another provider', async () => {
  for (const change of [
    "expires_at = now() + interval '300 days'",
    'provider_id = id',
    'token_hash = token_hash',
  ]) {
    await kluis.admin.query('begin; set local role kluis_sign_in')
    const asked = kluis.admin.query(`update kluis_auth.scim_token set ${change}`)
    await expect(asked).rejects.toThrow('permission denied')
    await kluis.admin.query('rollback')
  }
  await expect(
    kluis.admin.query(
      `update kluis_auth.scim_token set expires_at = created_at + interval '2 years'`,
    ),
  ).rejects.toThrow('check constraint')
})

test('what a directory says of colleagues lies sealed', async () => {
  await scim('POST', '/Users', user('verzegeld', { displayName: 'Zeldzame Naam' }))
  const { rows } = await kluis.admin.query(
    `select encode(profile_sealed, 'escape') as bytes from kluis_auth.provisioned_user union all select encode(profile_sealed, 'escape') from kluis.user_account union all select encode(profile_sealed, 'escape') from kluis_auth.identity_provider`,
  )
  expect(rows.map(({ bytes }) => bytes).join()).not.toMatch(/Zeldzame|verzegeld|bureau|Aanbieder/)
})

test('whoever guesses tokens is slowed down, and whoever floods with a right one too', async () => {
  const guesses = await Promise.all(
    Array.from({ length: 30 }, () => scim('GET', '/Users', undefined, 'x'.repeat(65))),
  )
  const slowed = guesses.find(({ status }) => status === 429)!
  expect(slowed.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
  expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(0)
  const flood = await Promise.all(
    Array.from({ length: 260 }, () => scim('GET', '/ServiceProviderConfig')),
  )
  expect(flood.filter(({ status }) => status === 429).length).toBeGreaterThan(20)
})
