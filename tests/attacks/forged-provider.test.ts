import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Transactions } from '#security/federation/transactions.ts'
import { federationWords } from '../../web/language/federation.ts'
import { refusals } from '../../web/language/refusals.ts'
import {
  type HostileProvider,
  type Mischief,
  startHostileProvider,
} from '../support/hostile-provider.ts'
import {
  addProvider,
  CLIENT_SECRET,
  changeProvider,
  comeBack,
  type Known,
  ledTo,
  settingsOf,
  signInBy,
  tryAndSwitchOn,
  visit,
} from '../support/identity-provider.ts'
import { type Caller, cookie, openTestKluis, type TestKluis } from '../support/kluis.ts'

// The attacker is, or stands at, a provider that an administrator trusts for one domain, or works through the browser.
let kluis: TestKluis
let admin: Caller
let hostile: HostileProvider
let other: HostileProvider
let known: Known
let otherKnown: Known

beforeAll(async () => {
  kluis = await openTestKluis()
  admin = await kluis.setUp('team')
  ;[hostile, other] = [await startHostileProvider(), await startHostileProvider()]
  known = await addProvider(admin, settingsOf(hostile.issuer, admin.teamId))
  otherKnown = await addProvider(
    admin,
    settingsOf(other.issuer, admin.teamId, { name: 'Tweede', domains: ['elders.example'] }),
  )
  await tryAndSwitchOn(kluis, admin, known.id, '')
  other.mischief = { claims: { sub: 'other', email: 'x@elders.example' } }
  await tryAndSwitchOn(kluis, admin, otherKnown.id, '')
})
beforeEach(() => {
  hostile.mischief = {}
})
afterAll(async () => {
  await kluis.close()
  await Promise.all([hostile.close(), other.close()])
})

/** Nothing that was kept of the provider's keys and addresses from an honest moment. */
const forget = () => kluis.app.federation.forget(known.id)
const isIn = (came: { cookies: { name: string; value: string }[] }) =>
  came.cookies.some(({ name, value }) => name === 'kluis' && value !== '')

test('an honest answer of this provider comes in, so that a refusal below means something', async () => {
  expect(isIn(await signInBy(kluis, known.id, ''))).toBe(true)
})

const past = () => Math.floor(Date.now() / 1000) - 3600
const lies: [string, Mischief][] = [
  ['without a signature', { idToken: (claims, by) => by.unsigned(claims) }],
  [
    'without a signature, which the provider says it may',
    {
      idToken: (claims, by) => by.unsigned(claims),
      metadata: { id_token_signing_alg_values_supported: ['none', 'RS256'] },
    },
  ],
  ['signed with a key that is not the provider’s', { idToken: (c, by) => by.sign(c, 'foreign') }],
  [
    'signed with a key it brings itself',
    { idToken: (c, by) => by.sign(c, 'foreign', { kid: 'two', jwk: { kty: 'RSA' } }) },
  ],
  [
    'signed with the public key taken for a secret',
    {
      idToken: (c, by) => by.signedWithSecret(c, 'public-key'),
      metadata: { id_token_signing_alg_values_supported: ['HS256', 'RS256'] },
    },
  ],
  [
    'signed with our own secret',
    {
      idToken: (c, by) => by.signedWithSecret(c, CLIENT_SECRET),
      metadata: { id_token_signing_alg_values_supported: ['HS256', 'RS256'] },
    },
  ],
  [
    'whose claims were changed after it was signed',
    {
      idToken: (claims, by) => {
        const [head, , signature] = by.sign(claims).split('.')
        const changed = { ...claims, email: 'beheer@bureau.example' }
        return `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}.${signature}`
      },
    },
  ],
  ['for another program', { claims: { aud: 'another' } }],
  [
    'for us and another, made out to the other',
    { claims: { aud: ['kluis', 'another'], azp: 'another' } },
  ],
  ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }],
  ['that has expired', { claims: { iat: past(), exp: past() + 300 } }],
  ['that never expires', { claims: { exp: undefined } }],
  ['of another sign-in', { claims: { nonce: 'another' } }],
  ['of no sign-in', { claims: { nonce: undefined } }],
  ['of nobody', { claims: { sub: undefined } }],
  ['that is none', { idToken: () => undefined }],
  ['that is no token', { idToken: () => 'a.b.c' }],
]
test.each(lies)('a token %s signs nobody in', async (_, mischief) => {
  hostile.mischief = mischief
  forget()
  const came = await signInBy(kluis, known.id, '')
  expect(ledTo(came)).toMatch(/^\/sign-in\?provider=answer-not-right/)
  expect(isIn(came)).toBe(false)
})

test.each<[string, Record<string, string | undefined>]>([
  ['with the name of another issuer', { iss: 'https://elsewhere.example' }],
  ['that leaves the issuer out, which the provider says it names', { iss: undefined }],
  ['with a state of another browser', { state: 'another' }],
  ['without a state', { state: undefined }],
])('an answer %s is not taken', async (_, back) => {
  hostile.mischief = { back }
  forget()
  const before = hostile.asked.filter((path) => path === '/token').length
  const came = await signInBy(kluis, known.id, '')
  expect(ledTo(came)).toMatch(/^\/sign-in\?provider=answer-not-right/)
  // The code was not even tried.
  expect(hostile.asked.filter((path) => path === '/token').length).toBe(before)
})

test('an answer comes back once, to the browser that asked, at the address of the provider it went to', async () => {
  const begin = () => kluis.send('POST', '/api/sign-in/provider/begin', { providerId: known.id })
  const begun = await begin()
  const sealed = cookie(begun, 'kluis-provider')
  const back = await visit(begun.json().url, '')

  expect(ledTo(await comeBack(kluis, back, undefined))).toBe('/sign-in?provider=expired')
  const elsewhere = cookie(await begin(), 'kluis-provider')
  expect(isIn(await comeBack(kluis, back, elsewhere))).toBe(false)
  const mixedUp = new URL(back)
  mixedUp.pathname = back.pathname.replace(known.id, otherKnown.id)
  expect(ledTo(await comeBack(kluis, mixedUp, cookie(await begin(), 'kluis-provider')))).toBe(
    '/sign-in?provider=expired',
  )

  expect(isIn(await comeBack(kluis, back, sealed))).toBe(true)
  expect(ledTo(await comeBack(kluis, back, sealed))).toBe('/sign-in?provider=expired')
  const bent = `${sealed.slice(0, -3)}AAA`
  expect(ledTo(await comeBack(kluis, back, bent))).toBe('/sign-in?provider=expired')
})

test('what was begun before a restart is begun again, and says so', async () => {
  const begun = await kluis.send('POST', '/api/sign-in/provider/begin', { providerId: known.id })
  const asked = new URL(begun.json().url).searchParams
  // As the process of before sealed it: the key of each is its own.
  const before = new Transactions().seal(
    {
      ...{ providerId: known.id, state: asked.get('state')!, nonce: asked.get('nonce')! },
      ...{ verifier: 'x'.repeat(43), purpose: 'sign-in', byUserId: null, to: '/people' },
      begunAt: Date.now(),
    },
    new Date(),
  )
  const came = await comeBack(kluis, await visit(begun.json().url, ''), before)
  expect(ledTo(came)).toBe('/sign-in?provider=expired')
  const half = await kluis.send('GET', '/api/sign-in/provider/half-way', undefined, {
    'kluis-half': 'of-the-process-of-before',
  })
  expect(half.json().code).toBe('sign-in-expired')
  for (const said of [federationWords['arrived.expired'], refusals['sign-in-expired']])
    expect([said.nl, said.en]).toEqual([
      expect.stringMatching(/herstart.*opnieuw\./),
      expect.stringMatching(/restarted.*again/),
    ])
})

test('a provider speaks for its own domains, whatever it claims of others', async () => {
  other.mischief = { claims: { sub: 'thief', email: admin.email } }
  const came = await signInBy(kluis, otherKnown.id, '')
  expect(ledTo(came)).toBe('/sign-in?provider=domain-not-bound')
  // Nor for one that another provider has: the settings do not take it.
  const taken = await changeProvider(admin, otherKnown.id, { domains: ['bureau.example'] })
  expect(taken.json()).toMatchObject({
    code: 'provider-not-right',
    detail: { why: 'domain-taken', domain: 'bureau.example' },
  })
})

test('the same subject at another issuer is somebody else', async () => {
  const first = await signInBy(kluis, known.id, '')
  other.mischief = { claims: { sub: 'someone', email: 'y@elders.example' } }
  const second = await signInBy(kluis, otherKnown.id, '')
  const idOf = async (came: typeof first) =>
    (await kluis.send('GET', '/api/session', undefined, { kluis: cookie(came, 'kluis') })).json()
      .user.id
  expect(await idOf(first)).not.toBe(await idOf(second))
})

test.each<[string, object]>([
  ['in no list', { amr: 'mfa' }],
  ['of another kind', { amr: ['pwd', 'otp'] }],
  ['as a part of another word', { amr: ['not-mfa', 'mfa2', ' mfa'] }],
  ['in other letters', { amr: ['MFA'] }],
  ['as something that is no text', { amr: [['mfa'], { mfa: true }, null] }],
  ['nowhere', { amr: undefined }],
  ['outside the signed token', { amr: undefined, userinfo: true }],
])('a second factor that is named %s is asked by Kluis', async (_, given) => {
  const { userinfo, ...claims } = given as { userinfo?: true; amr?: unknown }
  hostile.mischief = {
    claims: { sub: 'factor', email: 'factor@bureau.example', ...claims, name: undefined },
    userinfo: { sub: 'factor', ...(userinfo ? { amr: ['mfa'], acr: 'mfa' } : {}) },
  }
  const came = await signInBy(kluis, known.id, '')
  expect(ledTo(came)).toMatch(/^\/join\//)
  expect(isIn(came)).toBe(false)
})

test('what the provider answers of somebody else is not taken for who signed in', async () => {
  hostile.mischief = {
    claims: { email: undefined, email_verified: undefined },
    userinfo: { sub: 'another', email: admin.email, email_verified: true },
  }
  expect(ledTo(await signInBy(kluis, known.id, ''))).toMatch(/provider=answer-not-right/)
  // Nor does the token vouch for an address that stands outside it.
  hostile.mischief = {
    claims: { email: undefined, email_verified: true },
    userinfo: { email: admin.email },
  }
  expect(ledTo(await signInBy(kluis, known.id, ''))).toMatch(/provider=email-unverified/)
})

test('signing out leads into no script', async () => {
  await changeProvider(admin, known.id, { signsOutThere: true })
  const outOf = async (there: string) => {
    hostile.mischief = { metadata: { end_session_endpoint: there } }
    forget()
    const own = { kluis: cookie(await signInBy(kluis, known.id, ''), 'kluis') }
    return (await kluis.send('GET', '/api/session/provider', undefined, own)).json().url
  }
  expect(await outOf(`${hostile.issuer}/out`)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/out\?/)
  for (const there of ['javascript:alert(1)', 'http://elders.example/out', 'no address'])
    expect([there, await outOf(there)]).toEqual([there, null])
})

test.each<[string, Mischief, string]>([
  ['says it is another', { metadata: { issuer: 'https://elsewhere.example' } }, 'issuer-differs'],
  [
    'has its keys at the machine’s hoster',
    { metadata: { jwks_uri: 'http://169.254.169.254/latest/meta-data' } },
    'not-https',
  ],
  [
    'has its keys at the machine’s hoster, with TLS',
    { metadata: { jwks_uri: 'https://169.254.169.254/keys' } },
    'address',
  ],
  [
    'leads the browser into a script',
    { metadata: { authorization_endpoint: 'javascript:alert(1)' } },
    'not-https',
  ],
  ['has no place for the code', { metadata: { token_endpoint: undefined } }, 'unfit'],
  [
    'leads elsewhere',
    {
      instead: {
        '/.well-known/openid-configuration': (response) => {
          response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
        },
      },
    },
    'unreachable',
  ],
  [
    'answers without end',
    {
      instead: {
        '/.well-known/openid-configuration': (response) => {
          response.writeHead(200, { 'content-type': 'application/json' })
          for (let kilobytes = 0; kilobytes < 2048; kilobytes++) response.write(' '.repeat(1024))
          response.end()
        },
      },
    },
    'unreachable',
  ],
  [
    'answers with a page',
    {
      instead: {
        '/.well-known/openid-configuration': (response) => {
          response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
        },
      },
    },
    'unfit',
  ],
])('a provider that %s is named as such when it is tried', async (_, mischief, why) => {
  hostile.mischief = mischief
  const tried = await admin.call('POST', `/api/identity-providers/${known.id}/try`)
  // What is met only when a token is checked shows at the end of the trial.
  if (tried.statusCode === 200) {
    const back = await visit(tried.json().url, '')
    await comeBack(kluis, back, cookie(tried, 'kluis-provider'))
  }
  const { trial } = (await admin.call('GET', `/api/identity-providers/${known.id}/trial`)).json()
  expect([trial.isRight, trial.why]).toEqual([false, why])
})

test.each([
  'http://login.example',
  'ftp://login.example',
  'https://name:password@login.example',
  'https://login.example/?tenant=1',
  'http://169.254.169.254/latest',
])('no provider is set up at %s', async (issuer) => {
  const body = {
    settings: settingsOf(issuer, admin.teamId, { domains: ['nieuw.example'] }),
    clientSecret: CLIENT_SECRET,
  }
  const refused = await admin.call('POST', '/api/identity-providers', body)
  expect(refused.json()).toMatchObject({ code: 'provider-not-right', detail: { why: 'not-https' } })
})

test('a link that is written into the database, or given to somebody else there, opens nothing', async () => {
  const came = await signInBy(kluis, known.id, '')
  expect(isIn(came)).toBe(true)
  const give = (userId: string) =>
    kluis.admin.query(
      'update kluis_auth.federated_identity set user_id = $1 where provider_id = $2 and user_id = $3 returning user_id',
      [userId, known.id, mine],
    )
  const session = await kluis.send('GET', '/api/session', undefined, {
    kluis: cookie(came, 'kluis'),
  })
  const mine = session.json().user.id
  expect((await give(admin.userId)).rowCount).toBe(1)
  const planted = await signInBy(kluis, known.id, '')
  expect(ledTo(planted)).toBe('/sign-in?provider=linked-elsewhere')
  await kluis.admin.query(
    'update kluis_auth.federated_identity set user_id = $1 where user_id = $2',
    [mine, admin.userId],
  )
  expect(isIn(await signInBy(kluis, known.id, ''))).toBe(true)
})

test('nobody comes in as a program, whatever is linked to it', async () => {
  const program = await admin.call('POST', '/api/programs', {
    ...{ name: 'Webwinkel', roleId: 'sales', teamId: admin.teamId, responsibleId: admin.userId },
    ...{ ranges: ['127.0.0.1'], days: 30 },
  })
  // With the proof of the program itself, as if it had been linked by the way of a colleague.
  const [token, proof] = [
    ['federated-subject', JSON.stringify([hostile.issuer, 'program'])],
  ].flatMap(([purpose, value]) => {
    const subject = kluis.app.vault.blindToken(purpose as 'federated-subject', value!)
    const whole = [known.id, program.json().id, subject.toString('hex')].join(' ')
    return [subject, kluis.app.vault.blindToken('federated-identity', whole)]
  })
  const plant = () =>
    kluis.admin.query(
      'insert into kluis_auth.federated_identity (provider_id, user_id, subject_token, proof) values ($1, $2, $3, $4)',
      [known.id, program.json().id, token, proof],
    )
  await expect(plant()).rejects.toThrow('a program does not sign in')
  await kluis.admin.query('set session_replication_role = replica')
  await plant()
  await kluis.admin.query('set session_replication_role = origin')
  hostile.mischief = { claims: { sub: 'program' } }
  const came = await signInBy(kluis, known.id, '')
  expect(ledTo(came)).toBe('/sign-in?provider=not-known')
  expect(isIn(came)).toBe(false)
})

test('whoever sets up a provider does not make themselves the second person of four eyes with it', async () => {
  const deciders = async (): Promise<number> =>
    (await admin.call('GET', '/api/safeguards')).json().deciders
  expect(await deciders()).toBe(0)
  const friend = { everyoneElse: { roleId: 'privacy-officer', teamId: admin.teamId } }
  expect((await changeProvider(admin, otherKnown.id, friend)).statusCode).toBe(200)
  other.mischief = { claims: { sub: 'other', email: 'x@elders.example' } }
  await tryAndSwitchOn(kluis, admin, otherKnown.id, '')
  other.mischief = { claims: { sub: 'friend', email: 'friend@elders.example' } }
  const came = await signInBy(kluis, otherKnown.id, '')
  const token = cookie(came, 'kluis')
  const session = await kluis.send('GET', '/api/session', undefined, { kluis: token })
  expect(session.json().permissions).toContain('approvals:decide')
  expect(await deciders()).toBe(0)
  const age = (days: number) =>
    kluis.admin.query(
      `update kluis.user_account set created_at = now() - make_interval(days => $1), row_version = row_version + 1 where id = $2`,
      [days, session.json().user.id],
    )
  // The provider was left alone for a week, and whoever came by it came just now.
  await kluis.admin.query('set session_replication_role = replica')
  await kluis.admin.query(
    `update kluis_auth.identity_provider set updated_at = now() - interval '8 days'`,
  )
  expect(await deciders()).toBe(0)
  await age(8)
  expect(await deciders()).toBe(1)
  // Nor with a token of its directory.
  await kluis.admin.query(
    'update kluis_auth.identity_provider set created_by = null, updated_by = null',
  )
  const minted = await admin.call('POST', `/api/identity-providers/${otherKnown.id}/scim-tokens`, {
    days: 1,
  })
  expect(minted.statusCode, minted.body).toBe(201)
  expect(await deciders()).toBe(0)
  await kluis.admin.query('set session_replication_role = origin')
})

test('the settings of one provider, put in the place of another’s, open for nobody', async () => {
  const { rows } = await kluis.admin.query(
    'select profile_sealed, profile_seal_counter, row_version from kluis_auth.identity_provider where id = $1',
    [otherKnown.id],
  )
  const before = await kluis.admin.query(
    'select profile_sealed, profile_seal_counter from kluis_auth.identity_provider where id = $1',
    [known.id],
  )
  const put = ({ profile_sealed, profile_seal_counter }: Record<string, unknown>) =>
    kluis.admin.query(
      'update kluis_auth.identity_provider set profile_sealed = $1, profile_seal_counter = $2, row_version = row_version + 1 where id = $3',
      [profile_sealed, profile_seal_counter, known.id],
    )
  await put(rows[0])
  const begun = await kluis.send('POST', '/api/sign-in/provider/begin', { providerId: known.id })
  expect(begun.json().code).toBe('record-damaged')
  await put(before.rows[0])
})

test.each([
  '//elders.example',
  '/\\elders.example',
  '/.//elders.example',
  'https://elders.example/',
])('coming back, %s leads nowhere else', async (to) => {
  const came = await signInBy(kluis, known.id, '', to)
  expect(new URL(String(came.headers.location)).origin).toBe('http://localhost:4310')
  expect(String(came.headers.location)).not.toMatch(/4310\/\//)
})
