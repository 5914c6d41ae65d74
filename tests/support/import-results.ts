import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type ImportResult = {
  /** Where the file lies. */
  path: string
  name: string
  preset: string | null
  counts: { read: number; people: number; companies: number; skipped: number; refused: number }
}

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const page = here('../docs/formats/import-presets.md')

/** What docs/formats/import-presets.md says came of each file: tests hold every road in to it. */
export function importResults(): ImportResult[] {
  const lines = readFileSync(page, 'utf8').split('\n')
  const at = lines.findIndex((line) => line.startsWith('| File | Known as |'))
  const end = lines.indexOf('', at)
  return lines.slice(at + 2, end).map((line) => {
    const [file = '', known = '', ...counts] = line.slice(2, -2).split(' | ')
    const name = file.split(' ')[0]!
    const [read = 0, people = 0, companies = 0, skipped = 0, refused = 0] = counts.map((count) =>
      Number.parseInt(count, 10),
    )
    const program = known.split(/[ ,]/)[0]!.toLowerCase()
    const preset = program === '–' ? null : program
    return {
      path: here(`fixtures/${preset ? 'presets/' : ''}${name}`),
      name,
      preset,
      counts: { read, people, companies, skipped, refused },
    }
  })
}
