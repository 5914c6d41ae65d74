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
  ['desktop', DESKTOP],
  ['phone', PHONE],
])(
  'on a %s: sites come and go, a daughter stands in the tree, a sole trader is treated as a human being',
  async (device, viewport) => {
    const company = async (name: string, more = {}) =>
      (await bea.call('POST', '/api/companies', { name, ...more })).json().id as string
    const id = await company('Tulp BV')
    await company('Tulp Holding NV')
    await company('Tulp Logistiek BV')
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
      await page.getByRole('combobox', { name: 'Gemeente' }).fill(city)
      if (city === 'Gent') {
        await field('Naam of soort').fill('Magazijn')
        await field('Vestigingsnummer').fill('2.123.456.789')
        await requireAccessible(page, `adding a site, ${device}`)
        await picture(page, `company-site-${device}`)
        await button('Toevoegen').last().click()
        await page.waitForTimeout(600)
        await picture(page, `company-site-wrong-${device}`)
        await field('Vestigingsnummer').fill('')
      }
      await field('Straat en nummer').press('Enter')
      await field('Straat en nummer').waitFor({ state: 'detached' })
    }
    await page.waitForTimeout(600)
    await picture(page, `company-sites-${device}`)
    await opened.context.close()
    expect(opened.errors).toEqual([])
  },
  90_000,
)
