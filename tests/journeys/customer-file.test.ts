import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readTable } from '../../src/crm/exchange/files/read-table.ts'
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
import { withMistakes } from '../support/workbooks.ts'

let browser: Browser
let kluis: TestKluis
let ana: Caller
beforeAll(async () => {
  browser = await launchBrowser()
})
beforeEach(async () => {
  kluis = await openListening()
  ana = await kluis.setUp()
})
afterEach(async () => {
  for (const context of browser.contexts()) await context.close()
  await kluis.close()
})
afterAll(() => browser.close())

const book = join(tmpdir(), 'klanten-2026.xlsx')
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
const choose = (page: Page, path: string) => page.locator('input[type=file]').setInputFiles(path)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const isDone = (page: Page) =>
  page.getByRole('status').filter({ hasText: 'Import klaar' }).waitFor()

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
])(
  'on a %s: a workbook with mistakes comes in, its refused row goes out, and it is taken back',
  async (device, viewport) => {
    writeFileSync(book, await withMistakes())
    const { page, errors, context } = await openAs(browser, kluis, ana.token, viewport)
    await page.goto('/import')
    await choose(page, book)
    const counts = page.getByTestId('counts')
    await counts.filter({ hasText: /Gelezen\s*4/ }).waitFor()
    await page.getByText('Excel-werkmap').waitFor()
    await page.getByText('1 cel met een fout').waitFor()
    await page.getByText('Geen naam en geen bedrijf').waitFor()
    await requireAccessible(page, 'workbook preview')
    await picture(page, `${device}-workbook`)
    // The other sheet holds somebody else; back to the first with rows.
    await page.getByRole('combobox', { name: 'Werkblad' }).click()
    await page.getByRole('option', { name: 'Verborgen' }).click()
    await counts.filter({ hasText: /Gelezen\s*1/ }).waitFor()
    await page.getByRole('combobox', { name: 'Werkblad' }).click()
    await page.getByRole('option', { name: 'Klanten 2026' }).click()
    await button(page, '3 rijen importeren').click()
    await isDone(page)
    await picture(page, `${device}-workbook-done`)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Geweigerde rijen downloaden' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('kluis-geweigerd.xlsx')
    const refused = await readTable(await streamOf(download))
    expect(refused.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
      ['9', 'geen naam en geen bedrijf'],
    ])

    await button(page, 'Import terugdraaien').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('3 personen en 1 bedrijven').waitFor()
    await requireAccessible(page, 'revert')
    await picture(page, `${device}-revert`)
    await dialog.getByRole('button', { name: 'Import terugdraaien' }).click()
    await page.getByRole('status').filter({ hasText: 'Import teruggedraaid' }).waitFor()
    expect((await ana.call('GET', '/api/people')).json().total).toBe(0)
    expect(errors).toEqual([])
    await context.close()
  },
)

async function streamOf(download: { createReadStream(): Promise<AsyncIterable<Buffer>> }) {
  const chunks: Buffer[] = []
  for await (const chunk of await download.createReadStream()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('an export of another program is recognised, corrected, remembered, and fills in who is there', async () => {
  const { page, errors, context } = await openAs(browser, kluis, ana.token)
  await page.goto('/import')
  await choose(page, fixture('presets/hubspot-contacts.csv'))
  await page.getByText('Herkend als uitvoer van HubSpot').waitFor()
  await page.getByRole('combobox', { name: 'Kolom Contact owner wordt' }).click()
  await page.getByRole('option', { name: 'Niet meenemen' }).click()
  await picture(page, 'desktop-preset')
  await button(page, '3 rijen importeren').click()
  await isDone(page)
  await button(page, 'Ander bestand').click()
  await choose(page, fixture('presets/hubspot-contacts.csv'))
  await page.getByText('zoals bij de vorige import').waitFor()
  await page.getByRole('combobox', { name: 'Wie er al is' }).click()
  await page.getByRole('option', { name: 'aanvullen uit dit bestand' }).click()
  await page.getByRole('combobox', { name: 'Herkennen aan' }).click()
  await page.getByRole('option', { name: 'klantnummer' }).click()
  await page
    .getByTestId('counts')
    .filter({ hasText: /Bij te werken\s*3/ })
    .waitFor()
  await requireAccessible(page, 'preset')
  await picture(page, 'desktop-remembered')
  await button(page, 'Dat vergeten').click()
  await page.getByText('zoals bij de vorige import').waitFor({ state: 'hidden' })
  expect(errors).toEqual([])
  await context.close()
})

test('a long import is paused and resumed on the screen, and found again after leaving it', async () => {
  const lines = Array.from({ length: 5_000 }, (_, i) => `Jan;Proef${i};p${i}@mail.example`)
  const file = join(tmpdir(), 'veel-klanten.csv')
  writeFileSync(file, ['Voornaam;Naam;E-mail', ...lines].join('\n'))
  const { page, errors, context } = await openAs(browser, kluis, ana.token)
  await page.goto('/import')
  await choose(page, file)
  await button(page, '5.000 rijen importeren').click({ timeout: 60_000 })
  await button(page, 'Pauzeren').click()
  await page.getByText('Deze import staat stil').waitFor()
  await picture(page, 'desktop-paused')
  await page.goto('/import')
  await page.getByText('gepauzeerd').waitFor()
  await button(page, 'Meer: veel-klanten.csv').click()
  await page.getByRole('menuitem', { name: 'Volgen en verdergaan' }).click()
  await button(page, 'Verdergaan').click()
  await page.getByText('Je mag dit scherm verlaten').waitFor()
  await picture(page, 'desktop-running')
  await page.getByRole('status').filter({ hasText: 'Import klaar' }).waitFor({ timeout: 60_000 })
  expect((await ana.call('GET', '/api/people')).json().total).toBe(5_000)
  expect(errors).toEqual([])
  await context.close()
})
