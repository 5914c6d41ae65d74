/** Who is mailed of what, through a real mail server: numbers, once, and nothing of a customer. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { openMail } from '#platform/mail.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'
import { openMailbox } from './support/mailbox.ts'

let kluis: TestKluis
let box: Awaited<ReturnType<typeof openMailbox>>
let bea: Caller
let sam: Caller
let isRefusing = false
let refused = ''
beforeAll(async () => {
  box = await openMailbox({
    onMailFrom: (_address, _session, done) =>
      isRefusing ? done(new Error('the disk of the mail server is full')) : done(),
    onRcptTo: ({ address }, _session, done) =>
      address === refused
        ? done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
        : done(),
  })
  const url = new Hidden(new URL(`smtp://127.0.0.1:${box.port}`))
  kluis = await openTestKluis({ mail: openMail({ url, from: 'kluis@bureau.example' }) })
  bea = await kluis.setUp('team')
  sam = await kluis.colleague(bea, 'sales', bea.teamId)
})
afterAll(async () => {
  await kluis.close()
  await box.close()
})
beforeEach(async () => {
  box.mails.length = 0
  await kluis.admin.query('delete from kluis.notification; delete from kluis.notification_mail')
})

/** A task for Sam, told as long ago as is said. */
async function giveTask(ago = '1 hour', more: object = {}): Promise<string> {
  const person = (await bea.call('POST', '/api/people', { familyName: 'Quispel' })).json().id
  const task = await bea.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: person },
    title: 'Offerte nabellen',
    assigneeId: sam.userId,
    ...more,
  })
  expect(task.statusCode, task.body).toBe(201)
  await kluis.admin.query(`update kluis.notification set told_at = now() - $1::interval`, [ago])
  return person
}
const wish = (wish: string) => sam.call('PATCH', '/api/notifications/mail', { wish })

test('a mail says how many of what and where to read it, once, and nothing of customer, colleague or task', async () => {
  const person = await giveTask()
  await giveTask()
  expect(await kluis.app.mails.sendDue()).toBe(1)
  expect(box.mails).toMatchObject([{ from: 'kluis@bureau.example', to: [sam.email] }])
  const { text } = box.mails[0]!
  expect(text).toContain('2 nieuwe meldingen in Kluis')
  expect(text).toContain('- 2 taken die je kreeg')
  expect(text).toContain('http://localhost:4310/notifications')
  expect(text).not.toMatch(/Quispel|Offerte|Bea/)
  expect(text).not.toContain(person)
  expect(await kluis.app.mails.sendDue()).toBe(0)
  expect((await bea.call('GET', '/api/mail')).json()).toMatchObject({
    from: 'kluis@bureau.example',
    lastProblem: null,
    lastSentAt: expect.any(String),
  })
})

test('what was just told waits a moment, and what was read meanwhile is not mailed', async () => {
  await giveTask('30 seconds')
  expect(await kluis.app.mails.sendDue()).toBe(0)
  await kluis.admin.query(`update kluis.notification set told_at = now() - interval '3 minutes'`)
  await sam.call('POST', '/api/notifications/read', { ids: null })
  expect(await kluis.app.mails.sendDue()).toBe(0)
})

test('of a record that went out of sight nothing is mailed, also not that there was something', async () => {
  const person = await giveTask()
  await kluis.admin.query(
    `with other as (insert into kluis.team (name) values ('Elders') returning id)
     update kluis.person set team_id = (select id from other), row_version = row_version + 1 where id = $1`,
    [person],
  )
  expect(await kluis.app.mails.sendDue()).toBe(0)
})

test('whoever wants none gets none, and whoever wants one a day gets what was told before seven', async () => {
  await giveTask('1 hour')
  await wish('never')
  expect(await kluis.app.mails.sendDue()).toBe(0)
  await wish('daily')
  await kluis.admin.query(
    `update kluis.notification_mail set told_until = now() - interval '3 days';
     update kluis.notification set told_at = date_trunc('day', now() - interval '7 hours') + interval '7 hours 1 minute'`,
  )
  expect(await kluis.app.mails.sendDue()).toBe(0)
  await kluis.admin.query(`update kluis.notification set told_at = told_at - interval '2 minutes'`)
  expect(await kluis.app.mails.sendDue()).toBe(1)
  expect((await sam.call('GET', '/api/notifications/mail')).json()).toEqual({
    isSet: true,
    wish: 'daily',
  })
  expect((await wish('hourly')).statusCode).toBe(422)
})

test('a reminder that is due is mailed too', async () => {
  await giveTask('3 days', { remindAt: new Date(Date.now() - 10 * 60_000).toISOString() })
  expect(await kluis.app.mails.sendDue()).toBe(1)
  expect(box.mails[0]!.text).toContain('- 1 herinnering')
})

test('a mail the server refuses is due again, and the administrator reads what the server said', async () => {
  await giveTask()
  isRefusing = true
  await expect(kluis.app.mails.sendDue()).rejects.toThrow(/disk of the mail server is full/)
  expect((await bea.call('GET', '/api/mail')).json().lastProblem).toMatch(/is full/)
  expect((await sam.call('GET', '/api/mail')).statusCode).toBe(403)
  isRefusing = false
  expect((await bea.call('POST', '/api/mail/test')).json().lastProblem).toBeNull()
  expect(box.mails[0]).toMatchObject({ to: [bea.email] })
  expect((await sam.call('POST', '/api/mail/test')).statusCode).toBe(403)
  expect(await kluis.app.mails.sendDue()).toBe(1)
})

test('an address the server will not have keeps nobody else waiting', async () => {
  const ben = await kluis.colleague(bea, 'sales', bea.teamId)
  await giveTask()
  await giveTask('1 hour', { assigneeId: ben.userId })
  refused = sam.email
  await expect(kluis.app.mails.sendDue()).rejects.toThrow(/no such mailbox/)
  expect(box.mails).toMatchObject([{ to: [ben.email] }])
  refused = ''
  expect(await kluis.app.mails.sendDue()).toBe(0)
})

test('two that look at once mail nobody twice', async () => {
  await giveTask()
  const sent = await Promise.all([1, 2, 3].map(() => kluis.app.mails.sendDue()))
  expect(sent.reduce((sum, count) => sum + count)).toBe(1)
  expect(box.mails).toHaveLength(1)
})

test('neither the wish of another nor the taking of mails is there for a colleague', async () => {
  await giveTask()
  await wish('daily')
  expect((await bea.call('GET', '/api/notifications/mail')).json().wish).toBe('soon')
  const { rows } = await kluis.admin.query(
    `select has_function_privilege(role, 'kluis.take_due_mail()', 'execute') as may
     from unnest(array['kluis_app', 'kluis_worker', 'kluis_keeper', 'kluis_rotation', 'kluis_monitor']) as role`,
  )
  expect(rows.map(({ may }) => may)).toEqual(Array.from({ length: 5 }, () => false))
})
