/** Imported by each part that speaks of signing in, sessions or programs, so that the words are there when it is. */
import { access } from './access.ts'
import { learnWords } from './words.tsx'

learnWords(access)
