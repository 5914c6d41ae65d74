import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

// Two of one team, in an organisation that shows a record to its owner only.
let kluis: TestKluis
let ana: Caller
let ben: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('owner')
  ben = await kluis.colleague(ana, 'sales', ana.teamId)
  await ana.call('POST', '/api/people', {
    familyName: 'Peeters',
    tags: ['schuldbemiddeling'],
    addresses: [{ city: 'Oudenaarde' }],
  })
})
afterAll(() => kluis.close())

test.each(['', '?search=peeters', '?tag=schuldbemiddeling', '?sort=-createdAt'])(
  'a list counts nobody of a colleague in the same team: %s',
  async (query) => {
    expect((await ana.call('GET', `/api/people${query}`)).json().total).toBe(1)
    expect((await ben.call('GET', `/api/people${query}`)).json()).toMatchObject({
      items: [],
      total: 0,
    })
  },
)

test('the filter menus offer no label and no city of a colleague in the same team', async () => {
  const { stage, owner, tag, city } = (await ben.call('GET', '/api/people/facets')).json()
  expect([stage, owner, tag, city]).toEqual([[], [], [], []])
})
