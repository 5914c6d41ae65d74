import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import { recordRecovery } from '../src/recover.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
beforeAll(async () => {
  kluis = await openTestKluis()
  bea = await kluis.setUp()
})
afterAll(() => kluis.close())

const eventsOf = async (kind: string) =>
  (
    await kluis.admin.query(
      `select actor_id, detail from kluis_ledger.outbox where action = 'event' and purpose = $1 order by id`,
      [kind],
    )
  ).rows

test('set-up gives three shares once; new ones ask who is there again, and both are in the ledger', async () => {
  const [first] = await eventsOf('recovery-shares-made')
  expect(first.detail.set).toMatch(/^[0-9A-F]{4}$/)
  const unasked = await kluis.send('POST', '/api/root-key/shares', undefined, { kluis: bea.token })
  expect([unasked.statusCode, unasked.json().code]).toEqual([403, 'step-up-needed'])
  const answer = await bea.call('POST', '/api/root-key/shares')
  expect(answer.statusCode).toBe(201)
  const made = answer.json()
  expect(made.shares).toHaveLength(3)
  expect(await eventsOf('recovery-shares-made')).toMatchObject([
    { detail: first.detail },
    { actor_id: bea.userId, detail: { set: made.set } },
  ])
  const state = (await bea.call('GET', '/api/root-key')).json()
  expect(state).toMatchObject({
    provider: 'file',
    installation: made.installation,
    shares: { set: made.set, day: made.day, testedOn: null, isCurrent: true },
  })
})

test('a test of two shares says that they open the root key, and which one is mistyped; it keeps only the day', async () => {
  const made = (await bea.call('POST', '/api/root-key/shares')).json()
  const [one, two] = made.shares.map(({ text }: { text: string }) => text)
  const tried = async (shares: string[]) =>
    (await bea.call('POST', '/api/root-key/test', { shares })).json()
  const typo = two.replace(/^./, (letter: string) => (letter === '7' ? '8' : '7'))
  expect(await tried([one, typo])).toEqual({ kind: 'wrong-groups', which: 2, groups: [1] })
  expect(await tried([one, one])).toEqual({ kind: 'same-share', number: 1 })
  expect((await bea.call('GET', '/api/root-key')).json().shares.testedOn).toBe(null)
  expect(await tried([two, one])).toEqual({ kind: 'opens', set: made.set, day: made.day })
  expect((await bea.call('GET', '/api/root-key')).json().shares.testedOn).toBe(made.day)
  expect(await eventsOf('recovery-tested')).toEqual([
    { actor_id: bea.userId, detail: { set: made.set } },
  ])
})

test('only who manages the organisation learns of the root key, makes shares or tries them', async () => {
  const an = await kluis.colleague(bea, 'sales', bea.teamId)
  for (const [method, path, body] of [
    ['GET', '/api/root-key', undefined],
    ['POST', '/api/root-key/shares', undefined],
    ['POST', '/api/root-key/test', { shares: ['a', 'b'] }],
  ] as const)
    expect((await an.call(method, path, body)).statusCode, path).toBe(403)
})

test('a root key that was put back is said in the ledger by the first start after it, once', async () => {
  const config = readConfig({ KLUIS_DATA: kluis.directory }, {})
  const note = { on: '2026-11-26T10:00:00.000Z', to: 'file' }
  writeFileSync(join(kluis.directory, 'root-key-recovered.json'), JSON.stringify(note))
  await recordRecovery(config, kluis.app.keyEvent)
  await recordRecovery(config, kluis.app.keyEvent)
  expect(await eventsOf('root-key-recovered')).toEqual([{ actor_id: null, detail: note }])
})
