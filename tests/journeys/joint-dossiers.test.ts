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

test.each([
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const)(
  'on a %s: what hangs on a joint dossier stands on the timeline of its parties, and moves to the one it is about',
  async (device, viewport) => {
    const an = await person('An', `Wouters ${device}`)
    const jan = await person('Jan', `Wouters ${device}`)
    const parties = [an, jan].map((personId) => ({ personId, role: 'owner' }))
    const made = await bea.call('POST', '/api/joint-dossiers', { name: 'Huis', parties })
    expect(made.statusCode, made.body).toBe(201)
    const { page, context, errors } = await openAs(browser, kluis, bea.token, viewport)
    await page.goto(`/joint-dossiers/${made.json().id}`)
    await page.getByRole('heading', { name: 'Huis', level: 1 }).waitFor()
    await page.getByRole('tab', { name: 'Tijdlijn' }).click()
    await page.getByLabel('Nieuwe notitie').fill('Samen besproken: de lening loopt door')
    await page.getByRole('button', { name: 'Notitie bewaren' }).click()
    await page.locator('.k-entry', { hasText: 'Samen besproken' }).waitFor()
    await page.getByLabel('Nieuwe notitie').fill('An vraagt een eigen rekening')
    await page.getByRole('button', { name: 'Notitie bewaren' }).click()
    const own = page.locator('.k-entry', { hasText: 'An vraagt een eigen rekening' })
    await own.waitFor()
    await page.getByRole('tab', { name: 'Taken' }).click()
    await page.getByLabel('Nieuwe taak').fill('Akte opvragen')
    await page.getByRole('button', { name: 'Toevoegen', exact: true }).click()
    await page.getByRole('button', { name: 'Akte opvragen wijzigen' }).waitFor()
    await page.getByRole('button', { name: 'Taak Akte opvragen verplaatsen' }).click()
    const dialog = page.getByRole('dialog', { name: 'Verplaatsen naar' })
    await dialog.getByRole('button', { name: 'Verplaatsen' }).click()
    await page
      .getByRole('button', { name: 'Akte opvragen wijzigen' })
      .waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Ongedaan maken' }).click()
    await page.getByRole('button', { name: 'Akte opvragen wijzigen' }).waitFor()
    await page.getByRole('tab', { name: 'Bestanden' }).click()
    await page
      .getByLabel('Bestand toevoegen')
      .setInputFiles({ name: 'akte.txt', mimeType: 'text/plain', buffer: Buffer.from('akte') })
    await page.getByRole('button', { name: 'akte.txt', exact: true }).waitFor()
    await requireAccessible(page, 'files of a joint dossier')
    await picture(page, `${device}-joint-files`)

    await page.getByRole('tab', { name: 'Tijdlijn' }).click()
    await own.getByRole('button', { name: 'Meer' }).click()
    await page.getByRole('menuitem', { name: 'Verplaatsen…' }).click()
    await dialog.getByLabel('Naar het dossier').selectOption({ label: `An Wouters ${device}` })
    await requireAccessible(page, 'moving a note')
    await picture(page, `${device}-joint-move`)
    await dialog.getByRole('button', { name: 'Verplaatsen' }).click()
    await page.getByText(`Verplaatst naar An Wouters ${device}`).waitFor()
    await own.waitFor({ state: 'detached' })
    await picture(page, `${device}-joint-timeline`)

    await page.goto(`/people/${an}`)
    await page.getByRole('tab', { name: 'Tijdlijn' }).click()
    const moved = page.locator('.k-entry', { hasText: 'An vraagt een eigen rekening' })
    await moved.waitFor()
    expect(await moved.getByText('Gezamenlijk:').count()).toBe(0)
    const shared = page.locator('.k-entry', { hasText: 'Samen besproken' })
    await shared.getByText('Gezamenlijk:').waitFor()
    await requireAccessible(page, 'timeline of a party')
    await picture(page, `${device}-party-timeline`)
    // And back to what they share.
    await moved.getByRole('button', { name: 'Meer' }).click()
    await page.getByRole('menuitem', { name: 'Verplaatsen…' }).click()
    await dialog.getByText(/Wie een van de partijen mag zien, leest het dan/).waitFor()
    await dialog.getByLabel('Naar het dossier').selectOption({ label: 'Huis' })
    await dialog.getByRole('button', { name: 'Verplaatsen' }).click()
    await moved.getByText('Gezamenlijk:').waitFor()
    await page.getByRole('tab', { name: 'Bestanden' }).click()
    await page.getByText('Wat gezamenlijk is, staat in:').waitFor()
    await page.getByRole('tab', { name: 'Taken' }).click()
    await page.getByText('Wat gezamenlijk is, staat in:').waitFor()
    await requireAccessible(page, 'tasks of a party')
    await page.getByRole('tab', { name: 'Tijdlijn' }).click()
    await shared.getByRole('link', { name: 'Huis' }).click()
    await page.getByRole('heading', { name: 'Huis', level: 1 }).waitFor()
    await page.getByText('Zichtbaar voor wie minstens een van de partijen mag zien.').waitFor()
    expect(errors).toEqual([])
    await context.close()
  },
)

test('whoever sees one party of two sees the dossier, and of the other no more than that there is one', async () => {
  const mia = await kluis.colleague(bea, 'manager', bea.teamId)
  const hers = await mia.call('POST', '/api/people', { givenName: 'Els', familyName: 'Zichtbaar' })
  const other = await person('Rik', 'Verborgen')
  const parties = [hers.json().id, other].map((personId) => ({ personId, role: 'owner' }))
  const made = await bea.call('POST', '/api/joint-dossiers', { name: '', parties })
  await kluis.reach('own')
  const { page, context, errors } = await openAs(browser, kluis, mia.token, PHONE)
  await page.goto(`/joint-dossiers/${made.json().id}`)
  await page.getByText('En nog iemand die je niet ziet').waitFor()
  await page.getByRole('heading', { name: 'Els Zichtbaar', level: 1 }).waitFor()
  expect(await page.getByText('Verborgen').count()).toBe(0)
  await picture(page, 'phone-joint-unseen')
  expect(errors).toEqual([])
  await context.close()
  await kluis.reach('organisation')
})

test('when a party is erased what they share stays and asks to be read, and it can be erased by itself', async () => {
  const officer = await kluis.colleague(bea, 'privacy-officer', bea.teamId)
  const [gone, stays] = [await person('Mia', 'Verdwijnt'), await person('Tom', 'Blijft')]
  const parties = [gone, stays].map((personId) => ({ personId, role: 'owner' }))
  const { id } = (await bea.call('POST', '/api/joint-dossiers', { name: 'Lening', parties })).json()
  const erase = async (name: string, viewport: typeof DESKTOP, address: string, said: string) => {
    const { page, context, errors } = await openAs(browser, kluis, officer.token, viewport)
    await givePasskey(page, kluis, officer.userId)
    await page.goto(address)
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Meer', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'Wissen…' }).click()
    const form = page.getByRole('dialog')
    await form.getByText(said).waitFor()
    await form.getByLabel('Reden van het wissen').fill('vroeg erom')
    await form.getByLabel('Typ de naam').fill(name)
    await picture(page, `${viewport.width}-erase-${name}`)
    await form.getByRole('button', { name: 'Definitief wissen' }).click()
    await confirmWithPasskey(page)
    await page.getByRole('heading', { name: 'Dit dossier is gewist' }).waitFor()
    expect(errors).toEqual([])
    await context.close()
  }
  await erase(
    'Mia Verdwijnt',
    PHONE,
    `/people/${gone}`,
    '1 gezamenlijk dossier blijft bij de andere partijen',
  )
  for (const [device, viewport] of [
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ] as const) {
    const { page, context, errors } = await openAs(browser, kluis, bea.token, viewport)
    await page.goto(`/joint-dossiers/${id}`)
    await page.getByText(/^Na een wissing op .*: lees na wat alleen over de gewiste/).waitFor()
    expect(await page.getByText('Verdwijnt').count()).toBe(0)
    await requireAccessible(page, 'joint dossier after an erasure')
    await picture(page, `${device}-joint-after-erasure`)
    if (device === 'desktop') {
      await page.getByRole('button', { name: 'Nagelezen' }).click()
      await page.getByText(/^Na een wissing op/).waitFor({ state: 'detached' })
      await page.reload()
      await page.getByRole('link', { name: 'Tom Blijft' }).waitFor()
      expect(await page.getByText(/^Na een wissing op/).count()).toBe(0)
    }
    expect(errors).toEqual([])
    await context.close()
  }
  await erase('Lening', DESKTOP, `/joint-dossiers/${id}`, 'In totaal wordt 1 sleutel vernietigd.')
  expect((await bea.call('GET', `/api/people/${stays}`)).statusCode).toBe(200)
})
