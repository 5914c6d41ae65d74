import type { Browser } from 'playwright-core'
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
beforeAll(async () => {
  browser = await launchBrowser()
  kluis = await openListening()
  bea = await kluis.setUp('everyone')
})
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

const person = async (givenName: string, familyName: string): Promise<string> => {
  const answer = await bea.call('POST', '/api/people', { givenName, familyName })
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().id
}

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'on a %s: what two people share is made from one of them, gets a third party, a name and an end, and goes on',
  async (device, viewport) => {
    const id = await person('An', `Peeters ${device}`)
    await person('Jan', `Maes ${device}`)
    await person('Lotte', `Maes ${device}`)
    const { page, context, errors } = await openAs(browser, kluis, bea.token, viewport)
    await page.goto(`/people/${id}`)
    await page.getByRole('button', { name: 'Gezamenlijk dossier maken' }).click()
    await page.getByRole('combobox', { name: 'Persoon' }).fill(`Jan Maes ${device}`)
    await page.getByRole('option', { name: `Jan Maes ${device}` }).click()
    await page.getByLabel('Rol van de ander').selectOption('partner')
    await page.getByLabel('Naam van het dossier').fill('Woonlening')
    await requireAccessible(page, 'making a joint dossier')
    await picture(page, `${device}-joint-make`)
    await page.getByRole('button', { name: 'Toevoegen', exact: true }).click()
    await page.getByRole('heading', { name: 'Woonlening', level: 1 }).waitFor()
    const address = new URL(page.url()).pathname
    expect(address).toMatch(/^\/joint-dossiers\//)
    await page.getByRole('link', { name: `Jan Maes ${device}` }).waitFor()

    await page.getByRole('button', { name: 'Partij toevoegen' }).click()
    await page.getByRole('combobox', { name: 'Persoon' }).fill(`Lotte Maes ${device}`)
    await page.getByRole('option', { name: `Lotte Maes ${device}` }).click()
    await page.getByLabel('Rol', { exact: true }).selectOption('child')
    await page.getByLabel('Van', { exact: true }).fill('01/03/2020')
    await page.getByRole('button', { name: 'Toevoegen', exact: true }).click()
    await page.getByText('kind · sinds 1 mrt 2020').waitFor()
    await requireAccessible(page, 'joint dossier')
    await picture(page, `${device}-joint`)

    await page.getByRole('button', { name: `Partij Lotte Maes ${device} wijzigen` }).click()
    await page.getByRole('button', { name: `Lotte Maes ${device} eruit halen` }).click()
    await page.getByText(`Lotte Maes ${device} is geen partij meer`).waitFor()
    await page.getByRole('link', { name: `Lotte Maes ${device}` }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Ongedaan maken' }).click()
    await page.getByText('kind · sinds 1 mrt 2020').waitFor()

    const menu = () => page.getByRole('button', { name: 'Meer', exact: true }).first().click()
    await menu()
    await page.getByRole('menuitem', { name: 'Andere naam geven' }).click()
    await page.getByRole('dialog').getByLabel('Naam van het dossier').fill('Lening en huis')
    await page.getByRole('button', { name: 'Bewaren', exact: true }).click()
    await page.getByRole('heading', { name: 'Lening en huis', level: 1 }).waitFor()

    await menu()
    await page.getByRole('menuitem', { name: 'Beëindigen' }).click()
    await page.getByText(/^Beëindigd op .* door Bea Heer/).waitFor()
    expect(await page.getByRole('button', { name: 'Partij toevoegen' }).count()).toBe(0)
    expect(await page.getByLabel('Nieuwe notitie').count()).toBe(0)
    await requireAccessible(page, 'ended joint dossier')
    await picture(page, `${device}-joint-ended`)
    await menu()
    await page.getByRole('menuitem', { name: 'Heropenen' }).click()
    await page.getByRole('button', { name: 'Partij toevoegen' }).waitFor()

    await page.getByRole('link', { name: `Jan Maes ${device}` }).click()
    if (device === 'desktop') await page.keyboard.press('Escape')
    await page.goto(`/people/${id}`)
    await page.getByRole('link', { name: 'Lening en huis' }).waitFor()
    await page.getByText(`met Jan Maes ${device} (partner), Lotte Maes ${device} (kind)`).waitFor()
    await page.getByRole('link', { name: 'Lening en huis' }).scrollIntoViewIfNeeded()
    await picture(page, `${device}-joint-on-a-person`)
    expect(errors).toEqual([])
    await context.close()
  },
)
