/** A list as a spreadsheet: filtered, grouped, kept as a view, typed in, copied, pasted into, frozen, printed, and on a phone. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
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
let page: Page
let opened: { context: BrowserContext; page: Page; errors: string[] }
beforeAll(async () => {
  browser = await launchBrowser()
}, 60_000)
afterAll(() => browser.close())
beforeEach(async () => {
  kluis = await openListening()
  bea = await kluis.setUp('team')
  for (const [givenName, familyName, city, stage] of [
    ['An', 'Aerts', 'Gent', 'customer'],
    ['Bo', 'Baeten', 'Gent', 'lead'],
    ['Cis', 'Claes', 'Ieper', 'lead'],
    ['Dirk', 'Dewit', 'Brugge', 'prospect'],
  ])
    await bea.call('POST', '/api/people', {
      givenName,
      familyName,
      stage,
      addresses: [{ city }],
      emails: [{ value: `${givenName}@${city}.example`.toLowerCase() }],
    })
  await kluis.app.startWork()
  opened = await openAs(browser, kluis, bea.token)
  page = opened.page
  await page.goto('/people')
  await total(4)
}, 60_000)
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
const cell = (text: string) => page.getByRole('gridcell').filter({ hasText: text })

test('a filter of conditions and a group, grouped, kept as a view and as a segment with its count, changed, and removed when asked', async () => {
  await button('Filter').click()
  const builder = page.getByRole('region', { name: 'Filter' })
  await builder.getByLabel('Waarde', { exact: true }).fill('Gent')
  await page.keyboard.press('Enter')
  await total(2)
  await builder.getByRole('button', { name: 'Groep voorwaarden' }).click()
  await requireAccessible(page, 'filter')
  await picture(page, 'lists-filter')
  await button('Weergaven').click()
  await page.getByRole('menuitem', { name: 'Filter bewaren als segment…' }).click()
  await page.getByRole('dialog').getByLabel('Naam').fill('Gentenaars')
  await requireAccessible(page, 'naming a segment')
  await page.getByRole('dialog').getByRole('button', { name: 'Bewaren' }).click()
  await page.getByText('“Gentenaars” bewaard').waitFor()
  await page.getByText('“Gentenaars” bewaard').waitFor({ state: 'detached' })
  await button('Filters wissen').click()
  await total(4)
  await button('Groeperen').click()
  await page.getByRole('menuitem', { name: 'Fase' }).click()
  await button('Lead 2').click()
  await cell('Cis Claes').waitFor()
  await requireAccessible(page, 'groups')
  await picture(page, 'lists-groups')
  await button('Weergaven').click()
  await page.getByRole('menuitem', { name: 'Gentenaars 2' }).waitFor()
  await page.getByRole('menuitem', { name: 'Bewaren als weergave…' }).click()
  await page.getByRole('dialog').getByLabel('Naam').fill('Overzicht')
  await page.getByRole('dialog').getByText('Iedereen').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Bewaren' }).click()
  await button('Overzicht').waitFor()
  await button('Overzicht').click()
  await page.getByRole('menuitem', { name: 'Eerste weergave van rollen…' }).click()
  for (const role of ['Verkoop', 'Klantendienst'])
    await page.getByRole('checkbox', { name: role }).check()
  await expect.poll(rolesWithFirstView).toEqual(['sales', 'support'])
  await page.getByRole('checkbox', { name: 'Verkoop' }).uncheck()
  await expect.poll(rolesWithFirstView).toEqual(['support'])
  await requireAccessible(page, 'first view of roles')
  await picture(page, 'lists-roles')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await button('Overzicht').click()
  await page.getByRole('menuitem', { name: 'Gentenaars 2' }).waitFor()
  await requireAccessible(page, 'views')
  await picture(page, 'lists-views')
  await page.getByRole('menuitem', { name: 'Gentenaars 2' }).click()
  await total(2)
  await cell('An Aerts').waitFor()
  const [segment, view] = await views()
  expect([segment!.content.name, view!.content.name]).toEqual(['Gentenaars', 'Overzicht'])

  // Another filter and another name: what names the segment goes on naming it.
  await button('Gentenaars').click()
  await page.getByRole('menuitem', { name: 'Filter van het segment openen' }).click()
  await builder.getByLabel('Waarde', { exact: true }).first().fill('Ieper')
  await page.keyboard.press('Enter')
  await total(3)
  await button('Gentenaars •').click()
  await page.getByRole('menuitem', { name: 'Filter vervangen door dit' }).click()
  await button('Gentenaars').click()
  await page.getByRole('menuitem', { name: '“Gentenaars” wijzigen…' }).click()
  await page.getByRole('dialog').getByLabel('Naam').fill('Gent en Ieper')
  await page.getByRole('dialog').getByRole('button', { name: 'Bewaren' }).click()
  await button('Gent en Ieper').click()
  await page.getByRole('menuitem', { name: 'Gent en Ieper 3' }).waitFor()
  await picture(page, 'lists-segment')
  expect((await views())[0]).toMatchObject({ id: segment!.id, content: { name: 'Gent en Ieper' } })
  await page.getByRole('menuitem', { name: '“Gent en Ieper” verwijderen' }).click()
  const asked = page.getByRole('dialog', { name: '“Gent en Ieper” verwijderen' })
  await asked.getByText('werken daarna niet meer').waitFor()
  await requireAccessible(page, 'removing a segment')
  await picture(page, 'lists-segment-removal')
  await asked.getByRole('button', { name: 'Verwijderen', exact: true }).click()
  await total(4)
  expect((await views()).map((one) => one.id)).toEqual([view!.id])
}, 180_000)

async function views(): Promise<{ id: string; content: { name: string } }[]> {
  return (await bea.call('GET', '/api/views?list=people')).json().items
}

async function rolesWithFirstView(): Promise<string[]> {
  const { items } = (await bea.call('GET', '/api/views/default')).json()
  return items.map((one: { roleId: string }) => one.roleId).sort()
}

test('cells are typed, a range is pasted, a wrong cell says so, and all of it is undone', async () => {
  await button('Bewerken als rekenblad').click()
  const grid = page.getByRole('grid')
  await grid.focus()
  // From the stage to the e-mail of the first row.
  await page.keyboard.press('ArrowRight')
  await requireAccessible(page, 'sheet')
  await page.keyboard.press('Enter')
  await page.getByLabel('E-mail van An Aerts').fill('an@nieuw.example')
  await page.keyboard.press('Enter')
  await page.getByText('1 rij gewijzigd.').waitFor()
  await cell('an@nieuw.example').waitFor()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByLabel('E-mail van An Aerts').fill('geen adres')
  await page.keyboard.press('Enter')
  await page.getByText('kijk de rode cellen na').waitFor()
  expect(await page.locator('[data-wrong]').count()).toBe(1)
  await picture(page, 'lists-sheet')
  // Phone and city of three rows, as a spreadsheet copies them.
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+ArrowUp')
  for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowRight')
  await paste('0475 11 11 11\tAalst\n0475 22 22 22\t"Sint-Niklaas"\n\tDeinze\n')
  await page.getByText('3 rijen gewijzigd.').waitFor()
  expect(await column('city')).toEqual(['Aalst', 'Sint-Niklaas', 'Deinze', 'Brugge'])
  expect((await column('phone')).slice(0, 2)).toEqual(['+32475111111', '+32475222222'])
  await button('Ongedaan maken').last().click()
  await expect.poll(() => column('city')).toEqual(['Gent', 'Gent', 'Ieper', 'Brugge'])
  expect(await column('phone')).toEqual(['', '', '', ''])
  await page.getByText('Ongedaan gemaakt').waitFor()
  await page.getByRole('gridcell', { name: 'Ieper', exact: true }).waitFor()
  // A colleague was there in between: their value stays, and it is told.
  const [first] = (await bea.call('GET', '/api/people')).json().items
  await bea.call('PATCH', `/api/people/${first.id}`, {
    rowVersion: first.rowVersion,
    addresses: [{ city: 'Mol' }],
  })
  await paste('\tBoom\n')
  await page.getByText('een collega wijzigde ze intussen').waitFor()
  expect((await column('city'))[0]).toBe('Mol')
}, 90_000)

/** As the browser does when a spreadsheet's cells are on the clipboard. */
async function paste(text: string): Promise<void> {
  await page.evaluate(`{
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ${JSON.stringify(text)})
    document
      .querySelector('[role=grid]')
      .dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }`)
}
async function column(name: string): Promise<string[]> {
  const { items } = (await bea.call('GET', '/api/people')).json()
  return items.map((one: Record<string, string>) => one[name])
}

test('a range is copied as a spreadsheet takes it, emptied or cut, and undone', async () => {
  await button('Bewerken als rekenblad').click()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Home')
  for (let at = 0; at < 4; at++) await page.keyboard.press('ArrowRight')
  for (const key of ['ArrowDown', 'ArrowLeft', 'ArrowLeft'])
    await page.keyboard.press(`Shift+${key}`)
  const lines = 'an@gent.example\t\tGent\nbo@gent.example\t\tGent'
  expect(await taken('copy')).toBe(lines)
  expect(await column('city')).toEqual(['Gent', 'Gent', 'Ieper', 'Brugge'])
  const empties = [() => page.keyboard.press('Delete'), async () => taken('cut')]
  for (const empty of empties) {
    const text = await empty()
    if (text !== undefined) expect(text).toBe(lines)
    await expect.poll(() => column('city')).toEqual(['', '', 'Ieper', 'Brugge'])
    expect((await column('email')).slice(0, 3)).toEqual(['', '', 'cis@ieper.example'])
    await page.getByText('2 rijen gewijzigd.').waitFor()
    await page.keyboard.press('Control+z')
    await expect.poll(() => column('city')).toEqual(['Gent', 'Gent', 'Ieper', 'Brugge'])
    expect((await column('email')).slice(0, 2)).toEqual(['an@gent.example', 'bo@gent.example'])
    await page.getByText('2 rijen gewijzigd.').waitFor({ state: 'detached' })
    // What is undone has new versions; the rows show them before they are changed again.
    await cell('an@gent.example').waitFor()
  }
}, 60_000)

/** What the browser would put on the clipboard. */
function taken(kind: 'copy' | 'cut'): Promise<string> {
  return page.evaluate(`(() => {
    const clipboardData = new DataTransfer()
    document
      .querySelector('[role=grid]')
      .dispatchEvent(new ClipboardEvent('${kind}', { clipboardData, bubbles: true, cancelable: true }))
    return clipboardData.getData('text/plain')
  })()`)
}

test('columns are moved, widened and frozen by keyboard, and stand like that again', async () => {
  await button('Kolommen').click()
  await button('E-mail naar voren').click()
  await page.getByRole('checkbox', { name: 'Voornaam' }).check()
  await requireAccessible(page, 'columns')
  await picture(page, 'lists-columns')
  await page.getByRole('combobox', { name: 'Blijft staan bij schuiven' }).click()
  await page.getByRole('option', { name: 'Tot en met E-mail' }).click()
  await page.keyboard.press('Escape')
  const edge = page.getByRole('separator', { name: 'Breedte van E-mail' })
  await edge.focus()
  await page.keyboard.press('ArrowRight')
  expect(await edge.getAttribute('aria-valuenow')).toBe('236')
  await page.reload()
  await total(4)
  const heads = await page.getByRole('columnheader').allInnerTexts()
  expect(heads.filter(Boolean).slice(0, 3)).toEqual(['Naam', 'E-mail', 'Fase'])
  expect(heads.at(-1)).toBe('Voornaam')
  expect(await edge.getAttribute('aria-valuenow')).toBe('236')
  const frozen = await page.locator('[role=columnheader][data-frozen]').allInnerTexts()
  expect(frozen.filter(Boolean)).toEqual(['Naam', 'E-mail'])
  const left = async (name: string) =>
    (await page.getByRole('columnheader', { name }).boundingBox())!.x
  const before = [await left('E-mail'), await left('Fase')]
  await page.evaluate(`document.querySelector('[role=grid]').scrollLeft = 60`)
  expect([await left('E-mail'), await left('Fase')]).toEqual([before[0], before[1]! - 60])
}, 60_000)

test('fields of one’s own making are columns: pasted into, refused when wrong, changed for many, and added up in groups', async () => {
  const make = async (field: object) => {
    const made = await bea.call('POST', '/api/fields', {
      recordKind: 'person',
      sensitivity: 'contact',
      ...field,
    })
    return made.json()
  }
  const insurance = await make({
    kind: 'choice',
    label: { nl: 'Verzekering', en: '' },
    options: [{ label: { nl: 'Auto', en: 'Car' } }, { label: { nl: 'Woning', en: 'Home' } }],
  })
  const premium = await make({ kind: 'money', label: { nl: 'Jaarpremie', en: '' } })
  const [car, home] = insurance.options.map((one: { id: string }) => one.id)
  await page.reload()
  await total(4)
  await button('Kolommen').click()
  for (const name of ['Verzekering', 'Jaarpremie'])
    await page.getByRole('checkbox', { name }).check()
  await page.keyboard.press('Escape')
  await button('Bewerken als rekenblad').click()
  await page.getByRole('grid').focus()
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await paste('Woning\t1.250,50\nauto\t€ 99\n')
  await page.getByText('2 rijen gewijzigd.').waitFor()
  const values = async () =>
    (await bea.call('GET', '/api/people')).json().items.map((one: { custom: object }) => one.custom)
  expect((await values()).slice(0, 2)).toEqual([
    { [insurance.id]: home, [premium.id]: '1250.50' },
    { [insurance.id]: car, [premium.id]: '99.00' },
  ])
  await cell('€ 1.250,50').waitFor()
  await page.keyboard.press('Enter')
  await page.getByLabel('Verzekering van An Aerts').fill('Zeilboot')
  await page.keyboard.press('Enter')
  await page.getByText('kijk de rode cellen na').waitFor()
  expect(await page.locator('[data-wrong]').count()).toBe(1)
  await picture(page, 'lists-own-columns')
  await page.reload()
  await total(4)
  for (const name of ['Cis Claes', 'Dirk Dewit'])
    await page.getByRole('checkbox', { name: `${name} selecteren` }).check()
  await button('Eigen velden').click()
  await page.getByRole('combobox', { name: 'Verzekering' }).click()
  await page.getByRole('option', { name: 'Auto' }).click()
  await requireAccessible(page, 'one value for many')
  await button('Toepassen').click()
  await page.getByText('2 gewijzigd.').waitFor()
  expect((await values()).slice(2)).toEqual([{ [insurance.id]: car }, { [insurance.id]: car }])
  await button('Groeperen').click()
  await page.getByRole('menuitem', { name: 'Verzekering' }).click()
  await button('Auto 3 Jaarpremie: € 99,00').waitFor()
  await button('Woning 1 Jaarpremie: € 1.250,50').waitFor()
  await picture(page, 'lists-own-groups')
}, 90_000)

test('a person is chosen in a cell, typed whole, pasted by name and copied by who they are, then sorted and grouped by', async () => {
  const made = await bea.call('POST', '/api/fields', {
    recordKind: 'person',
    kind: 'person',
    sensitivity: 'contact',
    label: { nl: 'Aanbrenger', en: '' },
  })
  // Two who are called the same.
  const doubles = [0, 1].map(() => ({ givenName: 'Zoë', familyName: 'Zeger' }))
  for (const one of doubles) await bea.call('POST', '/api/people', one)
  const { items } = (await bea.call('GET', '/api/people?sort=name')).json()
  const idOf = (name: string) =>
    items.find((one: { displayName: string }) => one.displayName === name).id
  const values = async () =>
    (await bea.call('GET', '/api/people?sort=name'))
      .json()
      .items.map((one: { custom: Record<string, string> }) => one.custom[made.json().id])
  await page.reload()
  await total(6)
  await button('Kolommen').click()
  await page.getByRole('checkbox', { name: 'Aanbrenger' }).check()
  await page.keyboard.press('Escape')
  await button('Bewerken als rekenblad').click()
  await page.getByRole('grid').focus()
  await page.keyboard.press('End')
  await page.keyboard.press('c')
  await page.getByRole('combobox', { name: 'Aanbrenger van An Aerts' }).pressSequentially('lae')
  await page.getByRole('option', { name: /Cis Claes/ }).waitFor()
  await picture(page, 'lists-choose-in-cell')
  await requireAccessible(page, 'choosing in a cell')
  await page.getByRole('option', { name: /Cis Claes/ }).click()
  await expect.poll(async () => (await values())[0]).toBe(idOf('Cis Claes'))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const typing = page.getByRole('combobox', { name: 'Aanbrenger van Bo Baeten' })
  await typing.pressSequentially('Dirk Dewit')
  await page.getByRole('option', { name: /Dirk Dewit/ }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await values())[1]).toBe(idOf('Dirk Dewit'))
  await page.keyboard.press('Control+ArrowUp')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await paste('Zoë Zeger\nbo baeten\nniemand')
  await page.getByText('kijk de rode cellen na').waitFor()
  await expect.poll(async () => (await values())[3]).toBe(idOf('Bo Baeten'))
  expect(await page.locator('[data-wrong]').count()).toBe(2)
  expect((await values())[2]).toBeUndefined()
  await button('Bewerken als rekenblad').click()
  await page.getByRole('columnheader', { name: 'Aanbrenger' }).getByRole('button').first().click()
  await expect.poll(() => page.locator('.k-name').first().innerText()).toContain('Dirk Dewit')
  await button('Groeperen').click()
  await page.getByRole('menuitem', { name: 'Aanbrenger' }).click()
  await button('Bo Baeten 1').waitFor()
  await button('Cis Claes 1').waitFor()
  await picture(page, 'lists-grouped-by-person')
}, 90_000)

test('the list is printed as a table of all that match, without the page around it', async () => {
  // The dialog itself is the browser's; what it would put on paper is looked at.
  await page.evaluate('window.print = () => { window.isPrinted = true }')
  await button('Meer').click()
  await page.getByRole('menuitem', { name: 'Afdrukken' }).click()
  await expect.poll(() => page.evaluate('window.isPrinted')).toBe(true)
  await page.emulateMedia({ media: 'print' })
  await page.getByRole('table').waitFor()
  expect(await page.getByRole('row').allInnerTexts()).toHaveLength(5)
  expect(await page.getByRole('table').innerText()).toContain('Dirk Dewit')
  expect(await page.getByRole('grid').isVisible()).toBe(false)
  await picture(page, 'lists-print')
}, 60_000)

/** What the browser draws as found, in the order it stands there. */
const marked = () => page.evaluate<string[]>(`[...(CSS.highlights.get('found') ?? [])].map(String)`)

test('what answers to a search is marked, who is called nearly so is offered, and a search of texts that is off says so', async () => {
  const box = page.getByRole('searchbox')
  await box.fill('claes')
  await total(1)
  await expect.poll(marked).toContain('Claes')
  await picture(page, 'search-marked')
  await box.fill('clasos')
  await page.getByText('Bedoelde je misschien').waitFor()
  await expect.poll(marked).toEqual([])
  await requireAccessible(page, 'search-nearly')
  await picture(page, 'search-nearly')
  await button('Cis Claes').click()
  await page.waitForURL(/open=/)
  await total(1)

  await page.goto('/settings?tab=organisation')
  const content = page.getByRole('switch', { name: 'Ook zoeken in wat jullie schreven' })
  await content.waitFor()
  await page.getByText(/4 personen en bedrijven zijn vindbaar/).waitFor()
  await content.uncheck({ force: true })
  await page.getByText('Uit: geen enkele tekst staat in het geheugen').waitFor()
  await requireAccessible(page, 'search-setting')
  await picture(page, 'search-setting')
  const withNote = { field: 'note.body', operator: 'contains', values: ['wijn'] }
  const refused = await bea.call('POST', '/api/people/list', { filter: withNote })
  expect(refused.json().detail.fields).toMatchObject([{ problem: 'content-off' }])
})

test('on a phone the same filters and groups fit the screen', async () => {
  const phone = await openAs(browser, kluis, bea.token, PHONE)
  await phone.page.goto('/people')
  await phone.page.getByText('An Aerts').waitFor()
  await phone.page.getByRole('button', { name: 'Filter', exact: true }).click()
  await requireAccessible(phone.page, 'filter on a phone')
  await picture(phone.page, 'lists-filter-phone')
  await phone.page.getByRole('button', { name: 'Groeperen' }).click()
  await phone.page.getByRole('menuitem', { name: 'Gemeente' }).click()
  await phone.page.getByRole('button', { name: /^Gent/ }).click()
  await phone.page.getByText('Bo Baeten').waitFor()
  await picture(phone.page, 'lists-groups-phone')
  const width = await phone.page.evaluate('document.documentElement.scrollWidth')
  expect(width).toBeLessThanOrEqual(PHONE.width)
  expect(phone.errors).toEqual([])
  await phone.context.close()
}, 60_000)
