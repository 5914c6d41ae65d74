/** docs/assurance/asvs.md claims no more than tests show: every requirement is there, and every test it names is. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('..', import.meta.url)
const text = readFileSync(new URL('docs/assurance/asvs.md', root), 'utf8')

// How many requirements each section of the chapters has in ASVS 5.0.0.
const sections: Record<string, number> = {
  ...{ '6.1': 3, '6.2': 12, '6.3': 8, '6.4': 6, '6.5': 8, '6.6': 4, '6.7': 2, '6.8': 4 },
  ...{ '7.1': 3, '7.2': 4, '7.3': 2, '7.4': 5, '7.5': 3, '7.6': 2 },
  ...{ '8.1': 4, '8.2': 4, '8.3': 3, '8.4': 2 },
}
const rows = text
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, number]) => /^\d\.\d+\.\d+$/.test(number ?? ''))
  .map(([, number, level, , verdict, shown]) => ({
    number: number!,
    level: level!,
    verdict: verdict!,
    shown: shown!,
  }))

test('every requirement of the three chapters stands there once, with its level and a verdict', () => {
  const asked = Object.entries(sections).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, i) => `${section}.${i + 1}`),
  )
  expect(rows.map(({ number }) => number)).toEqual(asked)
  expect(rows.filter(({ level }) => !/^[123]$/.test(level))).toEqual([])
  expect(rows.filter(({ verdict }) => !['met', 'not met', 'n/a'].includes(verdict))).toEqual([])
  expect(rows.filter(({ shown }) => shown === '')).toEqual([])
})

test('what is called met names a test, and every test that is named is there under that name', () => {
  const wrong: string[] = []
  for (const { number, verdict, shown } of rows) {
    const named = [...shown.matchAll(/`([\w./-]+\.test\.ts)` · ([^;]+?)(?=$|; `|\. [A-Z])/g)]
    if (verdict === 'met' && named.length === 0) wrong.push(`${number} names no test`)
    for (const [, path, name] of named) {
      const file = new URL(path!, root)
      // In the source a quote within a name may be escaped.
      const source = existsSync(file) ? readFileSync(file, 'utf8').replaceAll("\\'", "'") : ''
      if (!source.includes(name!)) wrong.push(`${number}: ${path} has no test "${name}"`)
    }
  }
  expect(wrong).toEqual([])
})
