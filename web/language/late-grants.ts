/** Imported by each part that speaks of step-up and approvals, so that these words are there when it is. */
import { grants } from './grants.ts'
import { learnWords } from './words.tsx'

learnWords(grants)
