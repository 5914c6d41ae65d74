import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pageOf, pages } from '../web/help/pages.ts'
import { help } from '../web/language/help.ts'
import { settings } from '../web/language/settings.ts'

const root = new URL('..', import.meta.url).pathname
const guides = [
  ['docs/gebruik', 'nl'],
  ['docs/guide', 'en'],
] as const
const key = /^(Ctrl [A-Z]|Ctrl Enter|Enter|Esc|[a-z/?@])$/

type Words = Record<string, Record<string, { nl: string; en: string }>>

async function labels(language: 'nl' | 'en'): Promise<Set<string>> {
  // A late file only hands the words of another to the screen that fetches it.
  const files = readdirSync(join(root, 'web/language')).filter((name) =>
    /^(?!late|remembered).*\.ts$/.test(name),
  )
  const modules: Words[] = await Promise.all(
    files.map((name) => import(join(root, 'web/language', name))),
  )
  return new Set(
    modules
      .flatMap((module) => Object.values(module))
      .flatMap((set) => Object.values(set))
      .map((word) => word[language].replace(/\{\w+\}/g, '…')),
  )
}

test.each(guides)('%s has each page that the help lists, under its title', (folder, language) => {
  const titled = Object.entries(help)
    .filter(([word]) => word.startsWith('help.'))
    .map(([word, title]) => [`${word.slice('help.'.length)}.md`, `# ${title[language]}`])
  expect(titled.length).toBeGreaterThan(10)
  expect(
    readdirSync(join(root, folder))
      .sort()
      .map((name) => [
        name,
        readFileSync(join(root, folder, name), 'utf8')
          .split('\n')[0]!
          .replaceAll("'", '’'),
      ]),
  ).toEqual(titled.sort())
})

test.each(guides)(
  'what %s prints in bold is a key, or stands so on a screen',
  async (folder, language) => {
    const known = await labels(language)
    const bold = readdirSync(join(root, folder)).flatMap((name) =>
      [...readFileSync(join(root, folder, name), 'utf8').matchAll(/\*\*([^*\n]+)\*\*/g)].map(
        ([, label]) => `${name}: ${label!.replaceAll("'", '’')}`,
      ),
    )
    expect(bold.length).toBeGreaterThan(100)
    expect(
      bold.filter((one) => {
        const label = one.slice(one.indexOf(': ') + 2)
        return !key.test(label) && !known.has(label)
      }),
    ).toEqual([])
  },
)

test.each([
  ['/people', {}, 'lists-and-views'],
  ['/companies', {}, 'lists-and-views'],
  ['/people', { open: 'x' }, 'dossier'],
  ['/companies/x', {}, 'dossier'],
  ['/joint-dossiers/x', {}, 'joint-dossiers'],
  ['/people/trash', {}, 'people-and-companies'],
  ['/day', {}, 'tasks-and-my-day'],
  ['/tasks', {}, 'tasks-and-my-day'],
  ['/import', {}, 'import'],
  ['/import/x', {}, 'import'],
  ['/duplicates', {}, 'duplicates'],
  ['/duplicates/people/x/y', {}, 'duplicates'],
  ['/notifications', {}, 'notifications'],
  ['/approvals', {}, 'approvals'],
  ['/settings', {}, 'getting-started'],
  ['/settings', { tab: 'preferences' }, 'getting-started'],
  ['/settings', { tab: 'security' }, 'security'],
  ['/settings', { tab: 'colleagues' }, 'colleagues-and-rights'],
  ['/settings', { tab: 'organisation' }, 'colleagues-and-rights'],
  ['/settings', { tab: 'signInRules' }, 'colleagues-and-rights'],
  ['/settings', { tab: 'recovery' }, 'security'],
  ['/settings', { tab: 'programs' }, 'colleagues-and-rights'],
  ['/settings', { tab: 'customFields' }, 'custom-fields'],
  ['/settings', { tab: 'erasures' }, 'erasing'],
  ['/elsewhere', {}, 'getting-started'],
] as const)('help on %s with %o is the page %s', (pathname, search, page) => {
  expect(pageOf({ pathname, search })).toBe(page)
  expect(pages).toContain(page)
})

test('the help of a tab of settings speaks of the mail that is set there', () => {
  for (const [folder, language] of guides) {
    const text = (page: string) => readFileSync(join(root, folder, `${page}.md`), 'utf8')
    const says = (tab: string, word: { nl: string; en: string }) =>
      expect(text(pageOf({ pathname: '/settings', search: { tab } }))).toContain(
        `**${word[language]}**`,
      )
    says('preferences', settings.mailWish)
    says('organisation', settings.mailTest)
  }
})
