/** How long sessions last, who sees and ends them, and what their owner is told. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { openMail } from '#platform/mail.ts'
import { type Caller, codeNow, cookie, openTestKluis, type TestKluis } from './support/kluis.ts'
import { openMailbox } from './support/mailbox.ts'

let kluis: TestKluis
let box: Awaited<ReturnType<typeof openMailbox>>
let bea: Caller
let isRefusing = false
beforeAll(async () => {
  box = await openMailbox({
    onMailFrom: (_address, _session, done) =>
      isRefusing ? done(new Error('the disk of the mail server is full')) : done(),
  })
  const url = new Hidden(new URL(`smtp://127.0.0.1:${box.port}`))
  kluis = await openTestKluis({ mail: openMail({ url, from: 'kluis@bureau.example' }) })
  bea = await kluis.setUp()
})
afterAll(async () => {
  await kluis.close()
  await box.close()
})
beforeEach(async () => {
  await kluis.admin.query('delete from kluis_auth.attempt')
  await kluis.app.signIn.securityMails.sendDue()
  box.mails.length = 0
})

const newColleague = () => kluis.colleague(bea, 'sales', bea.teamId)
async function signIn(person: Caller, cookies: Record<string, string> = {}) {
  const headers = {
    'x-forwarded-for': '84.198.12.34',
    'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0',
  }
  await kluis.admin.query('update kluis_auth.totp set last_step = 0')
  const { email, password } = person
  const post = (url: string, payload: object, more: Record<string, string>) =>
    kluis.app.http.inject({
      method: 'POST',
      url,
      payload,
      headers,
      cookies: { ...cookies, ...more },
    })
  const begun = await post('/api/sign-in', { email, password }, {})
  const pending = { 'kluis-pending': cookie(begun, 'kluis-pending') }
  const opened = await post('/api/sign-in/totp', { code: codeNow(person.totpSecret) }, pending)
  expect(opened.statusCode, opened.body).toBe(200)
  return { token: cookie(opened, 'kluis'), device: cookie(opened, 'kluis-device') }
}
const change = async (roleId: string, edit: object) => {
  const { items } = (await bea.call('GET', '/api/sign-in-rules')).json()
  const {
    roleId: _,
    lacking: __,
    ...own
  } = items.find((one: { roleId: string }) => one.roleId === roleId)
  return bea.call('PATCH', `/api/sign-in-rules/${roleId}`, { ...own, ...edit })
}
const isSignedIn = async (token: string) => {
  kluis.app.who.forgetAll()
  return (await kluis.send('GET', '/api/session', undefined, { kluis: token })).statusCode === 200
}
const told = async (whom: Caller) =>
  (await whom.call('GET', '/api/notifications'))
    .json()
    .items.map((one: { kind: string }) => one.kind)

test('limits of a role hold for running sessions at once, and for nobody of another role', async () => {
  const an = await newColleague()
  const ago = (minutes: number, column: string) =>
    kluis.admin.query(
      `update kluis_auth.session set ${column} = now() - make_interval(mins => $1)`,
      [minutes],
    )
  await ago(20, 'last_seen_at')
  expect([await isSignedIn(an.token), await isSignedIn(bea.token)]).toEqual([true, true])
  await ago(20, 'last_seen_at')
  await kluis.app.signIn.changeRoleRules(
    'sales',
    { idleMinutes: 15, absoluteMinutes: 60, asks: 'two-factors', recoveredBy: 1, rowVersion: 0 },
    { userId: bea.userId, token: new Hidden(bea.token) },
    'administrator',
  )
  expect([await isSignedIn(an.token), await isSignedIn(bea.token)]).toEqual([false, true])

  const { token } = await signIn(an)
  const { rows } = await kluis.admin.query(
    `select idle_seconds, extract(epoch from expires_at - created_at)::int as lasts from kluis_auth.session
     where user_id = $1 order by created_at desc limit 1`,
    [an.userId],
  )
  expect(rows[0]).toEqual({ idle_seconds: 900, lasts: 3600 })
  await ago(50, 'created_at')
  await change('sales', { absoluteMinutes: 30 })
  expect(await isSignedIn(token)).toBe(false)
  await change('sales', { idleMinutes: 90, absoluteMinutes: 720 })
})

test('who signs in again ends the session that the browser had, and no other', async () => {
  const an = await newColleague()
  const elsewhere = await signIn(an)
  const before = await signIn(an)
  const after = await signIn(an, { kluis: before.token, 'kluis-device': before.device })
  expect(await isSignedIn(before.token)).toBe(false)
  expect(await isSignedIn(after.token)).toBe(true)
  expect(await isSignedIn(elsewhere.token)).toBe(true)
  // At a shared desk: whoever sits down takes the place of who sat there.
  const next = await newColleague()
  await signIn(next, { kluis: after.token })
  expect(await isSignedIn(after.token)).toBe(false)
})

test('whose factors were changed is told under the bell and by mail, in whose name it was', async () => {
  const an = await newColleague()
  await an.call('POST', '/api/recovery-codes')
  const body = { currentPassword: an.password, password: 'een heel nieuw wachtwoord 71' }
  expect((await an.call('POST', '/api/password', body)).statusCode).toBe(200)
  expect((await told(an)).filter((kind: string) => kind === 'factors-changed')).toHaveLength(2)
  expect(await told(bea)).not.toContain('factors-changed')
  await kluis.app.signIn.securityMails.sendDue()
  const isOwn = ({ to, text }: (typeof box.mails)[number]) =>
    to.includes(an.email) && text.includes('Waarmee je aanmeldt bij Kluis')
  await expect.poll(() => box.mails.filter(isOwn).length).toBe(2)
})

test('limits have bounds, a right of their own, and do not overwrite each other', async () => {
  const an = await newColleague()
  expect((await an.call('GET', '/api/sign-in-rules')).statusCode).toBe(403)
  for (const edit of [
    { idleMinutes: 4 },
    { idleMinutes: 481 },
    { absoluteMinutes: 1441 },
    { idleMinutes: 120, absoluteMinutes: 60 },
    { asks: 'nothing' },
  ])
    expect((await change('support', edit)).statusCode).toBe(422)
  const rules = { absoluteMinutes: 60, asks: 'two-factors', recoveredBy: 1, rowVersion: 0 }
  const both = await Promise.all(
    [30, 60].map((idleMinutes) =>
      bea.call('PATCH', '/api/sign-in-rules/support', { ...rules, idleMinutes }),
    ),
  )
  expect(both.map((one) => one.statusCode).sort()).toEqual([200, 409])
})

test('one’s sessions show device and part of the network, which no stored byte shows', async () => {
  const an = await newColleague()
  await signIn(an)
  const { items } = (await an.call('GET', '/api/sessions')).json()
  expect(items).toContainEqual(
    expect.objectContaining({
      place: '84.198.12.*',
      userAgent: expect.stringContaining('Firefox'),
      isThis: false,
    }),
  )
  const { rows } = await kluis.admin.query(
    `select string_agg(s::text, '') || (select string_agg(o::text, '') from kluis_ledger.outbox o) as text from kluis_auth.session s`,
  )
  expect(rows[0].text).not.toMatch(/84\.198|38342e3139382e/)
  // Moved to a colleague's session a place does not open.
  await kluis.admin.query(
    `update kluis_auth.session set place_sealed = (select place_sealed from kluis_auth.session where user_id = $1 limit 1)
     where user_id = $2`,
    [bea.userId, an.userId],
  )
  const moved = (await an.call('GET', '/api/sessions')).json().items
  expect(moved.map((one: { place: string }) => one.place)).toEqual(['', ''])
})

test('a sign-in from a new device is told at once by mail and under the bell, and from a known one not', async () => {
  const an = await newColleague()
  await kluis.admin.query(
    `insert into kluis.notification_mail (user_id, wish) values ($1, 'never')`,
    [an.userId],
  )
  const { device } = await signIn(an)
  await expect.poll(() => box.mails.length).toBe(1)
  expect(box.mails[0]).toMatchObject({ to: [an.email] })
  expect(box.mails[0]!.text).toContain('Nieuw toestel in Kluis')
  expect(box.mails[0]!.text).not.toMatch(/84\.198|Collega sales/)
  expect(await told(an)).toEqual(['new-device'])
  await signIn(an, { 'kluis-device': device })
  await kluis.app.signIn.securityMails.sendDue()
  expect(box.mails).toHaveLength(1)
  expect((await an.call('GET', '/api/notifications/unread')).json().unread).toBe(1)
  const { id } = (await an.call('GET', '/api/notifications')).json().items[0]
  await an.call('POST', '/api/notifications/read', { ids: [id] })
  expect(await told(an)).toEqual([])
})

test('a mail server that fails keeps nobody out, and the mail leaves once it works again', async () => {
  const an = await newColleague()
  isRefusing = true
  try {
    await signIn(an)
    await expect(kluis.app.signIn.securityMails.sendDue()).rejects.toThrow('disk')
  } finally {
    isRefusing = false
  }
  expect(await kluis.app.signIn.securityMails.sendDue()).toBe(1)
  expect(await kluis.app.signIn.securityMails.sendDue()).toBe(0)
  expect(box.mails).toHaveLength(1)
})

test('an administrator sees a colleague’s sessions and ends them all, which the ledger and the colleague are told', async () => {
  const [an, bo] = [await newColleague(), await newColleague()]
  const { token } = await signIn(an)
  const url = `/api/users/${an.userId}`
  expect((await bo.call('GET', `${url}/sessions`)).statusCode).toBe(403)
  expect((await bo.call('POST', `${url}/sign-out`)).statusCode).toBe(403)
  expect((await bea.call('GET', `${url}/sessions`)).json().items).toHaveLength(2)
  expect((await bea.call('POST', `${url}/sign-out`)).statusCode).toBe(200)
  expect([await isSignedIn(token), await isSignedIn(an.token)]).toEqual([false, false])
  const { rows } = await kluis.admin.query(
    `select actor_id from kluis_ledger.outbox where purpose = 'sessions-ended' and row_id = $1`,
    [an.userId],
  )
  expect(rows).toEqual([{ actor_id: bea.userId }])
  const back = await signIn(an)
  expect(await told(kluis.callerOf({ ...an, token: back.token }))).toContain('sessions-ended')
})

test('with a mail server the code of a recovery goes to the one it is for, and not to who resets', async () => {
  const an = await newColleague()
  const reset = await bea.call('POST', `/api/users/${an.userId}/reset-factor`, {
    reason: 'telefoon kwijt, gebeld en herkend',
  })
  expect(reset.json()).toMatchObject({ kind: 'done', code: null })
  await expect.poll(() => box.mails.length).toBe(2)
  const text = box.mails.map((one) => one.text).find((one) => one.includes('Je code'))!
  expect(text).not.toContain('/join/')
  const code = /^[2-9a-z]{5}-[2-9a-z]{5}/m.exec(text)![0]
  const path = `/api${new URL(reset.json().link).pathname}`
  const join = (more: object) =>
    kluis.send('POST', path, {
      name: 'An',
      password: 'paard batterij nietje correct',
      language: 'nl',
      ...more,
    })
  expect((await join({})).statusCode).toBe(401)
  expect((await join({ code })).statusCode).toBe(200)
})
