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
let second: Caller
beforeAll(async () => {
  browser = await launchBrowser()
  kluis = await openListening()
  bea = await kluis.setUp('everyone')
  officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  second = await kluis.colleague(bea, 'manager', bea.teamId)
  // They have been here for a while, so that what they decide counts.
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
})
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

const made = async (path: string, body: object): Promise<string> => {
  const answer = await bea.call('POST', path, body)
  expect(answer.statusCode, answer.body).toBe(201)
  return answer.json().id
}

/** From the record's menu to the form, filled but for the name. */
async function openForm(page: Page, reason: string) {
  await page.getByRole('button', { name: 'Meer', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Wissen…' }).click()
  const form = page.getByRole('dialog')
  await form.getByText('Dit gaat weg').waitFor()
  await form.getByLabel('Reden van het wissen').fill(reason)
  return form
}

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'on a %s: the privacy officer erases a sole trader, reads first what goes and stays, and gets the certificate',
  async (device, viewport) => {
    const id = await made('/api/people', { givenName: 'Vera', familyName: `Weg ${device}` })
    const colleague = await made('/api/people', { familyName: 'Medewerker' })
    const own = await made('/api/companies', { name: 'Bloemen Vera', isSoleTrader: true })
    const common = await made('/api/companies', { name: 'Atelier Samen', isSoleTrader: true })
    for (const [personId, companyId] of [
      [id, own],
      [id, common],
      [colleague, common],
    ])
      await made(`/api/people/${personId}/affiliations`, { companyId })
    const { page, context, errors } = await openAs(browser, kluis, officer.token, viewport)
    await givePasskey(page, kluis, officer.userId)
    await page.goto(`/people/${id}`)
    const form = await openForm(page, 'vroeg erom, brief van 3 mei')
    await form.getByText('De eenmanszaak Bloemen Vera').waitFor()
    await form.getByText('De eenmanszaak Atelier Samen: daar werken nog anderen').waitFor()
    await form.getByLabel('Dagen dat kopieën').fill('10')
    const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)
    await form
      .getByText(
        `kopieën van de sleutelkluis van vóór de wissing openen het dossier nog, tot ${day}`,
      )
      .waitFor()
    const send = form.getByRole('button', { name: 'Definitief wissen' })
    await form.getByLabel('Typ de naam').fill('Vera')
    expect(await send.isEnabled()).toBe(false)
    await requireAccessible(page, 'erase form')
    await picture(page, `${device}-erase-form`)
    await form.getByLabel('Typ de naam').fill(`vera  weg ${device}`)
    await picture(page, `${device}-erase-form-end`)
    await send.click()
    await confirmWithPasskey(page)
    await page.getByRole('heading', { name: 'Dit dossier is gewist' }).waitFor()
    await page.getByText('door Collega privacy-officer').waitFor()
    await page.getByRole('button', { name: 'Verklaring lezen' }).click()
    await page.getByText('Reden: vroeg erom, brief van 3 mei').waitFor()
    const note = page.getByRole('link', { name: 'Ondertekende verklaring' })
    const signed = decodeURIComponent((await note.getAttribute('href'))!.split(',')[1]!)
    expect(kluis.app.ledger.isSigned(signed)).toBe(true)
    await requireAccessible(page, 'erased record')
    await picture(page, `${device}-erased`)
    for (const [path, gone] of [
      [`people/${id}`, 410],
      [`companies/${own}`, 410],
      [`companies/${common}`, 200],
    ] as const)
      expect((await bea.call('GET', `/api/${path}`)).statusCode).toBe(gone)
    await page.goto('/settings?tab=erasures')
    await page.getByRole('heading', { name: 'Wat is gewist' }).waitFor()
    await page.getByText('vroeg erom, brief van 3 mei').first().waitFor()
    await requireAccessible(page, 'erasures')
    await picture(page, `${device}-erasures`)
    expect(errors).toEqual([])
    await context.close()

    // A colleague: that it was, and when. Not by whom, and no form on another record.
    const sales = await openAs(browser, kluis, second.token, viewport)
    await sales.page.goto(`/people/${id}`)
    await sales.page.getByText(/^Gewist op \d+ \S+ 20\d\d\.$/).waitFor()
    expect(await sales.page.getByText('Verklaring').count()).toBe(0)
    await picture(sales.page, `${device}-erased-for-a-colleague`)
    await sales.page.goto(`/companies/${common}`)
    await sales.page.getByRole('button', { name: 'Meer', exact: true }).click()
    await sales.page.getByRole('menuitem', { name: 'Naar prullenbak' }).waitFor()
    expect(await sales.page.getByRole('menuitem', { name: 'Wissen…' }).count()).toBe(0)
    await picture(sales.page, `${device}-company-of-an-erased-person`)
    await sales.page.goto('/people')
    await sales.page.getByText('Medewerker').first().waitFor()
    await picture(sales.page, `${device}-list-after-erasing`)
    expect(sales.errors).toEqual([])
    await sales.context.close()
  },
)

test('with four eyes an erasure waits, says to whoever decides whom it is about, and ends with the certificate', async () => {
  const { rowVersion } = (await bea.call('GET', '/api/safeguards')).json()
  const safeguards = { rowVersion, fourEyes: ['erase'], breakGlassMinutes: 60 }
  expect((await bea.call('PUT', '/api/safeguards', safeguards)).statusCode).toBe(200)
  const id = await made('/api/companies', { name: 'Verdwijn BV' })
  const asks = await openAs(browser, kluis, officer.token, DESKTOP)
  await givePasskey(asks.page, kluis, officer.userId)
  await asks.page.goto(`/companies/${id}`)
  const form = await openForm(asks.page, 'bewaartermijn voorbij')
  await form.getByLabel('Typ de naam').fill('Verdwijn BV')
  await form.getByRole('button', { name: 'Definitief wissen' }).click()
  const asking = asks.page.getByRole('dialog', { name: 'Hier is een tweede persoon voor nodig' })
  await asking.getByText('Een bedrijf wissen').waitFor()
  await picture(asks.page, 'desktop-erase-asked')
  await asking.getByLabel('Reden').fill('De zeven jaar zijn om')
  await asking.getByRole('button', { name: /Vraag het aan/ }).click()
  await form.waitFor({ state: 'detached' })
  await asks.page.getByRole('heading', { name: 'Verdwijn BV' }).waitFor()

  const decides = await openAs(browser, kluis, second.token, PHONE)
  await givePasskey(decides.page, kluis, second.userId)
  await decides.page.goto('/approvals')
  await decides.page.getByRole('link', { name: 'Verdwijn BV' }).waitFor()
  await requireAccessible(decides.page, 'approval of an erasure')
  await picture(decides.page, 'phone-approve-erasure')
  await decides.page.getByRole('button', { name: 'Goedkeuren', exact: true }).click()
  await confirmWithPasskey(decides.page)
  await decides.page.getByText('Goedgekeurd').first().waitFor()

  await asks.page.goto('/approvals')
  await asks.page.getByRole('link', { name: 'Verdwijn BV' }).waitFor()
  await asks.page.getByRole('button', { name: 'Nu uitvoeren' }).click()
  await confirmWithPasskey(asks.page)
  const shown = asks.page.getByRole('dialog', { name: 'Gewist' })
  await shown.getByRole('button', { name: 'Verklaring lezen' }).click()
  await shown.getByText('Reden: bewaartermijn voorbij').waitFor()
  await picture(asks.page, 'desktop-erased-after-approval')
  expect((await bea.call('GET', `/api/companies/${id}`)).statusCode).toBe(410)
  expect([...asks.errors, ...decides.errors]).toEqual([])
  await asks.context.close()
  await decides.context.close()
})
