import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { help } from '../web/language/help.ts'

const root = new URL('..', import.meta.url).pathname
const guides = [
  ['docs/gebruik', 'nl'],
  ['docs/guide', 'en'],
] as const
const key = /^(Ctrl [A-Z]|Ctrl Enter|Enter|Esc|[a-z/?@])$/

type Words = Record<string, Record<string, { nl: string; en: string }>>

async function labels(language: 'nl' | 'en'): Promise<Set<string>> {
  const files = readdirSync(join(root, 'web/language')).filter(
    (name) => name.endsWith('.ts') && name !== 'remembered.ts',
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
