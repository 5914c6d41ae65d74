/** Imported by what is shown where the index is not there, and by the setting of it. */
import { namePrefixWords } from './name-prefixes.ts'
import { learnWords } from './words.tsx'

learnWords(namePrefixWords)
