import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// The attacker is the database administrator: any change of any cell, with the triggers switched off.
let kluis: TestKluis
let ana: Caller
let one: string
let other: string

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp()
  one = (
    await ana.call('POST', '/api/people', { familyName: 'Een', ibans: ['BE71 0961 2345 6769'] })
  ).json().id
  other = (await ana.call('POST', '/api/people', { familyName: 'Ander' })).json().id
  await ana.call('PATCH', `/api/people/${one}`, { rowVersion: 1, familyName: 'Eentje' })
  await kluis.app.ledger.settle()
})
afterAll(() => kluis.close())

async function withCells(change: string, check: () => Promise<void>): Promise<void> {
  await kluis.admin.query('create table public.kept as select * from kluis.person')
  await kluis.admin.query('alter table kluis.person disable trigger user')
  await kluis.admin.query(change)
  try {
    await check()
  } finally {
    await kluis.admin.query(
      `update kluis.person p set contact_sealed = k.contact_sealed, contact_seal_counter = k.contact_seal_counter, confidential_sealed = k.confidential_sealed, key_slot = k.key_slot from public.kept k where k.id = p.id`,
    )
    await kluis.admin.query('alter table kluis.person enable trigger user; drop table public.kept')
  }
}

test.each([
  [
    'copied from another person',
    () =>
      `update kluis.person set contact_sealed = (select contact_sealed from kluis.person where id = '${other}'), contact_seal_counter = 1 where id = '${one}'`,
  ],
  [
    'put in another column',
    () => `update kluis.person set contact_sealed = confidential_sealed where id = '${one}'`,
  ],
  [
    'with an older seal counter',
    () =>
      `update kluis.person set contact_seal_counter = contact_seal_counter - 1 where id = '${one}'`,
  ],
  [
    'with one bit turned',
    () =>
      `update kluis.person set contact_sealed = set_byte(contact_sealed, 40, get_byte(contact_sealed, 40) # 1) where id = '${one}'`,
  ],
  [
    'with another key slot in its header',
    () =>
      `update kluis.person set contact_sealed = set_byte(contact_sealed, 11, get_byte(contact_sealed, 11) # 1) where id = '${one}'`,
  ],
])('a cell %s does not open', async (_what, change) => {
  await withCells(change(), async () => {
    const answer = await ana.call('GET', `/api/people/${one}`)
    expect(answer.json().code).toBe('record-damaged')
    expect(answer.body).not.toContain('Eentje')
    expect((await kluis.app.ledger.verify()).findings).toContainEqual({
      table: 'kluis.person',
      row: one,
      what: 'row differs from its newest leaf',
    })
  })
  expect((await ana.call('GET', `/api/people/${one}`)).json().familyName).toBe('Eentje')
})

test('with the keystore taken away dossiers refuse and say so; put back, they open', async () => {
  const keystore = join(kluis.directory, 'keystore')
  renameSync(keystore, `${keystore}.away`)
  const away = await ana.call('GET', `/api/people/${one}`)
  expect([away.statusCode, away.json().code]).toEqual([503, 'keystore-unavailable'])
  expect((await kluis.send('GET', '/api/health')).json().status).toBe('keystore-away')
  const signIn = (email: string) =>
    kluis.send('POST', '/api/sign-in', { email, password: 'verkeerd wachtwoord' })
  const [known, unknown] = [await signIn(ana.email), await signIn('niemand@bureau.example')]
  expect([known.statusCode, unknown.statusCode]).toEqual([503, 503])
  renameSync(`${keystore}.away`, keystore)
  expect((await ana.call('GET', `/api/people/${one}`)).json().familyName).toBe('Eentje')
})
