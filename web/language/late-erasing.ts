/** Imported by each part that speaks of erasing, so that the words are there when it is. */
import { erasingWords } from './erasing.ts'
import { learnWords } from './words.tsx'

learnWords(erasingWords)
