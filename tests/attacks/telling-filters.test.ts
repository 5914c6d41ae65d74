/** Whoever may not see a note, a file or the other end of a tie does not learn of it by filtering, counting or grouping. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let ben: Caller
let both: Caller
let support: Caller
type Made = { id: string; rowVersion: number }
const made: Record<string, Made> = {}

async function make(by: Caller, path: string, body: object): Promise<Made> {
  const answer = await by.call('POST', `/api/${path}`, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json()
}

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('team')
  const other = await kluis.newTeam('Noord')
  ben = await kluis.colleague(ana, 'sales', other)
  support = await kluis.colleague(ana, 'support', ana.teamId)
  both = await kluis.colleague(ana, 'sales', ana.teamId)
  await kluis.admin.query('insert into kluis.team_member (team_id, user_id) values ($1, $2)', [
    other,
    both.userId,
  ])
  kluis.app.who.forgetAll()
  made.hers = await make(ana, 'people', { familyName: 'Verborgen' })
  made.herFirm = await make(ana, 'companies', { name: 'Verborgen NV' })
  made.his = await make(ben, 'people', { familyName: 'Zichtbaar' })
  made.hisFirm = await make(ben, 'companies', { name: 'Zichtbaar BV' })
  made.hisOther = await make(ben, 'companies', { name: 'Zichtbaar Twee' })
  await kluis.app.startWork()
}, 60_000)
afterAll(() => kluis.close())

type Condition = { field: string; operator: string; values?: string[] }
const list = (by: Caller, path: string, filter: object) =>
  by.call('POST', `/api/${path}/list`, { filter })

test('what ties his records to hers changes no answer, no count and no group of his', async () => {
  const id = (name: string) => [made[name]!.id]
  const asked: [string, Condition][] = [
    ['people', { field: 'relation.any', operator: 'not-empty' }],
    ['people', { field: 'relation.any', operator: 'empty' }],
    ['people', { field: 'relation.partner', operator: 'is', values: id('hers') }],
    ['people', { field: 'relation.label', operator: 'not-empty' }],
    ['people', { field: 'pastRelation.any', operator: 'not-empty' }],
    ['people', { field: 'company.count', operator: 'at-least', values: ['1'] }],
    ['people', { field: 'company.id', operator: 'is', values: id('herFirm') }],
    ['people', { field: 'main.id', operator: 'not-empty' }],
    ['people', { field: 'affiliation.department', operator: 'is', values: ['Directie'] }],
    ['companies', { field: 'relation.parent-company', operator: 'not-empty' }],
    ['companies', { field: 'group.id', operator: 'not-empty' }],
    ['companies', { field: 'group.id', operator: 'is', values: id('herFirm') }],
    ['companies', { field: 'group.id', operator: 'is', values: id('hisFirm') }],
    ['companies', { field: 'person.count', operator: 'is', values: ['0'] }],
    // Hers, which he does not see, for what is written on it.
    ['people', { field: 'note.body', operator: 'contains', values: ['faillissement'] }],
    ['people', { field: 'file.id', operator: 'is', values: ['yes'] }],
    ['people', { field: 'task.body', operator: 'contains', values: ['aanmaning'] }],
  ]
  const answers = async (by: Caller) =>
    Promise.all(
      asked.flatMap(([path, filter]) => [
        list(by, path, filter).then((one) => one.body),
        by.call('POST', `/api/${path}/groups`, { filter, by: 'stage' }).then((one) => one.body),
      ]),
    )
  const before = await answers(ben)
  const seenBefore = await answers(both)
  const tie = (of: string, other: string, kind: string, path: string, more = {}) =>
    make(both, `${path}/${made[of]!.id}/relations`, { otherId: made[other]!.id, kind, ...more })
  await tie('his', 'hers', 'partner', 'people')
  await tie('his', 'hers', 'other', 'people', { label: 'geheim', inverseLabel: 'geheim' })
  await tie('his', 'hers', 'sibling', 'people', { until: '2020-01-01' })
  await tie('hisFirm', 'herFirm', 'parent-company', 'companies')
  await tie('hisOther', 'herFirm', 'parent-company', 'companies')
  const job = { department: 'Directie', jobTitle: 'Baas', isMainContact: true }
  const at = (person: string, company: string) =>
    make(both, `people/${made[person]!.id}/affiliations`, {
      companyId: made[company]!.id,
      ...job,
    })
  await at('his', 'herFirm')
  await at('hers', 'hisFirm')
  await make(ana, `people/${made.hers!.id}/notes`, { body: 'Vreest een faillissement' })
  await make(ana, 'tasks', { subject: { kind: 'person', id: made.hers!.id }, title: 'Aanmaning' })
  const file = await make(ana, `people/${made.hers!.id}/files`, { name: 'vonnis.pdf', size: 0 })
  const cookies = { kluis: ana.token }
  const url = `/api/files/${file.id}/pieces/0`
  await kluis.app.http.inject({ method: 'PUT', url, cookies })
  await ana.call('POST', `/api/files/${file.id}/complete`)
  // Whoever sees both ends is answered otherwise now, to every single question: the index knows.
  await expect
    .poll(async () => {
      const now = await answers(both)
      return now.filter((one, i) => one === seenBefore[i]).length
    })
    .toBe(0)
  expect(await answers(ben)).toEqual(before)
})

test('a note in the trash, and what it said before, is found by nobody', async () => {
  const found = async (word: string) =>
    (await list(ana, 'people', { field: 'note.body', operator: 'contains', values: [word] })).json()
      .total
  const note = await make(ana, `people/${made.hers!.id}/notes`, { body: 'eerste versie' })
  await expect.poll(() => found('eerste versie')).toBe(1)
  await ana.call('PATCH', `/api/notes/${note.id}`, { rowVersion: 1, body: 'tweede versie' })
  await expect.poll(() => found('tweede versie')).toBe(1)
  expect(await found('eerste versie')).toBe(0)
  await ana.call('DELETE', `/api/notes/${note.id}`)
  await expect.poll(() => found('tweede versie')).toBe(0)
})

test('a role without notes or files can ask nothing of them, not through a colleague’s segment either', async () => {
  const filter = { field: 'note.body', operator: 'contains', values: ['faillissement'] }
  const segment = await make(ana, 'views', {
    list: 'people',
    kind: 'segment',
    sharedWith: 'everyone',
    content: { name: 'Bezorgd', filter },
  })
  const ofSegment = { field: 'segment', operator: 'is', values: [segment.id] }
  const ask = (one: object) => list(support, 'people', one)
  expect((await ask(ofSegment)).json().total).toBe(1)
  await kluis.admin.query(
    `delete from kluis.role_permission where role_id = 'support' and permission in ('notes:see', 'files:see')`,
  )
  kluis.app.who.forgetAll()
  const refused = (field: string) => ({
    code: 'invalid-fields',
    detail: { fields: [{ field: 'filter', problem: 'unknown', of: field }] },
  })
  expect((await ask(filter)).json()).toMatchObject(refused('note.body'))
  expect((await ask(ofSegment)).json()).toMatchObject(refused('note.body'))
  expect((await ask({ field: 'file.id', operator: 'is', values: ['yes'] })).json()).toMatchObject(
    refused('file.id'),
  )
  expect(
    (await ask({ field: 'activity.lastAt', operator: 'in-last-days', values: ['1'] })).json(),
  ).toMatchObject(refused('activity.lastAt'))
  const counts = (await support.call('GET', '/api/views/counts?list=people')).json()
  expect(counts.items).toContainEqual({ id: segment.id, count: null })
  const fields = (await support.call('GET', '/api/people/fields')).json().items
  const offered = fields.map((one: { of: string | null }) => one.of)
  expect(offered).toContain('task')
  for (const hidden of ['note', 'file', 'activity']) expect(offered).not.toContain(hidden)
})
