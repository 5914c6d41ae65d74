import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import chromium from '@sparticuz/chromium'
import {
  type Browser,
  type BrowserContext,
  type CDPSession,
  type Page,
  chromium as playwright,
} from 'playwright-core'
import { expect } from 'vitest'
import type { Mail } from '#platform/mail.ts'
import { newDeviceOf } from './grants.ts'
import { type Caller, codeNow, openTestKluis, type TestKluis } from './kluis.ts'

// A screen that takes longer is broken; how fast it is on a quiet machine `bench/screens.ts` says.
export const PATIENCE_MS = 20_000
export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

// One process is fragile; and a browser that does not part sites from each other would show nothing of what it refuses.
const UNWANTED = new Set([
  ...['--single-process', '--no-zygote', '--disable-web-security'],
  ...['--disable-site-isolation-trials', '--allow-running-insecure-content'],
  // A graphics card made of software took half the time of a journey, and draws nothing that the screens need.
  ...['--ignore-gpu-blocklist', '--use-gl=angle', '--use-angle=swiftshader'],
  '--enable-unsafe-swiftshader',
])

export async function launchBrowser(): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      // Among the features that are switched off is the parting of sites.
      ...chromium.args.filter(
        (one) => !UNWANTED.has(one) && !one.startsWith('--disable-features='),
      ),
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
    ],
    headless: true,
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** The whole program with its built screens, listening on a port of its own. */
export async function openListening(mail?: Mail): Promise<TestKluis> {
  const origin = new URL(`http://localhost:${await freePort()}`)
  const kluis = await openTestKluis({
    ...(mail ? { mail } : {}),
    origin,
    webRoot: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  })
  await kluis.app.http.listen({ host: '127.0.0.1', port: Number(origin.port) })
  return kluis
}

type PasskeyDevice = { session: CDPSession; authenticatorId: string; lose: () => Promise<void> }

/**
 * Gives what loses the device, with all its passkeys. Offered in the field for the e-mail address, such a device answers
 * at once, as if its owner had chosen; otherwise the browser is one that does not offer.
 */
export async function addPasskeyDevice(
  page: Page,
  { isOffered = false } = {},
): Promise<PasskeyDevice> {
  if (!isOffered)
    await page.addInitScript(
      'if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false',
    )
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
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
  return {
    session,
    authenticatorId,
    lose: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}

/** The device of somebody who added a passkey before this journey began. */
export async function givePasskey(page: Page, kluis: TestKluis, userId: string): Promise<void> {
  const device = await newDeviceOf(kluis, userId)
  const { session, authenticatorId } = await addPasskeyDevice(page)
  await session.send('WebAuthn.addCredential', {
    authenticatorId,
    credential: {
      credentialId: device.credentialId.toString('base64'),
      isResidentCredential: true,
      rpId: kluis.origin.hostname,
      privateKey: device.privateKey(),
      userHandle: Buffer.from(userId).toString('base64'),
      signCount: 0,
    },
  })
}

/** The dialog that a step-up opens, answered with one touch. */
export async function confirmWithPasskey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Bevestig dat jij het bent' })
  await dialog.getByRole('button', { name: 'Bevestig met je passkey' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** The same without a passkey. */
export async function confirmWithCode(page: Page, who: Caller): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Bevestig dat jij het bent' })
  await dialog.getByLabel('Wachtwoord', { exact: true }).fill(who.password)
  // The one of this half minute may be spent already; the next is taken early.
  await dialog.getByLabel('Code uit je app').fill(codeNow(who.totpSecret, 1))
  await dialog.getByRole('button', { name: 'Bevestigen' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** What runs inside the page, as text: those files are JavaScript for a browser, and not for Node. */
export function inPage(name: string): string {
  return readFileSync(new URL(`in-page/${name}.js`, import.meta.url), 'utf8')
}

/** A browser that is signed in as someone already, as if the cookie had been set a moment ago. */
export async function openAs(
  browser: Browser,
  kluis: TestKluis,
  token: string,
  viewport = DESKTOP,
): Promise<{ context: BrowserContext; page: Page; errors: string[] }> {
  const { origin } = kluis
  const context = await browser.newContext({ viewport, locale: 'nl-BE', baseURL: origin.origin })
  await context.addCookies([{ name: 'kluis', value: token, url: origin.origin }])
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  // What the page's policy refused is an error of ours, whether or not anything is missed on the screen.
  await page.exposeBinding('toldViolation', (_source, what: string) => errors.push(what))
  await page.addInitScript({ content: inPage('tell-violations') })
  return { context, page, errors }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const LOOKS = 3

/** What is wrong only while a hint appears or a menu closes is looked at once more, and stands still by then. */
export async function requireAccessible(page: Page, screen: string): Promise<void> {
  let wrong: string[] = []
  for (let look = 0; look < LOOKS; look++) {
    wrong = await findInaccessible(page, screen)
    if (wrong.length === 0) break
  }
  expect(wrong).toEqual([])
}

async function findInaccessible(page: Page, screen: string): Promise<string[]> {
  // Half-way through a fade every text is pale.
  await page.evaluate(inPage('stand-still'))
  // Only what is wrong is told at length, and no page of its own is opened for the report: half the time. What checks is
  // read once by each page, not at each look.
  const isThere = await page.evaluate('window.axe !== undefined')
  const { violations } = await new AxeBuilder({ page, axeSource: isThere ? ';' : axe })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map((violation) => `${screen}: ${violation.id} ${violation.nodes[0]?.html}`)
}

/** With KLUIS_TEST_PICTURES=DIR every screen of a journey is kept as a picture. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.KLUIS_TEST_PICTURES
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
}
