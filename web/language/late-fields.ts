/** Imported by each part that speaks of the organisation’s own fields, so that the words are there when it is. */
import { fieldWords } from './fields.ts'
import { learnWords } from './words.tsx'

learnWords(fieldWords)
