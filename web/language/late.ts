/** Imported by each part that speaks these words, so that they are there when it is. */
import { companies } from './companies.ts'
import { handling } from './handling.ts'
import { happened } from './happened.ts'
import { photos } from './photos.ts'
import { learnWords } from './words.tsx'

learnWords(companies)
learnWords(handling)
learnWords(happened)
learnWords(photos)
