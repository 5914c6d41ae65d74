import type { ImportProblem } from './contract.ts'

/** For the file of refused rows, which is read outside our screens. */
const sentences: Partial<Record<ImportProblem, { nl: string; en: string }>> = {
  'no-name': { nl: 'geen naam en geen bedrijf', en: 'no name and no company' },
  'too-many-columns': {
    nl: 'meer kolommen dan koppen: er staat een scheidingsteken te veel',
    en: 'more columns than headers: there is a separator too many',
  },
  'too-long': { nl: 'de naam is te lang', en: 'the name is too long' },
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
