/** Ways into an account by guessing, stealing, copying and talking. What is tried at one factor alone stands beside its code. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { confirmsWith, grantAhead } from '../support/grants.ts'
import { type Caller, codeNow, cookie, openTestKluis, type TestKluis } from '../support/kluis.ts'
import { type Ceremony, SoftwareAuthenticator } from '../support/software-authenticator.ts'

const REASON = 'telefoon kwijt, gebeld en herkend'

let kluis: TestKluis
let bea: Caller
let cas: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp()
  cas = await kluis.colleague(bea, 'administrator', bea.teamId)
})
afterAll(() => kluis.close())
beforeEach(() => kluis.admin.query('delete from kluis_auth.attempt'))

const newColleague = (roleId = 'sales') => kluis.colleague(bea, roleId, bea.teamId)
const from = (address: string, url: string, payload: object, cookies = {}) =>
  kluis.app.http.inject({
    method: 'POST',
    url,
    payload,
    headers: { 'x-forwarded-for': address },
    cookies,
  })
const password = (person: Caller, address = '127.0.0.1') =>
  from(address, '/api/sign-in', { email: person.email, password: person.password })
const ask = (by: Caller, whom: Caller) =>
  by.call('POST', `/api/users/${whom.userId}/reset-factor`, { reason: REASON })
const join = (link: string, code?: string) =>
  kluis.send('POST', `/api/join/${new URL(link).pathname.split('/')[2]}`, {
    name: 'Wie Ook',
    password: 'paard batterij nietje correct',
    language: 'nl',
    ...(code ? { code } : {}),
  })
const isSignedIn = async (token: string) =>
  (await kluis.send('GET', '/api/session', undefined, { kluis: token })).statusCode === 200

async function rulesEdit(roleId: string, change: object) {
  const { items } = (await bea.call('GET', '/api/sign-in-rules')).json()
  const {
    roleId: _,
    lacking: __,
    ...own
  } = items.find((one: { roleId: string }) => one.roleId === roleId)
  return { url: `/api/sign-in-rules/${roleId}`, body: { ...own, ...change } }
}
async function rules(roleId: string, change: object) {
  const { url, body } = await rulesEdit(roleId, change)
  return bea.call('PATCH', url, body)
}
/** Who confirmed what they do with a passkey that the test gave them has none any more. */
const takePasskeys = (person: Caller) =>
  kluis.admin.query(`delete from kluis_auth.passkey where user_id = $1 and name = 'test'`, [
    person.userId,
  ])

async function addPasskey(person: Caller, device: SoftwareAuthenticator, ceremony?: Ceremony) {
  const options = await person.call('POST', '/api/passkeys/options')
  await takePasskeys(person)
  return kluis.send(
    'POST',
    '/api/passkeys',
    { name: 'Toestel', credential: device.register(options.json(), ceremony) },
    { kluis: person.token, 'kluis-pending': cookie(options, 'kluis-pending') },
  )
}
async function passkey(device: SoftwareAuthenticator, ceremony?: Ceremony) {
  const options = await kluis.send('POST', '/api/sign-in/passkey/options')
  return kluis.send(
    'POST',
    '/api/sign-in/passkey',
    { credential: device.signIn(options.json(), ceremony) },
    { 'kluis-pending': cookie(options, 'kluis-pending') },
  )
}

describe('guessed and bought passwords', () => {
  test('right passwords from a leak open nothing, each from a network of its own, and the owner still signs in', async () => {
    const people = [await newColleague(), await newColleague(), await newColleague()]
    for (const [at, one] of people.entries()) {
      const begun = await password(one, `198.18.${at}.1`)
      expect(begun.statusCode).toBe(200)
      const pending = { 'kluis-pending': cookie(begun, 'kluis-pending') }
      for (const code of ['000000', '123456', '999999']) {
        const tried = await from(`198.18.${at}.1`, '/api/sign-in/totp', { code }, pending)
        expect(tried.json().code).toBe('second-factor-wrong')
        expect(tried.cookies.map(({ name }) => name)).not.toContain('kluis')
      }
    }
    const owner = await password(people[0]!)
    const opened = await kluis.send(
      'POST',
      '/api/sign-in/totp',
      { code: codeNow(people[0]!.totpSecret, 1) },
      { 'kluis-pending': cookie(owner, 'kluis-pending') },
    )
    expect(opened.statusCode, opened.body).toBe(200)
  })

  test('one password on every account is slowed for the one who tries, and nobody else waits', async () => {
    const answers: number[] = []
    for (let i = 0; i < 60; i++)
      answers.push(
        (
          await from('203.0.113.9', '/api/sign-in', {
            email: `iemand${i}@bureau.example`,
            password: 'Zomer2026!Zomer',
          })
        ).statusCode,
      )
    expect(answers.slice(0, 50)).toEqual(Array(50).fill(401))
    expect(answers.slice(52)).toContain(429)
    expect((await password(bea)).statusCode).toBe(200)
  })
})

describe('a session in other hands', () => {
  test('a stolen cookie does nothing from another site, whatever the browser says of itself', async () => {
    const an = await newColleague()
    for (const headers of [
      { origin: 'https://kluis.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ] as Record<string, string>[]) {
      const answer = await kluis.app.http.inject({
        method: 'POST',
        url: '/api/sessions/sign-out-everywhere',
        headers,
        cookies: { kluis: an.token },
      })
      expect(answer.json().code).toBe('wrong-origin')
    }
    expect(await isSignedIn(an.token)).toBe(true)
  })

  test('a session from before a change of role, team or factor gives way to another, and soon opens nothing', async () => {
    const an = await newColleague()
    const other = await kluis.newTeam('Andere ploeg')
    const changes: (() => Promise<{ statusCode: number }>)[] = [
      () => bea.call('PATCH', `/api/users/${an.userId}`, { teamIds: [other] }),
      () => bea.call('PATCH', `/api/users/${an.userId}`, { roleId: 'support' }),
      () => an.call('POST', '/api/recovery-codes'),
    ]
    for (const change of changes) {
      const before = an.token
      expect((await change()).statusCode).toBe(200)
      const { rows } = await kluis.admin.query(
        'select created_at, expires_at from kluis_auth.session where user_id = $1 and replaced_at is null',
        [an.userId],
      )
      // What a page asks at once all ends well, and one answer brings the new token.
      const asked = await Promise.all([1, 2, 3].map(() => an.call('GET', '/api/session')))
      expect(asked.map((one) => one.statusCode)).toEqual([200, 200, 200])
      expect(asked.flatMap((one) => one.cookies).map(({ name }) => name)).toEqual(['kluis'])
      expect(an.token).not.toBe(before)
      const now = await kluis.admin.query(
        `select created_at, expires_at from kluis_auth.session where user_id = $1 and replaced_at is null`,
        [an.userId],
      )
      // It is the same session to everybody: one in the list, and no longer than it was.
      expect(now.rows).toEqual(rows)
      const left = await kluis.admin.query(
        `select max(expires_at) < now() + interval '31 seconds' as soon from kluis_auth.session
         where user_id = $1 and replaced_at is not null`,
        [an.userId],
      )
      expect(left.rows[0].soon).toBe(true)
      await kluis.admin.query(
        `update kluis_auth.session set expires_at = now() where user_id = $1 and replaced_at is not null`,
        [an.userId],
      )
      kluis.app.who.forgetAll()
      expect([await isSignedIn(before), await isSignedIn(an.token)]).toEqual([false, true])
    }
  })

  test('signing out ends what a rotation left for a moment too', async () => {
    const an = await newColleague()
    const before = an.token
    await an.call('POST', '/api/recovery-codes')
    await an.call('GET', '/api/session')
    expect(await isSignedIn(before)).toBe(true)
    await an.call('POST', '/api/sign-out')
    expect([await isSignedIn(before), await isSignedIn(an.token)]).toEqual([false, false])
  })
})

describe('passkeys that are not what the role asks', () => {
  test('where a role asks a passkey that stays on its device, nothing else signs in or is enrolled, and it says so only to the owner', async () => {
    const an = await newColleague('support')
    const [bound, copied] = [new SoftwareAuthenticator(), new SoftwareAuthenticator()]
    expect((await addPasskey(an, bound)).statusCode).toBe(201)
    expect((await addPasskey(an, copied, { sync: 'done' })).statusCode).toBe(201)
    expect((await rules('support', { asks: 'device-bound' })).statusCode).toBe(200)
    try {
      expect((await passkey(copied, { sync: 'done' })).json()).toMatchObject({
        code: 'factor-not-allowed',
        detail: { asks: 'device-bound' },
      })
      const begun = await password(an)
      const pending = { 'kluis-pending': cookie(begun, 'kluis-pending') }
      const guessed = await kluis.send('POST', '/api/sign-in/totp', { code: '000000' }, pending)
      expect(guessed.json().code).toBe('second-factor-wrong')
      const right = { code: codeNow(an.totpSecret, 1) }
      const refused = await kluis.send('POST', '/api/sign-in/totp', right, pending)
      expect(refused.json().code).toBe('factor-not-allowed')
      expect(refused.cookies.map(({ name }) => name)).not.toContain('kluis')
      const more = await addPasskey(an, new SoftwareAuthenticator(), { sync: 'able' })
      expect(more.json().code).toBe('factor-not-allowed')
      expect((await passkey(bound)).statusCode).toBe(200)
      // The one that counts stays, though there is another and a password.
      const list = (await an.call('GET', '/api/passkeys')).json().items
      const own = list.find((one: { maySync: boolean }) => !one.maySync)
      confirmsWith(an, bound)
      expect((await an.call('DELETE', `/api/passkeys/${own.id}`)).json().code).toBe('last-factor')
      // Whoever joins is held to the same.
      const invited = await bea.call('POST', '/api/invites', {
        email: 'nieuw@bureau.example',
        name: 'Nieuw',
        roleId: 'support',
        teamId: bea.teamId,
      })
      const joined = await join(invited.json().link)
      const enrolling = { 'kluis-pending': cookie(joined, 'kluis-pending') }
      const totp = await kluis.send(
        'POST',
        '/api/enrol/totp',
        { code: codeNow(joined.json().totp.secret) },
        enrolling,
      )
      expect(totp.json().code).toBe('factor-not-allowed')
      const options = await kluis.send('POST', '/api/enrol/passkey/options', {}, enrolling)
      expect(options.json().hints).toEqual(['security-key', 'client-device'])
      const enrolled = await kluis.send(
        'POST',
        '/api/enrol/passkey',
        { name: 'Sleutel', credential: new SoftwareAuthenticator().register(options.json()) },
        enrolling,
      )
      expect(enrolled.statusCode, enrolled.body).toBe(200)
    } finally {
      await rules('support', { asks: 'two-factors' })
    }
  })

  test('nobody shuts themselves out by what they ask of their own role', async () => {
    for (const asks of ['device-bound', 'passkey']) {
      const { url, body } = await rulesEdit('administrator', { asks })
      const grant = await grantAhead(kluis, bea, 'PATCH', url, body)
      await takePasskeys(bea)
      const answer = await kluis.send('PATCH', url, body, { kluis: bea.token }, grant)
      expect(answer.json().code).toBe('factor-not-allowed')
    }
  })

  test('a passkey that was bound to its device and now says it may be copied is another one', async () => {
    const an = await newColleague()
    const device = new SoftwareAuthenticator()
    await addPasskey(an, device)
    expect((await passkey(device, { sync: 'able' })).json().code).toBe('wrong-credentials')
    expect((await passkey(device)).statusCode).toBe(200)
  })

  test('whether a passkey was copied is as the device said last, and shown to its owner', async () => {
    const an = await newColleague()
    const device = new SoftwareAuthenticator()
    await addPasskey(an, device, { sync: 'able' })
    const shown = async () => (await an.call('GET', '/api/passkeys')).json().items[0]
    expect(await shown()).toMatchObject({ maySync: true, isSynced: false })
    expect((await passkey(device, { sync: 'done' })).statusCode).toBe(200)
    expect(await shown()).toMatchObject({ maySync: true, isSynced: true })
  })
})

describe('talked into it', () => {
  test('whoever got the link alone gets nowhere, and guessing the code is slowed', async () => {
    const an = await newColleague()
    const { kind, link, code } = (await ask(bea, an)).json()
    expect(kind).toBe('done')
    expect((await join(link)).json().code).toBe('second-factor-wrong')
    const answers = []
    for (let i = 0; i < 8; i++) answers.push((await join(link, `aaaaa-bbbb${i}`)).statusCode)
    expect(answers).toContain(429)
    await kluis.admin.query('delete from kluis_auth.attempt')
    // Who was told to wait is told so from memory for a second.
    await expect
      .poll(async () => (await join(link, code.toUpperCase())).statusCode, { timeout: 10_000 })
      .toBe(200)
  })

  test('no administrator alone gets a fellow administrator’s account: one holds the link, the other the code', async () => {
    const dirk = await newColleague('administrator')
    const asked = await ask(bea, dirk)
    expect(asked.json()).toEqual({ kind: 'asked' })
    // Until a second agrees nothing changed for the one it is about, who hears of it and can stop it.
    expect(await isSignedIn(dirk.token)).toBe(true)
    const seen = (await dirk.call('GET', '/api/notifications')).json().items
    expect(seen.map((one: { kind: string }) => one.kind)).toContain('recovery-asked')
    const open = async (by: Caller) => (await by.call('GET', '/api/recoveries')).json().items
    const [mine] = await open(bea)
    expect(mine).toMatchObject({ userId: dirk.userId, mayAgree: false, code: null, reason: REASON })
    for (const one of [bea, dirk])
      expect((await one.call('POST', `/api/recoveries/${mine.id}/agree`)).json().code).toBe(
        'not-allowed',
      )
    expect((await ask(bea, dirk)).json().code).toBe('already-done')
    const agreed = await cas.call('POST', `/api/recoveries/${mine.id}/agree`)
    expect(agreed.statusCode, agreed.body).toBe(200)
    expect(await isSignedIn(dirk.token)).toBe(false)
    const { link } = agreed.json()
    expect((await join(link)).json().code).toBe('second-factor-wrong')
    expect((await open(cas))[0]).toMatchObject({ state: 'agreed', code: null })
    const { code } = (await open(bea))[0]
    const begun = await join(link, code)
    expect(begun.statusCode, begun.body).toBe(200)
    const enrolled = await kluis.send(
      'POST',
      '/api/enrol/totp',
      { code: codeNow(begun.json().totp.secret) },
      { 'kluis-pending': cookie(begun, 'kluis-pending') },
    )
    expect(enrolled.statusCode).toBe(200)
    expect(await open(bea)).toEqual([])
  })

  test('the one it is about stops it, and a link that was agreed to can be stopped too', async () => {
    const dirk = await newColleague('administrator')
    const open = async () => (await bea.call('GET', '/api/recoveries')).json().items[0]
    await ask(bea, dirk)
    const first = await open()
    const an = await newColleague()
    expect((await an.call('DELETE', `/api/recoveries/${first.id}`)).statusCode).toBe(404)
    expect((await dirk.call('GET', '/api/recoveries')).json().items[0].reason).toBe(REASON)
    expect((await dirk.call('DELETE', `/api/recoveries/${first.id}`)).statusCode).toBe(200)
    expect((await cas.call('POST', `/api/recoveries/${first.id}/agree`)).statusCode).toBe(404)
    expect(await isSignedIn(dirk.token)).toBe(true)
    await ask(bea, dirk)
    const second = await open()
    const { link } = (await cas.call('POST', `/api/recoveries/${second.id}/agree`)).json()
    const { code } = await open()
    expect((await bea.call('DELETE', `/api/recoveries/${second.id}`)).statusCode).toBe(200)
    expect((await join(link, code)).json().code).toBe('link-used')
  })

  test('PostgreSQL itself keeps the two apart, whoever the program says it is', async () => {
    const dirk = await newColleague('administrator')
    await ask(bea, dirk)
    const agree = (token: string) =>
      kluis.admin
        .query(`select set_config('kluis.session', $1, false)`, [token])
        .then(() =>
          kluis.admin.query(
            `update kluis_auth.recovery set state = 'agreed', row_version = row_version + 1, decided_by = $1,
               invite_id = (select id from kluis_auth.invite limit 1) where state = 'asked' and user_id = $2`,
            [cas.userId, dirk.userId],
          ),
        )
        .then(
          ({ rowCount }) => rowCount,
          (error: { code: string }) => error.code,
        )
    try {
      // The name of another is written over by that of the session's owner.
      expect([await agree(bea.token), await agree(dirk.token), await agree('')]).toEqual([
        '23514',
        '23514',
        '42501',
      ])
    } finally {
      await kluis.admin.query(`select set_config('kluis.session', '', false)`)
    }
  })

  test('a role may ask two for everybody, and the operator on the host is the second where there is none', async () => {
    expect((await rules('sales', { recoveredBy: 2 })).statusCode).toBe(200)
    const an = await newColleague()
    expect((await ask(bea, an)).json()).toEqual({ kind: 'asked' })
    await rules('sales', { recoveredBy: 1 })
    await kluis.admin.query(
      `update kluis.user_account set status = 'disabled', row_version = row_version + 1 where role_id = 'administrator' and id <> $1`,
      [bea.userId],
    )
    try {
      const dirk = await newColleague('administrator')
      expect((await ask(bea, dirk)).json().code).toBe('second-needed')
      const onHost = await kluis.app.signIn.resetFactor(dirk.userId, null, REASON, new Date())
      expect(onHost.kind).toBe('done')
    } finally {
      await kluis.admin.query(
        `update kluis.user_account set status = 'active', row_version = row_version + 1 where id = $1`,
        [cas.userId],
      )
    }
  })
})

test('a session that is planted, widened or moved to a program by whoever writes rows opens nothing', async () => {
  const an = await newColleague()
  const planted = kluis.admin.query(
    `insert into kluis_auth.session (token_hash, user_id, kind, factor, idle_seconds, expires_at, address_ranges)
     values ($1, $2, 'program', 'api-key', 1000, now() + interval '1 day', '{0.0.0.0/0}')`,
    [randomBytes(32), an.userId],
  )
  await expect(planted).rejects.toThrow('a program has sessions of its own kind')
})
