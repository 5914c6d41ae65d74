/** Fields whose values are people and companies: sorted, grouped, typed and shown by their names, as far as one sees them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { FieldDefinition } from '#crm/fields/contract.ts'
import { type Caller, openTestKluis, type TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let ana: Caller

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  await kluis.app.startWork()
})
afterAll(() => kluis.close())

const both = (text: string) => ({ nl: text, en: `${text} (en)` })
async function field(given: object): Promise<FieldDefinition> {
  const answer = await ana.call('POST', '/api/fields', {
    recordKind: 'person',
    kind: 'text',
    sensitivity: 'contact',
    label: both('Veld'),
    ...given,
  })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
async function make(given: object, path = 'people', by = ana) {
  const answer = await by.call('POST', `/api/${path}`, given)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}
const see = async (id: string) => (await ana.call('GET', `/api/people/${id}`)).json()

/** Who sees two teams hung what one of them does not see on what that one does. */
async function hidden() {
  const other = await kluis.newTeam(`Ploeg ${crypto.randomUUID()}`)
  const outsider = await kluis.colleague(ana, 'sales', other)
  const seesBoth = await kluis.colleague(ana, 'sales', ana.teamId)
  await kluis.admin.query('insert into kluis.team_member (team_id, user_id) values ($1, $2)', [
    other,
    seesBoth.userId,
  ])
  kluis.app.who.forgetAll()
  return { outsider, seesBoth }
}

test('a list goes and groups by the names a field refers to, and a name one may not see has no place in it', async () => {
  const who = await field({ kind: 'person', label: both('Aanbrenger') })
  const { outsider, seesBoth } = await hidden()
  const [anna, mia, zoe] = [
    await make({ familyName: 'Aanbreng Anna' }, 'people', outsider),
    await make({ familyName: 'Aanbreng Mia' }),
    await make({ familyName: 'Aanbreng Zoë' }, 'people', outsider),
  ]
  for (const [familyName, id] of [
    ['Wijzer 1', zoe.id],
    ['Wijzer 2', undefined],
    ['Wijzer 3', mia.id],
    ['Wijzer 4', anna.id],
    ['Wijzer 5', zoe.id],
  ] as const) {
    const made = await make({ familyName }, 'people', outsider)
    const given = { rowVersion: made.rowVersion, custom: { [who.id]: id ?? null } }
    const changed = await seesBoth.call('PATCH', `/api/people/${made.id}`, given)
    expect(changed.statusCode, changed.body).toBe(200)
  }
  const by = `custom.${who.id}`
  const only = { field: 'familyName', operator: 'starts-with', values: ['Wijzer'] }
  const order = async (caller: Caller, sort: string) =>
    (await caller.call('POST', '/api/people/list', { filter: only, sort }))
      .json()
      .items.map((one: { familyName: string }) => Number(one.familyName.at(-1)))
  await expect.poll(() => order(seesBoth, by)).toEqual([4, 3, 1, 5, 2])
  expect(await order(seesBoth, `-${by}`)).toEqual([1, 5, 3, 4, 2])
  // Mia is of another team: for the outsider the third refers to nobody they know.
  expect(await order(outsider, by)).toEqual([4, 1, 5, 2, 3])
  expect(await order(outsider, `-${by}`)).toEqual([1, 5, 4, 2, 3])
  const groups = async (caller: Caller) =>
    (await caller.call('POST', '/api/people/groups', { filter: only, by }))
      .json()
      .groups.map((one: { name: string; value: string; count: number }) => [one.name, one.count])
  expect(await groups(seesBoth)).toEqual(
    expect.arrayContaining([
      ['Aanbreng Zoë', 2],
      ['Aanbreng Anna', 1],
      ['Aanbreng Mia', 1],
      [null, 1],
    ]),
  )
  const seen = await groups(outsider)
  expect(JSON.stringify(seen)).not.toContain('Mia')
  expect(seen).toContainEqual(['Aanbreng Zoë', 2])
  // Merged, both are one group, at the place of the one that stays.
  const merged = await outsider.call('POST', '/api/people/merges', {
    keptId: anna.id,
    otherId: zoe.id,
    keptVersion: 1,
    otherVersion: 1,
    choices: { familyName: 'kept' },
  })
  expect(merged.statusCode, merged.body).toBe(200)
  expect(await order(outsider, by)).toEqual([1, 4, 5, 2, 3])
  expect(await groups(outsider)).toContainEqual(['Aanbreng Anna', 3])
})

test('in a cell a name is enough where one is called so; of two it asks which, and a hidden one is nobody', async () => {
  const firm = await field({ kind: 'company', label: both('Celfirma') })
  const { outsider } = await hidden()
  const only = await make({ name: 'Crème NV' }, 'companies')
  const twins = [
    await make({ name: 'Dubbel BV' }, 'companies'),
    await make({ name: 'Dubbel BV' }, 'companies'),
  ]
  await make({ name: 'Geheim NV' }, 'companies', outsider)
  let row = await make({ familyName: 'Celhouder' })
  const type = async (text: string) => {
    const rows = [
      { id: row.id, rowVersion: row.rowVersion, cells: { [`custom.${firm.id}`]: text } },
    ]
    const [result] = (await ana.call('POST', '/api/people/cells', { rows })).json().results
    row = await see(row.id)
    return result
  }
  const held = () => row.custom[firm.id]
  await expect.poll(async () => (await type('creme nv')).outcome).toBe('changed')
  expect(held()).toBe(only.id)
  const column = `custom.${firm.id}`
  expect((await type('Dubbel BV')).problems).toEqual([{ column, problem: 'ambiguous' }])
  for (const nobody of ['Geheim NV', 'Crème', 'Nergens'])
    expect((await type(nobody)).problems).toEqual([{ column, problem: 'record' }])
  expect(held()).toBe(only.id)
  const picked = await type(twins[1].id)
  expect(held()).toBe(twins[1].id)
  expect((await type(`Dubbel BV (${twins[0].id})`)).outcome).toBe('changed')
  expect(held()).toBe(twins[0].id)
  // What stood there before comes back as the very one.
  await type(picked.before[column])
  expect(held()).toBe(only.id)
  await type('')
  expect(held()).toBeUndefined()
})

test('a revealed value and a merge that is looked at name whom they refer to, but no name one may not see', async () => {
  const secret = await field({
    kind: 'person',
    sensitivity: 'confidential',
    label: both('Vertrouwenspersoon'),
  })
  const common = await field({ kind: 'person', label: both('Buur') })
  const { outsider, seesBoth } = await hidden()
  const unseen = await make({ familyName: 'Onzichtbaar' })
  const known = await make({ familyName: 'Bekend' }, 'people', outsider)
  const holders = [
    await make({ familyName: 'Houder Een' }, 'people', outsider),
    await make({ familyName: 'Houder Twee' }, 'people', outsider),
  ]
  for (const [at, id] of [unseen.id, known.id].entries()) {
    const custom = { [secret.id]: id, [common.id]: id }
    const given = { rowVersion: 1, custom }
    const changed = await seesBoth.call('PATCH', `/api/people/${holders[at].id}`, given)
    expect(changed.statusCode, changed.body).toBe(200)
  }
  const reveal = async (caller: Caller, at: number) =>
    (
      await caller.call('POST', `/api/people/${holders[at].id}/reveal`, { reason: 'voor de test' })
    ).json()
  expect(await reveal(seesBoth, 0)).toMatchObject({
    confidential: { [secret.id]: unseen.id },
    customNames: { [unseen.id]: 'Onzichtbaar' },
  })
  expect((await reveal(outsider, 0)).customNames).toEqual({})
  expect((await reveal(outsider, 1)).customNames).toEqual({ [known.id]: 'Bekend' })
  const preview = async (caller: Caller) =>
    (
      await caller.call('POST', '/api/people/merges/preview', {
        keptId: holders[0].id,
        otherId: holders[1].id,
        choices: {},
      })
    ).json()
  expect((await preview(seesBoth)).customNames).toEqual({
    [unseen.id]: 'Onzichtbaar',
    [known.id]: 'Bekend',
  })
  expect((await preview(outsider)).customNames).toEqual({ [known.id]: 'Bekend' })
})
