import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { confirmWithPasskey, DESKTOP, PHONE, picture, requireAccessible } from './browser.ts'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type IdentityProvider,
  startIdentityProvider,
} from './identity-provider.ts'

const NEWCOMER = 'nieuw@bureau.example'
const person = (login: string, name: string) => ({
  sub: `sub-${login}`,
  email: `${login}@bureau.example`,
  email_verified: true,
  name,
  amr: ['pwd', 'mfa'],
  groups: ['crm'],
})

/**
 * From an administrator who is signed in with a passkey: sets up the provider, tries it, switches it on; then somebody
 * new comes in by it, and the administrator links their own account. Ends signed in as the administrator.
 */
export async function signInByProvider(page: Page, email: string): Promise<void> {
  const theirs = await startIdentityProvider()
  try {
    for (const one of [person('nieuw', 'Nina Nieuw'), person(email.split('@')[0]!, 'Bea Heer')])
      theirs.people.set(one.email, one)
    await setUp(page, theirs)
    await comeIn(page, theirs, NEWCOMER)
    await page.getByRole('status').filter({ hasText: /^10$/ }).waitFor()
    await confirmThere(page)
    await comeIn(page, theirs, email)
    await page.getByText('Meld je één keer aan zoals je gewend bent').waitFor()
    await look(page, 'link')
    await page.getByRole('button', { name: 'Aanmelden met passkey' }).click()
    await page.getByRole('status').filter({ hasText: /^10$/ }).waitFor()
    await againInATab(page)
  } finally {
    await theirs.close()
  }
}

/** The session ends while one works: the page stays, and the provider is gone to in a tab of its own. */
async function againInATab(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('vandenbroek')
  await page.getByRole('status').filter({ hasText: /^1$/ }).waitFor()
  await page.evaluate(() => fetch('/api/sign-out', { method: 'POST' }))
  await page.getByText('Van den Broeck').first().click()
  const offer = page.getByRole('button', { name: 'Aanmelden met Aanbieder' })
  await offer.waitFor()
  await look(page, 'again')
  const opened = page.context().waitForEvent('page')
  await offer.click()
  const tab = await opened
  await tab.getByText('Dit tabblad mag dicht').waitFor()
  await tab.close()
  await page.getByRole('heading', { name: 'Anneleen Van den Broeck' }).waitFor()
  expect(await page.getByRole('searchbox').inputValue()).toBe('vandenbroek')
}

/** Whoever signs in at the provider alone confirms there; what waits for it goes on by itself. */
async function confirmThere(page: Page): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/settings?tab=security`)
  await page.getByRole('button', { name: 'Nieuwe herstelcodes maken' }).click()
  const dialog = page.getByRole('dialog', { name: 'Bevestig dat jij het bent' })
  const there = dialog.getByRole('link', { name: 'Bevestig bij Aanbieder' })
  await there.waitFor()
  await look(page, 'step-up')
  const opened = page.context().waitForEvent('page')
  await there.click()
  const tab = await opened
  // Signed in there already, and asked all the same.
  await tab.getByLabel('E-mail').fill(NEWCOMER)
  await tab.getByRole('button', { name: 'Verder' }).click()
  await tab.getByText('Dit tabblad mag dicht').waitFor()
  await tab.close()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('dialog', { name: 'Je herstelcodes' }).waitFor()
}

/** On both screens, and for whoever sees neither. */
async function look(page: Page, name: string): Promise<void> {
  await page.setViewportSize(PHONE)
  await requireAccessible(page, name)
  await picture(page, `phone-sso-${name}`)
  await page.setViewportSize(DESKTOP)
  await picture(page, `desktop-sso-${name}`)
}

async function setUp(page: Page, theirs: IdentityProvider): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  await page.goto(`${new URL(page.url()).origin}/settings?tab=singleSignOn`)
  await page.getByText('Nog geen aanbieder.').waitFor()
  await button('Aanbieder toevoegen').click()
  await page.getByLabel('Naam op de knop').fill('Aanbieder')
  await page.getByLabel('Adres van de aanbieder (issuer)').fill(theirs.issuer)
  await page.getByLabel('Client-ID').fill(CLIENT_ID)
  await page.getByRole('textbox', { name: 'Clientgeheim' }).fill(CLIENT_SECRET)
  await page.getByRole('combobox', { name: 'E-maildomeinen' }).fill('bureau.example')
  await page.keyboard.press('Enter')
  await page.getByRole('combobox', { name: 'Rol' }).click()
  await page.getByRole('option', { name: 'Verkoop' }).click()
  await page.getByRole('switch', { name: 'Wie hier nog geen account heeft' }).check()
  await look(page, 'form')
  await button('Bewaren').click()
  await confirmWithPasskey(page)

  const card = page.getByRole('article', { name: 'Aanbieder' })
  const callback = await card.locator('code').first().innerText()
  theirs.serve(callback, await card.locator('code').nth(1).innerText())
  await button('Aanzetten').click()
  await confirmWithPasskey(page)
  await card.getByRole('alert').filter({ hasText: 'Probeer het eerst uit' }).waitFor()
  await button('Uitproberen').click()
  await page.getByLabel('E-mail').fill(NEWCOMER)
  await button('Verder').click()
  await card.getByRole('alert').filter({ hasText: 'Het werkt' }).waitFor()
  await card.getByText('bewezen (amr pwd, amr mfa)').waitFor()
  await card.getByText('Collega’s laten bijhouden (SCIM 2.0)').click()
  await button('Toegangssleutel maken').click()
  await confirmWithPasskey(page)
  await card.getByText('Neem deze sleutel nu over').waitFor()
  await look(page, 'tried')
  await button('Aanzetten').click()
  await confirmWithPasskey(page)
  await card.getByText('Aan', { exact: true }).waitFor()
}

/** Out, and in again by the provider. */
async function comeIn(page: Page, theirs: IdentityProvider, email: string): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true })
  // Whoever is signed in at the provider would come in without being asked.
  await page.context().clearCookies({ domain: '127.0.0.1' })
  await page.goto(`${new URL(page.url()).origin}/settings`)
  await button('Afmelden').first().click()
  await page.getByLabel('E-mailadres').fill(email)
  await button('Aanmelden met Aanbieder').waitFor()
  if (email === NEWCOMER) await look(page, 'sign-in')
  await button('Aanmelden met Aanbieder').click()
  await page.waitForURL((url) => url.origin === theirs.issuer)
  await page.getByLabel('E-mail').fill(email)
  await button('Verder').click()
}
