import type { Browser } from 'playwright-core'
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
beforeAll(async () => {
  browser = await launchBrowser()
  kluis = await openListening()
  bea = await kluis.setUp('everyone')
})
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

test.each([
  ['desktop', DESKTOP, 'segments', 'Sleutels van de segmenten'],
  ['phone', PHONE, 'organisation', 'Sleutel van de organisatie'],
] as const)(
  'on a %s: keys are replaced after a confirmation, and the screen says when they were',
  async (device, viewport, what, name) => {
    const { page, context, errors } = await openAs(browser, kluis, bea.token, viewport)
    await givePasskey(page, kluis, bea.userId)
    await page.goto('/settings?tab=keys')
    await page.getByText('Er is geen tweede kopie').waitFor()
    const card = page.locator('.k-card', {
      has: page.getByRole('heading', { name, exact: true }),
    })
    await page.getByLabel('Rijen per seconde').fill('2000')
    await requireAccessible(page, 'keys')
    await picture(page, `${device}-keys`)
    await card.getByRole('button', { name: `Vervangen: ${name}` }).click()
    await confirmWithPasskey(page)
    await page.getByText('Begonnen').waitFor()
    await picture(page, `${device}-keys-running`)
    await card.getByText('vervangen vandaag').waitFor()
    const { last } = (await bea.call('GET', '/api/keys')).json()
    expect(last.map((one: { what: string }) => one.what)).toContain(what)
    expect(errors).toEqual([])
    await context.close()
  },
)

test('the privacy officer reads of one whose row was damaged, among the others, and sees no keys to replace', async () => {
  const officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  const made = (await bea.call('POST', '/api/people', { familyName: 'Weg', emails: [] })).json()
  const subject = { kind: 'person' as const, id: made.id as string }
  const asked = { subject, reason: 'vroeg erom, brief van 3 mei', graceDays: 30 }
  await kluis.app.keys.erasing.erase(asked, officer.userId)
  const { page, context, errors } = await openAs(browser, kluis, officer.token, DESKTOP)
  // Another, of which the disk turned one bit: it hides no other, and says what is known of it.
  const lost = (await bea.call('POST', '/api/people', { familyName: 'Kapot', emails: [] })).json()
  const { id } = await kluis.app.keys.erasing.erase(
    { ...asked, subject: { kind: 'person', id: lost.id } },
    officer.userId,
  )
  await kluis.admin.query('set session_replication_role = replica')
  await kluis.admin.query(
    'update kluis.erasure set content_sealed = set_byte(content_sealed, 60, get_byte(content_sealed, 60) # 1) where id = $1',
    [id],
  )
  await kluis.admin.query('set session_replication_role = origin')
  await page.goto('/settings?tab=erasures')
  await page.getByText('vroeg erom, brief van 3 mei').waitFor()
  await page.getByText(`De verklaring ligt nog als ${id}.json`).waitFor()
  const link = page.getByRole('link', { name: 'Verklaring als tekst' })
  const text = decodeURIComponent((await link.getAttribute('href')) ?? '')
  expect(text).toContain('Volledig na de bewaartermijn')
  expect(await page.getByRole('tab', { name: 'Sleutels' }).count()).toBe(0)
  await requireAccessible(page, 'damaged erasure')
  await picture(page, 'desktop-erasure-damaged')
  expect(errors).toEqual([])
  await context.close()
})
