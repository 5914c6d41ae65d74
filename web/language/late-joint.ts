/** Imported by each part that speaks of joint dossiers, so that the words are there when it is. */
import { jointWords } from './joint.ts'
import { learnWords } from './words.tsx'

learnWords(jointWords)
