import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import chromium from '@sparticuz/chromium'
import { type Browser, type Page, chromium as playwright } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestKluis, type TestKluis } from '../support/kluis.ts'

let browser: Browser
beforeAll(async () => {
  browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((one) => one !== '--single-process' && one !== '--no-zygote'),
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
    ],
    headless: true,
  })
})
afterAll(() => browser.close())

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function openListening(): Promise<TestKluis> {
  const origin = new URL(`http://localhost:${await freePort()}`)
  const kluis = await openTestKluis({
    origin,
    webRoot: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  })
  await kluis.app.http.listen({ host: '127.0.0.1', port: Number(origin.port) })
  return kluis
}

async function addPasskeyDevice(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

async function requireAccessible(page: Page, screen: string): Promise<void> {
  // Half-way through a fade every text is pale.
  await page.waitForTimeout(400)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(
    (violation) => violation.impact === 'serious' || violation.impact === 'critical',
  )
  expect(
    serious.map((violation) => `${screen}: ${violation.id} ${violation.nodes[0]?.html}`),
  ).toEqual([])
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.KLUIS_TEST_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

test.each([
  ['desktop', { width: 1280, height: 800 }],
  ['phone', { width: 390, height: 844 }],
] as const)(
  'on a %s: set-up, passkey, import, search, dossier, note, sign out, and back in',
  async (device, viewport) => {
    const kluis = await openListening()
    const context = await browser.newContext({ viewport, locale: 'nl-BE' })
    try {
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      await addPasskeyDevice(page)

      await page.goto((await kluis.app.signIn.makeInvite(null, null, new Date())).href)
      await page.getByLabel('Naam van de organisatie').fill('Bakkerij Bureau')
      await page.getByLabel('Jouw naam').fill('Bea Heer')
      await page.getByLabel('E-mail').fill('bea@bureau.example')
      await page.getByRole('textbox', { name: 'Wachtwoord' }).fill('te kort')
      await page.getByRole('button', { name: 'Verder' }).click()
      await page.getByRole('alert').filter({ hasText: '12 tekens' }).waitFor()
      await page.getByRole('textbox', { name: 'Wachtwoord' }).fill('paard batterij nietje correct')
      await requireAccessible(page, 'set-up')
      await picture(page, `${device}-set-up`)
      await page.getByRole('button', { name: 'Verder' }).click()
      await page.getByRole('button', { name: 'Passkey maken' }).click()
      await page.getByTestId('codes').waitFor()
      expect(await page.getByTestId('codes').locator('div').count()).toBe(10)
      expect(await page.getByTestId('sheet').innerText()).toMatch(/^(\w{4} ){13}\w{4}$/)
      await picture(page, `${device}-codes`)
      await page.getByRole('button', { name: 'Ik heb ze bewaard' }).click()

      await page.getByText('Nog niemand').waitFor()
      await page.getByRole('link', { name: 'Importeren' }).click()
      await page
        .locator('input[type=file]')
        .setInputFiles(
          fileURLToPath(new URL('../fixtures/klanten-export-utf8-bom.csv', import.meta.url)),
        )
      await page.getByRole('button', { name: 'Proefrun' }).click()
      await page
        .getByTestId('result')
        .filter({ hasText: 'Proefrun: 12 gelezen, 11 aangemaakt, 1 overgeslagen' })
        .waitFor()
      await page.getByRole('button', { name: 'Importeren' }).click()
      await page.getByRole('button', { name: 'Import terugdraaien' }).waitFor()
      await requireAccessible(page, 'import')
      await picture(page, `${device}-import`)

      await page.getByRole('link', { name: 'Personen' }).click()
      await page.getByText('10 gevonden').waitFor()
      await requireAccessible(page, 'people')
      await picture(page, `${device}-people`)
      await page.getByRole('searchbox').fill('vandenbroek')
      await page.getByText('1 gevonden').waitFor()
      await page.getByRole('row').filter({ hasText: 'Van den Broeck' }).focus()
      await page.keyboard.press('Enter')

      await page.getByRole('heading', { name: 'Anneleen Van den Broeck' }).waitFor()
      await page.getByText('Belt liefst vóór 9u').waitFor()
      await page.getByLabel('Schrijf een notitie').fill('Wil een offerte voor 2027')
      await page.getByRole('button', { name: 'Notitie bewaren' }).click()
      await page.getByText('Wil een offerte voor 2027').last().waitFor()
      await requireAccessible(page, 'dossier')
      await picture(page, `${device}-dossier`)
      await page.getByRole('tab', { name: 'Gegevens' }).click()
      expect(await page.getByLabel('E-mail').inputValue()).toBe('anneleen@dekorenaar.example')
      await requireAccessible(page, 'details')
      await picture(page, `${device}-details`)
      await page.getByRole('tab', { name: 'Wie heeft dit gezien' }).click()
      await page.getByRole('cell', { name: 'Bea Heer' }).first().waitFor()

      await page.getByRole('button', { name: 'Afmelden' }).click()
      await page.getByRole('button', { name: 'Aanmelden met passkey' }).waitFor()
      await requireAccessible(page, 'sign-in')
      expect(await page.evaluate(async () => (await fetch('/api/people')).status)).toBe(401)
      await page.getByRole('button', { name: 'Aanmelden met passkey' }).click()
      await page.getByText('10 gevonden').waitFor()
      expect(errors).toEqual([])
    } finally {
      await context.close()
      await kluis.close()
    }
  },
  120_000,
)
