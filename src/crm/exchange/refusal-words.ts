import type { ImportProblem } from './contract.ts'

/** For the file of refused rows, which is read outside our screens. */
const sentences: Partial<Record<ImportProblem, { nl: string; en: string }>> = {
  'no-name': { nl: 'geen naam en geen bedrijf', en: 'no name and no company' },
  'too-many-columns': {
    nl: 'meer kolommen dan koppen: er staat een scheidingsteken te veel',
    en: 'more columns than headers: there is a separator too many',
  },
  'too-long': { nl: 'een waarde is te lang', en: 'a value is too long' },
  'number-unreadable': { nl: 'dit is geen getal', en: 'this is no number' },
  'day-unreadable': { nl: 'dit is geen datum', en: 'this is no date' },
  'option-unknown': {
    nl: 'dit is geen van de keuzes van het veld',
    en: 'this is none of the options of the field',
  },
  'link-unreadable': {
    nl: 'dit is geen webadres, mailto: of tel:',
    en: 'this is no web address, mailto: or tel:',
  },
  'record-unknown': {
    nl: 'geen persoon of bedrijf dat u ziet',
    en: 'no person or company that you see',
  },
  needed: { nl: 'een verplicht veld is leeg', en: 'a required field is empty' },
  'changed-meanwhile': {
    nl: 'een collega wijzigde deze klant op hetzelfde ogenblik',
    en: 'a colleague changed this customer at the same moment',
  },
  'nobody-found': { nl: 'geen klant met deze sleutel gevonden', en: 'no customer with this key' },
  'key-ambiguous': {
    nl: 'meer dan één klant heeft deze sleutel',
    en: 'more than one customer has this key',
  },
  'names-differ': {
    nl: 'wie deze sleutel heeft, heet anders',
    en: 'whoever has this key has another name',
  },
  'no-key': {
    nl: 'geen e-mail, telefoon, klantnummer of ondernemingsnummer',
    en: 'no e-mail, phone, customer number or enterprise number',
  },
  'nothing-to-attach': { nl: 'geen notitie en geen taak', en: 'no note and no task' },
}

export function refusalText(problem: ImportProblem, language: 'nl' | 'en'): string {
  return sentences[problem]?.[language] ?? problem
}
