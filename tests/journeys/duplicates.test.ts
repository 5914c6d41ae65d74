import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  DESKTOP,
  launchBrowser,
  openAs,
  openListening,
  PHONE,
  picture,
  requireAccessible,
} from '../support/browser.ts'
import type { Caller, TestKluis } from '../support/kluis.ts'

let browser: Browser
let kluis: TestKluis
let bea: Caller
let opened: Awaited<ReturnType<typeof openAs>>
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  kluis = await openListening()
  bea = await kluis.setUp()
})
afterEach(async () => {
  const { errors } = opened
  await opened.context.close()
  await kluis.close()
  expect(errors).toEqual([])
}, 30_000)

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })

async function make(path: string, given: object): Promise<{ id: string }> {
  const made = await bea.call('POST', `/api/${path}`, given)
  expect(made.statusCode, made.body).toBe(201)
  return made.json()
}

/** A pair to merge, father and son, and two that share a mailbox. */
async function fill(): Promise<void> {
  const address = { street: 'Kouter 12', postalCode: '9000', city: 'Gent', country: 'BE' }
  const zoe = await make('people', {
    givenName: 'Zoë',
    familyName: 'Maes',
    emails: [{ value: 'zoe@maes.example' }],
    phones: [{ value: '0475 12 34 56' }],
    addresses: [address],
    tags: ['vip'],
    ibans: ['BE71096123456769'],
  })
  const zoe2 = await make('people', {
    givenName: 'Zoe',
    familyName: 'Maes',
    company: 'Maes en zoon',
    emails: [{ value: 'zoe@maes.example' }, { value: 'info@maes.example' }],
    addresses: [address],
    birthday: '1990-02-03',
    stage: 'customer',
    tags: ['beurs'],
    ibans: ['BE68539007547034'],
  })
  await bea.call('POST', `/api/people/${zoe.id}/notes`, { body: 'Belt liefst voor negen' })
  await bea.call('POST', `/api/people/${zoe2.id}/notes`, { body: 'Vroeg een offerte' })
  await bea.call('POST', '/api/tasks', {
    subject: { kind: 'person', id: zoe2.id },
    title: 'Offerte nabellen',
  })
  for (const birthday of ['1950-01-01', '1980-01-01'])
    await make('people', {
      givenName: 'Karel',
      familyName: 'Peeters',
      birthday,
      addresses: [{ ...address, street: 'Dorpsplein 3' }],
    })
  for (const givenName of ['An', 'Ann'])
    await make('people', {
      givenName,
      familyName: 'Vermeulen',
      emails: [{ value: 'vermeulen@mail.example' }],
    })
  for (const name of ['Tarwe BV', 'Tarwe'])
    await make('companies', { name, emails: [{ value: 'info@tarwe.example' }] })
  await kluis.app.lookForDuplicates()
}

test.each([
  ['on a desktop', DESKTOP],
  ['on a phone', PHONE],
])(
  'a morning of clean-up %s: compare, choose, merge, undo, tell apart',
  async (where, viewport) => {
    const isPhone = viewport === PHONE
    await fill()
    opened = await openAs(browser, kluis, bea.token, viewport)
    page = opened.page
    if (isPhone) {
      await page.goto('/people')
      await button('Zoeken').click()
      await page.getByRole('combobox').fill('dubbels')
      await page.getByRole('option', { name: 'Dubbels' }).click()
    } else {
      await page.goto('/people')
      await page.getByRole('link', { name: 'Dubbels' }).click()
    }
    await page.getByText('Laatst gezocht').waitFor()
    await page.getByText('Bijna zeker').first().waitFor()
    await page.getByText('andere geboortedatum').waitFor()
    await requireAccessible(page, `work list ${where}`)
    await picture(page, `duplicates-list-${viewport.width}`)

    await page.getByRole('link', { name: /^Zo[eë] Maes en Zo[eë] Maes vergelijken$/ }).click()
    await page.getByRole('heading', { name: 'Twee klanten vergelijken' }).waitFor()
    await requireAccessible(page, `compare ${where}`)
    await picture(page, `duplicates-compare-${viewport.width}`)
    await page.getByRole('radio', { name: /^voornaam: Zoë/ }).check()
    await page.getByRole('radio', { name: /^fase: Klant/ }).check()
    const result = page.getByRole('region', { name: 'Zo wordt het' })
    await result.getByText('Zoë', { exact: true }).waitFor()
    await result.getByText('Klant', { exact: true }).waitFor()
    await result.getByText('info@maes.example').waitFor()
    await picture(page, `duplicates-chosen-${viewport.width}`)
    await button('Samenvoegen').click()
    await page.getByText('Zoë Maes is nu één klant').waitFor()
    await page.getByRole('heading', { name: 'Zoë Maes' }).waitFor()
    await page.getByRole('tab', { name: 'Tijdlijn' }).click()
    await page.getByText('Belt liefst voor negen').waitFor()
    await page.getByText('Vroeg een offerte').waitFor()
    await page.getByText(/^Samengevoegd met Zo[eë] Maes$/).waitFor()
    await page.getByText(/^Ongedaan maken kan tot/).waitFor()
    await requireAccessible(page, `dossier ${where}`)
    await picture(page, `duplicates-merged-${viewport.width}`)
    expect((await bea.call('GET', '/api/people?search=maes')).json().total).toBe(1)

    // The toast passes; the timeline keeps the way back.
    await page.locator('article').getByRole('button', { name: 'Ongedaan maken' }).click()
    await page.getByText(/^Weer twee klanten\./).waitFor()
    expect((await bea.call('GET', '/api/people?search=maes')).json().total).toBe(2)
    await page.getByText(/^Samengevoegd met/).waitFor({ state: 'detached' })

    await page.goto('/duplicates')
    await page
      .getByRole('button', { name: 'Karel Peeters en Karel Peeters zijn geen dubbel' })
      .click()
    await page.getByText('Onthouden: dit zijn twee klanten').waitFor()
    await page.getByText('andere geboortedatum').waitFor({ state: 'detached' })
    await page.reload()
    await page.getByText('Bijna zeker').first().waitFor()
    expect(await page.getByText('Karel Peeters').count()).toBe(0)
    await page.locator('header').getByText('Bedrijven', { exact: true }).click()
    await page
      .getByRole('listitem', { name: /^Tarwe/ })
      .getByText('zelfde e-mail')
      .waitFor()
  },
  90_000,
)

test('by keyboard alone: to the list, down, compare, merge; and undone from the toast', async () => {
  await fill()
  opened = await openAs(browser, kluis, bea.token)
  page = opened.page
  await page.goto('/people')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.getByText('Bijna zeker').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Twee klanten vergelijken' }).waitFor()
  await page.keyboard.press('Control+Enter')
  await page.getByText(/is nu één klant$/).waitFor()
  await page.getByRole('alert').getByRole('button', { name: 'Ongedaan maken' }).click()
  await page.getByText(/^Weer twee klanten\./).waitFor()
  expect((await bea.call('GET', '/api/people?search=maes')).json().total).toBe(2)
}, 60_000)

test('a colleague was in between: who, and nothing is merged unseen', async () => {
  await fill()
  const jan = await kluis.colleague(bea, 'sales', bea.teamId)
  opened = await openAs(browser, kluis, bea.token)
  page = opened.page
  await page.goto('/duplicates')
  await page.getByRole('link', { name: /Maes vergelijken$/ }).click()
  await page.getByRole('heading', { name: 'Twee klanten vergelijken' }).waitFor()
  const [one] = (await bea.call('GET', '/api/people?search=maes')).json().items
  await jan.call('PATCH', `/api/people/${one.id}`, {
    rowVersion: one.rowVersion,
    website: 'https://maes.example',
  })
  await button('Samenvoegen').click()
  await page.getByText('Collega sales wijzigde een van beide intussen').waitFor()
  await page
    .getByRole('region', { name: 'Zo wordt het' })
    .getByText('https://maes.example')
    .waitFor()
  await button('Samenvoegen').click()
  await page.getByText(/is nu één klant$/).waitFor()
}, 60_000)

test('while typing a new person: who it may be and why, and that one is opened instead', async () => {
  await fill()
  opened = await openAs(browser, kluis, bea.token)
  page = opened.page
  await page.goto('/people')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('E-mail').fill('info@maes.example')
  await dialog.getByText('Bestaat misschien al').waitFor()
  await dialog.getByText('zelfde e-mail').waitFor()
  await dialog.getByText('zoe@maes.example · Gent · Bea Heer').waitFor()
  await requireAccessible(page, 'new person')
  await picture(page, 'duplicates-typing')
  await dialog.getByRole('link', { name: 'Zoe Maes openen' }).click()
  await page.getByRole('heading', { name: 'Zoe Maes' }).waitFor()
}, 60_000)

test('from a dossier: merge with one that looks like it, or with any other that is searched for', async () => {
  await fill()
  opened = await openAs(browser, kluis, bea.token)
  page = opened.page
  const found = (await bea.call('GET', '/api/people?search=info@maes.example')).json().items
  await page.goto(`/people/${found[0].id}`)
  await page.getByRole('heading', { name: 'Zoe Maes' }).waitFor()
  await page.getByText('Lijkt op Zoë Maes').waitFor()
  await requireAccessible(page, 'looks like')
  await picture(page, 'duplicates-looks-like')
  await page.getByRole('link', { name: 'Zoe Maes en Zoë Maes vergelijken' }).click()
  await page.getByRole('heading', { name: 'Twee klanten vergelijken' }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { name: 'Zoe Maes' }).waitFor()
  await button('Meer').first().click()
  await page.getByRole('menuitem', { name: 'Samenvoegen met…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Lijkt op deze klant').waitFor()
  await dialog.getByText('Zoë Maes').waitFor()
  await requireAccessible(page, 'merge with')
  await picture(page, 'duplicates-merge-with')
  await dialog.getByLabel('Zoek de andere klant').fill('vermeulen')
  await dialog
    .getByRole('button', { name: /Vermeulen/ })
    .first()
    .click()
  await page.getByText('andere naam').waitFor()
  await page.getByText('vader en zoon').waitFor()
}, 60_000)
