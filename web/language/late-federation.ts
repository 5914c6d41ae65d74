/** Imported by each part that speaks of the organisation’s own provider, so that the words are there when it is. */
import { federationWords } from './federation.ts'
import { learnWords } from './words.tsx'

learnWords(federationWords)
