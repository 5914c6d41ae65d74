import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'
import { placedJpeg, tinyJpeg, tinyPng } from './support/pictures.ts'

let kluis: TestKluis
let ana: Caller
beforeEach(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
})
afterEach(() => kluis.close())

const JPEG = tinyJpeg(5_000)
const PNG = tinyPng([20, 80, 83])
const get = async (url: string, who = ana) => (await who.call('GET', url)).json()
const post = async (url: string, body = {}) => (await ana.call('POST', url, body)).json()

const folded = (line: string) => line.match(/.{1,74}/g)!.join('\r\n ')
const card = (name: string, ...more: string[]) =>
  [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `N:${name};Foto;;;`,
    `EMAIL:${name}@mail.example`,
    ...more.map(folded),
    'END:VCARD',
    '',
  ].join('\r\n')
const inline = (bytes: Buffer) => `PHOTO;ENCODING=b;TYPE=JPEG:${bytes.toString('base64')}`
const data = (type: string, bytes: Buffer) =>
  `PHOTO:data:${type};base64,${bytes.toString('base64')}`

async function importCards(cards: string, query = '', who = ana) {
  const response = await kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports${query}`,
    cookies: { kluis: who.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: cards,
  })
  return response.json()
}
const problemsOf = ({ rows }: { rows: { line: number; problems: { problem: string }[] }[] }) =>
  rows.flatMap(({ problems }) => problems.map((one) => one.problem))
async function personOf(search: string) {
  const { items } = await get(`/api/people?search=${search}`)
  return get(`/api/people/${items[0].id}`)
}
const shown = async (id: string, who = ana) =>
  (await who.call('GET', `/api/files/${id}/photo`)).rawPayload

async function sendPhoto(personId: string, bytes: Buffer, isPhoto = true) {
  const { id } = await post(`/api/people/${personId}/files`, {
    name: 'foto.jpg',
    size: bytes.length,
    isPhoto,
  })
  await kluis.app.http.inject({
    method: 'PUT',
    url: `/api/files/${id}/pieces/0`,
    cookies: { kluis: ana.token },
    headers: { 'content-type': 'application/octet-stream' },
    payload: bytes,
  })
  return { id, done: await ana.call('POST', `/api/files/${id}/complete`) }
}

test('photos in vCards come in and go out byte for byte; one too large or only pointed at is told', async () => {
  const cards = [
    card('Anker', inline(JPEG)),
    card('Boom', data('image/png', PNG)),
    card('Cel', inline(tinyJpeg(2 * 1024 * 1024 + 1))),
    card('Dak', 'PHOTO:https://elders.example/foto.jpg'),
    card('Eik', data('image/svg+xml', Buffer.from('<svg onload="alert(1)"/>'))),
    card('Fort'),
  ].join('')
  const dry = await importCards(cards, '?dryRun=true')
  const done = await importCards(cards)
  expect(done).toMatchObject({ created: 6, refused: 0, notices: [] })
  expect(problemsOf(done)).toEqual(['photo-too-large', 'photo-unknown', 'photo-unknown'])
  expect(dry.rows).toEqual(done.rows)
  const [anker, boom] = [await personOf('anker'), await personOf('boom')]
  expect(await shown(anker.photoId)).toEqual(JPEG)
  expect(await shown(boom.photoId)).toEqual(PNG)
  for (const name of ['cel', 'dak', 'eik', 'fort'])
    expect(await personOf(name)).toMatchObject({ photoId: null })
  // Seen with the dossier, which is on record; nothing was taken out.
  const kinds = (await get(`/api/people/${anker.id}/openings`)).items.map(
    ({ kind }: { kind: string }) => kind,
  )
  expect(kinds).toContain('dossier')
  expect(kinds).not.toContain('download')

  const vcf = (await ana.call('GET', '/api/people/export.vcf')).body
  expect(vcf.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
  const unfolded = vcf.replaceAll('\r\n ', '')
  expect(unfolded.match(/^PHOTO:.*$/gm)!.toSorted()).toEqual(
    [data('image/jpeg', JPEG), data('image/png', PNG)].toSorted(),
  )
  expect((await ana.call('GET', '/api/people/export.json')).body).not.toMatch(/photo/i)
})

test('of a photo the picture is kept and not where it was taken, brought by an import or by hand', async () => {
  const placed = placedJpeg(6)
  await importCards(card('Anker', inline(placed)))
  const imported = await shown((await personOf('anker')).photoId)
  const { id } = await post('/api/people', { familyName: 'Boom' })
  const before = await sendPhoto(id, PNG)
  const { done } = await sendPhoto(id, placed)
  expect(done.statusCode, done.body).toBe(200)
  const { photoId } = await get(`/api/people/${id}`)
  expect(done.json()).toMatchObject({ id: photoId, size: imported.length, rowVersion: 2 })
  for (const photo of [imported, await shown(photoId)]) {
    expect(photo.includes('Toestel van An')).toBe(false)
    expect(photo.subarray(-JPEG.length).includes(tinyJpeg().subarray(2))).toBe(true)
  }
  // What was sent is nowhere any more, and what was there before can come back.
  const { rows } = await kluis.admin.query(
    'select id, deleted_at is null as is_there from kluis.file where person_id = $1 order by 2',
    [id],
  )
  expect(rows).toEqual([
    { id: before.id, is_there: false },
    { id: photoId, is_there: true },
  ])
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('whoever may not see files sees no photo, and whoever may not add them brings none in', async () => {
  await importCards(card('Anker', inline(JPEG)))
  const { photoId } = await personOf('anker')
  await kluis.admin.query(
    `delete from kluis.role_permission where role_id = 'manager' and permission like 'files:%'`,
  )
  const ben = await kluis.colleague(ana, 'manager', ana.teamId)
  const { items } = await get('/api/people?search=anker', ben)
  expect(await get(`/api/people/${items[0].id}`, ben)).toMatchObject({ photoId: null })
  expect((await ben.call('GET', `/api/files/${photoId}/photo`)).statusCode).toBe(403)
  expect((await ben.call('GET', '/api/people/export.vcf')).body).not.toContain('PHOTO')
  const done = await importCards(card('Berg', inline(JPEG)), '', ben)
  expect(done.created).toBe(1)
  expect(problemsOf(done)).toEqual(['photo-not-allowed'])
})

test('an import replaces no photo, and taking it back takes the photos it brought', async () => {
  await post('/api/people', { familyName: 'Boom', emails: [{ value: 'boom@mail.example' }] })
  const first = await importCards(card('Anker', inline(JPEG)))
  const cards = [
    card('Anker', data('image/png', PNG)),
    card('Boom', data('image/png', PNG)),
    card('Cel', data('image/png', PNG)),
  ].join('')
  const second = await importCards(cards, '?duplicates=update&key=email')
  expect(second).toMatchObject({ created: 1, updated: 2 })
  expect(problemsOf(second).filter((one) => one.startsWith('photo'))).toEqual(['photo-there'])
  expect(await shown((await personOf('anker')).photoId)).toEqual(JPEG)
  const boom = await personOf('boom')
  expect(await shown(boom.photoId)).toEqual(PNG)
  expect(await get(`/api/imports/${second.importId}/revert`)).toMatchObject({
    people: 1,
    restored: 2,
    photos: 1,
    changedSinceCount: 0,
  })
  expect(await post(`/api/imports/${second.importId}/revert`)).toMatchObject({ removed: 1 })
  expect(await get(`/api/people/${boom.id}`)).toMatchObject({ photoId: null })
  expect(await shown((await personOf('anker')).photoId)).toEqual(JPEG)
  // Changed since, if only there and back.
  const all = { changedSince: 'revert' }
  expect(await post(`/api/imports/${first.importId}/revert`, all)).toMatchObject({ removed: 1 })
  const left = await kluis.admin.query(
    'select (select count(*)::int from kluis.file) as files, (select count(*)::int from kluis.file_frame) as frames',
  )
  expect(left.rows[0]).toEqual({ files: 0, frames: 0 })
  expect((await kluis.app.ledger.verify()).findings).toEqual([])
})

test('a photo by hand replaces the one before, which can come back; what is no picture becomes none', async () => {
  const { id } = await post('/api/people', { familyName: 'Anker' })
  const first = await sendPhoto(id, JPEG)
  const second = await sendPhoto(id, PNG)
  expect(await get(`/api/people/${id}`)).toMatchObject({ photoId: second.id })
  const no = await sendPhoto(id, Buffer.from('<script>alert(1)</script>'))
  expect(no.done.json()).toMatchObject({ code: 'file-unreadable', detail: { why: 'no-photo' } })
  await ana.call('DELETE', `/api/files/${second.id}`)
  expect(await get(`/api/people/${id}`)).toMatchObject({ photoId: null })
  await ana.call('POST', `/api/files/${first.id}/restore`)
  expect(await get(`/api/people/${id}`)).toMatchObject({ photoId: first.id })
  // The address that leaves no download on record gives nothing but a photo.
  const other = await sendPhoto(id, JPEG, false)
  expect(other.done.statusCode).toBe(200)
  expect((await ana.call('GET', `/api/files/${other.id}/photo`)).statusCode).toBe(404)
  const company = await post('/api/companies', { name: 'Korenaar' })
  const refused = await ana.call('POST', `/api/companies/${company.id}/files`, {
    name: 'logo.png',
    size: 10,
    isPhoto: true,
  })
  expect(refused.json()).toMatchObject({ code: 'invalid-fields' })
})

test('after a merge the kept record keeps its own photo, and one without gets the other’s', async () => {
  const [kept, other] = [
    await post('/api/people', { familyName: 'Anker' }),
    await post('/api/people', { familyName: 'Ankers' }),
  ]
  const theirs = await sendPhoto(other.id, PNG)
  const merge = async () =>
    post('/api/people/merges', {
      choices: {},
      keptId: kept.id,
      otherId: other.id,
      keptVersion: (await get(`/api/people/${kept.id}`)).rowVersion,
      otherVersion: (await get(`/api/people/${other.id}`)).rowVersion,
    })
  const merged = await merge()
  expect(await get(`/api/people/${kept.id}`)).toMatchObject({ photoId: theirs.id })
  expect(await shown(theirs.id)).toEqual(PNG)
  await post(`/api/people/merges/${merged.id}/undo`)
  expect(await get(`/api/people/${kept.id}`)).toMatchObject({ photoId: null })
  const own = await sendPhoto(kept.id, JPEG)
  // Newer than the kept one's, and still not before it.
  const newer = await sendPhoto(other.id, PNG)
  await merge()
  expect(await get(`/api/people/${kept.id}`)).toMatchObject({ photoId: own.id })
  expect(await shown(newer.id)).toEqual(PNG)
})
