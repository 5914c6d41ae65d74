import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  confirmWithPasskey,
  DESKTOP,
  givePasskey,
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
let officer: Caller
beforeAll(async () => {
  browser = await launchBrowser()
  kluis = await openListening()
  bea = await kluis.setUp('everyone')
  officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
})
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

const text = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(name) })

/** Chooses a law and a day in the open dialog. */
async function choose(page: Page, law: string, day: string) {
  const form = page.getByRole('dialog')
  await form.getByRole('combobox', { name: 'Welke wet' }).click()
  await page.getByRole('option', { name: law }).click()
  await form.getByLabel('Datum van het document').fill(day)
  await form.getByLabel('Datum van het document').press('Tab')
  return form
}
const line = (page: Page, name: string) =>
  page.locator('.k-file').filter({ has: page.getByRole('button', { name, exact: true }) })

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'on a %s: an invoice is added to be kept, an advice is marked later; erased when over, or opened for a purpose',
  async (device, viewport) => {
    const made = await bea.call('POST', '/api/people', { familyName: `Bewaard ${device}` })
    const { id } = made.json()
    const { page, context, errors } = await openAs(browser, kluis, bea.token, viewport)
    await page.goto(`/people/${id}`)
    await page.getByRole('tab', { name: 'Bestanden' }).click()
    await page.getByRole('button', { name: 'Document dat bewaard moet blijven…' }).click()
    const adding = await choose(page, 'Facturen, boeken en bewijsstukken', '15-3-2026')
    await adding.getByText('10 jaar vanaf 1 januari na de datum').waitFor()
    await requireAccessible(page, 'add a document that is kept')
    await picture(page, `${device}-retention-add`)
    await adding.getByLabel('Bestanden kiezen').setInputFiles(text('factuur.txt'))
    await line(page, 'factuur.txt')
      .getByText(/bewaard tot 1 jan\.? 2037/)
      .waitFor()
    await page.getByLabel('Bestand toevoegen').setInputFiles(text('advies.txt'))
    await line(page, 'advies.txt').getByRole('button', { name: 'Meer' }).click()
    await page.getByRole('menuitem', { name: 'Naar prullenbak' }).waitFor()
    await page.getByRole('menuitem', { name: 'Bewaren volgens de wet…' }).click()
    const marking = await choose(page, 'Financieel advies', '2-2-2020')
    await picture(page, `${device}-retention-mark`)
    await marking.getByRole('button', { name: 'Bewaren', exact: true }).click()
    await line(page, 'advies.txt')
      .getByText(/bewaartermijn voorbij sinds 2 feb\.? 2021/)
      .waitFor()
    // What a law has kept is not thrown away.
    await line(page, 'factuur.txt').getByRole('button', { name: 'Meer' }).click()
    await page.getByRole('menuitem', { name: 'Bewaring volgens de wet…' }).waitFor()
    expect(await page.getByRole('menuitem', { name: 'Naar prullenbak' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await requireAccessible(page, 'files that are kept')
    await picture(page, `${device}-retention-files`)
    expect(errors).toEqual([])
    await context.close()

    const other = await openAs(browser, kluis, officer.token, viewport)
    await givePasskey(other.page, kluis, officer.userId)
    await other.page.goto('/settings?tab=erasures')
    const over = other.page.getByRole('article', { name: 'advies.txt' })
    await over.getByText(`Bewaard ${device}`).waitFor()
    await over.getByRole('checkbox', { name: 'advies.txt kiezen' }).click()
    await picture(other.page, `${device}-retention-over`)
    await other.page.getByRole('button', { name: '1 document wissen…' }).click()
    const erasing = other.page.getByRole('dialog')
    await erasing.getByText('De sleutels van deze documenten worden vernietigd.').waitFor()
    await erasing.getByLabel('Reden van het wissen').fill('termijn van het advies voorbij')
    await erasing.getByRole('button', { name: 'Definitief wissen' }).click()
    await confirmWithPasskey(other.page)
    await over.waitFor({ state: 'detached' })
    await other.page.getByText('termijn van het advies voorbij').first().waitFor()

    const subject = { kind: 'person' as const, id }
    await kluis.app.keys.erasing.erase({ subject, reason: 'vroeg erom', graceDays: 30 }, null)
    await other.page.reload()
    const apart = other.page.getByRole('article', { name: 'factuur.txt' }).last()
    await apart.getByText(/bewaard tot 1 jan\.? 2037/).waitFor()
    expect(await apart.getByText(`Bewaard ${device}`).count()).toBe(0)
    await requireAccessible(other.page, 'kept of erased records')
    // On a phone it stands below what it is about, which is read in lines and not in letters.
    const said = await apart.getByText(/bewaard tot/).boundingBox()
    expect(said!.width).toBeGreaterThan(200)
    await apart.getByRole('button', { name: 'Openen…' }).click()
    const opening = other.page.getByRole('dialog')
    await opening.getByRole('combobox', { name: 'Doel' }).click()
    await other.page.getByRole('option', { name: 'Controle' }).click()
    await opening.getByLabel('Reden, zoals een kenmerk').fill('btw-controle 2029')
    await picture(other.page, `${device}-retention-open`)
    const download = other.page.waitForEvent('download')
    await opening.getByRole('button', { name: 'Openen en downloaden' }).click()
    expect((await download).suggestedFilename()).toBe('factuur.txt')
    await apart.getByText('Controle, btw-controle 2029').waitFor()
    await picture(other.page, `${device}-retention-apart`)
    expect(other.errors).toEqual([])
    await other.context.close()
  },
)
