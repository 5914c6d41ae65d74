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
        `/api/people/${personId}/timeline?limit=3&kind=note&kind=task${cursor && `&cursor=${cursor}`}`,
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

type Found = { kind: string; text?: string; title?: string; what?: string[]; isImported?: boolean }
const timeline = async (query: string, caller = owner) =>
  (await caller.call('GET', `/api/people/${personId}/timeline?${query}`)).json() as {
    items: Found[]
    nextCursor: string | null
    pinned: Found[]
  }

test('a change shows which fields and who, by kind and by colleague, and nothing that is sealed', async () => {
  const { rowVersion } = (await owner.call('GET', `/api/people/${personId}`)).json()
  await owner.call('PATCH', `/api/people/${personId}`, {
    rowVersion,
    emails: [{ value: 'an@maes.example' }],
    stage: 'customer',
  })
  const { items } = await timeline('kind=change')
  expect(items.map((entry) => entry.kind)).toEqual(['change', 'created'])
  expect(items[0]).toMatchObject({
    what: ['emails', 'stage'],
    stage: { before: 'lead', after: 'customer' },
    createdBy: owner.userId,
  })
  expect(JSON.stringify(items)).not.toContain('an@maes')
  expect((await timeline(`by=${otherTeam.userId}`)).items).toEqual([])
  expect((await timeline(`by=${owner.userId}&kind=note`)).items).toHaveLength(5)
  expect((await timeline('kind=import')).items).toEqual([])
})

test('a change in bulk stands in the dossier too', async () => {
  await owner.call('POST', '/api/people/bulk', {
    ids: [personId],
    change: { kind: 'stage', stage: 'former' },
  })
  expect((await timeline('kind=change&limit=1')).items[0]).toMatchObject({ what: ['stage'] })
})

test('search finds every word in notes and titles whatever the accents, page by page, and says so in the trace', async () => {
  await owner.call('POST', `/api/people/${personId}/notes`, {
    body: 'De offerte is **gefaxt** naar België',
  })
  const found = await timeline('search=belgie%20OFFERTE')
  expect(found.items).toMatchObject([
    { kind: 'note', text: 'De offerte is **gefaxt** naar België' },
  ])
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await timeline(`search=taak&limit=2${cursor && `&cursor=${cursor}`}`)
    seen.push(...page.items.map((entry) => entry.title!))
    cursor = page.nextCursor
  }
  expect(seen.sort()).toEqual(['Taak 0', 'Taak 1', 'Taak 2', 'Taak 3', 'Taak 4'])
  expect((await timeline('search=taak&kind=note')).items).toEqual([])
  const { rows } = await kluis.admin.query(
    `select distinct purpose from kluis.opening where table_name = 'note' and user_id = $1 order by 1`,
    [owner.userId],
  )
  expect(rows.map((row) => row.purpose)).toContain('search')
})

test('what is pinned stands on top of the first page while nothing is filtered', async () => {
  const { items } = await timeline('kind=note&limit=1')
  const { id, rowVersion } = items[0] as unknown as { id: string; rowVersion: number }
  await owner.call('POST', `/api/notes/${id}/pin`, { rowVersion, isPinned: true })
  expect((await timeline('')).pinned).toMatchObject([{ id, isPinned: true }])
  expect((await timeline('kind=note')).pinned).toEqual([])
})

test('a note in the trash is in no timeline and no search, and the trash of the dossier holds it', async () => {
  const made = await owner.call('POST', `/api/people/${personId}/notes`, { body: 'Overbodig stuk' })
  await owner.call('DELETE', `/api/notes/${made.json().id}`)
  expect((await timeline('search=overbodig')).items).toEqual([])
  const trash = await owner.call('GET', `/api/people/${personId}/trash`)
  expect(trash.json().items).toMatchObject([{ text: 'Overbodig stuk', deletedBy: owner.userId }])
  expect((await otherTeam.call('GET', `/api/people/${personId}/trash`)).statusCode).toBe(404)
})
