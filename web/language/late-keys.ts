/** Imported by each part that speaks of keys, so that the words are there when it is. */
import { keyWords } from './keys.ts'
import { learnWords } from './words.tsx'

learnWords(keyWords)
