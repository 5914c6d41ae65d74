import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Caller,
  codeNow,
  cookie,
  type Method,
  openTestKluis,
  type TestKluis,
} from '../../../tests/support/kluis.ts'

let kluis: TestKluis
let administrator: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  administrator = await kluis.setUp()
})
afterAll(() => kluis.close())

const half = (person: Caller, address = '127.0.0.1', cookies: Record<string, string> = {}) =>
  kluis.app.http.inject({
    method: 'POST',
    url: '/api/sign-in',
    payload: { email: person.email, password: person.password },
    headers: { 'x-forwarded-for': address },
    cookies,
  })
const second = (pending: string, code: string, way: 'totp' | 'recovery' = 'totp') =>
  kluis.send('POST', `/api/sign-in/${way}`, { code }, { 'kluis-pending': pending })
const newColleague = (roleId = 'sales') =>
  kluis.colleague(administrator, roleId, administrator.teamId)

describe('no session without a second factor', () => {
  test('with half a sign-in every address of the program answers as to a stranger', async () => {
    const begun = await half(administrator)
    const pending = cookie(begun, 'kluis-pending')
    const closed = kluis.app.routes.filter((route) => route.kind !== 'open')
    expect(closed.length).toBeGreaterThan(30)
    for (const route of closed) {
      const url = route.path.replace(/:\w+/g, '00000000-0000-4000-8000-000000000000')
      for (const cookies of [{ 'kluis-pending': pending }, { kluis: pending }, {}] as Record<
        string,
        string
      >[]) {
        const answer = await kluis.send(
          route.method as Method,
          url,
          route.method === 'GET' ? undefined : {},
          cookies,
        )
        expect(`${route.method} ${route.path} ${answer.statusCode}`).toBe(
          `${route.method} ${route.path} 401`,
        )
        expect(answer.cookies).toEqual([])
      }
    }
  })

  test('a password of ten years ago signs in as one of today, and nothing asks for another', async () => {
    const person = await newColleague()
    await kluis.admin.query(
      `update kluis_auth.password set created_at = now() - interval '10 years', row_version = row_version + 1 where user_id = $1`,
      [person.userId],
    )
    expect((await half(person)).json()).toEqual({ next: 'totp' })
    await kluis.signInAgain(person)
  })

  test('only these addresses answer without a session', async () => {
    const open = kluis.app.routes.filter((route) => route.kind === 'open')
    // Those of a directory ask for a token of their own.
    const ofDirectory = open.filter(({ path }) => path.startsWith('/api/scim/v2/'))
    for (const { method, path } of ofDirectory) {
      const { statusCode } = await kluis.send(method as 'GET', path.replace(':id', 'x'))
      expect([method, path, statusCode]).toEqual([method, path, 401])
    }
    const others = open.filter((route) => !ofDirectory.includes(route))
    expect(others.map((route) => `${route.method} ${route.path}`).sort()).toEqual([
      'GET /api/health',
      'GET /api/join/:token',
      'GET /api/set-up',
      'GET /api/sign-in/provider/:id/callback',
      'GET /api/sign-in/provider/half-way',
      'POST /api/enrol/passkey',
      'POST /api/enrol/passkey/options',
      'POST /api/enrol/totp',
      'POST /api/join/:token',
      'POST /api/set-up',
      'POST /api/sign-in',
      'POST /api/sign-in/passkey',
      'POST /api/sign-in/passkey/options',
      'POST /api/sign-in/provider/begin',
      'POST /api/sign-in/provider/find',
      'POST /api/sign-in/provider/passkey',
      'POST /api/sign-in/provider/passkey/options',
      'POST /api/sign-in/provider/password',
      'POST /api/sign-in/provider/recovery',
      'POST /api/sign-in/provider/totp',
      'POST /api/sign-in/recovery',
      'POST /api/sign-in/totp',
    ])
  })

  test('an enrolment that stops before its second factor stores nothing', async () => {
    const count = async () =>
      (await kluis.admin.query('select count(*)::int as n from kluis_auth.password')).rows[0].n
    const before = await count()
    const invited = await administrator.call('POST', '/api/invites', {
      email: 'halverwege@bureau.example',
      name: 'Half Weg',
      roleId: 'sales',
      teamId: administrator.teamId,
    })
    const token = new URL(invited.json().link).pathname.split('/')[2]
    const begun = await kluis.send('POST', `/api/join/${token}`, {
      name: 'Half Weg',
      password: 'paard batterij nietje correct',
      language: 'nl',
    })
    expect(begun.statusCode).toBe(200)
    expect(await count()).toBe(before)
    const tried = await kluis.send('POST', '/api/sign-in', {
      email: 'halverwege@bureau.example',
      password: 'paard batterij nietje correct',
    })
    expect(tried.json().code).toBe('wrong-credentials')
  })
})

describe('one-time codes', () => {
  test('of two requests with one code at once, one gets a session', async () => {
    const an = await newColleague()
    const pendings = await Promise.all([half(an), half(an)])
    const code = codeNow(an.totpSecret, 1)
    const answers = await Promise.all(
      pendings.map((begun) => second(cookie(begun, 'kluis-pending'), code)),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 401])
  })

  test('a code of two steps away is refused', async () => {
    const an = await newColleague()
    const pending = cookie(await half(an), 'kluis-pending')
    for (const step of [-3, 3])
      expect((await second(pending, codeNow(an.totpSecret, step))).json().code).toBe(
        'second-factor-wrong',
      )
  })

  test('half a sign-in allows five tries, then the password is asked again', async () => {
    const an = await newColleague()
    // A right answer gives its try back, so the rate limit does not answer before the count does.
    const pending = cookie(await half(an), 'kluis-pending')
    for (let i = 0; i < 5; i++) {
      expect((await second(pending, 'geen code')).json().code).toBe('second-factor-wrong')
      await kluis.admin.query('delete from kluis_auth.attempt')
    }
    expect((await second(pending, codeNow(an.totpSecret, 1))).json().code).toBe('sign-in-expired')
  })

  test('of two requests with one recovery code at once, one wins, and the code is spent', async () => {
    const an = await newColleague()
    const codes = (await an.call('POST', '/api/recovery-codes')).json().recoveryCodes as string[]
    expect(new Set(codes).size).toBe(10)
    const pendings = await Promise.all([half(an), half(an)])
    const answers = await Promise.all(
      pendings.map((begun) => second(cookie(begun, 'kluis-pending'), codes[0]!, 'recovery')),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 401])
    const again = await second(cookie(await half(an), 'kluis-pending'), codes[0]!, 'recovery')
    expect(again.json().code).toBe('second-factor-wrong')
  })

  test('a new app takes the place of the old one once it gave a code, for whoever began that themselves', async () => {
    const an = await newColleague()
    const begun = await an.call('POST', '/api/totp/options')
    const { secret } = begun.json().totp as { secret: string }
    const replace = (by: Caller, code: string) =>
      kluis.send(
        'POST',
        '/api/totp',
        { code },
        { kluis: by.token, 'kluis-pending': cookie(begun, 'kluis-pending') },
      )
    const signedIn = async (totpSecret: string) => {
      await kluis.admin.query('delete from kluis_auth.attempt')
      const pending = cookie(await half(an), 'kluis-pending')
      return (await second(pending, codeNow(totpSecret, 1))).statusCode
    }
    expect((await replace(an, codeNow(an.totpSecret))).json().code).toBe('second-factor-wrong')
    const other = await newColleague()
    expect((await replace(other, codeNow(secret))).json().code).toBe('sign-in-expired')
    expect(await signedIn(secret)).toBe(401)
    expect((await replace(an, codeNow(secret))).statusCode).toBe(200)
    expect((await replace(an, codeNow(secret, 1))).json().code).toBe('sign-in-expired')
    expect(await signedIn(an.totpSecret)).toBe(401)
    expect(await signedIn(secret)).toBe(200)
    const { rows } = await kluis.admin.query(
      "select id from kluis_ledger.outbox where purpose = 'totp-replaced'",
    )
    expect(rows).toHaveLength(1)
  })

  test('new recovery codes put an end to the old ones, and no stored byte shows a code', async () => {
    const an = await newColleague()
    const old = (await an.call('POST', '/api/recovery-codes')).json().recoveryCodes as string[]
    const fresh = (await an.call('POST', '/api/recovery-codes')).json().recoveryCodes as string[]
    const tried = await second(cookie(await half(an), 'kluis-pending'), old[0]!, 'recovery')
    expect(tried.json().code).toBe('second-factor-wrong')
    const { rows } = await kluis.admin.query('select code_hash from kluis_auth.recovery_code')
    const stored = Buffer.concat(rows.map((row) => row.code_hash)).toString('latin1')
    expect(stored.includes(fresh[0]!.slice(0, 5))).toBe(false)
    const opened = await second(
      cookie(await half(an), 'kluis-pending'),
      ` ${fresh[0]!.toUpperCase().replace('-', ' ')} `,
      'recovery',
    )
    expect(opened.statusCode).toBe(200)
  })
})

describe('no account is given away', () => {
  test('unknown address, wrong password, disabled, invited and passwordless: the same bytes', async () => {
    const [disabled, passwordless] = [await newColleague(), await newColleague()]
    await administrator.call('PATCH', `/api/users/${disabled.userId}`, { status: 'disabled' })
    await kluis.admin.query('delete from kluis_auth.password where user_id = $1', [
      passwordless.userId,
    ])
    await administrator.call('POST', '/api/invites', {
      email: 'genodigd@bureau.example',
      name: 'Ge Nodigd',
      roleId: 'sales',
      teamId: administrator.teamId,
    })
    const answers = []
    for (const [email, password] of [
      ['niemand@bureau.example', 'fout wachtwoord'],
      [administrator.email, 'fout wachtwoord'],
      [disabled.email, disabled.password],
      [passwordless.email, passwordless.password],
      ['genodigd@bureau.example', 'fout wachtwoord'],
    ]) {
      const answer = await kluis.send('POST', '/api/sign-in', { email, password })
      const { date: _, ...headers } = answer.headers
      answers.push({ status: answer.statusCode, headers, body: answer.body })
    }
    expect(answers[0]!.status).toBe(401)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('an unknown address takes about as long as a known one', async () => {
    let an = await newColleague()
    // The quickest of several, taken in turns: a busy machine only ever adds. Where the hashing is left out for
    // one of the two, no number of tries brings them together.
    const quickest = { known: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
    const isAlike = () =>
      quickest.unknown > quickest.known / 2 && quickest.unknown < quickest.known * 2
    for (let i = 0; i < 60 && (i < 5 || !isAlike()); i++) {
      // One account answers twenty wrong tries from strangers.
      if (i % 15 === 14) an = await newColleague()
      for (const who of ['known', 'unknown'] as const) {
        const email = who === 'known' ? an.email : `niemand${i}@bureau.example`
        const begun = performance.now()
        const answer = await kluis.app.http.inject({
          method: 'POST',
          url: '/api/sign-in',
          payload: { email, password: 'fout wachtwoord' },
          headers: { 'x-forwarded-for': `198.18.${i}.1` },
        })
        quickest[who] = Math.min(quickest[who], performance.now() - begun)
        expect(answer.statusCode).toBe(401)
      }
    }
    const { known, unknown } = quickest
    expect(unknown).toBeGreaterThan(known / 2)
    expect(unknown).toBeLessThan(known * 2)
  })
})

describe('sessions', () => {
  test('a token that was there before signing in is never the one that works after it', async () => {
    const an = await newColleague()
    const planted = randomBytes(32).toString('base64url')
    const begun = await half(an, '127.0.0.1', { kluis: planted, 'kluis-device': planted })
    const opened = await kluis.send(
      'POST',
      '/api/sign-in/totp',
      { code: codeNow(an.totpSecret, 1) },
      {
        'kluis-pending': cookie(begun, 'kluis-pending'),
        kluis: planted,
        'kluis-device': planted,
      },
    )
    expect(cookie(opened, 'kluis')).not.toBe(planted)
    expect(cookie(opened, 'kluis-device')).not.toBe(planted)
    expect(
      (await kluis.send('GET', '/api/session', undefined, { kluis: planted })).statusCode,
    ).toBe(401)
    const again = await kluis.send(
      'POST',
      '/api/sign-in/totp',
      { code: codeNow(an.totpSecret, 2) },
      { 'kluis-pending': cookie(begun, 'kluis-pending') },
    )
    expect(again.json().code).toBe('sign-in-expired')
  })

  test('the cookies are out of reach of scripts and other sites', async () => {
    const an = await newColleague()
    const begun = await half(an)
    const opened = await second(cookie(begun, 'kluis-pending'), codeNow(an.totpSecret, 1))
    for (const one of [...begun.cookies, ...opened.cookies])
      expect(one).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
    const ends = opened.cookies.find((one) => one.name === 'kluis')!.expires!.getTime()
    expect((ends - Date.now()) / 3600_000).toBeGreaterThan(11.9)
    expect((ends - Date.now()) / 3600_000).toBeLessThan(12.1)
  })

  test('one shows and ends the own sessions, and a foreign one does not exist', async () => {
    const [an, bo] = [await newColleague(), await newColleague()]
    const begun = await half(an)
    const opened = await second(cookie(begun, 'kluis-pending'), codeNow(an.totpSecret, 1))
    const other = cookie(opened, 'kluis')
    const list = (await an.call('GET', '/api/sessions')).json().items
    expect(list).toHaveLength(2)
    expect(list.filter((one: { isThis: boolean }) => one.isThis)).toHaveLength(1)
    const otherId = list.find((one: { isThis: boolean }) => !one.isThis).id
    expect((await bo.call('DELETE', `/api/sessions/${otherId}`)).statusCode).toBe(404)
    expect((await an.call('DELETE', `/api/sessions/${otherId}`)).statusCode).toBe(200)
    expect((await kluis.send('GET', '/api/session', undefined, { kluis: other })).statusCode).toBe(
      401,
    )
    expect((await an.call('GET', '/api/sessions')).json().items).toHaveLength(1)
  })

  test('signing out everywhere ends them all at once', async () => {
    const an = await newColleague()
    const begun = await half(an)
    const opened = await second(cookie(begun, 'kluis-pending'), codeNow(an.totpSecret, 1))
    await an.call('POST', '/api/sessions/sign-out-everywhere')
    for (const token of [an.token, cookie(opened, 'kluis')])
      expect(
        (await kluis.send('GET', '/api/session', undefined, { kluis: token })).statusCode,
      ).toBe(401)
  })

  test('a session that idled is gone from the list too', async () => {
    const an = await newColleague()
    await half(an)
    await kluis.admin.query(
      `insert into kluis_auth.session (token_hash, user_id, kind, factor, idle_seconds, expires_at, last_seen_at)
       values ($1, $2, 'user', 'passkey', 5400, now() + interval '1 hour', now() - interval '91 minutes')`,
      [randomBytes(32), an.userId],
    )
    expect((await an.call('GET', '/api/sessions')).json().items).toHaveLength(1)
  })

  test('the stamp of last use moves at most once a minute, and only for what somebody does', async () => {
    const an = await newColleague()
    const stamp = async () =>
      (
        await kluis.admin.query(`select last_seen_at from kluis_auth.session where user_id = $1`, [
          an.userId,
        ])
      ).rows[0].last_seen_at.getTime()
    const first = await stamp()
    await an.call('GET', '/api/session')
    expect(await stamp()).toBe(first)
    await kluis.admin.query(
      `update kluis_auth.session set last_seen_at = now() - interval '2 minutes' where user_id = $1`,
      [an.userId],
    )
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    // What a screen asks by itself is no sign that somebody is there.
    await an.call('GET', '/api/notifications/unread')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await stamp()).toBeLessThan(Date.now() - 60_000)
    await an.call('GET', '/api/session')
    await expect.poll(stamp).toBeGreaterThan(Date.now() - 60_000)
  })
})

test('a changed password ends the other sessions and asks for the current one', async () => {
  const an = await newColleague()
  const begun = await half(an)
  const opened = await second(cookie(begun, 'kluis-pending'), codeNow(an.totpSecret, 1))
  const wrong = await an.call('POST', '/api/password', {
    currentPassword: 'iets anders',
    password: 'een heel nieuw wachtwoord',
  })
  expect(wrong.json().code).toBe('wrong-credentials')
  const changed = await an.call('POST', '/api/password', {
    currentPassword: an.password,
    password: 'een heel nieuw wachtwoord',
  })
  expect(changed.statusCode).toBe(200)
  expect((await an.call('GET', '/api/session')).statusCode).toBe(200)
  expect(
    (await kluis.send('GET', '/api/session', undefined, { kluis: cookie(opened, 'kluis') }))
      .statusCode,
  ).toBe(401)
  expect((await half(an)).json().code).toBe('wrong-credentials')
  expect((await half({ ...an, password: 'een heel nieuw wachtwoord' })).statusCode).toBe(200)
})
