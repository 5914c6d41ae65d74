/** What a colleague is told, comes back to and sees happening: and nothing of what they may not see. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nextDue } from '../src/crm/tasks/repeat.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
let sam: Caller
let ben: Caller
beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  sam = await kluis.colleague(bea, 'sales', bea.teamId)
  ben = await kluis.colleague(bea, 'sales', await kluis.newTeam('Noord'))
})
afterAll(() => kluis.close())

const person = async (caller: Caller, familyName: string): Promise<string> =>
  (await caller.call('POST', '/api/people', { familyName })).json().id
async function task(caller: Caller, id: string, given: object) {
  const made = await caller.call('POST', '/api/tasks', {
    subject: { kind: 'person', id },
    ...given,
  })
  expect(made.statusCode, made.body).toBe(201)
  return made.json()
}
const told = async (caller: Caller) => (await caller.call('GET', '/api/notifications')).json()
const readAll = (caller: Caller) => caller.call('POST', '/api/notifications/read', { ids: null })

test('a task given to a colleague is told to them, named under their own eyes, until they read it', async () => {
  const id = await person(bea, 'Aerts')
  const { id: taskId } = await task(bea, id, { title: 'Offerte nabellen', assigneeId: sam.userId })
  const { items, unread } = await told(sam)
  expect(unread).toBe(1)
  expect(items[0]).toMatchObject({
    kind: 'assigned',
    subject: { kind: 'person', id },
    subjectName: 'Aerts',
    title: 'Offerte nabellen',
    by: bea.userId,
    isRead: false,
  })
  expect((await told(bea)).items).toEqual([])
  const mark = { ids: [items[0].id] }
  // Another's notification is not marked by knowing its id.
  await ben.call('POST', '/api/notifications/read', mark)
  expect((await told(sam)).unread).toBe(1)
  expect((await sam.call('POST', '/api/notifications/read', mark)).json()).toEqual({ unread: 0 })
  // Taken over and given back, it is told again.
  await sam.call('PATCH', `/api/tasks/${taskId}`, { rowVersion: 1, assigneeId: bea.userId })
  expect((await told(bea)).items).toMatchObject([{ kind: 'assigned', by: sam.userId }])
  const { rows } = await kluis.admin.query(
    'select notification::text as whole from kluis.notification',
  )
  expect(rows.map(({ whole }) => whole).join()).not.toMatch(/Aerts|Offerte/)
})

test('a notification about a record that its reader does not see is not there for them, nor counted', async () => {
  const id = await person(bea, 'Buiten')
  await task(bea, id, { title: 'Voor Ben', assigneeId: ben.userId })
  expect(await told(ben)).toMatchObject({ items: [], unread: 0 })
  const { rowVersion } = (await bea.call('GET', `/api/people/${id}`)).json()
  await bea.call('PATCH', `/api/people/${id}`, { rowVersion, ownerId: ben.userId })
  expect(await told(ben)).toMatchObject({
    unread: 1,
    items: [{ subjectName: 'Buiten', title: 'Voor Ben' }],
  })
})

test('a reminder is told when its moment has come, to whom the task is for, and once', async () => {
  await readAll(sam)
  const id = await person(bea, 'Claes')
  const past = new Date(Date.now() - 60_000).toISOString()
  const future = new Date(Date.now() + 3_600_000).toISOString()
  await task(sam, id, { title: 'Nu', remindAt: past })
  await task(sam, id, { title: 'Straks', remindAt: future })
  await task(sam, id, { title: 'Nooit' })
  const { items, unread } = await told(sam)
  expect(unread).toBe(1)
  expect(items.find((one: { isRead: boolean }) => !one.isRead)).toMatchObject({
    kind: 'reminder',
    title: 'Nu',
    subjectName: 'Claes',
  })
  expect((await told(bea)).items.map((one: { title: string }) => one.title)).not.toContain('Nu')
  expect((await readAll(sam)).json()).toEqual({ unread: 0 })
  expect((await told(sam)).unread).toBe(0)
})

test('a task that comes back makes its next one when it is done, and takes it back when that was a mistake', async () => {
  const id = await person(sam, 'Dewit')
  const first = await task(sam, id, { title: 'Bellen', dueOn: '2099-01-31', repeats: 'monthly' })
  const open = async () =>
    (await sam.call('GET', `/api/tasks?personId=${id}&done=false`))
      .json()
      .items.map((one: { dueOn: string; title: string }) => [one.dueOn, one.title])
  const change = (body: object) => sam.call('PATCH', `/api/tasks/${first.id}`, body)
  expect((await change({ rowVersion: 1, isDone: true })).statusCode).toBe(200)
  expect(await open()).toEqual([['2099-02-28', 'Bellen']])
  expect((await change({ rowVersion: 2, isDone: false })).statusCode).toBe(200)
  expect(await open()).toEqual([['2099-01-31', 'Bellen']])
  await change({ rowVersion: 3, isDone: true })
  await change({ rowVersion: 4, dueOn: '2099-03-01' })
  expect(await open()).toEqual([['2099-02-28', 'Bellen']])
  const without = await sam.call('POST', '/api/tasks', {
    subject: { kind: 'person', id },
    title: 'x',
    repeats: 'daily',
  })
  expect(without.json().detail.fields).toMatchObject([{ field: 'dueOn' }])
})

test.each([
  ['2026-01-31', 'monthly', 31, '2026-02-01', '2026-02-28'],
  ['2026-02-28', 'monthly', 31, '2026-02-28', '2026-03-31'],
  ['2024-02-29', 'yearly', 29, '2024-03-01', '2025-02-28'],
  ['2025-02-28', 'yearly', 29, '2027-06-01', '2028-02-29'],
  ['2026-11-20', 'daily', 20, '2026-11-25', '2026-11-26'],
  ['2026-11-20', 'weekly', 20, '2026-11-25', '2026-11-27'],
  ['2026-12-10', 'weekly', 10, '2026-11-25', '2026-12-17'],
] as const)(
  'after %s, %s from day %i, done on %s, comes %s',
  (due, repeats, day, today, expected) => {
    expect(nextDue(due, repeats, day, today)).toBe(expected)
  },
)

test('favourites and recent dossiers are one’s own, and only of what one still sees', async () => {
  const id = await person(bea, 'Eyckmans')
  const mark = (caller: Caller, isFavourite = true) =>
    caller.call('POST', '/api/favourites', { subject: { kind: 'person', id }, isFavourite })
  const names = async (caller: Caller, path: string) =>
    (await caller.call('GET', path)).json().items.map((one: { name: string }) => one.name)
  expect((await mark(sam)).statusCode).toBe(200)
  expect((await mark(sam)).statusCode).toBe(200)
  expect((await mark(ben)).statusCode).toBe(404)
  await sam.call('GET', `/api/people/${id}`)
  expect(await names(sam, '/api/favourites')).toEqual(['Eyckmans'])
  expect((await names(sam, '/api/recent'))[0]).toBe('Eyckmans')
  expect(await names(bea, '/api/favourites')).toEqual([])
  expect(await names(ben, '/api/recent')).not.toContain('Eyckmans')
  // First to his hands, then by him out of the team's.
  await bea.call('PATCH', `/api/people/${id}`, { rowVersion: 1, ownerId: ben.userId })
  const moved = { rowVersion: 2, teamId: ben.teamId }
  expect((await ben.call('PATCH', `/api/people/${id}`, moved)).statusCode).toBe(200)
  expect(await names(sam, '/api/favourites')).toEqual([])
  expect(await names(sam, '/api/recent')).not.toContain('Eyckmans')
})

test('the feed tells of files and merges, and of a tie only to whoever sees both ends', async () => {
  const feed = async (caller: Caller): Promise<Record<string, unknown>[]> =>
    (await caller.call('GET', '/api/activity')).json().items
  const mine = await person(bea, 'Bos')
  const { id: file } = (
    await bea.call('POST', `/api/people/${mine}/files`, { name: 'offerte.txt', size: 3 })
  ).json()
  await kluis.app.http.inject({
    method: 'PUT',
    url: `/api/files/${file}/pieces/0`,
    cookies: { kluis: bea.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: Buffer.from('abc'),
  })
  expect((await feed(bea))[0]).toMatchObject({ kind: 'created' })
  expect((await bea.call('POST', `/api/files/${file}/complete`)).statusCode).toBe(200)
  expect((await feed(bea))[0]).toMatchObject({
    kind: 'file-added',
    name: 'Bos',
    title: 'offerte.txt',
    other: null,
  })
  await bea.call('PATCH', `/api/files/${file}`, { rowVersion: 2, name: 'offerte-2.txt' })
  expect((await feed(bea))[0]).toMatchObject({ kind: 'file-changed', title: 'offerte-2.txt' })
  await bea.call('DELETE', `/api/files/${file}`)
  expect((await feed(sam))[0]).toMatchObject({ kind: 'file-removed', name: 'Bos', by: bea.userId })

  const theirs = await person(ben, 'Verborgen')
  const both = await kluis.colleague(bea, 'sales', bea.teamId)
  await kluis.admin.query('insert into kluis.team_member (team_id, user_id) values ($1, $2)', [
    ben.teamId,
    both.userId,
  ])
  kluis.app.who.forgetAll()
  await bea.call('POST', `/api/people/${mine}/follow`)
  await ben.call('POST', `/api/people/${theirs}/follow`)
  await readAll(bea)
  await readAll(ben)
  const tied = await both.call('POST', `/api/people/${mine}/relations`, {
    otherId: theirs,
    kind: 'partner',
  })
  expect(tied.statusCode, tied.body).toBe(201)
  const ends = [(await feed(both))[0]!].flatMap(({ name, other }) => [
    name,
    (other as { name: string }).name,
  ])
  expect(ends.toSorted()).toEqual(['Bos', 'Verborgen'])
  expect((await feed(both)).filter(({ kind }) => kind === 'tie-added')).toHaveLength(1)
  for (const caller of [bea, ben]) {
    expect((await feed(caller)).map(({ kind }) => kind)).not.toContain('tie-added')
    expect(await told(caller)).toMatchObject({ unread: 0 })
  }

  const twin = await person(bea, 'Bosch')
  const tie = await bea.call('POST', `/api/people/${mine}/relations`, {
    otherId: twin,
    kind: 'sibling',
  })
  expect(tie.statusCode, tie.body).toBe(201)
  await sam.call('POST', `/api/people/${twin}/follow`)
  await readAll(sam)
  await bea.call('PATCH', `/api/people/${mine}/relations/${tie.json().id}`, {
    rowVersion: 1,
    until: '2024-01-01',
  })
  expect((await told(sam)).items[0]).toMatchObject({ kind: 'change', subjectName: 'Bosch' })
  expect((await feed(bea)).slice(0, 2).map(({ kind }) => kind)).toEqual(['tie-ended', 'tie-added'])
  expect((await told(bea)).unread).toBe(0)

  const merged = await bea.call('POST', '/api/people/merges', {
    keptId: mine,
    otherId: twin,
    keptVersion: 1,
    otherVersion: 1,
    choices: {},
  })
  expect(merged.statusCode, merged.body).toBe(200)
  expect((await feed(bea))[0]).toMatchObject({ kind: 'merged', name: 'Bos', title: 'Bosch' })
  expect(
    (await feed(bea))
      .filter(({ subject }) => subject && (subject as { id: string }).id === mine)
      .map(({ kind }) => kind),
  ).not.toContain('changed')
  const timeline = async (caller: Caller, query = '') =>
    (await caller.call('GET', `/api/people/${mine}/timeline?${query}`)).json().items
  expect((await timeline(sam))[0]).toMatchObject({ kind: 'merge', name: 'Bosch', undoneAt: null })
  expect(await timeline(sam, 'kind=file')).toMatchObject([
    { kind: 'file-removed', name: 'offerte-2.txt', createdBy: bea.userId },
  ])
  const ties = await timeline(both, 'kind=tie')
  expect(ties.map(({ what }: { what: string[] }) => what[0])).toContain('tie-added')
  expect(await timeline(bea, 'kind=tie')).not.toContainEqual(
    expect.objectContaining({ other: expect.objectContaining({ name: 'Verborgen' }) }),
  )
  expect(
    (await timeline(both, 'kind=change')).map(({ what }: { what?: string[] }) => what?.[0]),
  ).not.toContain('tie-added')

  const undone = await bea.call('POST', `/api/people/merges/${merged.json().id}/undo`)
  expect(undone.statusCode, undone.body).toBe(200)
  expect((await feed(bea))[0]).toMatchObject({ kind: 'merge-undone', name: 'Bos', title: null })
  expect(
    (await timeline(sam)).find(({ kind }: { kind: string }) => kind === 'merge'),
  ).toMatchObject({ undoneBy: bea.userId })
})

test('the feed tells what happened on the records one sees, newest first, page by page', async () => {
  const own = await person(ben, 'Fransen')
  await ben.call('POST', `/api/people/${own}/notes`, { body: 'Belde' })
  const { id } = await task(ben, own, { title: 'Nabellen' })
  await ben.call('PATCH', `/api/tasks/${id}`, { rowVersion: 1, isDone: true })
  const page = async (caller: Caller, query = '') =>
    (await caller.call('GET', `/api/activity?${query}`)).json()
  const { items } = await page(ben)
  expect(items.slice(0, 3)).toMatchObject([
    { kind: 'task-done', name: 'Fransen', title: 'Nabellen', by: ben.userId },
    { kind: 'noted', name: 'Fransen' },
    { kind: 'created', name: 'Fransen' },
  ])
  const other = await person(ben, 'Gevers')
  const note = await ben.call('POST', `/api/people/${other}/notes`, { body: 'Vergissing' })
  expect((await ben.call('DELETE', `/api/notes/${note.json().id}`)).statusCode).toBe(200)
  expect((await page(ben)).items[0]).toMatchObject({ kind: 'created', name: 'Gevers' })
  expect(JSON.stringify(await page(sam, 'limit=100'))).not.toContain('Fransen')
  const all = (await page(bea, 'limit=100')).items
  const paged: unknown[] = []
  let cursor = ''
  do {
    const part = await page(bea, `limit=2${cursor && `&cursor=${cursor}`}`)
    paged.push(...part.items)
    cursor = part.nextCursor
  } while (cursor)
  expect(paged).toEqual(all)
  expect(all.length).toBeGreaterThan(5)
})
