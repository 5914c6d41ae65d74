/** docs/assurance/leakage.md and the screen say what the live database shows, and neither can fall behind it. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Leakage } from '#security/leakage/contract.ts'
import { prefixLeak } from '#security/search/prefix-leak.ts'
import { leakageWords } from '../web/language/leakage.ts'
import { columnLine } from './drills/parts/leakage-document.ts'
import {
  DESKTOP,
  launchBrowser,
  openAs,
  openListening,
  PHONE,
  picture,
  requireAccessible,
} from './support/browser.ts'
import type { Caller, TestKluis } from './support/kluis.ts'

let kluis: TestKluis
let bea: Caller
const read = async () => {
  const answer = await bea.call('GET', '/api/leakage')
  expect(answer.statusCode, answer.body).toBe(200)
  return (answer.json() as Leakage).tables
}
beforeAll(async () => {
  kluis = await openListening()
  bea = await kluis.setUp()
})
afterAll(() => kluis.close())

test('the written statement lists every column of the live database, as what it is there', async () => {
  const text = readFileSync(new URL('../docs/assurance/leakage.md', import.meta.url), 'utf8')
  const written = text.split('\n').filter((line) => line.startsWith('- **kluis'))
  // Where they differ: npm run drill -- leakage writes it anew.
  expect(written).toEqual((await read()).map(columnLine))
})

test('what the settings show of names in the database is what the written statement measured', () => {
  const text = readFileSync(new URL('../docs/assurance/leakage.md', import.meta.url), 'utf8')
  const { people, countryPeople, familyNames, givenNames } = prefixLeak
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  expect(text).toContain(
    `| ${countryPeople}, as unevenly named as in a country | public statistics | **${percent(familyNames.country)}** | **${percent(givenNames.country)}** |`,
  )
  expect(text).toContain(
    `| the demo, ${people} | public statistics, from another draw | ${percent(familyNames.demo)} | ${percent(givenNames.demo)} |`,
  )
})

test('the statement says of customers that what describes them is sealed, and names what is not', async () => {
  const person = (await read()).find(({ name }) => name === 'kluis.person')!
  const of = (name: string) => person.columns.find((column) => column.name === name)
  expect(person.isOfCustomers).toBe(true)
  expect(of('contact_sealed')).toMatchObject({ kind: 'sealed' })
  expect(of('contact_sealed')!.holds).toContainEqual({ nl: 'Achternaam', en: 'Last name' })
  expect(of('confidential_sealed')!.holds).toEqual([{ nl: 'Rekeningnummer', en: 'Bank account' }])
  expect(of('stage')!.kind).toBe('words')
  expect(of('owner_id')!.kind).toBe('id')
})

test('the screen has words in both languages for whatever the database says that it shows', async () => {
  const said = (await read()).flatMap(({ columns }) =>
    columns.filter(({ kind }) => kind === 'readable' || kind === 'token').map(({ shows }) => shows),
  )
  const words: Record<string, { nl: string; en: string }> = leakageWords
  expect(said.filter((shows) => !words[`shows.${shows}`])).toEqual([])
})

test('who runs the organisation reads on a screen what a thief would see, on a telephone too; who sells is not offered it', async () => {
  const browser = await launchBrowser()
  try {
    const { page, context, errors } = await openAs(browser, kluis, bea.token)
    await page.goto('/settings?tab=leakage')
    await page.getByRole('heading', { name: 'Blijft dicht' }).waitFor()
    const main = await page.getByRole('main').innerText()
    for (const words of [
      'Achternaam',
      'person.stage',
      'person_lookup.token',
      'een fase, zoals de klant ze heeft',
    ])
      expect(main).toContain(words)
    await requireAccessible(page, 'what a thief sees')
    for (const size of [DESKTOP, PHONE]) {
      await page.setViewportSize(size)
      await picture(page, `leakage-${size.width}`)
      const isWider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
      expect(isWider).toBe(false)
    }
    expect(errors).toEqual([])
    await context.close()
    const seller = await kluis.colleague(bea, 'sales', bea.teamId)
    const theirs = await openAs(browser, kluis, seller.token)
    await theirs.page.goto('/settings')
    await theirs.page.getByRole('tab', { name: 'Voorkeuren' }).waitFor()
    expect(await theirs.page.getByRole('tab', { name: 'Wat een dief ziet' }).count()).toBe(0)
    await theirs.context.close()
  } finally {
    await browser.close()
  }
})

test('a column that is added shows at once, and one that nobody declared is not passed over', async () => {
  await kluis.admin.query('alter table kluis.team add column motto text')
  expect((await bea.call('GET', '/api/leakage')).statusCode).toBe(500)
  await kluis.admin.query(
    `comment on column kluis.team.motto is 'readable: what the team calls out'`,
  )
  const team = (await read()).find(({ name }) => name === 'kluis.team')!
  expect(team.columns.at(-1)).toEqual({
    name: 'motto',
    kind: 'readable',
    shows: 'what the team calls out',
    holds: [],
  })
})

test('without a session the statement is not given', async () => {
  expect((await kluis.send('GET', '/api/leakage')).statusCode).toBe(401)
})
