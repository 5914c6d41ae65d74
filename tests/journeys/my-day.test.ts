/** A task given, told and done, and a record starred, in my day; and what those who look after others' rights do. */
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
}, 60_000)
const localDay = () => {
  const at = new Date()
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].join('-')
}
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

test('a task is told by the bell, stands in my day, and leads to its record, which is starred', async () => {
  const sam = await kluis.colleague(bea, 'sales', bea.teamId)
  const { id } = (
    await bea.call('POST', '/api/people', { givenName: 'An', familyName: 'Aerts' })
  ).json()
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  for (const [title, dueOn] of [
    ['Offerte nabellen', day(-2)],
    ['Contract sturen', day(3)],
  ])
    await bea.call('POST', '/api/tasks', {
      subject: { kind: 'person', id },
      title,
      dueOn,
      assigneeId: sam.userId,
      repeats: 'weekly',
    })
  for (const [screen, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    const { page, context, errors } = await openAs(browser, kluis, sam.token, viewport)
    await page.goto('/day')
    await page.getByRole('heading', { name: /Te laat/ }).waitFor()
    await page.getByRole('heading', { name: /De komende week/ }).waitFor()
    await page.getByText('Bea Heer maakte An Aerts aan').waitFor()
    await requireAccessible(page, `my day, ${screen}`)
    await picture(page, `day-${screen}`)
    if (screen === 'desktop') {
      await page.keyboard.press('?')
      await page.getByRole('heading', { name: 'Taken en mijn dag' }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('heading', { name: 'Taken en mijn dag' }).waitFor({ state: 'detached' })
      // A name opens beside the day, which stays.
      await page.getByText('maakte An Aerts aan').getByRole('link', { name: 'An Aerts' }).click()
      await page.getByRole('dialog').getByRole('heading', { name: 'An Aerts' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/day')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('link', { name: /2 ongelezen meldingen/ }).click()
      await page.getByText('Bea Heer gaf je een taak bij An Aerts').first().waitFor()
      await requireAccessible(page, 'notifications')
      await picture(page, 'day-bell')
      await page
        .getByRole('button', { name: /Bea Heer gaf je een taak/ })
        .first()
        .click()
      await page.getByRole('heading', { name: 'An Aerts' }).waitFor()
      await page.getByRole('link', { name: /1 ongelezen melding/ }).waitFor()
      await page.getByRole('tab', { name: 'Taken' }).click()
      await page.getByLabel('Nieuwe taak').fill('Belastingbrief')
      await page.getByRole('combobox', { name: 'Herhalen' }).click()
      await page.getByRole('option', { name: 'Elke maand' }).click()
      // It begins today, which another day replaces.
      await page.getByRole('button', { name: 'Vandaag', pressed: true }).waitFor()
      await page.getByRole('button', { name: 'Morgen', exact: true }).click()
      const [year, month, date] = localDay().split('-').map(Number)
      await page
        .getByRole('textbox', { name: 'Herinner mij', exact: true })
        .fill(`${date}/${month}/${year}`)
      await page.getByRole('textbox', { name: 'Herinner mij: uur' }).fill('00:00')
      await requireAccessible(page, 'a task that comes back')
      await picture(page, 'day-task-form')
      await page.getByLabel('Nieuwe taak').press('Enter')
      const task = page.locator('li.k-task').filter({ hasText: 'Belastingbrief' })
      await task.getByLabel('Herinner mij').waitFor()
      await picture(page, 'day-task-made')
      await page.goto('/notifications')
      await page.getByRole('button', { name: /Herinnering bij An Aerts.*Belastingbrief/ }).click()
      await page.getByRole('tab', { name: 'Taken' }).click()
      await picture(page, 'day-reminder')
      await task.getByRole('checkbox').press('Space')
      await task.nth(1).getByText('Elke maand').waitFor()
      await picture(page, 'day-task-next')
      await page.getByRole('button', { name: 'Bij favorieten zetten' }).click()
      await page.getByRole('button', { name: 'Uit favorieten halen' }).waitFor()
    } else {
      await page.getByRole('link', { name: /1 ongelezen melding/ }).click()
      await picture(page, 'day-bell-phone')
      await page.getByRole('button', { name: 'Alles gelezen' }).click()
      await page.getByRole('link', { name: 'Meldingen', exact: true }).waitFor()
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect(width).toBeLessThanOrEqual(PHONE.width)
    }
    expect(errors).toEqual([])
    await context.close()
  }
  expect((await sam.call('GET', '/api/favourites')).json().items).toMatchObject([
    { subject: { kind: 'person', id }, name: 'An Aerts' },
  ])
  expect((await sam.call('GET', '/api/notifications')).json().unread).toBe(0)
}, 120_000)

test('a role is edited with a warning, a record shared, rights looked at and reviewed, and a leaver hands over', async () => {
  const admin = bea
  const { teamId } = admin
  const kas = await kluis.colleague(admin, 'support', teamId)
  const { id } = (
    await admin.call('POST', '/api/people', { givenName: 'Els', familyName: 'Gedeeld' })
  ).json()
  await kluis.admin.query(
    `update kluis.user_account set rights_reviewed_at = now() - interval '5 months', row_version = row_version + 1 where id = '${kas.userId}'`,
  )
  for (const [screen, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ] as const) {
    const { page, context, errors } = await openAs(browser, kluis, admin.token, viewport)
    await page.goto('/settings?tab=roles')
    const role = page.getByRole('combobox', { name: 'Rol', exact: true })
    await role.click()
    await page.getByRole('option', { name: /^Klantendienst/ }).click()
    await page.getByText('Heeft deze rol: Collega support').waitFor()
    await requireAccessible(page, `roles, ${screen}`)
    await picture(page, `rights-roles-${screen}`)
    if (screen === 'desktop') {
      await page.getByRole('combobox', { name: 'Personen exporteren' }).selectOption('own')
      await page.getByRole('button', { name: 'Rol bewaren' }).click()
      await page.getByRole('dialog').getByText('Personen exporteren (eigen)').waitFor()
      await picture(page, 'rights-warning-desktop')
      await givePasskey(page, kluis, admin.userId)
      await page.getByRole('button', { name: 'Ja, meer geven' }).click()
      await confirmWithPasskey(page)
      await page.getByRole('button', { name: 'Rol bewaren' }).waitFor({ state: 'detached' })
      const permissions = (await kas.call('GET', '/api/session')).json().reaches
      expect(permissions['people:export']).toBe('own')
    }
    await page.goto(`/people/${id}`)
    await page.getByRole('button', { name: 'Delen en wie dit ziet' }).click()
    await page.getByRole('heading', { name: 'Wie ziet deze klant' }).waitFor()
    if (screen === 'desktop') {
      await page.getByRole('combobox', { name: 'Met wie' }).click()
      await page.getByRole('option', { name: 'Collega support' }).click()
      await page.getByRole('button', { name: 'Delen', exact: true }).click()
      await page.getByText(/tot en met .*, door Bea Heer/).waitFor()
    }
    await requireAccessible(page, `share, ${screen}`)
    await picture(page, `rights-share-${screen}`)
    await page.goto('/settings?tab=colleagues')
    await page.getByRole('button', { name: 'Meer: Collega support' }).click()
    await page.getByRole('menuitem', { name: 'Rechten bekijken' }).click()
    await page.getByRole('heading', { name: 'Door de rol Klantendienst' }).waitFor()
    await requireAccessible(page, `rights, ${screen}`)
    await picture(page, `rights-person-${screen}`)
    await page.getByRole('tab', { name: 'Kijken als' }).click()
    await page.getByRole('columnheader', { name: 'Regel' }).waitFor()
    await picture(page, `rights-look-${screen}`)
    await page.keyboard.press('Escape')
    await page.goto('/settings?tab=reviews')
    if (screen === 'desktop') {
      await page.getByText(/over tijd sinds/).waitFor()
      await page.getByRole('button', { name: 'Nakijken: Collega support' }).click()
      await page
        .getByRole('group', { name: 'Gedeelde klanten die blijven' })
        .getByRole('checkbox')
        .uncheck()
      await requireAccessible(page, 'review')
      await picture(page, 'rights-review-desktop')
      await page.getByRole('button', { name: 'Bevestigen' }).click()
      await page.getByText('De rechten van Collega support zijn nagekeken').waitFor()
      await page.getByText(/over tijd sinds/).waitFor({ state: 'detached' })
    } else {
      await page.getByText('Collega support').waitFor()
      await picture(page, 'rights-reviews-phone')
      const width = await page.evaluate('document.documentElement.scrollWidth')
      expect(width).toBeLessThanOrEqual(PHONE.width)
      await page.goto('/settings?tab=colleagues')
      await page.getByRole('button', { name: 'Meer: Collega support' }).click()
      await page.getByRole('menuitem', { name: 'Gaat weg' }).click()
      await page.getByText('open taken').waitFor()
      await page.getByRole('combobox', { name: 'Naar wie' }).click()
      await page.getByRole('option', { name: 'Bea Heer' }).click()
      await page.keyboard.press('Escape')
      await picture(page, 'rights-leaver-phone')
      await givePasskey(page, kluis, admin.userId)
      await page.getByRole('button', { name: 'Overdragen en account sluiten' }).click()
      await confirmWithPasskey(page)
      await page.getByText('Alles van Collega support is overgedragen').waitFor()
    }
    expect(errors).toEqual([])
    await context.close()
  }
  expect((await kas.call('GET', '/api/session')).statusCode).toBe(401)
}, 120_000)
