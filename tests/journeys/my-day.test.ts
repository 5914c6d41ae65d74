/** A task given, told and done; a record starred and found again: in my day, on both screens. */
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

test('a colleague is frozen in mid-sentence, reads whom to call, is let go by another, and the sentence stands', async () => {
  const tom = await kluis.colleague(bea, 'sales', bea.teamId)
  const { id } = (
    await bea.call('POST', '/api/people', { givenName: 'Bert', familyName: 'Bos' })
  ).json()
  const desk = await openAs(browser, kluis, bea.token)
  const other = await openAs(browser, kluis, tom.token)
  await other.page.goto(`/people/${id}`)
  await other.page.getByLabel('Nieuwe notitie').fill('Wil een offerte')

  await desk.page.goto('/settings?tab=colleagues')
  await desk.page.getByRole('button', { name: 'Meer: Collega sales' }).last().click()
  await desk.page.getByRole('menuitem', { name: 'Meteen bevriezen' }).click()
  await desk.page.getByLabel('Waarom').fill('Telefoon kwijt')
  await requireAccessible(desk.page, 'freezing')
  await desk.page.getByRole('button', { name: 'Meteen bevriezen' }).click()
  await desk.page.getByText('Collega sales is bevroren').waitFor()

  // Without a click: the page asks by itself whether the record changed.
  await other.page.getByRole('heading', { name: 'Je toegang is bevroren' }).waitFor()
  await other.page.getByText('Bea Heer heeft het bevroren').waitFor()
  await other.page.getByText(bea.email).waitFor()
  expect(await other.page.locator('body').innerText()).not.toContain('Bos')
  await requireAccessible(other.page, 'frozen')
  await other.page.setViewportSize(PHONE)
  await requireAccessible(other.page, 'frozen, on a phone')
  await picture(other.page, 'frozen-phone')
  await other.page.setViewportSize(DESKTOP)

  await desk.page.getByRole('tab', { name: 'Budgetten' }).click()
  await desk.page.getByRole('button', { name: 'Vrijgeven' }).click()
  await desk.page.getByLabel('Waarom').fill('Gebeld, was het zelf')
  await requireAccessible(desk.page, 'budgets')
  await picture(desk.page, 'budgets-desktop')
  await desk.page.getByRole('button', { name: 'Vrijgeven' }).last().click()
  await desk.page.getByText('Gebeld, was het zelf').waitFor()
  await other.page.getByRole('button', { name: 'Kijk of ik weer binnen mag' }).click()
  await other.page.getByRole('heading', { name: 'Bert Bos' }).waitFor()
  expect(await other.page.getByLabel('Nieuwe notitie').inputValue()).toBe('Wil een offerte')
  for (const { context, errors } of [desk, other]) {
    await context.close()
    expect(errors).toEqual([])
  }
}, 60_000)
