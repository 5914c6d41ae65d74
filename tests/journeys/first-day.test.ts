import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addPasskeyDevice,
  confirmWithPasskey,
  DESKTOP,
  givePasskey,
  launchBrowser,
  openAs,
  openListening,
  PATIENCE_MS,
  PHONE,
  picture,
  requireAccessible,
} from '../support/browser.ts'
import { codeNow } from '../support/kluis.ts'
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
      const password = page.getByRole('textbox', { name: 'Wachtwoord' })
      // Hidden while it is typed; a password manager finds its way, and nothing stops what is pasted.
      expect(await password.getAttribute('type')).toBe('password')
      expect(await password.getAttribute('autocomplete')).toBe('new-password')
      const pasted = `document.querySelector('input[type=password]').dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true }))`
      expect(await page.evaluate(pasted)).toBe(true)
      await password.fill('te kort')
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
      const shares = page.getByTestId('share')
      await shares.first().waitFor()
      expect(await shares.count()).toBe(3)
      const textOf = async (at: number) =>
        (await shares.nth(at).locator('li').allInnerTexts()).join(' ')
      await page.getByText('Probeer het nu').click()
      const typo = (await textOf(2)).replace(/^./, (letter) => (letter === '7' ? '8' : '7'))
      await page.getByLabel('Eerste aandeel').fill(typo)
      await page.getByLabel('Tweede aandeel').fill((await textOf(0)).toLowerCase())
      await button('Controleer').click()
      await page
        .getByRole('alert')
        .filter({ hasText: 'Aandeel 1: een tikfout in groep 1' })
        .waitFor()
      await requireAccessible(page, 'recovery shares')
      await picture(page, `${device}-shares`)
      await page.getByLabel('Eerste aandeel').fill(await textOf(2))
      await button('Controleer').click()
      await page.getByText('Deze twee aandelen openen de hoofdsleutel').waitFor()
      await page.getByLabel('Ik heb de drie aandelen').check()
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

test.each([['phone', PHONE]] as const)(
  'on a %s: two passkeys, one lost, the other opens; both lost, and a link with a code leads back',
  async (device, viewport) => {
    const kluis = await openListening()
    const context = await browser.newContext({
      viewport,
      locale: 'nl-BE',
      baseURL: kluis.origin.origin,
    })
    try {
      const bea = await kluis.setUp()
      const invited = await bea.call('POST', '/api/invites', {
        email: 'oma@bureau.example',
        name: 'Oma Peeters',
        roleId: 'sales',
        teamId: bea.teamId,
      })
      const page = await context.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      const button = (name: string) => page.getByRole('button', { name, exact: true })
      const enrol = async () => {
        await button('Verder').click()
        await page.getByRole('button', { name: 'Passkey (aangeraden)' }).click()
        await page.getByLabel('Ik heb de codes').check()
        await button('Verder').click()
        await page.getByText('Nog geen personen').waitFor()
      }
      const first = await addPasskeyDevice(page, { isOffered: true })
      await page.goto(invited.json().link)
      await button('Verder').click()
      await page.getByText('Wat is een passkey?').click()
      await requireAccessible(page, 'what a passkey is')
      await picture(page, `${device}-what-is-a-passkey`)
      await page.goto(invited.json().link)
      await enrol()
      await page.goto('/settings?tab=security')
      await page.getByText('Je hebt er maar één').waitFor()

      // One device at a time answers here: what the first holds proves who adds another, and is gone before that is made.
      const { credentials } = await first.session.send('WebAuthn.getCredentials', first)
      const [credential] = credentials
      const { credentialId } = credential!
      await first.lose()
      const second = await addPasskeyDevice(page, { isOffered: true })
      const { authenticatorId, session } = second
      await session.send('WebAuthn.addCredential', { authenticatorId, credential: credential! })
      await page.route('**/api/passkeys/options', async (route) => {
        if (route.request().headers()['kluis-grant'])
          await session.send('WebAuthn.removeCredential', { authenticatorId, credentialId })
        await route.continue()
      })
      await button('Passkey toevoegen').click()
      await confirmWithPasskey(page)
      await page.getByText('Je hebt er maar één').waitFor({ state: 'detached' })
      await button('Afmelden').waitFor({ state: 'detached' })
      await page.getByText('netwerk 127.0.0.*').waitFor()
      await requireAccessible(page, 'own security')
      await picture(page, `${device}-own-security`)
      await button('Overal afmelden').click()
      // Offered where one would type the address, and chosen.
      await page.getByText('Nog geen personen').waitFor()

      await second.lose()
      await context.clearCookies()
      const reset = await bea.call('POST', `/api/users/${invited.json().userId}/reset-factor`, {
        reason: 'beide toestellen kwijt, aan de balie herkend',
      })
      const { link, code } = reset.json()
      await addPasskeyDevice(page, { isOffered: true })
      await page.goto(link)
      await page.getByLabel('Code van tien letters').fill('fout-fout-fout')
      await picture(page, `${device}-recovery-code`)
      await requireAccessible(page, 'recovery code')
      await button('Verder').click()
      await button('Verder').click()
      await page.getByRole('button', { name: 'Passkey (aangeraden)' }).click()
      await page.getByRole('alert').filter({ hasText: 'code' }).waitFor()
      await page.getByLabel('Code van tien letters').fill(code)
      await button('Verder').click()
      await page.getByRole('button', { name: 'Passkey (aangeraden)' }).waitFor()
      await page.getByRole('button', { name: 'Passkey (aangeraden)' }).click()
      await page.getByLabel('Ik heb de codes').check()
      await button('Verder').click()
      await page.getByText('Nog geen personen').waitFor()
      expect(errors).toEqual([])
    } finally {
      await context.close()
      await kluis.close()
    }
  },
  120_000,
)

test.each([['desktop', DESKTOP]] as const)(
  'on a %s an administrator ends a colleague’s sessions, agrees to a recovery, sets rules of sign-in, and makes and revokes a key',
  async (device, viewport) => {
    const kluis = await openListening()
    try {
      const bea = await kluis.setUp()
      const cas = await kluis.colleague(bea, 'administrator', bea.teamId)
      const an = await kluis.colleague(bea, 'sales', bea.teamId)
      const dirk = await kluis.colleague(bea, 'administrator', bea.teamId)
      const reset = { reason: 'telefoon kwijt op de trein' }
      await cas.call('POST', `/api/users/${dirk.userId}/reset-factor`, reset)
      const { context, page, errors } = await openAs(browser, kluis, bea.token, viewport)
      await givePasskey(page, kluis, bea.userId)
      const button = (name: string) => page.getByRole('button', { name, exact: true })
      await page.goto('/settings?tab=colleagues')
      const seller = page.getByRole('listitem').filter({ hasText: 'Collega sales' })
      await seller.getByText('geen passkey').waitFor()
      const own = page.getByRole('listitem').filter({ hasText: 'Bea Heer' })
      expect(await own.getByText('geen passkey').count()).toBe(0)
      await button('Meer: Collega sales').click()
      await page.getByRole('menuitem', { name: 'Aangemelde toestellen' }).click()
      await page.getByRole('dialog').getByText('netwerk 127.0.0.*').waitFor()
      await requireAccessible(page, 'sessions of a colleague')
      await picture(page, `${device}-colleague-sessions`)
      await page.getByRole('dialog').getByRole('button', { name: 'Overal afmelden' }).click()
      await confirmWithPasskey(page)
      await page.getByText('is overal afgemeld').waitFor()
      expect((await an.call('GET', '/api/session')).statusCode).toBe(401)

      // Two administrators for a third: one has the link now, the other the code.
      await page.getByText('vroeg om de aanmelding van').waitFor()
      await requireAccessible(page, 'a recovery to agree to')
      await picture(page, `${device}-recovery-to-agree`)
      expect(await button('Akkoord').isDisabled()).toBe(true)
      await page.getByLabel('zelf gesproken').check()
      await button('Akkoord').click()
      await confirmWithPasskey(page)
      await page.getByText('heeft de code en geeft die zelf').waitFor()
      await picture(page, `${device}-recovery-agreed`)
      const [recovery] = (await cas.call('GET', '/api/recoveries')).json().items
      expect(recovery.code).toMatch(/^\w{5}-\w{5}$/)

      await page.goto('/settings?tab=signInRules')
      const sales = page.getByRole('group', { name: 'Verkoop' })
      await sales.getByLabel('Afmelden na stilte').click()
      await page.getByRole('option', { name: '15 minuten' }).click()
      await confirmWithPasskey(page)
      await page.getByText('Bewaard').first().waitFor()
      await requireAccessible(page, 'rules of sign-in')
      await picture(page, `${device}-sign-in-rules`)

      await page.goto('/settings?tab=recovery')
      await page.getByText('Nog niet getest').waitFor()
      await button('Maak nieuwe aandelen').click()
      await confirmWithPasskey(page)
      await page.getByTestId('share').first().waitFor()
      await requireAccessible(page, 'new recovery shares')
      await picture(page, `${device}-new-shares`)
      await page.getByLabel('Ik heb de drie aandelen').check()
      await button('Klaar').click()
      await requireAccessible(page, 'recovery')
      await picture(page, `${device}-recovery`)

      await page.goto('/settings?tab=security')
      await button('App opnieuw koppelen').click()
      await confirmWithPasskey(page)
      const app = page.getByRole('dialog', { name: 'App opnieuw koppelen' })
      const secret = (await app.locator('code').innerText()).replaceAll(' ', '')
      await requireAccessible(page, 'another app')
      await picture(page, `${device}-new-app`)
      await app.getByLabel('Code van zes cijfers').fill('000000')
      await app.getByRole('button', { name: 'Verder' }).click()
      await app.getByRole('alert').waitFor()
      await app.getByLabel('Code van zes cijfers').fill(codeNow(secret))
      await app.getByRole('button', { name: 'Verder' }).click()
      await page.getByText('De nieuwe app is gekoppeld').waitFor()

      await page.goto('/settings?tab=programs')
      await button('Programma toevoegen').click()
      await page.getByLabel('Naam').fill('Webwinkel')
      await page.getByLabel('Van deze netwerken').fill('127.0.0.0/8')
      await requireAccessible(page, 'new program')
      await picture(page, `${device}-new-program`)
      await button('Sleutel maken').click()
      await confirmWithPasskey(page)
      const key = await page.getByRole('status').locator('code').innerText()
      const ask = () =>
        fetch(`${kluis.origin.origin}/api/people`, { headers: { authorization: `Bearer ${key}` } })
      expect((await ask()).status).toBe(200)
      await requireAccessible(page, 'programs')
      await picture(page, `${device}-programs`)
      await page.getByRole('article', { name: 'Webwinkel' }).getByText('Intrekken').click()
      await page.getByRole('dialog').getByRole('button', { name: 'Intrekken' }).click()
      await confirmWithPasskey(page)
      await page.getByText('opent niets meer').waitFor()
      expect((await ask()).status).toBe(401)
      expect(errors).toEqual([])
      await context.close()
    } finally {
      await kluis.close()
    }
  },
  120_000,
)
