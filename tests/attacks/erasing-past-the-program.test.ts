/** What a colleague who can run any SQL in the place of the program gets out of erasing: nobody else's key, and no news. */
import type { QueryResult } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let ben: Caller
let officer: Caller

beforeAll(async () => {
  kluis = await openTestKluis({ settleMs: 0 })
  ana = await kluis.setUp('team')
  ben = await kluis.colleague(ana, 'sales', await kluis.newTeam('Noord'))
  officer = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
})
afterAll(() => kluis.close())

async function made(by: Caller, path: string, body: object): Promise<{ id: string }> {
  const answer = await by.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const person = (by: Caller, familyName: string) => made(by, '/api/people', { familyName })
async function asApp(by: Caller, text: string, values: unknown[]): Promise<QueryResult> {
  const client = await kluis.otherAdmin()
  try {
    await client.query('set role kluis_app')
    await client.query('begin')
    await client.query("select set_config('kluis.session', $1, true)", [by.token])
    const done = await client.query(text, values)
    await client.query('commit')
    return done
  } finally {
    await client.end()
  }
}
const slotOf = async (id: string) =>
  Number(
    (await kluis.admin.query('select key_slot from kluis.person where id = $1', [id])).rows[0]
      .key_slot,
  )
const erase = (id: string) =>
  officer.call('POST', '/api/erasures', { subject: { kind: 'person', id }, reason: 'vroeg erom' })
const advice = { rule: 'NL-ADV-1', from: '2020-05-01' }

// A note names the key in its first bytes, a file beside them.
test.each([
  [
    'a note',
    `update kluis.note set row_version = row_version + 1, content_sealed = overlay(content_sealed placing
       substring((select contact_sealed from kluis.person where id = $2) for 32) from 1) where person_id = $1`,
    false,
  ],
  [
    'a file',
    'update kluis.file set row_version = row_version + 1, key_slot = (select key_slot from kluis.person where id = $2) where person_id = $1',
    false,
  ],
  [
    'a file that a law had kept',
    `update kluis.file set row_version = row_version + 1, completed_at = now(), retention_rule = 'NL-ADV-1', retained_from = '2001-01-01',
       key_slot = (select key_slot from kluis.person where id = $2) where person_id = $1`,
    true,
  ],
])(
  '%s that names the key of another customer does not have that key destroyed',
  async (_what, forge, isOver) => {
    const [own, victim] = [await person(ana, 'Eigen'), await person(ana, 'Ander')]
    await made(ana, `/api/people/${own.id}/notes`, { body: 'van Eigen' })
    const { id } = await made(ana, `/api/people/${own.id}/files`, { name: 'a.txt', size: 0 })
    expect((await asApp(ana, forge, [own.id, victim.id])).rowCount).toBe(1)
    const answer = isOver
      ? await officer.call('POST', '/api/retained-files/erasures', { ids: [id], reason: 'voorbij' })
      : await erase(own.id)
    const key = await slotOf(victim.id)
    expect([answer.statusCode, answer.json().detail]).toEqual([500, { keySlotsOfOthers: [key] }])
    expect(kluis.keystore.slotKey(key).kind).toBe('key')
    expect((await ana.call('GET', `/api/people/${own.id}`)).statusCode).toBe(200)
  },
)

test('at a start, what an erased record came to name meanwhile is not destroyed where it is of another', async () => {
  const [own, victim] = [await person(ana, 'Gewist'), await person(ana, 'Levend')]
  await made(ana, `/api/people/${own.id}/notes`, { body: 'van Gewist' })
  expect((await erase(own.id)).statusCode).toBe(201)
  const forged = await asApp(
    ana,
    `update kluis.note set row_version = row_version + 1, content_sealed = overlay(content_sealed placing
       substring((select contact_sealed from kluis.person where id = $2) for 32) from 1) where person_id = $1`,
    [own.id, victim.id],
  )
  expect(forged.rowCount).toBe(1)
  await kluis.app.keys.erasing.reapply()
  expect((await ana.call('GET', `/api/people/${victim.id}`)).statusCode).toBe(200)
})

test('whether somebody out of sight was erased is told by nothing that the database answers', async () => {
  const [gone, there] = [await person(ana, 'Weg'), await person(ana, 'Hier')]
  const parties = [gone, there].map(({ id }) => ({ personId: id, role: 'partner' }))
  const joint = await made(ana, '/api/joint-dossiers', { name: '', parties })
  expect((await erase(gone.id)).statusCode).toBe(201)
  const own = await person(ben, 'Van Ben')
  await made(ben, `/api/people/${own.id}/files`, { name: 'b.txt', size: 0, retention: advice })
  const ask = (id: string) =>
    asApp(ben, 'select kluis.require_not_erased($1)', [id]).then(({ rowCount }) => rowCount)
  const keep = (id: string) =>
    asApp(
      ben,
      `insert into kluis.file (id, person_id, key_slot, retention_rule, retained_from, frame_count, content_sealed, key_sealed)
       select gen_random_uuid(), $1, key_slot, retention_rule, retained_from, frame_count, content_sealed, key_sealed from kluis.file where person_id = $2`,
      [id, own.id],
    ).catch((error: Error & { code: string }) => error.code)
  for (const { id } of [gone, there, joint]) expect(await ask(id)).toBe(1)
  expect([await keep(gone.id), await keep(there.id)]).toEqual(['42501', '42501'])
  // Whoever sees the record is told.
  await expect(asApp(ana, 'select kluis.require_not_erased($1)', [gone.id])).rejects.toMatchObject({
    code: 'KL410',
  })
})
