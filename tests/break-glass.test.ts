import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { openMail } from '#platform/mail.ts'
import { deviceOf } from './support/grants.ts'
import { type Caller, cookie, openTestKluis, type TestKluis } from './support/kluis.ts'
import { openMailbox } from './support/mailbox.ts'

let box: Awaited<ReturnType<typeof openMailbox>>
let kluis: TestKluis
let ana: Caller
let mia: Caller
let officer: Caller
let foreign: string
let own: string

beforeAll(async () => {
  box = await openMailbox()
  const url = new Hidden(new URL(`smtp://127.0.0.1:${box.port}`))
  kluis = await openTestKluis({ mail: openMail({ url, from: 'kluis@bureau.example' }) })
  ana = await kluis.setUp('team')
  mia = await kluis.colleague(ana, 'manager', await kluis.newTeam('Andere ploeg'))
  officer = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  foreign = (await ana.call('POST', '/api/people', { familyName: 'Vreemd' })).json().id
  own = (await mia.call('POST', '/api/people', { familyName: 'Eigen' })).json().id
})
afterAll(async () => {
  await kluis.close()
  await box.close()
})

afterEach(() => endIt())

const REASON = 'Klant belt over een ongeval en haar adviseur is ziek'
const seen = async (who: Caller, id = foreign) =>
  (await who.call('GET', `/api/people/${id}`)).statusCode
const openIt = (who = mia, reason = REASON) => who.call('POST', '/api/break-glass', { reason })
const endIt = async (who = mia) => {
  const live = (await who.call('GET', '/api/break-glass/live')).json().items
  for (const { id } of live) await who.call('POST', `/api/break-glass/${id}/end`)
}
const kinds = async (who: Caller) =>
  (await who.call('GET', '/api/notifications'))
    .json()
    .items.map((one: { kind: string }) => one.kind)

test('with a reason and a factor everything is seen, for the minutes that the organisation chose, and then no more', async () => {
  expect(await seen(mia)).toBe(404)
  const refused = await kluis.send(
    'POST',
    '/api/break-glass',
    { reason: REASON },
    { kluis: mia.token },
  )
  expect(refused.json().code).toBe('step-up-needed')
  expect((await openIt(mia, 'kort')).json().code).toBe('invalid-fields')
  const opened = await openIt()
  expect(opened.statusCode, opened.body).toBe(201)
  const { openedAt, endsAt } = opened.json()
  expect(Date.parse(endsAt) - Date.parse(openedAt)).toBe(60 * 60_000)
  expect(await seen(mia)).toBe(200)
  expect((await openIt()).json().code).toBe('already-done')
  await kluis.admin.query(
    `update kluis.break_glass set ends_at = now(), row_version = row_version + 1 where ended_at is null`,
  )
  kluis.app.who.forgetAll()
  expect(await seen(mia)).toBe(404)
})

test('by its button it ends at once', async () => {
  await openIt()
  expect(await seen(mia)).toBe(200)
  await endIt()
  expect(await seen(mia)).toBe(404)
})

test('meanwhile nothing is changed, revealed, exported or removed: not what is foreign, and not what is one’s own', async () => {
  await openIt()
  const session = (await mia.call('GET', '/api/session')).json()
  expect(session.permissions.filter((one: string) => !one.endsWith(':see'))).toEqual([
    'break-glass:use',
    'fields:contact',
    'fields:content',
  ])
  for (const id of [foreign, own]) {
    expect(await seen(mia, id)).toBe(200)
    for (const [method, url, body] of [
      ['PATCH', `/api/people/${id}`, { rowVersion: 1, familyName: 'X' }],
      ['DELETE', `/api/people/${id}`, undefined],
      ['POST', `/api/people/${id}/notes`, { body: 'x' }],
      ['GET', '/api/people/export.csv', undefined],
    ] as const)
      expect((await mia.call(method, url, body)).statusCode).toBe(403)
  }
  // And by SQL in that session.
  const tried = await kluis.app.db
    .write(new Hidden(mia.token), (tx) =>
      tx
        .updateTable('person')
        .set({ stage: 'former', row_version: 2 })
        .where('id', '=', foreign)
        .executeTakeFirst(),
    )
    .catch((error: Error) => error.message)
  expect(tried).toMatchObject({ numUpdatedRows: 0n })
  await endIt()
  expect((await mia.call('GET', '/api/session')).json().permissions).toContain('people:edit')
})

test('another session of the same person sees no more than before', async () => {
  await openIt()
  const asked = await kluis.send('POST', '/api/sign-in/passkey/options')
  const second = await kluis.send(
    'POST',
    '/api/sign-in/passkey',
    { credential: (await deviceOf(kluis, mia)).signIn(asked.json()) },
    { 'kluis-pending': cookie(asked, 'kluis-pending') },
  )
  const elsewhere = kluis.callerOf({ ...mia, token: cookie(second, 'kluis') })
  expect([await seen(mia), await seen(elsewhere)]).toEqual([200, 404])
  await endIt()
})

test('those who review are told at once, in Kluis and by mail, and the ledger has it; the mail names nobody', async () => {
  const count = async () =>
    (await kluis.admin.query('select count(*)::int as n from kluis.break_glass')).rows[0].n
  // Not the one of a new device.
  const loud = () => box.mails.filter(({ text }) => text.includes('Noodtoegang geopend'))
  // Two hear of each; those of before arrive first.
  await expect.poll(() => loud().length).toBe(2 * (await count()))
  const before = loud().length
  const { id } = (await openIt()).json()
  expect(await kinds(ana)).toContain('break-glass-opened')
  expect(await kinds(officer)).toContain('break-glass-opened')
  await expect.poll(() => loud().length).toBe(before + 2)
  const sent = loud().slice(before)
  expect(sent.flatMap(({ to }) => to).sort()).toEqual([ana.email, officer.email].sort())
  expect(JSON.stringify(sent)).not.toMatch(/ongeval|Collega|Vreemd/)
  expect((await officer.call('GET', '/api/break-glass/live')).json().items).toMatchObject([
    { id, userId: mia.userId, isOfThisSession: false },
  ])
  // Whoever reviews may end it.
  expect((await officer.call('POST', `/api/break-glass/${id}/end`)).statusCode).toBe(200)
  expect(await seen(mia)).toBe(404)
  const { rows } = await kluis.admin.query(
    `select purpose, actor_id from kluis_ledger.outbox where action = 'event' and row_id = $1 order by id`,
    [id],
  )
  expect(rows).toEqual([
    { purpose: 'break-glass-opened', actor_id: mia.userId },
    { purpose: 'break-glass-ended', actor_id: officer.userId },
  ])
})

test('somebody else looks at what was opened and signs; its owner never does', async () => {
  const { id } = (await openIt()).json()
  await mia.call('GET', `/api/people/${foreign}`)
  await mia.call('GET', `/api/people/${own}`)
  const review = (who: Caller) =>
    who.call('POST', `/api/break-glass/${id}/review`, { review: 'Terecht, de klant bevestigde' })
  expect((await review(ana)).json()).toMatchObject({ code: 'not-allowed', detail: { why: 'live' } })
  await endIt()
  const openings = (await ana.call('GET', `/api/break-glass/${id}/openings`)).json()
  const dossiers = openings.items.filter((one: { kind: string }) => one.kind === 'dossier')
  expect(
    new Set(
      dossiers.map(
        (one: { subject: { id: string }; isOwn: boolean }) => `${one.subject.id} ${one.isOwn}`,
      ),
    ),
  ).toEqual(new Set([`${foreign} false`, `${own} true`]))
  expect(dossiers.find((one: { isOwn: boolean }) => !one.isOwn).name).toBe('Vreemd')
  expect((await mia.call('GET', `/api/break-glass/${id}/openings`)).statusCode).toBe(403)
  expect((await review(mia)).statusCode).toBe(403)
  expect((await review(ana)).json()).toMatchObject({
    review: 'Terecht, de klant bevestigde',
    reviewedBy: ana.userId,
  })
  expect((await review(officer)).json().code).toBe('not-allowed')
  await expect(
    kluis.admin.query(
      `update kluis.break_glass set reviewed_by = user_id, row_version = row_version + 1 where id = $1`,
      [id],
    ),
  ).rejects.toThrow(/break_glass_check/)
})

test('without the right nobody breaks the glass', async () => {
  const sam = await kluis.colleague(ana, 'sales', ana.teamId)
  expect((await openIt(sam)).json().code).toBe('not-allowed')
  expect((await sam.call('GET', '/api/break-glass')).json().items).toEqual([])
})

test('how long it lasts is set by who manages the organisation, and is a matter of hours at most', async () => {
  const { rowVersion, fourEyes } = (await ana.call('GET', '/api/safeguards')).json()
  const set = (breakGlassMinutes: number) =>
    ana.call('PUT', '/api/safeguards', { rowVersion, fourEyes, breakGlassMinutes })
  expect((await set(600)).json().code).toBe('invalid-fields')
  expect((await set(15)).json()).toMatchObject({ breakGlassMinutes: 15 })
  const { openedAt, endsAt } = (await openIt()).json()
  expect(Date.parse(endsAt) - Date.parse(openedAt)).toBe(15 * 60_000)
  await endIt()
})

test('when it runs out by itself those who review it are told, once, and not its owner', async () => {
  const ended = async (who: Caller) =>
    (await kinds(who)).filter((kind: string) => kind === 'break-glass-ended').length
  await kluis.app.tellEnded()
  await openIt()
  const before = await Promise.all([ana, officer, mia].map(ended))
  expect(await kluis.app.tellEnded()).toBe(0)
  await kluis.admin.query(
    `update kluis.break_glass set opened_at = now() - interval '1 hour', ends_at = now(), row_version = row_version + 1 where ended_at is null`,
  )
  kluis.app.who.forgetAll()
  expect(await Promise.all([1, 2].map(() => kluis.app.tellEnded()))).toContain(1)
  expect(await kluis.app.tellEnded()).toBe(0)
  expect(await Promise.all([ana, officer, mia].map(ended))).toEqual([
    before[0]! + 1,
    before[1]! + 1,
    before[2],
  ])
})
