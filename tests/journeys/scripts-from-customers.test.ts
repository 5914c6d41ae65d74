/**
 * What a customer, a file or another site brings in is never more than text: every field that takes text is filled with
 * what would run as a script if it were taken for HTML, and every screen is walked in a browser that tells each breach of
 * the page's policy. The same browser is then asked for what a hole would do, and refuses it.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CompanyContact } from '#crm/companies/contract.ts'
import { Contact } from '#crm/people/contract.ts'
import { inPage, launchBrowser, openAs, openListening } from '../support/browser.ts'
import type { Caller, TestKluis } from '../support/kluis.ts'

const HTML = `"><img src=x onerror=ran()>`
const SHORT = '<b onx=1>'
const LINK = 'javascript:ran()'
const NOTE = `[klik](${LINK}) <svg onload=ran()> [ook](JaVaScRiPt:ran()) <https://x"onerror=ran()> ![](x)`

type Elsewhere = { read: string; sent: string; framed: string }
type Found = { links: string[]; handlers: string[]; hasText: boolean }
type Tried = {
  outcomes: Record<string, string>
  violations: string[]
  away: string
  position: string
}

// The first of a screen: a list has the same ones in every row.
const OPENERS_MAX = 8

let browser: Browser
let kluis: TestKluis
let bea: Caller
let ids: { person: string; other: string; company: string; joint: string; task: string }

beforeAll(async () => {
  browser = await launchBrowser()
  kluis = await openListening()
  bea = await kluis.setUp('team')
  ids = await fillWithScripts()
  // Another process reads imports; what came in so stands beside what was typed.
  await importScripts()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await kluis.close()
})

async function made(url: string, body: object): Promise<string> {
  const answer = await bea.call('POST', url, body)
  if (answer.statusCode >= 300) throw new Error(`${url}: ${answer.body}`)
  return answer.json().id
}

/** Each field of a record that takes text, as the contract lists them: a new one that is left out fails here. */
async function fillWithScripts(): Promise<typeof ids> {
  const custom: Record<string, Record<string, unknown>> = { person: {}, company: {} }
  for (const recordKind of ['person', 'company'])
    for (const [kind, value] of [
      ['text', HTML],
      ['long-text', NOTE],
      ['link', `https://x.example/${HTML.replaceAll(' ', '/')}`],
    ] as const) {
      const both = { nl: `${kind} ${HTML}`, en: `${kind} ${HTML}` }
      const field = { recordKind, kind, label: both, help: both, purpose: both }
      custom[recordKind]![await made('/api/fields', { ...field, sensitivity: 'contact' })] = value
    }
  const place = { street: HTML, postalCode: SHORT, city: HTML, country: SHORT, label: HTML }
  const text = { tags: [HTML], website: LINK, reference: HTML, language: SHORT }
  const emails = [{ value: 'x@x.example', label: HTML }]
  const phones = [{ value: HTML, label: HTML }]
  const person = {
    ...{ ...text, emails, phones, addresses: [place], birthday: '', custom: custom.person },
    ...{ givenName: HTML, familyName: `1 ${HTML}`, salutation: HTML, company: HTML },
  }
  const company = {
    ...{ ...text, emails, phones, addresses: [{ ...place, phone: HTML }], custom: custom.company },
    ...{ name: HTML, enterpriseNumber: HTML, otherNumbers: [HTML], industry: HTML, sector: '62' },
    ...{ employeeCount: 1, isSoleTrader: false },
  }
  expect(Object.keys(person).sort()).toEqual(Object.keys(Contact.shape).sort())
  expect(Object.keys(company).sort()).toEqual(Object.keys(CompanyContact.shape).sort())
  const personId = await made('/api/people', person)
  const other = await made('/api/people', { ...person, familyName: `2 ${HTML}` })
  const companyId = await made('/api/companies', company)
  for (const [path, id] of [
    ['people', personId],
    ['companies', companyId],
  ] as const) {
    await made(`/api/${path}/${id}/notes`, { body: `${NOTE}\n# ${NOTE}\n- ${NOTE}` })
    await made(`/api/${path}/${id}/files`, { name: `${HTML}.html`, type: 'text/html', size: 1 })
  }
  await made(`/api/people/${personId}/affiliations`, { companyId, roleTitle: HTML }).catch(() =>
    made(`/api/people/${personId}/affiliations`, { companyId }),
  )
  await made(`/api/people/${personId}/relations`, { otherId: other, kind: 'partner' })
  const parties = [personId, other].map((id) => ({ personId: id, role: 'partner' }))
  const joint = await made('/api/joint-dossiers', { name: HTML, parties })
  await made(`/api/joint-dossiers/${joint}/notes`, { body: NOTE })
  const subject = { kind: 'person', id: personId }
  const dueOn = new Date().toISOString().slice(0, 10)
  const task = await made('/api/tasks', { subject, title: HTML, dueOn })
  await made('/api/teams', { name: HTML })
  return { person: personId, other, company: companyId, joint, task }
}

async function importScripts(): Promise<void> {
  const rows = [`Voornaam,Naam,E-mail,Notitie ${HTML.replaceAll('"', '')}`]
  rows.push(`<script>ran()</script>,<img src=x onerror=ran()>,x@x.example,${LINK}`)
  const answer = await kluis.app.http.inject({
    method: 'POST',
    url: `/api/imports?wait=true&fileName=${encodeURIComponent(`${HTML}.csv`)}`,
    cookies: { kluis: bea.token },
    headers: { 'content-type': 'text/csv' },
    payload: rows.join('\n'),
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
}

/** Every breach of the policy in every page of the context, and everything that ran. */
async function listening(): Promise<{ page: Page; told: string[]; close: () => Promise<void> }> {
  const { page, context, errors } = await openAs(browser, kluis, bea.token)
  await context.exposeBinding('ran', () => errors.push('a script of a customer ran'))
  page.on('dialog', (dialog) => {
    errors.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, told: errors, close: () => context.close() }
}

const textOf = (file: string) => readFileSync(new URL(`../../web/${file}`, import.meta.url), 'utf8')

/** Where each address of the router leads to; one that is new fails until it is given something to show. */
function screens(): string[] {
  const router = textOf('router.tsx')
  const listed = /tabIds = \[([^\]]+)\]/.exec(textOf('frame/settings-tabs.ts'))![1]!
  const tabs = [...listed.matchAll(/'(\w+)'/g)].map(([, tab]) => tab!)
  const paths = [...router.matchAll(/\bpath: '([^']+)'/g)].map(([, path]) => path!)
  expect(paths.length).toBeGreaterThan(14)
  return paths.flatMap((path) => {
    if (path === '/settings') return tabs.map((tab) => `/settings?tab=${tab}`)
    const filled = path
      .replace('/people/$id', `/people/${ids.person}`)
      .replace('/companies/$id', `/companies/${ids.company}`)
      .replace('/joint-dossiers/$id', `/joint-dossiers/${ids.joint}`)
      .replace('$kind/$keptId/$otherId', `people/${ids.person}/${ids.other}`)
      .replace(/\{-\$token\}|\$token/, encodeURIComponent(HTML))
    if (filled.includes('$')) throw new Error(`${path}: nothing is known to show there`)
    return filled
  })
}

test('on every screen, with every menu and dialog opened, what customers bring in runs nothing and no policy is broken', async () => {
  const { page, told, close } = await listening()
  const seen: string[] = []
  const shown = [...screens(), `/people?open=${ids.person}`, `/companies?open=${ids.company}`]
  for (const screen of shown) {
    await page.goto(screen)
    await page.waitForLoadState('networkidle')
    await openEverything(page)
    const found = await page.evaluate<Found>(inPage('what-runs'))
    expect([screen, found.links, found.handlers]).toEqual([screen, [], []])
    if (found.hasText) seen.push(screen)
    expect([screen, told]).toEqual([screen, []])
  }
  // The walk looked at what it is about: the texts stand on the screens, as texts.
  expect(seen.length).toBeGreaterThan(6)
  await close()
})

/** Whatever opens without doing anything: menus, lists of choices, dialogs, the palette, the form for a new record, help. */
async function openEverything(page: Page): Promise<void> {
  const openers = page.locator('[aria-haspopup]:visible:not([disabled])')
  const many = Math.min(await openers.count(), OPENERS_MAX)
  for (let i = 0; i < many; i++) {
    await openers
      .nth(i)
      .click({ timeout: 300 })
      .catch(() => undefined)
    await page.keyboard.press('Escape')
  }
  for (const key of page.url().includes('/people') ? ['Control+k', 'n', '?'] : []) {
    await page.keyboard.press(key)
    await page
      .getByRole('dialog')
      .first()
      .waitFor({ timeout: 2_000 })
      .catch(() => undefined)
    await page.keyboard.press('Escape')
  }
}

test('a page that was broken into may still make no HTML, no script and no handler, and carry nothing away', async () => {
  const { page, close } = await listening()
  await page.goto('/people')
  await page.getByRole('grid').first().waitFor()
  const tried = await page.evaluate<Tried>(inPage('as-if-broken-into'))
  const got = Object.entries(tried.outcomes).filter(([, outcome]) => !outcome.endsWith('Error'))
  expect([Object.keys(tried.outcomes).length, got]).toEqual([13, []])
  expect([tried.away, tried.position]).toEqual(['refused', 'static'])
  for (const directive of [
    ...['require-trusted-types-for', 'trusted-types', 'style-src-attr'],
    ...['style-src-elem', 'connect-src', 'img-src', 'form-action'],
  ])
    expect([directive, tried.violations.includes(directive)]).toEqual([directive, true])
  await close()
})

test("another site can neither frame a screen, nor act by a form, nor read an answer in the visitor's name", async () => {
  // On another port of this machine, as close as another site comes; and by number, which is another site altogether.
  const elsewhere = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html').end('<title>elders</title><body></body>'),
  )
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const { port } = elsewhere.address() as AddressInfo
  const { page: own, close } = await listening()
  const context = own.context()
  const { origin } = kluis.origin
  for (const site of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
    const page = await context.newPage()
    await page.goto(site)
    const tried = await page.evaluate<Elsewhere>(
      `window.target = ${JSON.stringify(origin)}; ${inPage('as-another-site')}`,
    )
    expect([site, tried]).toEqual([site, { read: 'refused', sent: 'refused', framed: 'nothing' }])
    const address = `${origin}/api/sessions/sign-out-everywhere`
    const [answer] = await Promise.all([
      page.waitForResponse(address),
      page.evaluate(`(() => {
        const form = document.createElement('form')
        form.method = 'post'
        form.action = ${JSON.stringify(address)}
        document.body.append(form)
        form.submit()
      })()`),
    ])
    expect(answer.status()).toBe(403)
    await page.close()
    // A link is followed, as any link is.
    const other = await context.newPage()
    await other.goto(site)
    await other.evaluate(`location.assign(${JSON.stringify(`${origin}/people`)})`)
    await other.waitForURL(`${origin}/**`)
    await other.close()
  }
  // Nothing of all that ended the session.
  await own.goto(`${origin}/people`)
  await own.getByRole('grid').first().waitFor()
  await close()
  elsewhere.close()
})

// Last: it ends the session.
test('after signing out, going back shows nothing of a customer', async () => {
  const { page, told, close } = await listening()
  await page.goto('/people')
  await page.getByText('onerror=ran()').first().waitFor()
  await page.goto(`/people/${ids.person}`)
  await page.getByText('onerror=ran()').first().waitFor()
  await page.evaluate(inPage('sign-out'))
  await page.waitForURL('**/sign-in')
  for (let i = 0; i < 2; i++) {
    await page.goBack()
    await page.waitForURL(/\/sign-in/)
    expect(await page.content()).not.toContain('onerror=ran()')
  }
  expect(told).toEqual([])
  await close()
})
