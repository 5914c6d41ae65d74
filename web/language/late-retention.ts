/** Imported by each part that speaks of files a law has kept, so that the words are there when it is. */
import { retentionWords } from './retention.ts'
import { learnWords } from './words.tsx'

learnWords(retentionWords)
