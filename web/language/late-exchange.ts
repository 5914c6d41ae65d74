/** Imported by the screen of import and export, which alone speaks these words. */
import { exchange } from './exchange.ts'
import { learnWords } from './words.tsx'

learnWords(exchange)
