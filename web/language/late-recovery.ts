/** Imported by each part that speaks of recovery shares, so that the words are there when it is. */
import { recoveryWords } from './recovery.ts'
import { learnWords } from './words.tsx'

learnWords(recoveryWords)
