import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Caller, openTestKluis, type TestKluis } from '../../../tests/support/kluis.ts'

type Page = {
  items: { kind: string; title?: string; text?: string; createdAt: string }[]
  nextCursor: string | null
}

let kluis: TestKluis
let owner: Caller
let otherTeam: Caller
let personId: string

beforeAll(async () => {
  kluis = await openTestKluis()
  const administrator = await kluis.setUp('team')
  owner = await kluis.colleague(administrator, 'sales', await kluis.newTeam('Noord'))
  otherTeam = await kluis.colleague(administrator, 'sales', await kluis.newTeam('Zuid'))
  const made = await owner.call('POST', '/api/people', { givenName: 'An', familyName: 'Maes' })
  personId = made.json().id
  for (let i = 0; i < 5; i++) {
    await owner.call('POST', `/api/people/${personId}/notes`, { body: `Notitie ${i}` })
    await owner.call('POST', '/api/tasks', {
      subject: { kind: 'person', id: personId },
      title: `Taak ${i}`,
    })
  }
})

afterAll(() => kluis.close())

test('pages of the timeline hold every note and task once, newest first', async () => {
  // Many in one instant, as an import leaves them: then the order goes by id.
  await kluis.admin.query('alter table kluis.note disable trigger user')
  await kluis.admin.query(
    `update kluis.note set created_at = '2026-01-01 10:00:00.000001+00' where person_id = $1`,
    [personId],
  )
  await kluis.admin.query('alter table kluis.note enable trigger user')
  const seen: { kind: string; title?: string; text?: string; createdAt: string }[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = (
      await owner.call(
        'GET',
        `/api/people/${personId}/timeline?limit=3${cursor && `&cursor=${cursor}`}`,
      )
    ).json()
    seen.push(...page.items)
    cursor = page.nextCursor
  }
  const words = seen.map((entry) => (entry.kind === 'note' ? entry.text : entry.title))
  expect(new Set(words).size).toBe(10)
  expect(words).toHaveLength(10)
  expect(words.slice(0, 5)).toEqual(['Taak 4', 'Taak 3', 'Taak 2', 'Taak 1', 'Taak 0'])
  const times = seen.map((entry) => entry.createdAt)
  expect(times).toEqual(times.toSorted().reverse())
})

test('the timeline of a foreign record and of a missing one are the same bytes', async () => {
  const foreign = await otherTeam.call('GET', `/api/people/${personId}/timeline`)
  const missing = await otherTeam.call('GET', `/api/people/${randomUUID()}/timeline`)
  expect(foreign.statusCode).toBe(404)
  expect(foreign.body).toBe(missing.body)
})

test('a note whose bytes were moved to another note does not open, and the rest does', async () => {
  const rows = await kluis.admin.query(
    'select id, content_sealed from kluis.note where person_id = $1 order by id limit 2',
    [personId],
  )
  await kluis.admin.query('alter table kluis.note disable trigger user')
  await kluis.admin.query('update kluis.note set content_sealed = $1 where id = $2', [
    rows.rows[0].content_sealed,
    rows.rows[1].id,
  ])
  await kluis.admin.query('alter table kluis.note enable trigger user')
  const timeline = await owner.call('GET', `/api/people/${personId}/timeline`)
  expect(timeline.statusCode).toBe(200)
  const closed = timeline.json().items.filter((entry: { closed: string | null }) => entry.closed)
  expect(closed).toMatchObject([{ id: rows.rows[1].id, text: null, closed: 'damaged' }])
})
