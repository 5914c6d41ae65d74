/** On a host whose operator has no index in memory: what is found by the beginning of names, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
beforeAll(async () => {
  kluis = await openTestKluis({ isIndexOff: true })
  bea = await kluis.setUp('team')
  for (const familyName of ['Peeters', 'Pauwels'])
    await bea.call('POST', '/api/people', { familyName })
  await kluis.app.startWork()
}, 60_000)
afterAll(() => kluis.close())

const list = async (body: object) => {
  const answer = await bea.call('POST', '/api/people/list', body)
  return { status: answer.statusCode, ...answer.json() }
}
const stage = { field: 'stage', operator: 'is', values: ['lead'] }

test('no process holds names, the list stands newest first, and who asks is told why', async () => {
  expect(kluis.app.index.processId).toBeUndefined()
  const { items, ...page } = await list({ sort: 'name' })
  expect(items.map((one: { familyName: string }) => one.familyName)).toEqual(['Pauwels', 'Peeters'])
  expect(page).toMatchObject({ isIndexReady: false, isByPrefix: false, total: null })
  const facets = (await bea.call('GET', '/api/people/facets')).json()
  expect(facets).toMatchObject({ isIndexReady: false, isIndexOff: true, isByPrefix: false })
  expect((await bea.call('GET', '/api/search')).json()).toMatchObject({ isIndexOff: true })
})

test.each<[string, object]>([
  ['a name, where names are not kept', { search: 'peeters' }],
  ['a filter', { filter: stage }],
  ['an order by a field', { sort: 'city' }],
  ['the order of the alphabet turned round', { sort: '-name' }],
  ['a place further down', { from: 100 }],
])('%s is refused with the reason, and nothing else is shown for it', async (_, question) => {
  expect(await list(question)).toMatchObject({ status: 422, code: 'index-off' })
})

test('addresses for programs refuse the same', async () => {
  for (const query of ['search=peeters', 'stage=lead', 'stage=lead&search=peeters']) {
    const answer = await bea.call('GET', `/api/people?${query}`)
    expect(answer.json(), query).toMatchObject({ code: 'index-off' })
  }
})

test('names are found by their beginning once the organisation keeps them, as soon as they are made', async () => {
  const { rowVersion, names } = (await bea.call('GET', '/api/search')).json()
  const hasRead = names.leak.measured
  await bea.call('PATCH', '/api/search', { rowVersion, areNamesKept: true, hasRead })
  await kluis.app.ledger.settle()
  await kluis.app.keys.names.catchUp()
  const found = async (search: string) =>
    (await list({ search })).items.map((one: { familyName: string }) => one.familyName)
  expect(await found('peet')).toEqual(['Peeters'])
  await bea.call('POST', '/api/people', { familyName: 'Peetermans' })
  expect(await found('peet')).toEqual(['Peetermans', 'Peeters'])
  expect(await list({ search: 'peet', filter: stage })).toMatchObject({ code: 'index-off' })
})
