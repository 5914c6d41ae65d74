/** Imported by each part that speaks of what was not found, or of the search itself, so that the words are there when it is. */
import { searchWords } from './search.ts'
import { learnWords } from './words.tsx'

learnWords(searchWords)
