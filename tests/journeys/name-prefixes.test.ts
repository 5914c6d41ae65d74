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
  bea = await kluis.setUp('team')
  for (const familyName of ['Peeters', 'Pauwels', 'Maes'])
    await bea.call('POST', '/api/people', { givenName: 'An', familyName })
  await kluis.app.startWork()
})
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'on a %s: what a thief reads is read first, then names are found by their beginning while the index loads',
  async (device, viewport) => {
    const { page, context, errors } = await openAs(browser, kluis, bea.token, viewport)
    await givePasskey(page, kluis, bea.userId)
    await page.goto('/settings?tab=organisation')
    const names = page.getByRole('switch', { name: 'Namen ook in de databank vindbaar maken' })
    await names.waitFor()
    expect(await names.isChecked()).toBe(false)
    await names.click({ force: true })
    const dialog = page.getByRole('dialog', { name: 'Wat een dief dan leest' })
    await dialog.getByText('58 %').waitFor()
    await expect
      .poll(() =>
        dialog.evaluate(
          'getComputedStyle(document.querySelector(".mantine-Modal-content")).opacity',
        ),
      )
      .toBe('1')
    const choose = dialog.getByRole('button', { name: 'Vindbaar maken' })
    expect(await choose.isDisabled()).toBe(true)
    await picture(page, `${device}-names-read`)
    await requireAccessible(page, 'what a thief reads')
    await dialog.getByRole('checkbox').check()
    await choose.click()
    await confirmWithPasskey(page)
    await page.getByText('Aan: 3 van 3 personen en bedrijven').waitFor()
    await picture(page, `${device}-names-kept`)

    // The index is lost, and the last table it reads is held.
    const other = await kluis.otherAdmin()
    await other.query('begin; lock table kluis.relation in access exclusive mode')
    process.kill(kluis.app.index.processId!, 'SIGKILL')
    await expect.poll(() => kluis.app.index.isReady).toBe(false)
    await page.goto('/people')
    await page.getByText('Tot dan vind je namen alleen op het begin').waitFor()
    await page.getByRole('searchbox').first().fill('peet')
    await page.getByText('An Peeters').waitFor()
    await expect.poll(() => page.getByText('An Maes').count()).toBe(0)
    await picture(page, `${device}-names-found`)
    await other.query('rollback')
    await other.end()
    await page.getByText('Tot dan vind je namen').waitFor({ state: 'detached' })

    await page.goto('/settings?tab=organisation')
    await names.waitFor()
    await names.click({ force: true })
    await page.getByText('Weg uit de databank').waitFor()
    await picture(page, `${device}-names-gone`)
    expect((await kluis.admin.query('select from kluis.name_prefix')).rows).toEqual([])
    expect(errors).toEqual([])
    await context.close()
  },
)
