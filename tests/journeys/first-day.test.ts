import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addPasskeyDevice,
  DESKTOP,
  launchBrowser,
  openListening,
  PATIENCE_MS,
  PHONE,
  picture,
  requireAccessible,
} from '../support/browser.ts'
import { signInByProvider } from '../support/single-sign-on.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const customers = fileURLToPath(new URL('../fixtures/klanten-export-utf8-bom.csv', import.meta.url))

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'on a %s: set-up, passkey, import, search, dossier, note, sign out, and back in',
  async (device, viewport) => {
    const kluis = await openListening()
    const context = await browser.newContext({ viewport, locale: 'nl-BE' })
    try {
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      await addPasskeyDevice(page)
      const button = (name: string) => page.getByRole('button', { name, exact: true })

      await page.goto((await kluis.app.signIn.makeInvite(null, null, new Date())).href)
      await page.getByLabel('Naam van de organisatie').fill('Bakkerij Bureau')
      await requireAccessible(page, 'organisation')
      await picture(page, `${device}-set-up`)
      await button('Verder').click()
      await page.getByLabel('Je naam').fill('Bea Heer')
      await page.getByLabel('E-mailadres').fill('bea@bureau.example')
      await requireAccessible(page, 'administrator')
      await button('Verder').click()
      await page.getByRole('button', { name: 'Wachtwoord en app' }).click()
      await page.getByRole('textbox', { name: 'Wachtwoord' }).fill('te kort')
      await button('Verder').click()
      await page.getByRole('alert').filter({ hasText: '12 tekens' }).waitFor()
      await button('Terug').click()
      await requireAccessible(page, 'factor')
      await picture(page, `${device}-factor`)
      await page.getByRole('button', { name: 'Passkey (aangeraden)' }).click()
      await page.getByRole('heading', { name: 'Je herstelcodes' }).waitFor()
      expect(await page.locator('.k-codes li').count()).toBe(10)
      await requireAccessible(page, 'codes')
      await picture(page, `${device}-codes`)
      await page.getByLabel('Ik heb de codes').check()
      await button('Verder').click()
      expect(await page.getByTestId('sheet').innerText()).toMatch(/(\w{4} ){3}/)
      await requireAccessible(page, 'sheet')
      await picture(page, `${device}-sheet`)
      await page.getByLabel('Ik heb het herstelblad').check()
      await button('Naar Kluis').click()

      await page.getByText('Nog geen personen').waitFor()
      await picture(page, `${device}-empty`)
      await button('Meer').first().click()
      await page.getByRole('menuitem', { name: 'Import en export' }).click()
      await page.locator('input[type=file]').setInputFiles(customers)
      const counts = page.getByTestId('counts')
      await counts.filter({ hasText: /Gelezen\s*12/ }).waitFor()
      await counts.filter({ hasText: /Nieuw\s*11/ }).waitFor()
      await requireAccessible(page, 'preview')
      await picture(page, `${device}-preview`)
      await button('11 rijen importeren').click()
      await page.getByRole('status').filter({ hasText: 'Import klaar' }).waitFor()
      await requireAccessible(page, 'import')
      await picture(page, `${device}-import`)
      await page.getByRole('link', { name: 'Naar personen' }).click()

      await page.getByRole('status').filter({ hasText: /^10$/ }).waitFor()
      await requireAccessible(page, 'people')
      await picture(page, `${device}-people`)
      await page.getByRole('searchbox').fill('vandenbroek')
      await page.getByRole('status').filter({ hasText: /^1$/ }).waitFor()
      await page.getByText('Van den Broeck').first().click()

      await page.getByRole('heading', { name: 'Anneleen Van den Broeck' }).waitFor()
      await requireAccessible(page, 'details')
      await picture(page, `${device}-details`)
      await page.getByText('anneleen@dekorenaar.example').first().waitFor()
      await page.getByRole('tab', { name: 'Tijdlijn' }).click()
      await page.getByText('Belt liefst vóór 9u').waitFor()
      await page.getByLabel('Nieuwe notitie').fill('Wil een offerte voor 2027')
      await button('Notitie bewaren').click()
      await page
        .getByRole('tabpanel')
        .locator('article')
        .getByText('Wil een offerte voor 2027')
        .waitFor()
      expect(await page.getByLabel('Nieuwe notitie').inputValue()).toBe('')
      await page.getByLabel('Nieuwe notitie').fill('BSN 123456782')
      await button('Notitie bewaren').click()
      await page.getByRole('dialog').getByText('123456782').waitFor()
      await requireAccessible(page, 'national number')
      await button('Tekst aanpassen').click()
      await page.getByLabel('Nieuwe notitie').fill('')
      await requireAccessible(page, 'timeline')
      await picture(page, `${device}-timeline`)
      await page.getByRole('tab', { name: 'Wie zag dit' }).click()
      await page.getByRole('tabpanel').getByText('Bea Heer').first().waitFor()
      await requireAccessible(page, 'openings')
      await picture(page, `${device}-openings`)

      await page.goto(`${new URL(page.url()).origin}/settings`)
      await button('Afmelden').first().click()
      await button('Aanmelden met passkey').waitFor()
      await requireAccessible(page, 'sign-in')
      await picture(page, `${device}-sign-in`)
      expect(await page.evaluate(async () => (await fetch('/api/people')).status)).toBe(401)
      await button('Aanmelden met passkey').click()
      await page.getByRole('status').filter({ hasText: /^10$/ }).waitFor()
      if (device === 'desktop') await signInByProvider(page, 'bea@bureau.example')
      expect(errors).toEqual([])
    } finally {
      await context.close()
      await kluis.close()
    }
  },
  240_000,
)
