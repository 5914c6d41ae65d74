import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// Two attackers: the database administrator, who changes any frame, and a colleague with foreign ids.
const MIB = 1024 * 1024
const FIVE = 5 * MIB - 12_345

let kluis: TestKluis
let bea: Caller
let mate: Caller
let reader: Caller
let stranger: Caller
let personId: string
let one: string
let other: string
const contents = new Map<string, Buffer>()

const cookies = (caller: Caller) => ({ kluis: caller.token })
const sendPiece = (
  caller: Caller,
  id: string,
  number: number,
  payload: Buffer | string,
  type = 'application/octet-stream',
) =>
  kluis.app.http.inject({
    method: 'PUT',
    url: `/api/files/${id}/pieces/${number}`,
    cookies: cookies(caller),
    headers: { 'content-type': type },
    payload,
  })
const download = (caller: Caller, id: string) =>
  kluis.app.http.inject({
    method: 'GET',
    url: `/api/files/${id}/content`,
    cookies: cookies(caller),
  })
const begin = async (caller: Caller, size: number, name = 'geheim contract.pdf') =>
  (
    await caller.call('POST', `/api/people/${personId}/files`, {
      name,
      type: 'application/pdf',
      size,
    })
  ).json()

async function upload(caller: Caller, content: Buffer, name?: string): Promise<string> {
  const { id, pieces } = await begin(caller, content.length, name)
  for (let number = 0; number < pieces; number++)
    expect(
      (await sendPiece(caller, id, number, content.subarray(number * MIB, (number + 1) * MIB)))
        .statusCode,
    ).toBe(200)
  expect((await caller.call('POST', `/api/files/${id}/complete`)).statusCode).toBe(200)
  contents.set(id, content)
  return id
}

beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp('team')
  mate = await kluis.colleague(bea, 'sales', bea.teamId)
  reader = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  stranger = await kluis.colleague(bea, 'sales', await kluis.newTeam('Zuid'))
  personId = (await bea.call('POST', '/api/people', { familyName: 'Maes' })).json().id
  one = await upload(bea, randomBytes(FIVE))
  other = await upload(bea, randomBytes(FIVE))
}, 120_000)
afterAll(() => kluis.close())

test('a file comes back byte for byte, as an attachment that no browser opens, and the download is on record', async () => {
  const reply = await download(mate, one)
  expect(reply.rawPayload.equals(contents.get(one)!)).toBe(true)
  expect(reply.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-length': String(FIVE),
    'content-disposition': `attachment; filename="geheim contract.pdf"; filename*=UTF-8''geheim%20contract.pdf`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'no-store',
  })
  const { items } = (await bea.call('GET', `/api/people/${personId}/openings`)).json()
  expect(items[0]).toMatchObject({ kind: 'download', userId: mate.userId })
})

test('neither name, type nor content stands readable in the database, and the size only as a step', async () => {
  const { rows } = await kluis.admin.query(
    `select f.*, (select string_agg(sealed, ''::bytea) from kluis.file_frame where file_id = f.id) as frames from kluis.file f where id = $1`,
    [one],
  )
  const bytes = Buffer.concat([rows[0].content_sealed, rows[0].key_sealed, rows[0].frames])
  for (const word of ['geheim', 'contract', 'application', String(FIVE)])
    expect(bytes.includes(word)).toBe(false)
  expect(bytes.includes(contents.get(one)!.subarray(MIB, MIB + 32))).toBe(false)
})

const frameOf = (file: string, number: number) =>
  `(select sealed from kluis.file_frame where file_id = '${file}' and number = ${number})`

test.each([
  [
    'two frames changed places',
    () =>
      `update kluis.file_frame f set sealed = case number when 1 then ${frameOf(one, 2)} else ${frameOf(one, 1)} end where file_id = '${one}' and number in (1, 2)`,
  ],
  [
    'a frame of another file',
    () =>
      `update kluis.file_frame set sealed = ${frameOf(other, 2)} where file_id = '${one}' and number = 2`,
  ],
  [
    'all frames of another file',
    () =>
      `update kluis.file_frame f set sealed = o.sealed from kluis.file_frame o where f.file_id = '${one}' and o.file_id = '${other}' and o.number = f.number`,
  ],
  [
    'a frame repeated',
    () =>
      `update kluis.file_frame set sealed = ${frameOf(one, 1)} where file_id = '${one}' and number = 2`,
  ],
  [
    'the last frame cut off',
    () => `delete from kluis.file_frame where file_id = '${one}' and number = 4`,
  ],
  [
    'the last frame cut off and its count with it',
    () =>
      `delete from kluis.file_frame where file_id = '${one}' and number = 4; update kluis.file set frame_count = 4 where id = '${one}'`,
  ],
  [
    'one bit turned',
    () =>
      `update kluis.file_frame set sealed = set_byte(sealed, 5000, get_byte(sealed, 5000) # 1) where file_id = '${one}' and number = 3`,
  ],
  [
    'the key of another file',
    () =>
      `update kluis.file set key_sealed = (select key_sealed from kluis.file where id = '${other}') where id = '${one}'`,
  ],
  [
    'the name and size of another file',
    () =>
      `update kluis.file set content_sealed = (select content_sealed from kluis.file where id = '${other}') where id = '${one}'`,
  ],
])('with %s a file does not come whole', async (_what, change) => {
  await kluis.admin.query(`create table public.kept_frame as select * from kluis.file_frame where file_id = '${one}';
    create table public.kept_file as select * from kluis.file where id = '${one}';
    alter table kluis.file disable trigger user`)
  try {
    await kluis.admin.query(change())
    // Before the first byte it is refused; behind it, the connection breaks before the last.
    const reply = await download(bea, one).catch((error: Error) => error)
    const whole = reply instanceof Error ? Buffer.alloc(0) : reply.rawPayload
    expect(whole.equals(contents.get(one)!)).toBe(false)
    expect(whole.equals(contents.get(other)!)).toBe(false)
    if (!(reply instanceof Error) && reply.statusCode !== 200)
      expect(reply.json().code).toBe('record-damaged')
    expect(whole.length).toBeLessThan(FIVE)
  } finally {
    await kluis.admin.query(`delete from kluis.file_frame where file_id = '${one}';
      update kluis.file f set key_sealed = k.key_sealed, content_sealed = k.content_sealed, frame_count = k.frame_count from public.kept_file k where f.id = k.id;
      insert into kluis.file_frame select * from public.kept_frame; drop table public.kept_frame, public.kept_file;
      alter table kluis.file enable trigger user`)
  }
  expect((await download(bea, one)).rawPayload.equals(contents.get(one)!)).toBe(true)
})

test('whoever may not see the record gets the same bytes as for a file that does not exist', async () => {
  const nowhere = randomUUID()
  for (const [method, path, body] of [
    ['GET', 'content', undefined],
    ['GET', 'upload', undefined],
    ['POST', 'complete', undefined],
    ['POST', 'restore', undefined],
    ['DELETE', 'for-good', undefined],
    ['DELETE', '', undefined],
    ['PATCH', '', { rowVersion: 2, name: 'x' }],
  ] as const) {
    const of = (id: string) => `/api/files/${id}${path && `/${path}`}`
    const there = await stranger.call(method, of(one), body)
    const missing = await stranger.call(method, of(nowhere), body)
    expect([there.statusCode, there.body], `${method} ${path}`).toEqual([404, missing.body])
  }
  expect((await sendPiece(stranger, one, 0, Buffer.alloc(MIB))).statusCode).toBe(404)
  const list = `/api/people/${personId}/files`
  expect((await stranger.call('GET', list)).statusCode).toBe(404)
  expect((await stranger.call('POST', list, { name: 'a', size: 1 })).statusCode).toBe(404)
})

test('one who may only read downloads, and adds, renames or throws away nothing', async () => {
  expect((await download(reader, one)).statusCode).toBe(200)
  const list = `/api/people/${personId}/files`
  expect((await reader.call('POST', list, { name: 'a', size: 1 })).statusCode).toBe(403)
  expect((await reader.call('DELETE', `/api/files/${one}`)).statusCode).toBe(403)
  expect((await sendPiece(reader, one, 0, Buffer.alloc(1))).statusCode).toBe(403)
})

test('a file above 25 MB, a piece of another length, number or type is refused, and nothing is stored of it', async () => {
  const tooLarge = await bea.call('POST', `/api/people/${personId}/files`, {
    name: 'a',
    size: 25 * MIB + 1,
  })
  expect([tooLarge.statusCode, tooLarge.json().code]).toEqual([413, 'too-large'])
  const { id } = await begin(bea, 2 * MIB)
  expect((await sendPiece(bea, id, 0, Buffer.alloc(MIB + 1))).statusCode).toBe(413)
  for (const [number, length] of [
    [0, MIB - 1],
    [1, 3],
    [2, 0],
    [63, MIB],
  ])
    expect((await sendPiece(bea, id, number!, Buffer.alloc(length!))).statusCode).toBe(400)
  expect((await sendPiece(bea, id, 64, Buffer.alloc(MIB))).statusCode).toBe(404)
  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'text/html',
  ])
    expect((await sendPiece(bea, id, 0, '{"a":1}', type)).statusCode).toBeGreaterThanOrEqual(400)
  const { rowCount } = await kluis.admin.query('select from kluis.file_frame where file_id = $1', [
    id,
  ])
  expect(rowCount).toBe(0)
})

test('an upload that is not whole is in no list, opens for nobody and is gone on after what arrived', async () => {
  const content = randomBytes(3 * MIB)
  const { id } = await begin(bea, content.length)
  for (const number of [0, 2])
    await sendPiece(bea, id, number, content.subarray(number * MIB, (number + 1) * MIB))
  expect((await download(bea, id)).statusCode).toBe(404)
  const refused = await bea.call('POST', `/api/files/${id}/complete`)
  expect([refused.json().code, refused.json().detail.received]).toEqual([
    'upload-incomplete',
    [0, 2],
  ])
  expect((await bea.call('GET', `/api/files/${id}/upload`)).json().received).toEqual([0, 2])
  // A colleague does not go on with it, and what arrived is not written over.
  expect((await sendPiece(mate, id, 1, content.subarray(MIB, 2 * MIB))).statusCode).toBe(404)
  await sendPiece(bea, id, 0, randomBytes(MIB))
  await sendPiece(bea, id, 1, content.subarray(MIB, 2 * MIB))
  await bea.call('POST', `/api/files/${id}/complete`)
  expect((await download(bea, id)).rawPayload.equals(content)).toBe(true)
  expect((await sendPiece(bea, id, 0, randomBytes(MIB))).statusCode).toBe(404)
  const listed = (await bea.call('GET', `/api/people/${personId}/files`)).json().items
  expect(listed.map((file: { id: string }) => file.id)).toContain(id)
})

test('empty files and odd names are kept as well as they can be', async () => {
  const empty = await upload(bea, Buffer.alloc(0), '../../x/\u202efdp."leeg".exe')
  const reply = await download(bea, empty)
  expect([reply.statusCode, reply.rawPayload.length]).toEqual([200, 0])
  const line = (await bea.call('GET', `/api/people/${personId}/files`)).json().items[0]
  expect(line).toMatchObject({ name: 'fdp._leeg_.exe', size: 0 })
  const nameless = await bea.call('PATCH', `/api/files/${empty}`, { rowVersion: 2, name: ' .. ' })
  expect(nameless.json().code).toBe('invalid-fields')
  const renamed = await mate.call('PATCH', `/api/files/${empty}`, {
    rowVersion: 2,
    name: 'leeg.txt',
  })
  expect(renamed.json()).toMatchObject({ name: 'leeg.txt', rowVersion: 3 })
  const late = await bea.call('PATCH', `/api/files/${empty}`, { rowVersion: 2, name: 'anders.txt' })
  expect(late.json().detail.current.name).toBe('leeg.txt')
})

test('to the trash and back; for good from there only, with every frame', async () => {
  const id = await upload(bea, randomBytes(10))
  expect((await bea.call('DELETE', `/api/files/${id}/for-good`)).statusCode).toBe(404)
  await bea.call('DELETE', `/api/files/${id}`)
  expect((await download(bea, id)).statusCode).toBe(404)
  const trash = (await bea.call('GET', `/api/people/${personId}/trash`)).json().items
  expect(trash).toMatchObject([{ kind: 'file', id, name: 'geheim contract.pdf' }])
  await bea.call('POST', `/api/files/${id}/restore`)
  expect((await download(bea, id)).statusCode).toBe(200)
  await bea.call('DELETE', `/api/files/${id}`)
  expect((await bea.call('DELETE', `/api/files/${id}/for-good`)).statusCode).toBe(200)
  const left = await kluis.admin.query('select from kluis.file_frame where file_id = $1', [id])
  expect(left.rowCount).toBe(0)
})
