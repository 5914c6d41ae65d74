/** A company in full, at a desk and on a phone: its sites, its group, how large it is, and a sole trader. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
let page: Page
beforeAll(async () => {
  browser = await launchBrowser()
  kluis = await openListening()
  bea = await kluis.setUp('team')
}, 60_000)
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

const button = (name: string) => page.getByRole('button', { name, exact: true })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })

test.each([
  ['desktop', DESKTOP, 'Tulp'],
  ['phone', PHONE, 'Roos'],
])(
  'on a %s: sites come and go, a daughter stands in the tree, a sole trader is treated as a human being',
  async (device, viewport, flower) => {
    const company = async (name: string, more = {}) =>
      (await bea.call('POST', '/api/companies', { name, ...more })).json().id as string
    const id = await company(`${flower} BV`)
    await bea.call('POST', '/api/people', { givenName: 'An', familyName: `${flower}ers` })
    await company(`${flower} Holding NV`)
    await company(`${flower} Logistiek BV`)
    const opened = await openAs(browser, kluis, bea.token, viewport)
    page = opened.page
    await page.goto(`/companies/${id}`)

    for (const [street, postcode, city] of [
      ['Meir 1', '2000', 'Antwerpen'],
      ['Korenmarkt 2', '9000', 'Gent'],
    ] as const) {
      await button('Vestiging toevoegen').click()
      await field('Straat en nummer').fill(street)
      await page.getByRole('combobox', { name: 'Postcode' }).fill(postcode)
      const place = page.getByRole('combobox', { name: 'Gemeente' })
      // The postcode says which.
      await expect.poll(() => place.inputValue()).toBe(city)
      if (city === 'Gent') {
        await field('Naam of soort').fill('Magazijn')
        await field('Vestigingsnummer').fill('2.123.456.789')
        await requireAccessible(page, `adding a site, ${device}`)
        await picture(page, `company-site-${device}`)
        await button('Toevoegen').last().click()
        await page.getByText('de laatste twee cijfers zouden 91 moeten zijn').waitFor()
        await picture(page, `company-site-wrong-${device}`)
        await field('Vestigingsnummer').fill('')
      }
      await field('Straat en nummer').press('Enter')
      await field('Straat en nummer').waitFor({ state: 'detached' })
    }

    const sites = page.locator('.k-tie')
    await sites.filter({ hasText: 'Korenmarkt 2, 9000 Gent' }).waitFor()
    await button('Vestiging wijzigen: Magazijn').click()
    await button('Zetel maken').click()
    await sites.first().getByText('Magazijn').waitFor()
    await sites.first().getByText('Zetel').waitFor()
    await button('Vestiging wijzigen: Magazijn').click()
    await field('Naam of soort').fill('Hoofdkantoor')
    await field('Naam of soort').press('Enter')
    await button('Vestiging wijzigen: Hoofdkantoor').waitFor()
    await picture(page, `company-sites-${device}`)
    await button('Vestiging wijzigen: Antwerpen').click()
    await button('Verwijderen').click()
    await button('Vestiging wijzigen: Antwerpen').waitFor({ state: 'detached' })
    await button('Ongedaan maken').last().click()
    await button('Vestiging wijzigen: Antwerpen').waitFor()

    await button('Werknemers: leeg').click()
    const count = page.getByRole('spinbutton', { name: 'Werknemers' })
    await count.fill('12')
    await count.press('Enter')
    await page.getByText('12 (klein)').waitFor()

    for (const [name, kind] of [
      [`${flower} Holding NV`, 'moederbedrijf'],
      [`${flower} Logistiek BV`, 'dochterbedrijf'],
    ] as const) {
      // By keyboard: what can be undone is told over the end of the page on a phone.
      await button('Relatie toevoegen').press('Enter')
      await page.getByRole('combobox', { name: 'Bedrijf' }).fill(name)
      await page.getByRole('option', { name, exact: true }).first().click()
      await page.getByRole('combobox', { name: `Wat is die voor ${flower} BV?` }).click()
      await page.getByRole('option', { name: kind }).click()
      await picture(page, `company-group-add-${device}`)
      await button('Toevoegen').last().press('Enter')
      await page.locator('.k-group-tree').getByText(name).waitFor()
      // What was added is shown before its form has gone.
      await page.getByLabel('Tot en met').waitFor({ state: 'detached' })
    }
    const tree = await page.locator('.k-group-tree li').allInnerTexts()
    expect(tree).toEqual([`${flower} Holding NV`, `${flower} BV`, `${flower} Logistiek BV`])
    const indents = await page
      .locator('.k-group-tree li')
      .evaluateAll((lines) =>
        lines.map((one) =>
          Number.parseFloat((one as never as { style: { paddingLeft: string } }).style.paddingLeft),
        ),
      )
    expect(indents).toEqual([0, 16, 32])
    await picture(page, `company-group-${device}`)

    await page.getByRole('switch', { name: 'Eenmanszaak of vrij beroep' }).press('Space')
    await page.getByText('alles hier gaat over een mens').waitFor()
    await picture(page, `company-sole-${device}`)
    await button('Persoon koppelen').press('Enter')
    await page.getByRole('combobox', { name: 'Persoon' }).fill(`${flower}ers`)
    await page
      .getByRole('option', { name: `An ${flower}ers` })
      .first()
      .click()
    await page.getByLabel('Van', { exact: true }).fill('1/3/2020')
    await page.getByRole('checkbox', { name: 'Is zelf de eenmanszaak' }).press('Space')
    await requireAccessible(page, `linking the sole trader, ${device}`)
    await picture(page, `company-self-${device}`)
    await button('Toevoegen').last().press('Enter')
    await page.getByText(`Dit is An ${flower}ers.`).waitFor()
    await page.getByText('sinds 1 mrt 2020').waitFor()
    // What fades away is pale for a moment.
    await page.getByText('Ongedaan gemaakt').waitFor({ state: 'detached' })
    await requireAccessible(page, `company, ${device}`)
    await page.getByText('alles hier gaat over een mens').scrollIntoViewIfNeeded()
    await picture(page, `company-done-${device}`)
    const width = await page.evaluate('document.documentElement.scrollWidth')
    expect(width).toBeLessThanOrEqual(viewport.width)
    await opened.context.close()
    expect(opened.errors).toEqual([])
  },
  120_000,
)
