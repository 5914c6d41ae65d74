/** Names and addresses in one comparable spelling, for finding duplicates; searching folds word by word. */
import { fold as foldLetters, isOneEditApart } from './words.ts'

/** Lower case, without accents; apostrophes fall away, everything else that is no letter or digit parts words. */
export function fold(text: string): string {
  return foldLetters(text)
    .replaceAll("'", '')
    .replace(/[^\p{L}\p{N}@.+]+/gu, ' ')
    .trim()
}

/** Whether two words differ by at most one letter: changed, missing, added, or two swapped. */
export function isWithinOne(a: string, b: string): boolean {
  return a === b || isOneEditApart(a, b)
}
