/** Imported by each part that speaks of rights, so that the words are there when it is. */
import { rights } from './rights.ts'
import { learnWords } from './words.tsx'

learnWords(rights)
