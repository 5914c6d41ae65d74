/**
 * By which beginnings a name is found in the database, where an organisation chose that: what is kept of a name, and what is
 * asked for a text. Pure; folded and parted as the index in memory does it. Which lengths there are was measured
 * (docs/assurance/leakage.md): with these a whole name finds hardly anybody else, and each one more tells a thief more.
 */
import type { IndexKind } from './index-types.ts'
import { groupsOf, isParticle, type NameGroup, splitForm } from './words.ts'

/** In letters. A shorter word is kept whole. */
export const PREFIX_LETTERS: readonly number[] = [3, 5, 8]
const SHORTEST = PREFIX_LETTERS[0]!
// No word has one in it, so that the whole of "jo" is not the beginning of "jonas".
const WHOLE = '.'

/** What is kept of a name, each once. */
export function namePrefixes(kind: IndexKind, name: string): string[] {
  return [...new Set(wordPrefixes(kind, name).flat())]
}

/** The same word by word, shortest first; `letters`: what other lengths would give. */
export function wordPrefixes(
  kind: IndexKind,
  name: string,
  letters: readonly number[] = PREFIX_LETTERS,
): string[][] {
  return namedGroups(kind, name).flatMap((group) => {
    const { core, particles } = partsOf(group)
    const words = core.map((word) => beginnings(word, letters))
    // Written as one it is found where the name itself has begun: "van" and "vanden" are the beginning of too many.
    return group.joined ? [...words, beginnings(group.joined, letters, particles)] : words
  })
}

/** For each word that must be there, the beginnings of which one is enough. Empty where there is no word. */
export function askedPrefixes(kind: IndexKind, text: string): string[][] {
  const asked = namedGroups(kind, text).flatMap((group) =>
    partsOf(group).core.map((word) => [
      ...new Set([asOne(word), ...(group.joined ? [asOne(group.joined)] : [])]),
    ]),
  )
  // The first letter of a next word is being typed: what was typed before it finds already.
  const long = asked.filter((any) => any.some((one) => !one.endsWith(WHOLE)))
  return (long.length > 0 ? long : asked).sort((a, b) => b[0]!.length - a[0]!.length)
}

function namedGroups(kind: IndexKind, name: string): NameGroup[] {
  return groupsOf(kind === 'company' ? splitForm(name).name : name)
}

/** The words of a name without "van" and "de", and how many letters those have; alone they are words like others. */
function partsOf({ words }: NameGroup): { core: string[]; particles: number } {
  const core = words.filter((word) => !isParticle(word))
  if (core.length === 0) return { core: words, particles: 0 }
  const particles = words.filter(isParticle).join('')
  return { core, particles: [...particles].length }
}

function beginnings(word: string, letters: readonly number[], longerThan = 0): string[] {
  const all = [...word]
  if (all.length < SHORTEST) return [`${word}${WHOLE}`]
  return letters
    .filter((length) => length <= all.length && length > longerThan)
    .map((length) => all.slice(0, length).join(''))
}

function asOne(word: string): string {
  return beginnings(word, PREFIX_LETTERS).at(-1)!
}
