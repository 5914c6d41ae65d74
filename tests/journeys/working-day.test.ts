import { randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Hidden } from '#platform/hidden.ts'
import { openMail } from '#platform/mail.ts'
import {
  addPasskeyDevice,
  confirmWithCode,
  confirmWithPasskey,
  launchBrowser,
  openAs,
  openListening,
  PHONE,
  picture,
  requireAccessible,
} from '../support/browser.ts'
import type { Caller, TestKluis } from '../support/kluis.ts'
import { openMailbox } from '../support/mailbox.ts'

let browser: Browser
let box: Awaited<ReturnType<typeof openMailbox>>
let kluis: TestKluis
let bea: Caller
let opened: Awaited<ReturnType<typeof openAs>>
let page: Page

beforeAll(async () => {
  box = await openMailbox()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await box.close()
})

beforeEach(async () => {
  const url = new Hidden(new URL(`smtp://127.0.0.1:${box.port}`))
  kluis = await openListening(openMail({ url, from: 'kluis@bureau.example' }))
  bea = await kluis.setUp()
  opened = await openAs(browser, kluis, bea.token)
  page = opened.page
})
afterEach(async () => {
  const { errors } = opened
  await opened.context.close()
  await kluis.close()
  expect(errors).toEqual([])
}, 30_000)

const button = (name: string) => page.getByRole('button', { name, exact: true })
const total = (count: number) =>
  page
    .getByRole('status')
    .filter({ hasText: new RegExp(`^${count}$`) })
    .waitFor()

async function person(given: Record<string, unknown>): Promise<string> {
  const id = randomUUID()
  const made = await bea.call('POST', '/api/people', { id, ...given })
  expect(made.statusCode).toBe(201)
  return id
}

const three = () =>
  Promise.all(
    ['Aerts', 'Baeten', 'Claes'].map((familyName) => person({ givenName: 'An', familyName })),
  )

test('many at once: a new stage, undone; thrown away, and back from the trash', async () => {
  await three()
  await page.goto('/people')
  await total(3)
  await page.getByLabel('Alle geladen rijen selecteren').check()
  await page.getByText('3 geselecteerd').waitFor()
  await requireAccessible(page, 'selection')
  await picture(page, 'selection')
  await page.getByRole('region', { name: 'Selectie' }).getByRole('button', { name: 'Fase' }).click()
  await page.getByRole('menuitem', { name: 'Oud-klant' }).click()
  await page.getByText('3 gewijzigd.').waitFor()
  expect(await stages()).toEqual(['former', 'former', 'former'])
  await button('Ongedaan maken').click()
  await page.getByText('Ongedaan gemaakt').waitFor()
  expect(await stages()).toEqual(['lead', 'lead', 'lead'])

  await page.getByLabel('An Aerts selecteren').check()
  await page
    .getByRole('region', { name: 'Selectie' })
    .getByRole('button', { name: 'Naar prullenbak' })
    .click()
  await total(2)
  await page.goto('/people/trash')
  await button('An Aerts terugzetten').click()
  await page.goto('/people')
  await total(3)
}, 60_000)

test('all that a filter finds, more than is loaded, get a new stage and it is undone, at a desk and on a phone', async () => {
  const everyone = Array.from({ length: 104 }, (_, at) => at)
  await Promise.all(
    everyone.map((at) =>
      person({ familyName: `Aerts ${at}`, addresses: [{ city: at < 102 ? 'Gent' : 'Ieper' }] }),
    ),
  )
  const phone = await openAs(browser, kluis, bea.token, PHONE)
  for (const at of [page, phone.page]) {
    const isPhone = at === phone.page
    await at.goto('/people')
    const press = (name: string) => at.getByRole('button', { name, exact: true }).click()
    await press('Filter')
    const builder = at.getByRole('region', { name: 'Filter' })
    await builder.getByLabel('Waarde', { exact: true }).fill('Gent')
    await at.keyboard.press('Enter')
    await at.getByRole('status').filter({ hasText: /^102$/ }).waitFor()
    await press('Filter: 1')
    await builder.waitFor({ state: 'detached' })
    if (isPhone) await at.getByLabel('Aerts 0 selecteren', { exact: true }).check()
    else await at.getByLabel('Alle geladen rijen selecteren').check()
    await press('Alle 102 selecteren')
    await at.getByText('102 geselecteerd').waitFor()
    const selection = at.getByRole('region', { name: 'Selectie' })
    await selection.getByRole('button', { name: 'Fase' }).click()
    await at.getByText('Wijzigt 102 personen').waitFor()
    await requireAccessible(at, 'many')
    await picture(at, isPhone ? 'many-phone' : 'many')
    await at.getByRole('menuitem', { name: 'Oud-klant' }).click()
    await at.getByText('102 gewijzigd.').waitFor()
    await expect.poll(byStage).toEqual({ former: 102, lead: 2 })
    await press('Ongedaan maken')
    await at.getByText('Ongedaan gemaakt').waitFor()
    await expect.poll(byStage).toEqual({ lead: 104 })
  }
  await phone.context.close()
  expect(phone.errors).toEqual([])
}, 180_000)

async function byStage(): Promise<Record<string, number>> {
  const { groups } = (await bea.call('POST', '/api/people/groups', { by: 'stage' })).json()
  return Object.fromEntries(
    groups.map((one: { value: string; count: number }) => [one.value, one.count]),
  )
}

async function stages(): Promise<string[]> {
  const { items } = (await bea.call('GET', '/api/people')).json()
  return items.map((one: { stage: string }) => one.stage)
}

test('by keyboard alone: find in the palette, open beside the list, filter, write', async () => {
  await three()
  await page.goto('/people')
  await total(3)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').waitFor()
  await requireAccessible(page, 'palette')
  await page.keyboard.type('baeten')
  await page.getByRole('option').filter({ hasText: 'An Baeten' }).waitFor()
  await picture(page, 'palette')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'An Baeten' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('p')
  await page.getByRole('grid').waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'An Baeten' }).waitFor()
  await page.getByRole('grid').waitFor()
  await picture(page, 'beside')
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'An Baeten' }).waitFor({ state: 'detached' })
  await page.keyboard.press('/')
  await page.keyboard.type('claes')
  await total(1)
}, 60_000)

test('two browsers on one record: each sees what the other changed, and of two who type at once nothing is lost', async () => {
  const an = await kluis.colleague(bea, 'sales', bea.teamId)
  const [made] = await three()
  // The id its maker chose is hers alone.
  const { id } = (await bea.call('GET', `/api/people/${made}`)).json()
  const hers = await openAs(browser, kluis, an.token)
  const beside = hers.page
  // What a browser says when somebody comes back to its window.
  const lookAgain = (one: Page) =>
    Promise.all([
      one.waitForResponse((answer) => answer.url().endsWith('/revision')),
      one.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`),
    ])
  await page.goto(`/people/${id}`)
  await beside.goto(`/people/${id}`)
  await beside.getByRole('button', { name: 'Voornaam: An', exact: true }).click()
  await beside.getByRole('textbox', { name: 'Voornaam' }).fill('Annelies')
  await beside.keyboard.press('Enter')
  await beside.getByRole('heading', { name: 'Annelies Aerts' }).waitFor()
  await lookAgain(page)
  await page.getByRole('heading', { name: 'Annelies Aerts' }).waitFor()
  await page.getByText('Collega sales heeft dit dossier net gewijzigd').waitFor()

  await button('Voornaam: Annelies').click()
  await page.getByRole('textbox', { name: 'Voornaam' }).fill('Anna')
  await beside.getByRole('button', { name: 'Voornaam: Annelies', exact: true }).click()
  await beside.getByRole('textbox', { name: 'Voornaam' }).fill('Anneke')
  await beside.keyboard.press('Enter')
  await beside.getByRole('heading', { name: 'Anneke Aerts' }).waitFor()
  // She is typing: the version she began with stays the one she is held to.
  await lookAgain(page)
  // As long as the record itself would take to come.
  await page.waitForTimeout(500)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Anneke').first().waitFor()
  await dialog.getByText('Collega sales').first().waitFor()
  await requireAccessible(page, 'conflict')
  await picture(page, 'conflict')
  await dialog.getByLabel('Wat jij typte: Anna').check()
  await dialog.getByRole('button', { name: 'Zo bewaren' }).click()
  await page.getByRole('heading', { name: 'Anna Aerts' }).waitFor()
  await lookAgain(beside)
  await beside.getByRole('heading', { name: 'Anna Aerts' }).waitFor()
  await beside.getByText('Bea Heer heeft dit dossier net gewijzigd').waitFor()
  await hers.context.close()
  expect(hers.errors).toEqual([])
}, 60_000)

test('an account number shows only with a reason, and the reason stands in the dossier', async () => {
  const id = await person({ familyName: 'Peeters', ibans: ['BE68539007547034'] })
  await page.goto(`/people/${id}`)
  await button('Tonen').click()
  await page.getByLabel('Waarom heb je ze nodig?').fill('Terugbetaling van factuur 12')
  await requireAccessible(page, 'reveal')
  await page.getByRole('dialog').getByRole('button', { name: 'Tonen' }).click()
  await page.getByText('BE68 5390 0754 7034').waitFor()
  await picture(page, 'revealed')
  await page.getByRole('tab', { name: 'Wie zag dit' }).click()
  await page.getByText('Terugbetaling van factuur 12').waitFor()
}, 60_000)

test('settings: mail once a day, a passkey added, a session ended elsewhere, a colleague invited, English chosen', async () => {
  await addPasskeyDevice(page)
  await page.goto('/settings')
  for (const tab of ['Voorkeuren', 'Beveiliging', 'Collega’s', 'Organisatie']) {
    await page
      .getByRole('link', { name: tab })
      .or(page.getByRole('tab', { name: tab }))
      .click()
    await requireAccessible(page, tab)
    await picture(page, `settings-${tab}`)
  }
  await button('Proefmail naar mezelf').click()
  await page.getByText('De proefmail is vertrokken').waitFor()
  expect(box.mails.at(-1)).toMatchObject({ to: [bea.email] })
  await page.getByRole('tab', { name: 'Voorkeuren' }).click()
  await page.getByText('Eén keer per dag').click()
  await expect
    .poll(async () => (await bea.call('GET', '/api/notifications/mail')).json().wish)
    .toBe('daily')
  await page
    .getByRole('link', { name: 'Beveiliging' })
    .or(page.getByRole('tab', { name: 'Beveiliging' }))
    .click()
  await button('Passkey toevoegen').click()
  await page.getByText('Je verandert waarmee je zelf aanmeldt.').waitFor()
  await requireAccessible(page, 'step-up without a passkey')
  await picture(page, 'step-up-code')
  await confirmWithCode(page, bea)
  await page.getByText('Passkey toegevoegd').waitFor()
  expect((await bea.call('GET', '/api/passkeys')).json().items).toHaveLength(1)

  await page
    .getByRole('link', { name: 'Collega’s' })
    .or(page.getByRole('tab', { name: 'Collega’s' }))
    .click()
  await button('Collega uitnodigen').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Je naam').or(dialog.getByLabel('Naam')).fill('Piet Post')
  await dialog.getByLabel('E-mail').fill('piet@bureau.example')
  await dialog.getByRole('button', { name: 'Uitnodiging maken' }).click()
  await picture(page, 'step-up-over-a-dialog')
  await confirmWithPasskey(page)
  const link = await page.getByRole('status').locator('code').innerText()
  expect(link).toContain(`${kluis.origin.origin}/join/`)

  const other = await openAs(browser, kluis, '', PHONE)
  await addPasskeyDevice(other.page)
  await other.page.goto(link)
  await other.page.getByRole('heading', { name: 'Welkom bij Bureau' }).waitFor()
  await requireAccessible(other.page, 'join')
  await picture(other.page, 'join')
  await other.context.close()

  await page
    .getByRole('link', { name: 'Voorkeuren' })
    .or(page.getByRole('tab', { name: 'Voorkeuren' }))
    .click()
  await page.getByText('English').click()
  await page.getByRole('link', { name: 'People' }).waitFor()
  await expect
    .poll(async () => (await bea.call('GET', '/api/session')).json().user.language)
    .toBe('en')
}, 60_000)

test('in the head of a record: a company renamed, a stage chosen, by keyboard; the focus stays there', async () => {
  const id = randomUUID()
  await bea.call('POST', '/api/companies', { id, name: 'Bakkerij Oud' })
  await page.goto(`/companies/${id}`)
  await button('Bakkerij Oud').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Naam van het bedrijf' }).fill('Bakkerij Nieuw')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Bakkerij Nieuw' }).waitFor()
  await page.locator('h1 button:focus').filter({ hasText: 'Bakkerij Nieuw' }).waitFor()
  await button('Fase: Lead').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Klant', exact: true }).waitFor()
  await requireAccessible(page, 'stage menu')
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem').first().waitFor({ state: 'detached' })
  expect(page.url()).toContain(id)
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Klant', exact: true }).click()
  await button('Fase: Klant').waitFor()
  const { name, stage } = (await bea.call('GET', `/api/companies/${id}`)).json()
  expect({ name, stage }).toEqual({ name: 'Bakkerij Nieuw', stage: 'customer' })
}, 60_000)

test('a task gets another day, is ticked off, and Ctrl Z takes that back', async () => {
  const [made] = await three()
  const { id } = (await bea.call('GET', `/api/people/${made}`)).json()
  const subject = { kind: 'person', id }
  const given = { subject, title: 'Nabellen', dueOn: '2026-01-05' }
  expect((await bea.call('POST', '/api/tasks', given)).statusCode).toBe(201)
  const task = async () => (await bea.call('GET', `/api/tasks?personId=${id}`)).json().items[0]
  await page.goto('/tasks')
  await button('Nabellen wijzigen').click()
  await requireAccessible(page, 'task form')
  await button('Over een week').click()
  await button('Bewaren').click()
  await button('Nabellen wijzigen').waitFor()
  expect((await task()).dueOn > '2026-01-05').toBe(true)
  await page.getByLabel('Afvinken: Nabellen').check()
  await page.getByText('Taak afgevinkt').waitFor()
  expect((await task()).doneAt).not.toBeNull()
  await page.keyboard.press('Control+z')
  await page.getByText('Ongedaan gemaakt').waitFor()
  expect((await task()).doneAt).toBeNull()
}, 60_000)

test('offline: the page stays with what was typed, says so, and goes on when the network is back', async () => {
  const [id] = await three()
  // The other screens come at rest, the list of tasks among them.
  const rest = page.waitForResponse(/assets\/my-tasks-.*\.js/)
  await page.goto(`/people/${id}`)
  await rest
  await page.getByLabel('Nieuwe notitie').fill('Half getypt')
  await opened.context.setOffline(true)
  const banner = page.getByRole('status').filter({ hasText: 'Je bent offline' })
  await banner.waitFor()
  await requireAccessible(page, 'offline')
  await page.getByRole('link', { name: 'Taken' }).click()
  await page.getByRole('heading', { name: 'Mijn taken' }).waitFor()
  await opened.context.setOffline(false)
  await banner.waitFor({ state: 'detached' })
  await page.goBack()
  await page.getByRole('heading', { name: 'An Aerts' }).waitFor()
  expect(await page.getByLabel('Nieuwe notitie').inputValue()).toBe('Half getypt')
}, 60_000)

test('a form says in Dutch what is not right yet; new recovery codes print without the page beneath', async () => {
  await page.goto('/people')
  await button('Nieuwe persoon').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Voornaam').fill('An')
  await dialog.getByLabel('E-mail').fill('geen adres')
  await page.keyboard.press('Enter')
  await dialog.getByText('Dit klopt nog niet: e-mail.').waitFor()
  await page.goto('/settings?tab=security')
  await button('Nieuwe herstelcodes maken').click()
  await confirmWithCode(page, bea)
  await page.locator('.k-codes li').first().waitFor()
  await page.emulateMedia({ media: 'print' })
  expect(await page.locator('.k-codes').isVisible()).toBe(true)
  expect(await page.locator('.k-app').isVisible()).toBe(false)
}, 60_000)

test('the keystore away: a calm screen without any customer; put back: it opens by itself', async () => {
  const [id] = await three()
  await page.goto(`/people/${id}`)
  await page.getByRole('heading', { name: 'An Aerts' }).waitFor()
  const keystore = `${kluis.directory}/keystore`
  renameSync(keystore, `${keystore}-away`)
  await page.goto(`/people/${id}`)
  await page.getByText('De sleutelkluis is er niet').waitFor()
  expect(await page.locator('body').innerText()).not.toContain('Aerts')
  await requireAccessible(page, 'keystore away')
  await picture(page, 'keystore-away')
  renameSync(`${keystore}-away`, keystore)
  await page.getByRole('heading', { name: 'An Aerts' }).waitFor({ timeout: 15_000 })
}, 60_000)

test('an ended session asks to sign in over the page, which keeps what was typed', async () => {
  const [id] = await three()
  await page.goto(`/people/${id}`)
  await page.getByLabel('Nieuwe notitie').fill('Belde over de levering')
  await bea.call('POST', '/api/sessions/sign-out-everywhere')
  // Whatever the page asks by itself may have found out already, and then the dialog lies over the button.
  await button('Notitie bewaren').dispatchEvent('click')
  await page.getByRole('dialog', { name: 'Meld je opnieuw aan' }).waitFor()
  await requireAccessible(page, 'signed out')
  await picture(page, 'session-ended')
  expect(await page.getByLabel('Nieuwe notitie').inputValue()).toBe('Belde over de levering')
}, 60_000)
