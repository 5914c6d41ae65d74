/**
 * Every regular expression of the program and its screens, given what makes one slow: pieces of itself and of everything
 * else, repeated up to the longest text that anybody may send, and then something that does not fit. One that needs more
 * than its share could be made to hold up everybody by one request, or by one line of a file.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('..', import.meta.url).pathname
// A note; fields and lines of files are shorter, or are cut before they are looked at.
const LENGTH_MAX = 20_000
const LENGTHS = [23, 400, LENGTH_MAX]
// Of this processor's own time: linear takes a few, quadratic hundreds, and worse never ends.
const SHARE_MS = 60

/** What is never given anything longer, and why. */
const bounded: Record<string, [letters: number, why: string]> = {
  '(\\d+)$': [40, 'what PostgreSQL says it did'],
  '^(.*?)[\\s:]*[\\d.,\\s]*\\d$': [80, 'longer labels are no totals'],
  '^[\\s.]+|[\\s.]+$': [500, 'the longest file name of the contract'],
  '[^\\s.]{2,}[._][^\\s.]{2,}': [200, 'the longest search of the contract'],
  '=+$': [400, 'base64 of our own making'],
  '\\.+$': [254, 'an e-mail address while it is typed'],
  "[.,;:!?)\\]}'*_]+$": [2_000, 'the longest address within a note'],
}

const LITERAL =
  /(?<=(?:^|[=(,:[!&|?{};>]|\breturn)\s*)\/(?![*/])((?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[\s.,;)\]:]|$)/gm

function expressionsOf(folder: string): { at: string; pattern: RegExp }[] {
  return readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$|(^|\/)dist\//.test(name))
    .flatMap((name) => {
      const text = readFileSync(`${root}${folder}/${name}`, 'utf8')
      return [...text.matchAll(LITERAL)].flatMap(([, source, flags]) => {
        try {
          return [{ at: `${folder}/${name} /${source}/`, pattern: new RegExp(source!, flags) }]
        } catch {
          // A division, or a path in a comment.
          return []
        }
      })
    })
}

const common = [...'aA0 -.@/_"<>*\\\t\n,;+([=é', 'a ', '0 ', '.a', '-0', ', ', '\r\n', '**', 'a@']

/** Pieces of the pattern itself, and of everything else. */
function pumpsOf({ source }: RegExp): string[] {
  const own = source.match(/[\w@ -]{1,6}|\\[*.+/]/g) ?? []
  return [...new Set([...common, ...own.map((one) => one.replace('\\', ''))])]
}

function spentMs(pattern: RegExp, text: string): number {
  const before = process.cpuUsage()
  pattern.lastIndex = 0
  if (pattern.global) text.replace(pattern, '')
  else pattern.exec(text)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

/** The first text that is too much for it; shorter ones first, since of the worst the longer never end. */
function tooMuchFor(pattern: RegExp): string | undefined {
  for (const pump of pumpsOf(pattern))
    for (const before of ['', 'a', '"', 'https://a'])
      for (const most of LENGTHS) {
        const length = Math.min(most, bounded[pattern.source]?.[0] ?? LENGTH_MAX)
        const text = `${before}${pump.repeat(length / pump.length)}\u0000`
        // Once by chance is the collector of garbage; much more than its share is nothing of the kind.
        const spent = spentMs(pattern, text)
        const isTooMuch = () => spentMs(pattern, text) > SHARE_MS
        if (spent > 5 * SHARE_MS || (spent > SHARE_MS && isTooMuch() && isTooMuch()))
          return `${JSON.stringify(before)} and ${JSON.stringify(pump)}, ${length} letters`
      }
  return undefined
}

test.each(['(a+)+$', '^(\\s|a)*\\s+x$', '\\s+x', '(\\w+\\.)*\\w+@', '(\\d+-?)+x'])(
  'one that is planted is found: %s',
  (source) => {
    expect(tooMuchFor(new RegExp(source))).toBeDefined()
  },
)

test('none of the program or its screens can be made slow by a text that somebody sends', () => {
  const expressions = ['src', 'web', 'database', 'verify'].flatMap(expressionsOf)
  expect(expressions.length).toBeGreaterThan(150)
  const slow = expressions.flatMap(({ at, pattern }) => {
    const found = tooMuchFor(pattern)
    return found ? [`${at}: ${found}`] : []
  })
  expect(slow).toEqual([])
})
