/** Imported by the screens that speak of imports, so that these words are there when they are. */
import { exchange } from './exchange.ts'
import { learnWords } from './words.tsx'

learnWords(exchange)
