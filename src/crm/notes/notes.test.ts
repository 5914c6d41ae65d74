import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { type Caller, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'
import { editNote } from './notes.ts'
import { tellMentioned } from './store.ts'

let kluis: TestKluis
let bea: Caller
let mate: Caller
let stranger: Caller
let reader: Caller
let personId: string

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  mate = await kluis.colleague(bea, 'sales', bea.teamId)
  reader = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  stranger = await kluis.colleague(bea, 'sales', await kluis.newTeam('Zuid'))
  personId = (await bea.call('POST', '/api/people', { familyName: 'Maes' })).json().id
})
afterAll(() => kluis.close())

const notes = () => `/api/people/${personId}/notes`
const write = async (body: string, caller = bea) =>
  (await caller.call('POST', notes(), { body })).json()
const toldOf = async (caller: Caller) =>
  (
    await kluis.admin.query('select kind, note_id from kluis.notification where user_id = $1', [
      caller.userId,
    ])
  ).rows

test('each edit keeps the text before it, sealed, with who wrote it and who replaced it', async () => {
  const note = await write('Belt **vrijdag**')
  const second = await mate.call('PATCH', `/api/notes/${note.id}`, {
    rowVersion: 1,
    body: 'Belt maandag',
  })
  expect(second.json()).toMatchObject({ body: 'Belt maandag', editedBy: mate.userId })
  await bea.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 2, body: 'Belt dinsdag' })
  const { items } = (await bea.call('GET', `/api/notes/${note.id}/versions`)).json()
  expect(items).toMatchObject([
    { body: 'Belt maandag', writtenBy: mate.userId, replacedBy: bea.userId, closed: null },
    { body: 'Belt **vrijdag**', writtenBy: bea.userId, replacedBy: mate.userId, closed: null },
  ])
  expect(items[0].writtenAt).toBe(second.json().editedAt)
  const { rows } = await kluis.admin.query('select content_sealed from kluis.note_version')
  expect(rows.every((row) => !row.content_sealed.includes('maandag'))).toBe(true)
  const there = await stranger.call('GET', `/api/notes/${note.id}/versions`)
  const nowhere = await stranger.call('GET', `/api/notes/${randomUUID()}/versions`)
  expect([there.statusCode, there.body]).toEqual([404, nowhere.body])
})

test('a pin or a text that stayed the same is no edit', async () => {
  const note = await write('Blijft')
  const pinned = await mate.call('POST', `/api/notes/${note.id}/pin`, {
    rowVersion: 1,
    isPinned: true,
  })
  expect(pinned.json()).toMatchObject({ isPinned: true, editedAt: null, body: 'Blijft' })
  await bea.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 2, body: 'Blijft' })
  expect((await bea.call('GET', `/api/notes/${note.id}/versions`)).json().items).toEqual([])
  expect(
    (await reader.call('POST', `/api/notes/${note.id}/pin`, { rowVersion: 2, isPinned: false }))
      .statusCode,
  ).toBe(403)
})

test('the second of two who edit one note is told what it is now, and nothing is overwritten', async () => {
  const note = await write('Eerste')
  const both = await Promise.all(
    [bea, mate].map((caller) =>
      caller.call('PATCH', `/api/notes/${note.id}`, {
        rowVersion: 1,
        body: `Door ${caller.userId}`,
      }),
    ),
  )
  const refused = both.filter((reply) => reply.statusCode === 409)
  expect(refused).toHaveLength(1)
  const won = both.find((reply) => reply.statusCode === 200)!.json()
  expect(refused[0]!.json().detail.current).toMatchObject({ body: won.body, rowVersion: 2 })
  expect((await bea.call('GET', `/api/notes/${note.id}/versions`)).json().items).toHaveLength(1)
})

test('a national number is asked about on an edit too, and the digits of a mention are none', async () => {
  const note = await write('Gewoon')
  const edit = { rowVersion: 1, body: 'Haar nummer is 85.07.30-033.28' }
  const asked = await bea.call('PATCH', `/api/notes/${note.id}`, edit)
  expect(asked.json().code).toBe('national-number-found')
  const sure = { ...edit, isConfirmed: true }
  expect((await bea.call('PATCH', `/api/notes/${note.id}`, sure)).statusCode).toBe(200)
  // 85073003328 is such a number; here it is part of an id.
  const id = '00000000-0000-4000-8000-085073003328'
  expect((await bea.call('POST', notes(), { body: `Vraag <@${id}>` })).statusCode).toBe(201)
})

test('a mentioned colleague who sees the record is told; one who may not is told nothing, and the writer learns it', async () => {
  const note = await write(`Vraag dit aan <@${mate.userId}> of <@${stranger.userId}>`)
  expect(note.untold).toEqual([stranger.userId])
  expect(await toldOf(mate)).toEqual([{ kind: 'mention', note_id: note.id }])
  expect(await toldOf(stranger)).toEqual([])
  const again = await bea.call('PATCH', `/api/notes/${note.id}`, {
    rowVersion: 1,
    body: `Vraag dit NU aan <@${mate.userId}> en <@${reader.userId}>`,
  })
  expect(again.json().untold).toEqual([])
  expect(await toldOf(mate)).toHaveLength(1)
  expect(await toldOf(reader)).toHaveLength(1)
})

test('a note that a colleague removes while it is being changed is not told to be changed', async () => {
  const { id } = await write('Belt maandag')
  const { db, vault } = kluis.app
  const token = new Hidden(bea.token)
  const who = { userId: bea.userId } as never
  const asking = { tx: db.reader(token, 'edit'), who, now: new Date() }
  const change = { rowVersion: 1, body: 'Belt dinsdag', isConfirmed: false }
  const edited = editNote(vault, asking, id, change, async (ask) => {
    await mate.call('DELETE', `/api/notes/${id}`)
    return db.writeAtOnce(token, ask, 'edit')
  })
  await expect(edited).rejects.toMatchObject({ code: 'not-found' })
})

test('telling of a note one can not see tells nobody', async () => {
  const note = await write('Stil')
  const asked = kluis.app.db.write(new Hidden(stranger.token), (tx) =>
    tellMentioned(tx, note.id, [mate.userId]),
  )
  await expect(asked).rejects.toMatchObject({ code: 'not-found' })
})

test('a note goes to the trash and comes back with its earlier texts; for good only from there', async () => {
  const note = await write('Weg')
  await bea.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'Weg ermee' })
  const forGood = () => bea.call('DELETE', `/api/notes/${note.id}/for-good`)
  expect((await forGood()).statusCode).toBe(404)
  expect((await bea.call('DELETE', `/api/notes/${note.id}`)).statusCode).toBe(200)
  const ids = async () =>
    (await bea.call('GET', notes())).json().items.map((one: { id: string }) => one.id)
  expect(await ids()).not.toContain(note.id)
  const edit = { rowVersion: 3, body: 'x' }
  expect((await bea.call('PATCH', `/api/notes/${note.id}`, edit)).statusCode).toBe(404)
  expect((await stranger.call('POST', `/api/notes/${note.id}/restore`)).statusCode).toBe(404)
  expect((await bea.call('POST', `/api/notes/${note.id}/restore`)).statusCode).toBe(200)
  expect(await ids()).toContain(note.id)
  expect((await bea.call('GET', `/api/notes/${note.id}/versions`)).json().items).toHaveLength(1)
  await bea.call('DELETE', `/api/notes/${note.id}`)
  expect((await forGood()).statusCode).toBe(200)
  const left = await kluis.admin.query('select from kluis.note_version where note_id = $1', [
    note.id,
  ])
  expect(left.rowCount).toBe(0)
})

test('an earlier text that was moved to another note does not open', async () => {
  const [one, other] = [await write('Een'), await write('Twee')]
  for (const note of [one, other])
    await bea.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'Nieuw' })
  await kluis.admin.query('alter table kluis.note_version disable trigger user')
  await kluis.admin.query(
    `update kluis.note_version v set content_sealed = (select content_sealed from kluis.note_version where note_id = $1) where note_id = $2`,
    [one.id, other.id],
  )
  await kluis.admin.query('alter table kluis.note_version enable trigger user')
  const { items } = (await bea.call('GET', `/api/notes/${other.id}/versions`)).json()
  expect(items).toMatchObject([{ body: '', closed: 'damaged' }])
})
