import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addProvider,
  CLIENT_SECRET,
  changeProvider,
  type IdentityProvider,
  ledTo,
  settingsOf,
  signInBy,
  startIdentityProvider,
  tryAndSwitchOn,
} from './support/identity-provider.ts'
import { type Caller, codeNow, cookie, openTestKluis, type TestKluis } from './support/kluis.ts'
import { SoftwareAuthenticator } from './support/software-authenticator.ts'

let kluis: TestKluis
let admin: Caller
let theirs: IdentityProvider
let id: string
let otherTeam: string

const person = (login: string, more: object = {}) => {
  theirs.people.set(login, {
    sub: `sub-${login}`,
    email: `${login}@bureau.example`,
    email_verified: true,
    name: `Collega ${login}`,
    amr: ['pwd', 'mfa'],
    ...more,
  })
  return login
}
const sessionOf = async (response: Awaited<ReturnType<typeof signInBy>>) =>
  (await kluis.send('GET', '/api/session', undefined, { kluis: cookie(response, 'kluis') })).json()

beforeAll(async () => {
  kluis = await openTestKluis()
  admin = await kluis.setUp('team')
  otherTeam = await kluis.newTeam('Buitendienst')
  theirs = await startIdentityProvider()
  const known = await addProvider(admin, settingsOf(theirs.issuer, admin.teamId))
  id = known.id
  theirs.serve(known.callback, known.signedOut)
  await tryAndSwitchOn(kluis, admin, id, person('proef'))
})
afterAll(async () => {
  await kluis.close()
  await theirs.close()
})

test('a new colleague comes in by the provider, with the role and team for everyone else', async () => {
  const came = await signInBy(kluis, id, person('nieuw'))
  expect(ledTo(came)).toBe('/tasks')
  expect(await sessionOf(came)).toMatchObject({
    user: { name: 'Collega nieuw', email: 'nieuw@bureau.example', roleId: 'sales' },
  })
  const lines = await kluis.send('GET', '/api/sessions', undefined, {
    kluis: cookie(came, 'kluis'),
  })
  expect(lines.json().items[0].factor).toBe('provider+theirs')
})

test('who comes in by the provider anew ends the session that the browser had, though it is led back without it', async () => {
  const login = person('tweemaal')
  const before = { kluis: cookie(await signInBy(kluis, id, login), 'kluis') }
  const after = { kluis: cookie(await signInBy(kluis, id, 'tweemaal', '/tasks', before), 'kluis') }
  const isIn = async (own: { kluis: string }) =>
    (await kluis.send('GET', '/api/session', undefined, own)).statusCode
  expect([await isIn(before), await isIn(after)]).toEqual([401, 200])
})

test('without a second factor at the provider Kluis asks for one, and has it enrolled where there is none', async () => {
  const came = await signInBy(kluis, id, person('zonder', { amr: ['pwd'] }))
  expect(ledTo(came)).toMatch(/^\/join\/[\w-]{65}$/)
  expect(came.cookies.map(({ name }) => name)).not.toContain('kluis')
  const begun = await kluis.send('POST', `/api${ledTo(came)}`, {
    name: 'Zonder Tweede',
    password: 'paard batterij nietje correct',
    language: 'nl',
  })
  const secret = begun.json().totp.secret
  const enrolled = await kluis.send(
    'POST',
    '/api/enrol/totp',
    { code: codeNow(secret) },
    { 'kluis-pending': cookie(begun, 'kluis-pending') },
  )
  expect(enrolled.statusCode).toBe(200)

  const again = await signInBy(kluis, id, 'zonder', '/companies')
  expect(ledTo(again)).toBe('/sign-in?provider=half-way')
  expect(again.cookies.map(({ name }) => name)).not.toContain('kluis')
  const half = { 'kluis-half': cookie(again, 'kluis-half') }
  const asked = await kluis.send('GET', '/api/sign-in/provider/half-way', undefined, half)
  expect(asked.json()).toEqual({
    next: 'factor',
    provider: 'Aanbieder',
    email: 'zonder@bureau.example',
    hasPassword: true,
    hasTotp: true,
    hasPasskey: false,
  })
  const wrong = await kluis.send('POST', '/api/sign-in/provider/totp', { code: '000000' }, half)
  expect(wrong.json().code).toBe('second-factor-wrong')
  const code = { code: codeNow(secret, 1) }
  const right = await kluis.send('POST', '/api/sign-in/provider/totp', code, half)
  expect(right.json()).toEqual({ done: true, to: '/companies' })
  const replayed = await kluis.send('POST', '/api/sign-in/provider/totp', code, half)
  expect(replayed.json().code).toBe('sign-in-expired')
})

test('where a role asks for a passkey, a second factor that the provider vouches for is not enough', async () => {
  const url = '/api/sign-in-rules'
  const { items } = (await admin.call('GET', url)).json()
  const {
    roleId: _,
    lacking: __,
    ...own
  } = items.find((one: { roleId: string }) => one.roleId === 'sales')
  const set = (asks: string, rowVersion: number) =>
    admin.call('PATCH', `${url}/sales`, { ...own, asks, rowVersion })
  expect((await set('passkey', own.rowVersion)).statusCode).toBe(200)
  try {
    const came = await signInBy(kluis, id, person('zegt-mfa'))
    expect(ledTo(came)).toMatch(/^\/join\/[\w-]{65}$/)
    expect(came.cookies.map(({ name }) => name)).not.toContain('kluis')
    const begun = await kluis.send('POST', `/api${ledTo(came)}`, {
      name: 'Zegt Mfa',
      password: 'paard batterij nietje correct',
      language: 'nl',
    })
    const enrolled = await kluis.send(
      'POST',
      '/api/enrol/totp',
      { code: codeNow(begun.json().totp.secret) },
      { 'kluis-pending': cookie(begun, 'kluis-pending') },
    )
    expect(enrolled.json().code).toBe('factor-not-allowed')
  } finally {
    await set('two-factors', own.rowVersion + 1)
  }
})

test('an account with own factors is linked only after its owner showed both of them', async () => {
  const owner = await kluis.colleague(admin, 'support', admin.teamId)
  const login = person('kaper', { email: owner.email })
  const came = await signInBy(kluis, id, login)
  expect(ledTo(came)).toBe('/sign-in?provider=half-way')
  const half = { 'kluis-half': cookie(came, 'kluis-half') }
  // A code alone is one factor, whoever the provider says it is.
  const early = await kluis.send(
    'POST',
    '/api/sign-in/provider/totp',
    { code: codeNow(owner.totpSecret, 1) },
    half,
  )
  expect(early.json().code).toBe('wrong-credentials')
  const wrong = await kluis.send('POST', '/api/sign-in/provider/password', { password: 'x' }, half)
  expect(wrong.json().code).toBe('wrong-credentials')
  const { password } = owner
  expect(
    (await kluis.send('POST', '/api/sign-in/provider/password', { password }, half)).statusCode,
  ).toBe(200)
  const right = await kluis.send(
    'POST',
    '/api/sign-in/provider/totp',
    { code: codeNow(owner.totpSecret, 1) },
    half,
  )
  expect(right.statusCode).toBe(200)
  // From now on the provider is enough; the role stays, since no group decides it here.
  const again = await signInBy(kluis, id, login)
  expect(await sessionOf(again)).toMatchObject({ user: { id: owner.userId, roleId: 'support' } })
})

test('the passkey of somebody else links no account, and its owner’s does', async () => {
  const [owner, other] = [
    await kluis.colleague(admin, 'support', admin.teamId),
    await kluis.colleague(admin, 'support', admin.teamId),
  ]
  const devices = new Map<string, SoftwareAuthenticator>()
  for (const one of [owner, other]) {
    const device = new SoftwareAuthenticator()
    const options = await one.call('POST', '/api/passkeys/options')
    const credential = device.register(options.json())
    const added = await kluis.send(
      'POST',
      '/api/passkeys',
      { name: 'toestel', credential },
      { kluis: one.token, 'kluis-pending': cookie(options, 'kluis-pending') },
    )
    expect(added.statusCode).toBe(201)
    devices.set(one.userId, device)
  }
  const came = await signInBy(kluis, id, person('sleutel', { email: owner.email }))
  const half = { 'kluis-half': cookie(came, 'kluis-half') }
  const show = async (device: SoftwareAuthenticator) => {
    const path = '/api/sign-in/provider/passkey'
    const options = (await kluis.send('POST', `${path}/options`, undefined, half)).json()
    return kluis.send('POST', path, { credential: device.signIn(options) }, half)
  }
  expect((await show(devices.get(other.userId)!)).json().code).toBe('wrong-credentials')
  expect((await show(devices.get(owner.userId)!)).statusCode).toBe(200)
})

test('an e-mail that moves to somebody else at the provider opens nobody else’s account', async () => {
  const came = await signInBy(kluis, id, person('eerst'))
  const { user } = await sessionOf(came)
  // The address of the first is given to a second person there.
  theirs.people.set('tweede', {
    sub: 'sub-tweede',
    email: 'eerst@bureau.example',
    email_verified: true,
    amr: ['mfa'],
  })
  expect(ledTo(await signInBy(kluis, id, 'tweede'))).toBe('/sign-in?provider=linked-elsewhere')
  // And the first, renamed there to the address of an administrator, stays who they are.
  person('eerst', { email: admin.email })
  const renamed = await signInBy(kluis, id, 'eerst')
  expect((await sessionOf(renamed)).user.id).toBe(user.id)
})

test.each<[string, object, string]>([
  ['that is not verified', { email_verified: false }, 'email-unverified'],
  [
    'of whose verification the provider says nothing',
    { email_verified: undefined },
    'email-unverified',
  ],
  ['of a domain it does not speak for', { email: 'x@elders.example' }, 'domain-not-bound'],
  ['that only ends like its domain', { email: 'x@nietbureau.example' }, 'domain-not-bound'],
  ['with two @', { email: 'x@elders.example@bureau.example' }, 'email-missing'],
])('nobody comes in with an e-mail %s', async (_, more, why) => {
  const came = await signInBy(kluis, id, person(`mail-${why}`, more))
  expect(ledTo(came)).toBe(`/sign-in?provider=${why}`)
  expect(came.cookies.map(({ name }) => name)).not.toContain('kluis')
})

test('groups give role and team anew at each sign-in, and who is in none is refused', async () => {
  const groups = [
    { group: 'crm-managers', roleId: 'manager', teamId: otherTeam },
    { group: 'crm-sales', roleId: 'sales', teamId: admin.teamId },
  ]
  await changeProvider(admin, id, { groups, everyoneElse: null })
  person('groep', { groups: ['crm-sales', 'crm-managers'] })
  expect((await sessionOf(await signInBy(kluis, id, 'groep'))).user).toMatchObject({
    roleId: 'manager',
    teamIds: [otherTeam],
  })
  person('groep', { groups: ['crm-sales'] })
  expect((await sessionOf(await signInBy(kluis, id, 'groep'))).user).toMatchObject({
    roleId: 'sales',
    teamIds: [admin.teamId],
  })
  for (const none of [{ groups: ['other'] }, { groups: undefined }]) {
    person('groep', none)
    expect(ledTo(await signInBy(kluis, id, 'groep'))).toBe('/sign-in?provider=no-role')
  }
  await changeProvider(admin, id, {
    groups: [],
    everyoneElse: { roleId: 'sales', teamId: admin.teamId },
  })
})

test('who is unlinked is out, and is linked anew as who they are at the provider now', async () => {
  const came = await signInBy(kluis, id, person('los'))
  const { user } = await sessionOf(came)
  const links = `/api/identity-providers/${id}/links`
  const linkOf = async () =>
    (await admin.call('GET', links))
      .json()
      .items.find((one: { userId: string }) => one.userId === user.id)
  const linkId = (await linkOf()).id
  expect((await admin.call('DELETE', `${links}/${linkId}`)).statusCode).toBe(200)
  const own = { kluis: cookie(came, 'kluis') }
  expect((await kluis.send('GET', '/api/people', undefined, own)).statusCode).toBe(401)
  expect(await linkOf()).toBeUndefined()
  theirs.people.set('los', { ...theirs.people.get('los')!, sub: 'sub-anders' })
  expect((await sessionOf(await signInBy(kluis, id, 'los'))).user.id).toBe(user.id)
})

test('who was shut out here stays out, whatever the provider says', async () => {
  const came = await signInBy(kluis, id, person('weg'))
  const { user } = await sessionOf(came)
  await admin.call('PATCH', `/api/users/${user.id}`, { status: 'disabled' })
  expect(ledTo(await signInBy(kluis, id, 'weg'))).toBe('/sign-in?provider=account-shut')
})

test('who is not known is refused where the provider may make no colleagues', async () => {
  await changeProvider(admin, id, { makesColleagues: false })
  expect(ledTo(await signInBy(kluis, id, person('vreemd')))).toBe('/sign-in?provider=not-known')
  await changeProvider(admin, id, { makesColleagues: true })
})

test('the screen of sign-in learns the provider from the domain, the same for an account and for none', async () => {
  const find = (email: string) => kluis.send('POST', '/api/sign-in/provider/find', { email })
  const [known, unknown, foreign] = await Promise.all(
    [admin.email, 'niemand@BUREAU.example', 'x@elders.example'].map(find),
  )
  expect(known!.json()).toEqual({ provider: { id, name: 'Aanbieder', isRequired: false } })
  expect(unknown!.body).toBe(known!.body)
  expect(foreign!.json()).toEqual({ provider: null })
})

test('signing out there too is offered to whose session is of the provider', async () => {
  await changeProvider(admin, id, { signsOutThere: true })
  const came = await signInBy(kluis, id, person('uit'))
  const own = { kluis: cookie(came, 'kluis') }
  const { url } = (await kluis.send('GET', '/api/session/provider', undefined, own)).json()
  const there = new URL(url)
  expect(there.origin).toBe(theirs.issuer)
  expect(there.searchParams.get('post_logout_redirect_uri')).toBe('http://localhost:4310/sign-in')
  expect(there.searchParams.get('id_token_hint')).toMatch(/^ey/)
  expect((await admin.call('GET', '/api/session/provider')).json()).toEqual({ url: null })
})

const known = async (providerId = id) => {
  const { items } = (await admin.call('GET', '/api/identity-providers')).json()
  return items.find((one: { id: string }) => one.id === providerId)
}
const switchTo = async (providerId: string, isOn: boolean) =>
  admin.call('POST', `/api/identity-providers/${providerId}/switch`, {
    rowVersion: (await known(providerId)).rowVersion,
    isOn,
  })
const why = (response: { body: string }) => {
  const { code, detail } = JSON.parse(response.body)
  return [code, detail?.why].join(' ')
}

async function addPasskey(owner: Caller): Promise<SoftwareAuthenticator> {
  const device = new SoftwareAuthenticator()
  const options = await owner.call('POST', '/api/passkeys/options')
  await kluis.send(
    'POST',
    '/api/passkeys',
    { name: 'toestel', credential: device.register(options.json()) },
    { kluis: owner.token, 'kluis-pending': cookie(options, 'kluis-pending') },
  )
  return device
}

test('nothing is switched on that was not shown to work as it stands', async () => {
  const second = await addProvider(
    admin,
    settingsOf(theirs.issuer, admin.teamId, { domains: ['tweede.example'], clientId: 'elsewhere' }),
  )
  expect(why(await switchTo(second.id, true))).toBe('provider-not-right try-first')
  const begun = await admin.call('POST', `/api/identity-providers/${second.id}/try`)
  expect(begun.statusCode).toBe(200)
  // The provider does not know this client, and says so on a page of its own: no trial, so nothing to switch on.
  expect(why(await switchTo(second.id, true))).toBe('provider-not-right try-first')
  const off = await kluis.send('POST', '/api/sign-in/provider/begin', { providerId: second.id })
  expect(off.json().code).toBe('not-found')
  await admin.call('DELETE', `/api/identity-providers/${second.id}`)
  // Of the one that is on, issuer and client stay what they are; a new secret has to be shown anew at the next switch.
  expect(why(await changeProvider(admin, id, { clientId: 'other' }))).toBe(
    'provider-not-right switch-off-first',
  )
})

test('the secret is shown to nobody, and a trial says what the provider sent', async () => {
  person('proef', { groups: ['a', 'b'], acr: 'urn:example:two-factors' })
  await tryAndSwitchOn(kluis, admin, id, 'proef')
  const { trial } = (await admin.call('GET', `/api/identity-providers/${id}/trial`)).json()
  expect(trial).toMatchObject({
    isRight: true,
    email: 'proef@bureau.example',
    groups: ['a', 'b'],
    amr: ['pwd', 'mfa'],
    acr: 'urn:example:two-factors',
    isSecondFactorProven: true,
  })
  const listed = await admin.call('GET', '/api/identity-providers')
  expect(listed.body + (await admin.call('GET', '/api/openapi.json')).body).not.toContain(
    'a-secret-of-forty',
  )
})

test('with a wrong secret the trial says that it is the secret', async () => {
  const { settings, rowVersion } = await known()
  await switchTo(id, false)
  const edited = await admin.call('PATCH', `/api/identity-providers/${id}`, {
    rowVersion: rowVersion + 1,
    settings,
    clientSecret: 'not the secret',
  })
  expect(edited.json().items[0].isTried).toBe(false)
  await expect(tryAndSwitchOn(kluis, admin, id, 'proef')).rejects.toThrow(
    /try-first.*"why":"client-refused"/,
  )
  await admin.call('PATCH', `/api/identity-providers/${id}`, {
    rowVersion: (await known()).rowVersion,
    settings,
    clientSecret: CLIENT_SECRET,
  })
  await tryAndSwitchOn(kluis, admin, id, 'proef')
})

async function signInOwn({ email, password, totpSecret }: Caller, shift: number): Promise<number> {
  const first = await kluis.send('POST', '/api/sign-in', { email, password })
  const pending = { 'kluis-pending': cookie(first, 'kluis-pending') }
  const code = { code: codeNow(totpSecret, shift) }
  return (await kluis.send('POST', '/api/sign-in/totp', code, pending)).statusCode
}

test('where all must come by the provider, own factors are refused, but for emergency access', async () => {
  const ann = await kluis.colleague(admin, 'sales', admin.teamId)
  const device = await addPasskey(ann)
  const byPasskey = async (passkey: SoftwareAuthenticator) => {
    const options = await kluis.send('POST', '/api/sign-in/passkey/options')
    return kluis.send(
      'POST',
      '/api/sign-in/passkey',
      { credential: passkey.signIn(options.json()) },
      { 'kluis-pending': cookie(options, 'kluis-pending') },
    )
  }
  expect((await byPasskey(device)).statusCode).toBe(200)
  const invited = await admin.call('POST', '/api/invites', {
    ...{ email: 'langs@bureau.example', name: 'Langs', roleId: 'sales', teamId: admin.teamId },
  })
  const joinPath = `/api/join/${new URL(invited.json().link).pathname.split('/')[2]}`
  const join = () =>
    kluis.send('POST', joinPath, { name: 'Langs', password: ann.password, language: 'nl' })
  const early = await join()
  // An administrator among the exempt, but without a passkey, is no way back.
  const spare = await kluis.colleague(admin, 'administrator', admin.teamId)
  const noWay = { isRequired: true, exemptUserIds: [spare.userId] }
  expect(why(await changeProvider(admin, id, noWay))).toBe('provider-not-right no-way-back')
  await admin.call('PATCH', `/api/users/${spare.userId}`, { roleId: 'sales' })
  const exempt = { isRequired: true, exemptUserIds: [admin.userId] }
  const key = await addPasskey(admin)
  expect((await changeProvider(admin, id, exempt)).statusCode).toBe(200)

  expect((await byPasskey(device)).json()).toMatchObject({
    code: 'sign-in-elsewhere',
    detail: { provider: 'Aanbieder', providerId: id },
  })
  const { email, password, totpSecret } = ann
  const first = await kluis.send('POST', '/api/sign-in', { email, password })
  // The same as ever until both were right: a stranger learns nothing.
  expect(first.json()).toEqual({ next: 'totp' })
  const pending = { 'kluis-pending': cookie(first, 'kluis-pending') }
  const code = { code: codeNow(totpSecret, 1) }
  const second = await kluis.send('POST', '/api/sign-in/totp', code, pending)
  expect(second.json().code).toBe('sign-in-elsewhere')
  expect(second.cookies.map(({ name }) => name)).not.toContain('kluis')
  expect((await byPasskey(key)).statusCode).toBe(200)

  // An invitation is no way around it either.
  const late = await kluis.send(
    'POST',
    '/api/enrol/totp',
    { code: codeNow(early.json().totp.secret) },
    { 'kluis-pending': cookie(early, 'kluis-pending') },
  )
  expect(late.json().code).toBe('sign-in-elsewhere')
  expect((await join()).json().code).toBe('sign-in-elsewhere')
  // But whoever the provider itself sent to enrol a factor gets in with it.
  const came = await signInBy(kluis, id, person('verplicht', { amr: ['pwd'] }))
  const joined = await kluis.send('POST', `/api${ledTo(came)}`, {
    ...{ name: 'Verplicht', password, language: 'nl' },
  })
  const done = await kluis.send(
    'POST',
    '/api/enrol/totp',
    { code: codeNow(joined.json().totp.secret) },
    { 'kluis-pending': cookie(joined, 'kluis-pending') },
  )
  expect(done.statusCode).toBe(200)

  // Emergency access that broke since does not shut the house: every administrator has it then, and nobody else.
  await kluis.admin.query('delete from kluis_auth.passkey where user_id = $1', [admin.userId])
  const { rows } = await kluis.admin.query(
    `select id from kluis.user_account where role_id = 'administrator' and id <> $1`,
    [admin.userId],
  )
  expect(rows).toEqual([])
  expect((await known()).isWayBackMissing).toBe(true)
  expect(await signInOwn(admin, 1)).toBe(200)
  expect((await byPasskey(device)).json().code).toBe('sign-in-elsewhere')
  await changeProvider(admin, id, { isRequired: false, exemptUserIds: [] })
})

test('the last administrator and emergency access keep their role, whatever the groups say', async () => {
  const groups = [{ group: 'crm-sales', roleId: 'sales', teamId: admin.teamId }]
  const login = person('baas', { email: 'baas@bureau.example', groups: ['crm-sales'] })
  const { user } = await sessionOf(await signInBy(kluis, id, login))
  const roleOf = async () =>
    (await kluis.admin.query('select role_id from kluis.user_account where id = $1', [user.id]))
      .rows[0].role_id
  const others = `update kluis.user_account set status = $1, row_version = row_version + 1 where role_id = 'administrator' and id <> '${user.id}'`
  await changeProvider(admin, id, { groups, exemptUserIds: [user.id] })
  await admin.call('PATCH', `/api/users/${user.id}`, { roleId: 'administrator' })
  await signInBy(kluis, id, login)
  expect(await roleOf()).toBe('administrator')
  await changeProvider(admin, id, { exemptUserIds: [] })
  await kluis.admin.query(others, ['disabled'])
  await signInBy(kluis, id, login)
  expect(await roleOf()).toBe('administrator')
  await kluis.admin.query(others, ['active'])
  // Whoever was shut out begins anew.
  admin.token = (await kluis.signInAgain(admin)).token
  await signInBy(kluis, id, login)
  expect(await roleOf()).toBe('sales')
  await changeProvider(admin, id, { groups: [] })
})

test.each<[string, object, string]>([
  ['a domain of everybody, with new colleagues made', { domains: ['gmail.com'] }, 'public-domain'],
  ['new colleagues and no role for them', { everyoneElse: null }, 'no-role-for-new'],
])('a provider is not set up with %s', async (_, more, reason) => {
  const settings = settingsOf(theirs.issuer, admin.teamId, { domains: ['nog.example'], ...more })
  const body = { settings, clientSecret: CLIENT_SECRET }
  expect(why(await admin.call('POST', '/api/identity-providers', body))).toBe(
    `provider-not-right ${reason}`,
  )
})

test('who may not manage colleagues sets up no provider, though they manage the organisation', async () => {
  await kluis.admin.query(
    `insert into kluis.role_permission values ('manager', 'organisation:manage')`,
  )
  const manager = await kluis.colleague(admin, 'manager', admin.teamId)
  for (const answer of [
    await manager.call('GET', '/api/identity-providers'),
    await manager.call('POST', '/api/identity-providers', {
      settings: settingsOf(theirs.issuer, admin.teamId),
      clientSecret: CLIENT_SECRET,
    }),
    await manager.call('POST', `/api/identity-providers/${id}/scim-tokens`, { days: 1 }),
    await manager.call('DELETE', `/api/identity-providers/${id}`),
  ])
    expect(answer.json().code).toBe('not-allowed')
})

test('what is done with a provider stands in the ledger, by name of who did it', async () => {
  const { rows } = await kluis.admin.query(
    `select distinct purpose, actor_id from kluis_ledger.outbox where action = 'event' and purpose like 'provider-%'`,
  )
  const by = (purpose: string) =>
    rows.filter((row) => row.purpose === purpose).map(({ actor_id }) => actor_id)
  for (const done of ['added', 'changed', 'switched-on', 'switched-off', 'removed'])
    expect([done, by(`provider-${done}`)]).toEqual([done, [admin.userId]])
  for (const met of ['linked', 'refused', 'asked-factor', 'made-colleague'])
    expect([met, by(`provider-${met}`)]).toEqual([met, [null]])
})
