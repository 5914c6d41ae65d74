import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'

type Page = { items: { title: string; dueOn: string | null }[]; nextCursor: string | null }

let kluis: TestKluis
let administrator: Caller
let owner: Caller
let sameTeam: Caller
let otherTeam: Caller
let privacyOfficer: Caller
let personId: string

async function newPerson(by: Caller, familyName: string): Promise<string> {
  const made = await by.call('POST', '/api/people', { givenName: 'Ilse', familyName })
  expect(made.statusCode, made.body).toBe(201)
  return made.json().id
}

async function newTask(by: Caller, about: string, title: string, rest: object = {}) {
  const made = await by.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: about },
    title,
    ...rest,
  })
  expect(made.statusCode, made.body).toBe(201)
  return made.json()
}

beforeAll(async () => {
  kluis = await openTestKluis()
  administrator = await kluis.setUp('team')
  const [north, south] = [await kluis.newTeam('Noord'), await kluis.newTeam('Zuid')]
  owner = await kluis.colleague(administrator, 'sales', north)
  sameTeam = await kluis.colleague(administrator, 'sales', north)
  otherTeam = await kluis.colleague(administrator, 'sales', south)
  privacyOfficer = await kluis.colleague(administrator, 'privacy-officer', south)
  personId = await newPerson(owner, 'Peeters')
})

afterAll(() => kluis.close())

test('a task is stored sealed and comes back as it was written', async () => {
  const task = await newTask(owner, personId, 'Offerte dakisolatie nabellen', {
    dueOn: '2027-01-15',
  })
  expect(task).toMatchObject({
    title: 'Offerte dakisolatie nabellen',
    dueOn: '2027-01-15',
    subjectName: 'Ilse Peeters',
    assigneeId: owner.userId,
    doneAt: null,
    rowVersion: 1,
  })
  const stored = await kluis.admin.query('select * from kluis.task where id = $1', [task.id])
  expect(stored.rows).toHaveLength(1)
  expect(stored.rows[0].content_sealed.includes('dakisolatie')).toBe(false)
})

test.each([
  ['the owner', () => owner, 200, 200],
  ['a colleague of the same team', () => sameTeam, 200, 200],
  ['a colleague of another team', () => otherTeam, 404, 404],
  ['the privacy officer, who sees all and edits nothing', () => privacyOfficer, 200, 403],
])('%s gets what their role and team give', async (_who, as, toSee, toEdit) => {
  const task = await newTask(owner, personId, 'Bellen')
  expect((await as().call('GET', `/api/tasks/${task.id}`)).statusCode).toBe(toSee)
  const edited = await as().call('PATCH', `/api/tasks/${task.id}`, {
    rowVersion: task.rowVersion,
    title: 'Terugbellen',
  })
  expect(edited.statusCode).toBe(toEdit)
  const removed = await as().call('DELETE', `/api/tasks/${task.id}`)
  expect(removed.statusCode).toBe(toEdit)
})

test('a foreign task and a missing one are the same bytes, and so are their people', async () => {
  const task = await newTask(owner, personId, 'Bellen')
  const missing = randomUUID()
  for (const [method, body] of [
    ['GET', undefined],
    ['PATCH', { rowVersion: 1, title: 'x' }],
    ['DELETE', undefined],
  ] as const) {
    const foreign = await otherTeam.call(method, `/api/tasks/${task.id}`, body)
    const none = await otherTeam.call(method, `/api/tasks/${missing}`, body)
    expect([foreign.statusCode, foreign.body]).toEqual([none.statusCode, none.body])
    expect(foreign.statusCode).toBe(404)
  }
  const about = (id: string) =>
    otherTeam.call('POST', '/api/tasks', { subject: { kind: 'person', id }, title: 'Bellen' })
  const [onForeign, onMissing] = [await about(personId), await about(missing)]
  expect(onForeign.statusCode).toBe(404)
  expect(onForeign.body).toBe(onMissing.body)
})

test('without a session nobody gets anything', async () => {
  expect((await kluis.send('GET', '/api/tasks')).statusCode).toBe(401)
})

test('the second of two editors is told what the task is now', async () => {
  const task = await newTask(owner, personId, 'Bellen')
  const first = await sameTeam.call('PATCH', `/api/tasks/${task.id}`, {
    rowVersion: 1,
    title: 'Langsgaan',
  })
  expect(first.json()).toMatchObject({ title: 'Langsgaan', rowVersion: 2 })
  const second = await owner.call('PATCH', `/api/tasks/${task.id}`, {
    rowVersion: 1,
    title: 'Mailen',
    dueOn: null,
  })
  expect(second.statusCode).toBe(409)
  expect(second.json()).toMatchObject({
    code: 'changed-meanwhile',
    detail: {
      current: { title: 'Langsgaan', rowVersion: 2 },
      changedFields: ['title'],
      changedBy: sameTeam.userId,
    },
  })
})

test('the same client-made id makes one task for one user, and nothing of another’s', async () => {
  const id = randomUUID()
  const ask = { id, subject: { kind: 'person', id: personId }, title: 'Bellen' }
  const first = await owner.call('POST', '/api/tasks', ask)
  const again = await owner.call('POST', '/api/tasks', ask)
  expect([first.statusCode, again.statusCode]).toEqual([201, 201])
  expect(again.json().id).toBe(first.json().id)
  expect(first.json().id).not.toBe(id)
  expect((await owner.call('GET', `/api/tasks/${id}`)).json().id).toBe(first.json().id)
  expect((await sameTeam.call('GET', `/api/tasks/${id}`)).statusCode).toBe(404)
  const theirs = await sameTeam.call('POST', '/api/tasks', ask)
  expect(theirs.statusCode).toBe(201)
  expect(theirs.json().id).not.toBe(first.json().id)
})

test('two requests with one client-made id at once leave one task', async () => {
  const about = await newPerson(owner, 'Tweemaal')
  const ask = { id: randomUUID(), subject: { kind: 'person', id: about }, title: 'Bellen' }
  const both = await Promise.all([1, 2, 3].map(() => owner.call('POST', '/api/tasks', ask)))
  expect(both.map((reply) => reply.statusCode)).toEqual([201, 201, 201])
  expect(new Set(both.map((reply) => reply.json().id)).size).toBe(1)
  expect((await owner.call('GET', `/api/tasks?personId=${about}`)).json().items).toHaveLength(1)
})

test('a national number in a title is asked about before it is stored', async () => {
  const ask = {
    subject: { kind: 'person', id: personId },
    title: 'Attest 85.07.30-033.28 opvragen',
  }
  const refused = await owner.call('POST', '/api/tasks', ask)
  expect([refused.statusCode, refused.json().code]).toEqual([422, 'national-number-found'])
  expect((await owner.call('POST', '/api/tasks', { ...ask, confirmed: true })).statusCode).toBe(201)
})

test('pages of tasks hold every task once, those without a day last', async () => {
  const about = await newPerson(owner, 'Bladzijde')
  const days = ['2027-03-01', null, '2027-01-01', '2027-03-01', null, '2027-02-01', '2027-03-01']
  for (const [i, dueOn] of days.entries()) await newTask(owner, about, `Taak ${i}`, { dueOn })
  const seen: { title: string; dueOn: string | null }[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = (
      await owner.call(
        'GET',
        `/api/tasks?personId=${about}&limit=2${cursor && `&cursor=${cursor}`}`,
      )
    ).json()
    expect(page.items.length).toBeLessThanOrEqual(2)
    seen.push(...page.items)
    cursor = page.nextCursor
  }
  expect(new Set(seen.map((task) => task.title)).size).toBe(days.length)
  expect(seen.map((task) => task.dueOn)).toEqual([
    '2027-01-01',
    '2027-02-01',
    '2027-03-01',
    '2027-03-01',
    '2027-03-01',
    null,
    null,
  ])
})

test('“mine” and “done” show the caller’s own open or finished tasks', async () => {
  const about = await newPerson(owner, 'Eigen')
  const task = await newTask(owner, about, 'Voor de collega', { assigneeId: sameTeam.userId })
  const titles = async (by: Caller, query: string) =>
    (await by.call('GET', `/api/tasks?personId=${about}&${query}`))
      .json()
      .items.map((one: { title: string }) => one.title)
  expect(await titles(owner, 'mine=true')).toEqual([])
  expect(await titles(sameTeam, 'mine=true&done=false')).toEqual(['Voor de collega'])
  const done = await sameTeam.call('PATCH', `/api/tasks/${task.id}`, {
    rowVersion: 1,
    isDone: true,
  })
  expect(done.json().doneBy).toBe(sameTeam.userId)
  expect(await titles(sameTeam, 'mine=true&done=false')).toEqual([])
  expect(await titles(sameTeam, 'mine=true&done=true')).toEqual(['Voor de collega'])
})

test('a task of somebody in the trash is not shown', async () => {
  const about = await newPerson(owner, 'Weg')
  const task = await newTask(owner, about, 'Bellen')
  expect((await owner.call('DELETE', `/api/people/${about}`)).statusCode).toBe(200)
  expect((await owner.call('GET', `/api/tasks/${task.id}`)).statusCode).toBe(404)
  expect((await owner.call('GET', `/api/people/${about}/timeline`)).statusCode).toBe(404)
})

test('a cursor that Kluis did not make is refused', async () => {
  const reply = await owner.call('GET', `/api/tasks?cursor=${encodeURIComponent("x' or 1=1")}`)
  expect([reply.statusCode, reply.json().code]).toEqual([422, 'invalid-fields'])
})
