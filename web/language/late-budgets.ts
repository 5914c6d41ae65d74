/** Imported by each part that speaks of budgets, so that the words are there when it is. */
import { budgetWords } from './budgets.ts'
import { learnWords } from './words.tsx'

learnWords(budgetWords)
