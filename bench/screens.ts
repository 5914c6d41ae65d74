/**
 * What somebody waits for in the browser: the list, a dossier beside it and as a page, a scroll and a jump through all
 * of it. Headless, drawn without a graphics card, and the browser shares the two cores.
 * node bench/screens.ts [--people 10000,100000] [--json]
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import sparticuz from '@sparticuz/chromium'
import { chromium, type Page } from 'playwright-core'
import { openSecured } from './load/secured.ts'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000,100000' },
    json: { type: 'boolean', default: false },
  },
})
const OPENED = 40
const JUMPS = 40
const LOADS = 12
const SCROLL_MS = 6_000

type Spread = { p50Ms: number; p95Ms: number }
function spread(tookMs: number[]): Spread {
  const sorted = [...tookMs].sort((a, b) => a - b)
  const at = (part: number) => Number(sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(1))
  return { p50Ms: at(0.5), p95Ms: at(0.95) }
}

const measure = (page: Page, call: string): Promise<number[]> =>
  page.evaluate(`window.measure.${call}`)

async function loadOf(page: Page, path: string, selector: string): Promise<number> {
  await page.goto(path, { waitUntil: 'commit' })
  return page.evaluate(`window.measure.loaded(${JSON.stringify(selector)})`)
}

const ROW = '.k-grid-row[role="row"]'

async function measureAt(people: number) {
  const secured = await openSecured(people)
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [
      ...sparticuz.args.filter((one) => one !== '--single-process' && one !== '--no-zygote'),
      '--no-sandbox',
    ],
    headless: true,
  })
  try {
    const baseURL = `http://localhost:${secured.port}`
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'nl-BE',
      baseURL,
    })
    const [name, value] = secured.cookie.split('=') as [string, string]
    await context.addCookies([{ name, value, url: baseURL }])
    const page = await context.newPage()
    await page.addInitScript({ path: fileURLToPath(new URL('load/in-page.js', import.meta.url)) })
    const { items } = await secured.side.json<{ items: { id: string }[] }>({
      method: 'GET',
      path: `/api/people?limit=${LOADS}&sort=-createdAt`,
    })
    // The first load fetches the script; the others have it at hand, as on every day but the first.
    const firstListMs = Math.round(await loadOf(page, '/people', ROW))
    const [lists, dossiers]: [number[], number[]] = [[], []]
    for (const { id } of items) {
      lists.push(await loadOf(page, '/people', ROW))
      dossiers.push(await loadOf(page, `/people/${id}`, 'article.k-record'))
    }
    await loadOf(page, '/people', ROW)
    return {
      people,
      firstListMs,
      list: spread(lists),
      dossierAsPage: spread(dossiers),
      frame: spread(await measure(page, `scroll(${SCROLL_MS})`)),
      jump: spread(await measure(page, `jump(${JUMPS})`)),
      dossierBeside: spread(await measure(page, `openRows(${OPENED})`)),
    }
  } finally {
    await browser.close()
    await secured.close()
  }
}

const runs: Awaited<ReturnType<typeof measureAt>>[] = []
for (const people of values.people.split(',')) runs.push(await measureAt(Number(people)))
const measured = ['list', 'dossierAsPage', 'dossierBeside', 'frame', 'jump'] as const
const ratios = Object.fromEntries(
  measured.map((what) => [
    what,
    Number((runs.at(-1)![what].p50Ms / runs[0]![what].p50Ms).toFixed(2)),
  ]),
)
if (!values.json)
  for (const run of runs)
    for (const what of measured)
      console.log(
        `${run.people} people, ${what}: ${run[what].p50Ms} ms, 95 of 100 below ${run[what].p95Ms}`,
      )
console.log(JSON.stringify({ bench: 'screens', ratios, runs }))
