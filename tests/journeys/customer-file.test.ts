import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { readTable } from '../../src/crm/exchange/files/read-table.ts'
import { writeWorkbook } from '../../src/crm/exchange/files/workbook-writer.ts'
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
import { importResults } from '../support/import-results.ts'
import type { Caller, TestKluis } from '../support/kluis.ts'
import { bookkeepersList } from '../support/workbooks.ts'

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
  'on a %s: a bookkeeper’s list comes in with its mistakes told, its refused rows are mended and come in too, and all is taken back',
  async (device, viewport) => {
    writeFileSync(book, await bookkeepersList())
    const { page, errors, context } = await openAs(browser, kluis, ana.token, viewport)
    await page.goto('/import')
    await choose(page, book)
    const counts = page.getByTestId('counts')
    await counts.filter({ hasText: /Gelezen\s*7/ }).waitFor()
    for (const told of [
      'Excel-werkmap',
      '1 cel met een fout',
      '1 regel onder de tabel (een totaal',
      'Er stond een spatie in dit e-mailadres',
      'Deze dag bestaat niet',
      'Dit is geen e-mailadres',
      'Staat al eerder in dit bestand',
      'Deze dag ligt in de toekomst',
    ])
      await page.getByText(told).first().waitFor()
    await requireAccessible(page, 'workbook preview')
    await picture(page, `${device}-workbook`)
    // Last year's sheet holds somebody else; back to the first.
    await page.getByRole('combobox', { name: 'Werkblad' }).click()
    await page.getByRole('option', { name: '2025' }).click()
    await counts.filter({ hasText: /Gelezen\s*1/ }).waitFor()
    await page.getByRole('combobox', { name: 'Werkblad' }).click()
    await page.getByRole('option', { name: '2026' }).click()
    await counts.filter({ hasText: /Nieuw\s*4.*Overgeslagen\s*1.*Geweigerd\s*2/s }).waitFor()
    await page.getByRole('combobox', { name: 'Kolom Omzet wordt' }).click()
    await Promise.all([
      page.waitForResponse(/\/api\/imports\/preview/),
      page.getByRole('option', { name: 'Niet meenemen' }).click(),
    ])
    await button(page, '4 rijen importeren').click()
    await isDone(page)
    await counts.filter({ hasText: /Toegevoegd\s*4.*Overgeslagen\s*1.*Geweigerd\s*2/s }).waitFor()
    await picture(page, `${device}-workbook-done`)
    // Whoever saw it end is not told of it again.
    expect((await ana.call('GET', '/api/notifications/unread')).json().unread).toBe(0)

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Geweigerde rijen downloaden' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('kluis-geweigerd.xlsx')
    const refused = await readTable(await streamOf(download))
    expect(refused.rows.map(({ cells }) => cells.slice(0, 2))).toEqual([
      ['8', 'geen naam en geen bedrijf'],
      ['9', 'geen naam en geen bedrijf'],
    ])
    // As somebody does it in Excel: the missing names are typed, the rest stays, and the file comes back.
    const at = refused.headers.indexOf('Voornaam')
    const mended = refused.rows.map(({ cells }, i) => cells.with(at, ['Els', 'Fred'][i]!))
    writeFileSync(book, await writeWorkbook('Geweigerd', [refused.headers, ...mended]))
    await button(page, 'Ander bestand').click()
    await choose(page, book)
    await counts.filter({ hasText: /Nieuw\s*2.*Geweigerd\s*0/s }).waitFor()
    await button(page, '2 rijen importeren').click()
    await isDone(page)
    await counts.filter({ hasText: /Toegevoegd\s*2.*Geweigerd\s*0/s }).waitFor()
    const all = (await ana.call('GET', '/api/people')).json()
    expect(all.items.map((one: { displayName: string }) => one.displayName).sort()).toEqual([
      'An Peeters',
      'Bram Claes',
      'Chris Maes',
      'Dirk =1+1',
      'Els',
      'Fred',
    ])

    await button(page, 'Ander bestand').click()
    await givePasskey(page, kluis, ana.userId)
    await button(page, 'Personen exporteren').click()
    await page.getByRole('menuitem', { name: 'CSV (tekst)' }).click()
    await page.getByText('Je neemt klantgegevens mee uit Kluis.').waitFor()
    await requireAccessible(page, 'step-up')
    await picture(page, `${device}-step-up`)
    await page.keyboard.press('Escape')
    await page.getByText('Niet bevestigd. Er is niets gebeurd.').waitFor()
    await button(page, 'Personen exporteren').click()
    await page.getByRole('menuitem', { name: 'CSV (tekst)' }).click()
    const [out] = await Promise.all([page.waitForEvent('download'), confirmWithPasskey(page)])
    expect((await readTable(await streamOf(out))).rows).toHaveLength(6)
    await page.getByText('Personen exporteren: klaar, 6 rijen').waitFor()
    await requireAccessible(page, 'export')
    await picture(page, `${device}-export`)

    for (const left of [4, 0]) {
      // The newest stands first.
      await button(page, 'Meer: klanten-2026.xlsx')
        .nth(left === 4 ? 0 : 1)
        .click()
      await page.getByRole('menuitem', { name: 'Import terugdraaien' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(/personen en 0 bedrijven/).waitFor()
      if (left === 4) await requireAccessible(page, 'revert')
      await picture(page, `${device}-revert`)
      await dialog.getByRole('button', { name: 'Import terugdraaien' }).click()
      await confirmWithPasskey(page)
      await dialog.waitFor({ state: 'hidden' })
      expect((await ana.call('GET', '/api/people')).json().total).toBe(left)
      await page.reload()
      // What is taken back stands there as such; the other one is next.
      if (left === 4) await page.getByText('teruggedraaid').waitFor()
    }
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

test('a long import is paused and resumed on the screen, found again after leaving it, and told of when it is done', async () => {
  const lines = Array.from({ length: 12_000 }, (_, i) => `Jan;Proef${i};p${i}@mail.example`)
  const file = join(tmpdir(), 'veel-klanten.csv')
  writeFileSync(file, ['Voornaam;Naam;E-mail', ...lines].join('\n'))
  const { page, errors, context } = await openAs(browser, kluis, ana.token)
  await page.goto('/import')
  await choose(page, file)
  await button(page, '12.000 rijen importeren').click({ timeout: 60_000 })
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
  expect((await ana.call('GET', '/api/people')).json().total).toBe(12_000)
  // Also whoever was away hears how it ended, and comes back to it.
  await page.goto('/notifications')
  const told = page.getByRole('button', { name: /Je import is klaar: veel-klanten\.csv/ })
  await told.waitFor()
  await requireAccessible(page, 'notifications')
  await picture(page, 'desktop-told')
  await told.click()
  await isDone(page)
  await button(page, 'Import terugdraaien').waitFor()
  expect(errors).toEqual([])
  await context.close()
})

test('a browser shows of each file what the page on presets says', async () => {
  const { page, errors, context } = await openAs(browser, kluis, ana.token)
  for (const { path, name, counts } of importResults()) {
    await page.goto('/import')
    await choose(page, path)
    await page.getByText(name, { exact: true }).waitFor()
    const shown = await page.getByTestId('counts').locator('dd').allTextContents()
    const [read, , , skipped, refused] = shown.map(Number)
    const parts = await page.getByText(/^\d+ personen en \d+ bedrijven$/).textContent()
    const [people, companies] = parts!.match(/\d+/g)!.map(Number)
    expect([name, { read, people, companies, skipped, refused }]).toEqual([name, counts])
  }
  expect(errors).toEqual([])
  await context.close()
})

test('what takes two: a colleague agrees on a phone, the export is done once; and the glass is broken, seen by all and signed for', async () => {
  const mia = await kluis.colleague(ana, 'manager', await kluis.newTeam('Andere ploeg'))
  const piet = await kluis.colleague(ana, 'privacy-officer', ana.teamId)
  await kluis.admin.query(`update kluis_auth.rights_given set given_at = now() - interval '8 days'`)
  await ana.call('POST', '/api/people', { givenName: 'Vera', familyName: 'Vreemd' })
  await mia.call('POST', '/api/people', { givenName: 'Eef', familyName: 'Eigen' })
  const open = async (who: Caller, viewport = DESKTOP) => {
    const opened = await openAs(browser, kluis, who.token, viewport)
    await givePasskey(opened.page, kluis, who.userId)
    return opened
  }
  const [hers, phone, boss] = [await open(mia), await open(piet, PHONE), await open(ana)]

  await boss.page.goto('/settings?tab=organisation')
  await boss.page.getByLabel('Exporteren en alles meenemen').check()
  await requireAccessible(boss.page, 'safeguards')
  await picture(boss.page, 'safeguards')
  await boss.page
    .locator('section', { hasText: 'Vier ogen en noodtoegang' })
    .getByRole('button', { name: 'Bewaren' })
    .click()
  await confirmWithPasskey(boss.page)
  await boss.page.getByText('Bewaard').first().waitFor()

  const exportPeople = async () => {
    await button(hers.page, 'Personen exporteren').click()
    await hers.page.getByRole('menuitem', { name: 'CSV (tekst)' }).click()
  }
  await hers.page.goto('/import')
  await exportPeople()
  const dialog = hers.page.getByRole('dialog', { name: 'Hier is een tweede persoon voor nodig' })
  await dialog.getByText('Alle personen exporteren als CSV: 1').waitFor()
  await dialog.getByLabel('Reden').fill('Mailing voor de opendeurdag van 12 december')
  await requireAccessible(hers.page, 'ask approval')
  await picture(hers.page, 'ask-approval')
  await button(hers.page, 'Vraag het aan 2 collega’s').click()
  await hers.page.getByText('Gevraagd aan je collega’s').waitFor()
  await exportPeople()
  await dialog.getByText('Je vroeg dit al.').waitFor()
  await dialog.getByRole('button', { name: 'Goedkeuringen' }).click()
  await hers.page.getByText('Gevraagd door jou').waitFor()

  await phone.page.goto('/notifications')
  await phone.page.getByRole('button', { name: /vraagt je goedkeuring/ }).click()
  await phone.page.getByText('Mailing voor de opendeurdag van 12 december').waitFor()
  await requireAccessible(phone.page, 'approvals on a phone')
  await picture(phone.page, 'phone-approvals')
  await phone.page.getByLabel('Antwoord (mag leeg blijven)').fill('Goed, wel zonder bijlagen')
  await button(phone.page, 'Goedkeuren').click()
  await confirmWithPasskey(phone.page)
  await phone.page.getByText('Goedgekeurd', { exact: true }).first().waitFor()

  await hers.page.reload()
  await hers.page.getByText(/Goed, wel zonder bijlagen/).waitFor()
  await picture(hers.page, 'approved')
  await button(hers.page, 'Nu uitvoeren').click()
  const [out] = await Promise.all([
    hers.page.waitForEvent('download'),
    confirmWithPasskey(hers.page),
  ])
  expect((await readTable(await streamOf(out))).rows).toHaveLength(1)

  await hers.page.goto('/approvals')
  await button(hers.page, 'Noodtoegang nodig').click()
  await hers.page.getByLabel('Reden').fill('Klant belt over een ongeval, adviseur is ziek')
  await requireAccessible(hers.page, 'break-glass')
  await picture(hers.page, 'break-glass')
  await button(hers.page, 'Noodtoegang openen').click()
  await confirmWithPasskey(hers.page)
  await hers.page.getByText(/Noodtoegang is open tot/).waitFor()
  await hers.page.getByText('Vera Vreemd').first().click()
  await hers.page.getByRole('heading', { name: 'Vera Vreemd' }).waitFor()
  await requireAccessible(hers.page, 'break-glass open')
  await picture(hers.page, 'break-glass-open')
  await boss.page.goto('/approvals')
  await boss.page.getByText(/Collega manager heeft noodtoegang tot/).waitFor()
  await picture(boss.page, 'break-glass-of-another')
  await button(hers.page, 'Noodtoegang beëindigen').click()
  await hers.page.getByText(/Noodtoegang is open tot/).waitFor({ state: 'detached' })

  await boss.page.reload()
  await button(boss.page, 'Nakijken').click()
  await boss.page.getByRole('link', { name: 'Vera Vreemd' }).waitFor()
  await boss.page.getByLabel('Wat heb je vastgesteld?').fill('Terecht: de klant bevestigde het')
  await requireAccessible(boss.page, 'review')
  await picture(boss.page, 'break-glass-review')
  await button(boss.page, 'Nazicht ondertekenen').click()
  await boss.page.getByText('Nagekeken', { exact: true }).waitFor()
  for (const { errors } of [hers, phone, boss]) expect(errors).toEqual([])
}, 120_000)
