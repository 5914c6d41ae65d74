/** Imported by the part that shows the guide, so that the titles of its pages are there when it is. */
import { help } from './help.ts'
import { learnWords } from './words.tsx'

learnWords(help)
