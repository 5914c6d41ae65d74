import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { type Caller, openTestKluis, type TestKluis } from '../support/kluis.ts'

let kluis: TestKluis
let ana: Caller
let ids: string[]
const LISTED = 60
const OPENED = 10

beforeAll(async () => {
  kluis = await openTestKluis()
  ana = await kluis.setUp('everyone')
  ids = []
  for (let i = 0; i < 150; i++) {
    const made = await ana.call('POST', '/api/people', {
      givenName: ['Anke', 'Bram', 'Celine'][i % 3],
      familyName: `Verhoeven${String.fromCharCode(97 + (i % 26))}${i}`,
      emails: [{ value: `k${i}@klant.example` }],
    })
    const { id } = made.json()
    ids.push(id)
    if (i < 40) await ana.call('POST', `/api/people/${id}/notes`, { body: `van Verhoevenx${i}` })
  }
}, 60_000)
afterAll(() => kluis.close())

/** Small limits for sales: soft and hard are one, unless told. */
async function limits(listed: [soft: number, hard: number], opened: [number, number]) {
  for (const [kind, [soft, hard]] of Object.entries({ listed, opened }))
    await kluis.admin.query(
      'update kluis.budget set hour_soft = $2, day_soft = $2, hour_hard = $3, day_hard = $3, row_version = row_version + 1 where role_id = $4 and kind = $1',
      [kind, soft, hard, 'sales'],
    )
}
/** As after a step-up. */
async function raise(caller: Caller) {
  await kluis.admin.query(
    `insert into kluis.budget_raise select s.id, now() + interval '12 hours' from kluis_auth.session s
     where s.user_id = $1 on conflict (session_id) do update set until = excluded.until`,
    [caller.userId],
  )
}
const isFrozen = async ({ userId }: Caller) =>
  (
    await kluis.admin.query('select from kluis.freeze where user_id = $1 and lifted_at is null', [
      userId,
    ])
  ).rowCount === 1

let scraper: Caller
beforeEach(async () => {
  await limits([LISTED, LISTED], [OPENED, OPENED])
  scraper = await kluis.colleague(ana, 'sales', ana.teamId)
  await raise(scraper)
})

/** The customers whose data stand in an answer. */
function seenIn(body: string, seen: Set<string>) {
  for (const [, number] of body.matchAll(/Verhoeven[a-z](\d+)/g)) seen.add(number!)
}

test('walking the pages of a list gives no more customers than the budget, and then nothing', async () => {
  const seen = new Set<string>()
  let cursor = ''
  for (let page = 0; page < 40; page++) {
    const answer = await scraper.call('GET', `/api/people?limit=7&sort=name${cursor}`)
    seenIn(answer.body, seen)
    if (answer.statusCode !== 200) break
    cursor = `&cursor=${encodeURIComponent(answer.json().nextCursor)}`
  }
  expect(seen.size).toBeGreaterThan(LISTED - 7)
  expect(seen.size).toBeLessThanOrEqual(LISTED)
  expect(await isFrozen(scraper)).toBe(true)
  for (const url of ['/api/people', `/api/people/${ids[0]}`, '/api/activity', '/api/notifications'])
    expect([url, (await scraper.call('GET', url)).json().code]).toEqual([url, 'frozen'])
})

const ways: Record<string, (i: number) => [method: 'GET' | 'POST', url: string, body?: object]> = {
  'places of the list': (i) => ['POST', '/api/people/list', { from: i * 6, limit: 6 }],
  'letters in a search': (i) => [
    'GET',
    `/api/people?limit=9&search=verhoeven${String.fromCharCode(97 + (i % 26))}`,
  ],
  'guesses at what is known': (i) => [
    'POST',
    '/api/people/duplicates',
    { emails: [`k${i * 2}@klant.example`, `k${i * 2 + 1}@klant.example`] },
  ],
  'what happened lately': () => [
    'GET',
    `/api/activity?limit=10${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
  ],
  'a merge that is looked at and not done': (i) => [
    'POST',
    '/api/people/merges/preview',
    { keptId: ids[(2 * i) % ids.length], otherId: ids[(2 * i + 1) % ids.length] },
  ],
  'ids of dossiers': (i) => ['GET', `/api/people/${ids[i % ids.length]}`],
  'confidential values': (i) => [
    'POST',
    `/api/people/${ids[i % ids.length]}/reveal`,
    { reason: 'zomaar' },
  ],
}
let cursor = ''

test.each(Object.keys(ways))('%s give no more customers than the budget', async (name) => {
  cursor = ''
  const seen = new Set<string>()
  for (let i = 0; i < 120; i++) {
    const answer = await scraper.call(...ways[name]!(i))
    seenIn(answer.body, seen)
    if (answer.statusCode === 200) cursor = answer.json().nextCursor ?? ''
    if (await isFrozen(scraper)) break
  }
  expect(await isFrozen(scraper)).toBe(true)
  expect(seen.size).toBeLessThanOrEqual(LISTED)
})

const hanging = ['timeline', 'notes', 'timeline?search=verhoevenx']
/** What hangs on the dossiers, one after the other: of how many it was read before nothing more was given. */
async function walkHanging(part: string): Promise<number> {
  const seen = new Set<string>()
  for (let i = 0; i < 40; i++) {
    const answer = await scraper.call('GET', `/api/people/${ids[i]}/${part}`)
    if (answer.body.includes(`van Verhoevenx${i}`)) seen.add(ids[i]!)
  }
  return seen.size
}

test.each(hanging)(
  '%s by the id of a record gives no more customers than dossiers do',
  async (part) => {
    expect(await walkHanging(part)).toBe(OPENED)
    expect(await isFrozen(scraper)).toBe(true)
  },
)

test('who did what when is read of no more customers than dossiers are, though nothing sealed is opened', async () => {
  let told = 0
  for (const id of ids.slice(40, 80)) {
    const answer = await scraper.call('GET', `/api/people/${id}/timeline`)
    if (answer.statusCode === 200) told++
  }
  expect(told).toBe(OPENED)
  expect(await isFrozen(scraper)).toBe(true)
})

test('the same walk gives everything where what hangs on a dossier is not counted', async () => {
  const given = 'text, text, uuid[], text, uuid[], uuid[]'
  await kluis.admin.query(`
    alter function kluis.record_opening(${given}) rename to record_opening_whole;
    create function kluis.record_opening(purpose text, table_name text, subject_ids uuid[], kind text, customers uuid[] default null, canaries uuid[] default null) returns bigint
    language sql as $$ select kluis.record_opening_whole(purpose, table_name, subject_ids, kind, case when table_name in ('person', 'company') and kind <> 'look' then customers end, canaries) $$;
    grant execute on function kluis.record_opening(${given}) to kluis_app`)
  try {
    for (const part of hanging) expect([part, await walkHanging(part)]).toEqual([part, 40])
    expect(await isFrozen(scraper)).toBe(false)
  } finally {
    await kluis.admin.query(`
      drop function kluis.record_opening(${given});
      alter function kluis.record_opening_whole(${given}) rename to record_opening`)
  }
})

test.each([
  [
    'lists behind their last row',
    (search: string) => ['/api/people/list', { from: 1000, limit: 1, search }],
  ],
  ['groups', (search: string) => ['/api/people/groups', { by: 'stage', search }]],
  [
    'filters',
    (value: string) => [
      '/api/people/list',
      {
        from: 1000,
        limit: 1,
        filter: { all: [{ field: 'familyName', operator: 'starts-with', values: [value] }] },
      },
    ],
  ],
] as [string, (search: string) => [string, object]][])(
  'whoever spells names out by %s is told no more numbers than the budget has customers',
  async (_, question) => {
    let told = 0
    for (let i = 0; i < 120; i++) {
      const search = `ver${String.fromCharCode(97 + (i % 26))}${String.fromCharCode(97 + Math.floor(i / 26))}`
      const answer = await scraper.call('POST', ...question(search))
      if (answer.statusCode === 200) told++
      else expect(answer.json().code).toBe('frozen')
    }
    expect(told).toBe(LISTED)
    expect(await isFrozen(scraper)).toBe(true)
  },
)

test('the same question asked again costs nothing, and the whole list has none to narrow it', async () => {
  for (let i = 0; i < LISTED * 2; i++) {
    const body = { from: 1000, limit: 1, ...(i % 2 ? { search: 'verhoevena' } : {}) }
    expect((await scraper.call('POST', '/api/people/list', body)).statusCode).toBe(200)
  }
  expect(await isFrozen(scraper)).toBe(false)
})

test('a limit met within a write freezes and alarms, though the write is undone', async () => {
  const { db, vault } = kluis.app
  const asked = db.write(new Hidden(scraper.token), (tx) =>
    vault.open(tx, {
      table: 'person',
      sealedClass: 'contact',
      ids: ids.slice(0, OPENED + 1),
      purpose: 'edit',
      record: 'dossier',
    }),
  )
  await expect(asked).rejects.toMatchObject({ code: 'frozen' })
  expect(await isFrozen(scraper)).toBe(true)
  const alarms = (await ana.call('GET', '/api/alarms')).json().items as { userId: string }[]
  expect(alarms.some(({ userId }) => userId === scraper.userId)).toBe(true)
})

test('an export that holds more than the budget gives nothing, and one beside another no more than it', async () => {
  const manager = await kluis.colleague(ana, 'manager', ana.teamId)
  const limit = (hard: number) =>
    kluis.admin.query(
      `update kluis.budget set hour_soft = $1, day_soft = $1, hour_hard = $1, day_hard = $1, row_version = row_version + 1 where role_id = 'manager' and kind = 'exported'`,
      [hard],
    )
  await limit(100)
  const refused = await manager.call('GET', '/api/people/export.csv')
  expect([refused.statusCode, refused.json().code]).toEqual([403, 'over-budget'])
  await limit(150)
  const whole = await manager.call('GET', '/api/people/export.csv')
  const seen = new Set<string>()
  seenIn(whole.body, seen)
  expect([whole.statusCode, seen.size]).toEqual([200, 150])
  // The same customers once more cost nothing.
  expect((await manager.call('GET', '/api/people/export.json')).statusCode).toBe(200)
})

test('grouping by a name or an address reads out nobody', async () => {
  for (const by of ['email', 'familyName']) {
    const answer = await scraper.call('POST', '/api/people/groups', { by })
    const seen = new Set<string>()
    seenIn(answer.body, seen)
    expect([by, answer.statusCode, seen.size, /klant\.example/.test(answer.body)]).toEqual([
      by,
      answer.statusCode,
      0,
      false,
    ])
  }
})

test('a hundred requests at once get no more dossiers than ten after each other', async () => {
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => scraper.call('GET', `/api/people/${ids[i]}`)),
  )
  const seen = new Set<string>()
  for (const { body } of answers) seenIn(body, seen)
  expect(seen.size).toBe(OPENED)
  expect(await isFrozen(scraper)).toBe(true)
})

test('another session of the same person counts together with the first', async () => {
  const second = await kluis.signInAgain(scraper)
  await raise(scraper)
  const seen = new Set<string>()
  for (let i = 0; i < 20; i++)
    seenIn((await (i % 2 ? second : scraper).call('GET', `/api/people/${ids[i]}`)).body, seen)
  expect(seen.size).toBe(OPENED)
})

test('looking at the same customer again costs nothing', async () => {
  for (let i = 0; i < 40; i++)
    expect((await scraper.call('GET', `/api/people/${ids[i % OPENED]}`)).statusCode).toBe(200)
  expect(await isFrozen(scraper)).toBe(false)
})
