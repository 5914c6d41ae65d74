import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
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
    ids.push(made.json().id)
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
