/** Imported by the screen that says what a thief would see, so that the words are there when it is. */
import { leakageWords } from './leakage.ts'
import { learnWords } from './words.tsx'

learnWords(leakageWords)
