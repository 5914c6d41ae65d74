/** Joint dossiers: who sees one, who gets in, what it is called, and what ending it means. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let ben: Caller
let both: Caller
let reader: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  const other = await kluis.newTeam('Noord')
  ben = await kluis.colleague(ana, 'sales', other)
  both = await kluis.colleague(ana, 'sales', ana.teamId)
  reader = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  await kluis.admin.query('insert into kluis.team_member (team_id, user_id) values ($1, $2)', [
    other,
    both.userId,
  ])
  kluis.app.who.forgetAll()
}, 60_000)
afterAll(() => kluis.close())

type Made = { id: string; rowVersion: number }
type Dossier = Made & {
  displayName: string
  unseenParties: number
  endedAt: string | null
  parties: {
    id: string
    personId: string
    name: string
    role: string
    rowVersion: number
    isPast: boolean
  }[]
}
const person = async (by: Caller, familyName: string): Promise<Made> =>
  (await by.call('POST', '/api/people', { familyName })).json()
const begin = (by: Caller, people: Made[], more: object = {}) =>
  by.call('POST', '/api/joint-dossiers', {
    parties: people.map(({ id }) => ({ personId: id, role: 'partner' })),
    ...more,
  })
async function joint(by: Caller, people: Made[], more: object = {}): Promise<Dossier> {
  const answer = await begin(by, people, more)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const path = ({ id }: { id: string }) => `/api/joint-dossiers/${id}`
const seen = (by: Caller, one: { id: string }) => by.call('GET', path(one))
const add = (by: Caller, one: Made, who: Made) =>
  by.call('POST', `${path(one)}/parties`, { personId: who.id, role: 'child' })

test('a joint dossier is called by its parties until it has a name, and both are stored sealed', async () => {
  const [an, bo] = [await person(ana, 'Aerts'), await person(ana, 'Bos')]
  const made = await joint(ana, [an, bo])
  expect(made).toMatchObject({ name: '', displayName: 'Aerts & Bos', unseenParties: 0 })
  expect(made.parties).toMatchObject([
    { personId: an.id, role: 'partner' },
    { personId: bo.id, role: 'partner' },
  ])
  const named = await ana.call('PATCH', path(made), { rowVersion: 1, name: 'Hypotheek Kerkstraat' })
  expect(named.json()).toMatchObject({ displayName: 'Hypotheek Kerkstraat', rowVersion: 2 })
  const stale = await ana.call('PATCH', path(made), { rowVersion: 1, name: 'Anders' })
  expect(stale.json()).toMatchObject({
    code: 'changed-meanwhile',
    detail: { current: { rowVersion: 2 } },
  })
  const { rows } = await kluis.admin.query(
    `select content_sealed from kluis.joint_dossier where id = $1 union all select content_sealed from kluis.joint_party where joint_dossier_id = $1`,
    [made.id],
  )
  expect(rows).toHaveLength(3)
  for (const { content_sealed: sealed } of rows) {
    expect(sealed.includes('Kerkstraat')).toBe(false)
    expect(sealed.includes('partner')).toBe(false)
  }
  for (const one of [an, bo])
    expect(
      (await ana.call('GET', `/api/people/${one.id}/joint-dossiers`)).json().items,
    ).toMatchObject([{ id: made.id, name: 'Hypotheek Kerkstraat' }])
})

test('whoever sees one party sees the dossier, and of a party out of sight no more than that there is one', async () => {
  const [mine, theirs] = [await person(ana, 'Zichtbaar'), await person(ben, 'Verborgen')]
  const made = await joint(both, [mine, theirs])
  const byAna = await seen(ana, made)
  expect(byAna.json()).toMatchObject({ displayName: 'Zichtbaar', unseenParties: 1 })
  expect(byAna.body).not.toContain(theirs.id)
  expect(byAna.body).not.toContain('Verborgen')
  expect((await seen(ben, made)).json()).toMatchObject({
    displayName: 'Verborgen',
    unseenParties: 1,
  })
  const outsider = await kluis.colleague(ana, 'sales', await kluis.newTeam('Zuid'))
  const nowhere = await seen(outsider, { id: randomUUID() })
  expect([(await seen(outsider, made)).body, nowhere.statusCode]).toEqual([nowhere.body, 404])
})

test('nobody gets into a joint dossier by adding a person of their own', async () => {
  const [one, two] = [await person(ana, 'Een'), await person(ana, 'Twee')]
  const made = await joint(ana, [one, two])
  const bens = await person(ben, 'Bens')
  expect((await add(ben, made, bens)).statusCode).toBe(404)
  // Nor by taking in a person of others: one must be theirs to edit.
  expect((await add(ana, made, bens)).statusCode).toBe(404)
  expect((await begin(ben, [bens, one])).statusCode).toBe(404)
  expect((await seen(ben, made)).statusCode).toBe(404)
  // Whoever may edit both may.
  expect((await add(both, made, bens)).statusCode).toBe(201)
  expect((await seen(ben, made)).json().unseenParties).toBe(2)
  expect((await add(both, made, bens)).json().code).toBe('already-done')
})

test('who only reads changes nothing of it', async () => {
  const made = await joint(ana, [await person(ana, 'Lees'), await person(ana, 'Alleen')])
  expect((await seen(reader, made)).statusCode).toBe(200)
  for (const [method, url, body] of [
    ['PATCH', path(made), { rowVersion: 1, name: 'x' }],
    ['POST', `${path(made)}/end`, { rowVersion: 1 }],
    ['DELETE', `${path(made)}/parties/${made.parties[0]!.id}`, undefined],
  ] as const)
    expect((await reader.call(method, url, body)).statusCode, url).toBe(403)
})

test('a party is changed and removed by whoever may edit that person, and the last one stays', async () => {
  const [one, two] = [await person(ana, 'Blijft'), await person(ben, 'Gaat')]
  const made = await joint(both, [one, two])
  const [first, second] = made.parties
  const at = (party: { id: string }) => `${path(made)}/parties/${party.id}`
  // Out of her sight.
  expect((await ana.call('DELETE', at(second!))).statusCode).toBe(404)
  const days = { rowVersion: 1, since: '2020-01-01', until: '2019-01-01' }
  expect((await ana.call('PATCH', at(first!), days)).statusCode).toBe(422)
  const left = await ana.call('PATCH', at(first!), { ...days, until: '2021-01-01', role: 'owner' })
  expect(left.json().parties).toMatchObject([{ role: 'owner', isPast: true, rowVersion: 2 }])
  expect((await ben.call('DELETE', at(second!))).statusCode).toBe(200)
  expect((await seen(ben, made)).statusCode).toBe(404)
  expect((await ana.call('DELETE', at(first!))).json().code).toBe('last-party')
})

test('of two who take away the last two parties at once the second waits for the first, and one is left', async () => {
  const made = await joint(ana, [await person(ana, 'Samen'), await person(ana, 'Weg')])
  const first = await asApp(ana)
  await first.query('delete from kluis.joint_party where id = $1', [made.parties[0]!.id])
  const second = ana.call('DELETE', `${path(made)}/parties/${made.parties[1]!.id}`)
  await someoneWaits()
  await first.query('commit')
  await first.end()
  expect((await second).json().code).toBe('last-party')
  expect((await seen(ana, made)).json().parties).toMatchObject([{ id: made.parties[1]!.id }])
})

test('past the program neither a person of their own nor a note brings anybody into a joint dossier', async () => {
  const [one, two] = [await person(ana, 'Gesloten'), await person(ana, 'Deur')]
  const made = await joint(ana, [one, two])
  const [bens, other] = [await person(ben, 'Sleutel'), await person(ben, 'Voet')]
  const note = (await ben.call('POST', `/api/people/${bens.id}/notes`, { body: 'van hem' })).json()
  const sealed = `(select content_sealed from kluis.note where id = '${note.id}')`
  const join = (id: string) =>
    `insert into kluis.joint_party (joint_dossier_id, person_id, content_sealed) values ('${made.id}', '${id}', ${sealed})`
  for (const sql of [
    join(bens.id),
    join(one.id),
    // The first row of a statement does not let in the second.
    `${join(bens.id)}, ('${made.id}', '${other.id}', ${sealed})`,
    `insert into kluis.note (joint_dossier_id, content_sealed) values ('${made.id}', ${sealed})`,
    `update kluis.note set person_id = null, joint_dossier_id = '${made.id}', row_version = 2 where id = '${note.id}'`,
  ]) {
    const app = await asApp(ben)
    await expect(app.query(sql), sql).rejects.toThrow(/row-level security|out of sight/)
    await app.end()
  }
  // Which dossier a party is of, and of whom, is said once.
  const hers = await asApp(ana)
  await expect(
    hers.query(`update kluis.joint_party set person_id = '${one.id}', row_version = 2`),
  ).rejects.toThrow(/permission denied/)
  await hers.end()
  expect((await seen(ben, made)).statusCode).toBe(404)
})

/** A transaction of the app's own role, in somebody's session. */
async function asApp(by: Caller): Promise<pg.Client> {
  const client = new pg.Client({
    ...inject('postgres'),
    user: 'kluis_app',
    database: kluis.databaseName,
  })
  await client.connect()
  await client.query('begin')
  await client.query(`select set_config('kluis.session', $1, true)`, [by.token])
  return client
}

async function someoneWaits(): Promise<void> {
  await expect
    .poll(
      async () => {
        const { rows } = await kluis.admin.query(
          `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows[0].n
      },
      { timeout: 20_000 },
    )
    .toBe(1)
}

test('nothing new is hung on a joint dossier that has ended, nobody joins it, and it can be read', async () => {
  const made = await joint(ana, [await person(ana, 'Uit'), await person(ana, 'Elkaar')])
  const ended = await ana.call('POST', `${path(made)}/end`, { rowVersion: 1 })
  expect(ended.json()).toMatchObject({
    endedBy: ana.userId,
    parties: [{ isPast: true }, { isPast: true }],
  })
  expect((await ana.call('POST', `${path(made)}/end`, { rowVersion: 2 })).json().code).toBe(
    'already-done',
  )
  expect((await add(ana, made, await person(ana, 'Laat'))).json().code).toBe('joint-dossier-ended')
  const task = { subject: { kind: 'joint_dossier', id: made.id }, title: 'bellen' }
  expect((await ana.call('POST', '/api/tasks', task)).json().code).toBe('joint-dossier-ended')
  expect((await seen(ana, made)).statusCode).toBe(200)
  const again = await ana.call('POST', `${path(made)}/reopen`, { rowVersion: 2 })
  expect(again.json()).toMatchObject({ endedAt: null, rowVersion: 3 })
  const given = await ana.call('POST', '/api/tasks', task)
  expect(given.json()).toMatchObject({
    subject: task.subject,
    subjectName: 'Uit & Elkaar',
    title: 'bellen',
  })
})

test('a joint dossier has two parties or more, each once', async () => {
  const one = await person(ana, 'Alleen')
  expect((await begin(ana, [one])).statusCode).toBe(422)
  expect((await begin(ana, [one, one])).json().code).toBe('invalid-fields')
})

test('notes, tasks and files hang on it, and stand in the timeline of each party with which dossier they are of', async () => {
  const [an, bo] = [await person(ana, 'Tijd'), await person(ana, 'Lijn')]
  const made = await joint(ana, [an, bo], { name: 'Huis' })
  const note = await ana.call('POST', `${path(made)}/notes`, { body: 'samen getekend' })
  expect(note.statusCode, note.body).toBe(201)
  await ana.call('POST', `/api/people/${an.id}/notes`, { body: 'van haar alleen' })
  const subject = { kind: 'joint_dossier', id: made.id }
  await ana.call('POST', '/api/tasks', { subject, title: 'akte nakijken' })
  const fileId = await upload(ana, path(made), 'akte.pdf', 'de akte zelf')
  const entries = async (of: string) =>
    (await ana.call('GET', `${of}/timeline`)).json().items as {
      kind: string
      text?: string
      jointDossier?: { id: string; name: string } | null
    }[]
  const ofAn = await entries(`/api/people/${an.id}`)
  const jointly = ofAn.filter(({ jointDossier }) => jointDossier)
  expect(jointly.map(({ kind }) => kind).sort()).toEqual(['file', 'note', 'task'])
  expect(jointly[0]!.jointDossier).toEqual({ id: made.id, name: 'Huis' })
  expect(ofAn.find(({ text }) => text === 'van haar alleen')!.jointDossier).toBeNull()
  const ofBo = await entries(`/api/people/${bo.id}`)
  expect(ofBo.map(({ text }) => text)).toContain('samen getekend')
  expect(ofBo.map(({ text }) => text)).not.toContain('van haar alleen')
  const own = await entries(path(made))
  expect(own.map(({ kind }) => kind)).toEqual(['file', 'task', 'note', 'created'])
  expect(own.every(({ jointDossier }) => !jointDossier)).toBe(true)
  const found = await ana.call('GET', `/api/people/${bo.id}/timeline?search=getekend`)
  expect(found.json().items).toMatchObject([{ text: 'samen getekend' }])
  // Page by page each stands there once.
  const ids: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: { id: string }[]; nextCursor: string | null } = (
      await ana.call('GET', `/api/people/${an.id}/timeline?limit=2${cursor && `&cursor=${cursor}`}`)
    ).json()
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  expect([...new Set(ids)]).toHaveLength(ofAn.length)
  expect(ids).toHaveLength(ofAn.length)
  const content = await ana.call('GET', `/api/files/${fileId}/content`)
  expect(content.body).toBe('de akte zelf')
})

async function upload(by: Caller, of: string, name: string, text: string): Promise<string> {
  const begun = await by.call('POST', `${of}/files`, { name, size: text.length })
  expect(begun.statusCode, begun.body).toBe(201)
  const { id } = begun.json()
  await kluis.app.http.inject({
    method: 'PUT',
    url: `/api/files/${id}/pieces/0`,
    cookies: { kluis: by.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: Buffer.from(text),
  })
  expect((await by.call('POST', `/api/files/${id}/complete`)).statusCode).toBe(200)
  return id
}

test('a note of it is edited with its history, thrown away and put back, by whoever may of one party', async () => {
  const [mine, theirs] = [await person(ana, 'Eigen'), await person(ben, 'Vreemd')]
  const made = await joint(both, [mine, theirs])
  const note = (await ana.call('POST', `${path(made)}/notes`, { body: 'eerst' })).json()
  expect(
    (await ben.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'later' })).statusCode,
  ).toBe(200)
  const { items } = (await ana.call('GET', `/api/notes/${note.id}/versions`)).json()
  expect(items).toMatchObject([{ body: 'eerst', writtenBy: ana.userId, replacedBy: ben.userId }])
  expect((await ben.call('DELETE', `/api/notes/${note.id}`)).statusCode).toBe(200)
  expect((await ana.call('GET', `${path(made)}/trash`)).json().items).toMatchObject([
    { id: note.id, text: 'later' },
  ])
  const outsider = await kluis.colleague(ana, 'sales', await kluis.newTeam('West'))
  expect((await outsider.call('POST', `/api/notes/${note.id}/restore`)).statusCode).toBe(404)
  expect((await ana.call('POST', `/api/notes/${note.id}/restore`)).statusCode).toBe(200)
  expect((await ana.call('GET', `${path(made)}/notes`)).json().items).toMatchObject([
    { body: 'later' },
  ])
})

test('on an ended joint dossier nothing new is hung, past the program neither', async () => {
  const made = await joint(ana, [await person(ana, 'Einde'), await person(ana, 'Samen')])
  const note = (await ana.call('POST', `${path(made)}/notes`, { body: 'van toen' })).json()
  await ana.call('POST', `${path(made)}/end`, { rowVersion: 1 })
  for (const what of [
    ana.call('POST', `${path(made)}/notes`, { body: 'nog iets' }),
    ana.call('POST', `${path(made)}/files`, { name: 'a.txt', size: 1 }),
  ])
    expect((await what).json().code).toBe('joint-dossier-ended')
  expect((await ana.call('GET', `${path(made)}/notes`)).json().items).toMatchObject([
    { id: note.id },
  ])
  const app = await kluis.otherAdmin()
  await app.query(
    `begin; select set_config('kluis.session', '${ana.token}', true); set local role kluis_app`,
  )
  await expect(
    app.query(
      `insert into kluis.note (joint_dossier_id, content_sealed) select $1, content_sealed from kluis.note where id = $2`,
      [made.id, note.id],
    ),
  ).rejects.toThrow(/row-level security/)
  await app.end()
})

test('a repeating task that is ticked off on an ended joint dossier makes no other', async () => {
  const made = await joint(ana, [await person(ana, 'Elk'), await person(ana, 'Jaar')])
  const subject = { kind: 'joint_dossier', id: made.id }
  const given = { subject, title: 'polis nazien', dueOn: '2026-01-01', repeats: 'yearly' }
  const first = (await ana.call('POST', '/api/tasks', given)).json()
  await ana.call('POST', `${path(made)}/end`, { rowVersion: 1 })
  const done = await ana.call('PATCH', `/api/tasks/${first.id}`, { rowVersion: 1, isDone: true })
  expect(done.statusCode, done.body).toBe(200)
  const { items } = (await ana.call('GET', `/api/tasks?jointDossierId=${made.id}`)).json()
  expect(items).toHaveLength(1)
})

test('whoever follows a party, is mentioned or gets a task of it hears of it under a party they see', async () => {
  const [mine, theirs] = [await person(ana, 'Gevolgd'), await person(ben, 'Ginder')]
  const made = await joint(both, [theirs, mine])
  const mate = await kluis.colleague(ana, 'sales', ana.teamId)
  await mate.call('POST', `/api/people/${mine.id}/follow`)
  const outsider = await kluis.colleague(ana, 'sales', await kluis.newTeam('Oost'))
  const body = `kijk <@${mate.userId}> en <@${ben.userId}> en <@${outsider.userId}>`
  const note = await both.call('POST', `${path(made)}/notes`, { body })
  expect(note.json().untold).toEqual([outsider.userId])
  const subject = { kind: 'joint_dossier', id: made.id }
  const remindAt = new Date(Date.now() - 1000).toISOString()
  const task = { subject, title: 'bellen', assigneeId: mate.userId, remindAt }
  expect((await both.call('POST', '/api/tasks', task)).statusCode).toBe(201)
  const told = async (who: Caller) =>
    (await who.call('GET', '/api/notifications'))
      .json()
      .items.map(({ kind, subject: of }: { kind: string; subject: { id: string } }) => [
        kind,
        of.id,
      ])
  expect((await told(mate)).sort()).toEqual([
    ['assigned', mine.id],
    ['change', mine.id],
    ['mention', mine.id],
    ['reminder', mine.id],
  ])
  expect(await told(ben)).toEqual([['mention', theirs.id]])
  expect((await mate.call('POST', '/api/notifications/read', {})).json().unread).toBe(0)
  expect((await told(mate)).map(([kind]: [string]) => kind)).not.toContain('reminder')
})

test('what happens on it is told in the news, with what it is called', async () => {
  const made = await joint(ana, [await person(ana, 'Nieuws'), await person(ana, 'Feit')])
  await ana.call('POST', `${path(made)}/notes`, { body: 'nieuw' })
  const [first] = (await ana.call('GET', '/api/activity')).json().items
  expect(first).toMatchObject({
    kind: 'noted',
    name: 'Nieuws & Feit',
    subject: { kind: 'joint_dossier', id: made.id },
  })
})

test('reading what hangs on it counts as one customer, and each party is told who saw it since they joined', async () => {
  const [an, bo] = [await person(ana, 'Spoor'), await person(ana, 'Gezien')]
  const made = await joint(ana, [an, bo])
  await ana.call('POST', `${path(made)}/notes`, { body: 'een' })
  await ana.call('POST', `${path(made)}/notes`, { body: 'twee' })
  const mate = await kluis.colleague(ana, 'sales', ana.teamId)
  const late = await person(ana, 'Later')
  await mate.call('GET', `${path(made)}/notes`)
  const opened = await kluis.admin.query(
    'select subject_id from kluis.budget_seen where user_id = $1 and opened_at is not null',
    [mate.userId],
  )
  expect(opened.rows).toEqual([{ subject_id: made.id }])
  await add(ana, made, late)
  const openers = async (of: Made) =>
    (await ana.call('GET', `/api/people/${of.id}/openings`))
      .json()
      .items.map(({ userId }: { userId: string }) => userId)
  for (const one of [an, bo]) expect(await openers(one)).toContain(mate.userId)
  expect(await openers(late)).not.toContain(mate.userId)
})

type Kind = 'person' | 'joint_dossier'
const move = (by: Caller, what: string, id: string, rowVersion: number, kind: Kind, to: Made) =>
  by.call('POST', `/api/${what}/${id}/move`, { rowVersion, to: { kind, id: to.id } })
const slotOf = async (table: string, id: string, column = 'content_sealed') =>
  (
    await kluis.admin.query(
      `select kluis.slot_of(${column}) as slot from kluis.${table} where id = $1`,
      [id],
    )
  ).rows[0]!.slot
const keyOf = async (table: string, { id }: { id: string }) =>
  (await kluis.admin.query(`select key_slot from kluis.${table} where id = $1`, [id])).rows[0]!
    .key_slot

test('a note moves to the dossier of the party it is about and back, with its earlier texts, each time under the key of the place', async () => {
  const [an, bo] = [await person(ana, 'Beweegt'), await person(ana, 'Blijft')]
  const made = await joint(ana, [an, bo])
  const note = (await ana.call('POST', `${path(made)}/notes`, { body: 'over hem' })).json()
  await ana.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'over haar' })
  const versions = async () =>
    (await ana.call('GET', `/api/notes/${note.id}/versions`)).json().items
  const there = await move(ana, 'notes', note.id, 2, 'person', an)
  expect(there.json()).toEqual({
    id: note.id,
    subject: { kind: 'person', id: an.id },
    rowVersion: 3,
  })
  expect(await slotOf('note', note.id)).toBe(await keyOf('person', an))
  expect((await ana.call('GET', `/api/people/${an.id}/notes`)).json().items).toMatchObject([
    { body: 'over haar', rowVersion: 3 },
  ])
  const [earlier] = await versions()
  expect(earlier).toMatchObject({ body: 'over hem', closed: null })
  expect(await slotOf('note_version', earlier.id)).toBe(await keyOf('person', an))
  expect((await ana.call('GET', `/api/people/${bo.id}/timeline`)).body).not.toContain('over haar')
  expect((await move(ana, 'notes', note.id, 2, 'joint_dossier', made)).json().code).toBe(
    'changed-meanwhile',
  )
  expect((await move(ana, 'notes', note.id, 3, 'joint_dossier', made)).statusCode).toBe(200)
  expect(await slotOf('note', note.id)).toBe(await keyOf('joint_dossier', made))
  expect(await versions()).toMatchObject([{ body: 'over hem', closed: null }])
  expect((await ana.call('GET', `${path(made)}/notes`)).json().items).toMatchObject([
    { body: 'over haar' },
  ])
})

test('a file moves with its key, and is still what it was; a photo stays', async () => {
  const [an, bo] = [await person(ana, 'Map'), await person(ana, 'Mapje')]
  const made = await joint(ana, [an, bo])
  const id = await upload(ana, path(made), 'loon.pdf', 'haar loonbrief')
  expect((await move(ana, 'files', id, 2, 'person', an)).statusCode).toBe(200)
  expect(await slotOf('file', id, 'key_sealed')).toBe(await keyOf('person', an))
  expect((await ana.call('GET', `/api/files/${id}/content`)).body).toBe('haar loonbrief')
  await kluis.admin.query(
    'update kluis.file set photo_of = person_id, row_version = row_version + 1 where id = $1',
    [id],
  )
  expect((await move(ana, 'files', id, 4, 'joint_dossier', made)).json()).toMatchObject({
    detail: { fields: [{ problem: 'photo' }] },
  })
})

test('nothing moves to who is no party, nor past whoever may not change it, nor into what has ended', async () => {
  const [an, bo, cas] = [
    await person(ana, 'Wel'),
    await person(ben, 'Niet'),
    await person(ana, 'Derde'),
  ]
  const made = await joint(both, [an, bo])
  const note = (await ana.call('POST', `${path(made)}/notes`, { body: 'van beiden' })).json()
  expect((await move(ana, 'notes', note.id, 1, 'person', cas)).statusCode).toBe(404)
  // He is a party, but out of her sight.
  expect((await move(ana, 'notes', note.id, 1, 'person', bo)).statusCode).toBe(404)
  expect((await move(reader, 'notes', note.id, 1, 'person', an)).statusCode).toBe(403)
  const outsider = await kluis.colleague(ana, 'sales', await kluis.newTeam('Buiten'))
  expect((await move(outsider, 'notes', note.id, 1, 'person', an)).statusCode).toBe(404)
  const own = (
    await ana.call('POST', `/api/people/${cas.id}/notes`, { body: 'van een derde' })
  ).json()
  expect((await move(ana, 'notes', own.id, 1, 'joint_dossier', made)).statusCode).toBe(404)
  await ana.call('POST', `${path(made)}/end`, { rowVersion: 1 })
  const hers = (await ana.call('POST', `/api/people/${an.id}/notes`, { body: 'van haar' })).json()
  expect((await move(ana, 'notes', hers.id, 1, 'joint_dossier', made)).json().code).toBe(
    'joint-dossier-ended',
  )
  // Out of it all the same.
  expect((await move(ana, 'notes', note.id, 1, 'person', an)).statusCode).toBe(200)
})

test('an earlier text is moved by nobody past its note', async () => {
  const [an, bo] = [await person(ana, 'Vast'), await person(ana, 'Los')]
  const made = await joint(ana, [an, bo])
  const note = (await ana.call('POST', `${path(made)}/notes`, { body: 'een' })).json()
  await ana.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'twee' })
  const app = await kluis.otherAdmin()
  await app.query(
    `begin; select set_config('kluis.session', '${ana.token}', true); set local role kluis_app`,
  )
  await expect(
    app.query(
      'update kluis.note_version set joint_dossier_id = null, person_id = $1, row_version = row_version + 1 where note_id = $2',
      [an.id, note.id],
    ),
  ).rejects.toThrow(/row-level security/)
  await app.end()
})

test('merging two people takes the parties along, and undoing it brings them back', async () => {
  const [kept, other, third] = [
    await person(ana, 'Zelfde'),
    await person(ana, 'Zelfde'),
    await person(ana, 'Derde'),
  ]
  const alone = await joint(ana, [other, third], { name: 'Van de ander' })
  const common = await joint(ana, [kept, other], { name: 'Van beide' })
  await ana.call('POST', `${path(alone)}/notes`, { body: 'hangt eraan' })
  const sharing = { keptId: kept.id, otherId: other.id, choices: {} }
  const preview = await ana.call('POST', '/api/people/merges/preview', sharing)
  expect(preview.json().moves).toMatchObject({ joint_party: 2 })
  const merged = await ana.call('POST', '/api/people/merges', {
    ...sharing,
    keptVersion: 1,
    otherVersion: 1,
  })
  expect(merged.statusCode, merged.body).toBe(200)
  const parties = async (one: Made) =>
    (await seen(ana, one)).json().parties.map(({ personId }: { personId: string }) => personId)
  expect((await parties(alone)).sort()).toEqual([kept.id, third.id].sort())
  expect(await parties(common)).toEqual([kept.id])
  expect((await seen(ana, common)).json().unseenParties).toBe(0)
  expect((await ana.call('GET', `/api/people/${kept.id}/timeline`)).body).toContain('hangt eraan')
  const undone = await ana.call('POST', `/api/people/merges/${merged.json().id}/undo`)
  expect(undone.statusCode, undone.body).toBe(200)
  expect((await parties(alone)).sort()).toEqual([other.id, third.id].sort())
  expect((await parties(common)).sort()).toEqual([kept.id, other.id].sort())
})

test('a note that moves at the moment of a merge does not stay behind with the record that goes', async () => {
  const [kept, other, third] = [
    await person(ana, 'Blijf'),
    await person(ana, 'Verdwijn'),
    await person(ana, 'Bij'),
  ]
  const made = await joint(ana, [other, third])
  const note = (await ana.call('POST', `${path(made)}/notes`, { body: 'onderweg' })).json()
  const holder = await kluis.otherAdmin()
  await holder.query('begin')
  // As a merge does: held, and gone when it lets go.
  await holder.query('select from kluis.person where id = $1 for update', [other.id])
  await holder.query(
    'update kluis.person set merged_into = $2, merged_at = now(), row_version = row_version + 1 where id = $1',
    [other.id, kept.id],
  )
  const moving = move(ana, 'notes', note.id, 1, 'person', other)
  await someoneWaits()
  await holder.query('commit')
  await holder.end()
  expect((await moving).statusCode).toBe(404)
  expect((await ana.call('GET', `${path(made)}/notes`)).json().items).toMatchObject([
    { id: note.id },
  ])
})

test('a document that a law has kept moves with its own key', async () => {
  const [an, bo] = [await person(ana, 'Bewaart'), await person(ana, 'Mee')]
  const made = await joint(ana, [an, bo])
  const id = await upload(ana, path(made), 'akte.pdf', 'de akte zelf')
  const retention = { rule: 'NL-FISC-7', from: '2026-01-01' }
  const kept = await ana.call('PUT', `/api/files/${id}/retention`, { rowVersion: 2, retention })
  expect(kept.statusCode, kept.body).toBe(200)
  const own = await slotOf('file', id, 'key_sealed')
  expect((await move(ana, 'files', id, 3, 'person', an)).statusCode).toBe(200)
  expect(await slotOf('file', id, 'key_sealed')).toBe(own)
  expect((await ana.call('GET', `/api/files/${id}/content`)).body).toBe('de akte zelf')
})
