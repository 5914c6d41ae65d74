/** The parts that a person and a company have alike, read from one row. */
import {
  countryCode,
  isPhone,
  mayBePhone,
  normaliseEmail,
  normaliseIban,
  normalisePhone,
  splitEmails,
  splitPhones,
} from '#platform/normalise.ts'
import type { ImportField } from './contract.ts'
import type { DraftOptions } from './draft.ts'
import { type Reading, unlisted, withCallingCode } from './reading.ts'
import { isOwnStageWord, readLanguage, readNewsletter } from './words.ts'

// More values than a record holds are kept in the note.
const VALUES_MAX = 20
const ADDRESSES_MAX = 10

export function readShared(
  reading: Reading,
  {
    country,
    language,
    isFittingPlace,
  }: Pick<DraftOptions, 'country' | 'language' | 'isFittingPlace'>,
) {
  const addresses = readAddresses(reading)
  for (const { postalCode, city, country: own } of addresses)
    if (postalCode && city && isFittingPlace(own || country, postalCode, city) === false)
      reading.tell('place-unlike', 'city', `${postalCode} ${city}`)
  const own = addresses[0]?.country ?? ''
  return {
    contact: {
      emails: readEmails(reading, language),
      phones: readPhones(reading, own.length === 2 ? own : country, language),
      addresses,
      language: readLanguage(reading.one('language')),
      tags: readTags(reading, language),
      reference: reading.text('reference'),
    },
    ibans: readIbans(reading),
  }
}

const ADDRESS = new Set<ImportField>([
  'street',
  'houseNumber',
  'box',
  'postalCode',
  'city',
  'country',
])
const BEGINS_ANOTHER = new Set<ImportField>(['street', 'postalCode', 'city', 'country'])

function readAddresses(reading: Reading) {
  const addresses = reading.groups(ADDRESS, BEGINS_ANOTHER).map((group) => {
    const of = (field: ImportField) => group.get(field) ?? ''
    const box = of('box')
    const street = [of('street'), of('houseNumber'), isBoxNumber(box) ? `bus ${box}` : box]
      .filter(Boolean)
      .join(' ')
    const typed = of('country')
    const country = typed && countryCode(typed)
    if (typed && !country) reading.tell('country-unknown', 'country', typed)
    return {
      street: reading.text('street', street),
      postalCode: readPostalCode(reading, of('postalCode'), country ?? ''),
      city: reading.text('city', of('city')),
      country: country || typed.slice(0, 60),
    }
  })
  // A country alone is worth keeping once; beside a whole address it says nothing.
  const whole = addresses.filter(({ street, postalCode, city }) => street || postalCode || city)
  return (whole.length > 0 ? whole : addresses.filter(({ country }) => country).slice(0, 1)).slice(
    0,
    ADDRESSES_MAX,
  )
}

/** "3" and "0201" need the word; "bus 3" and "2nd floor" do not. */
function isBoxNumber(box: string): boolean {
  return /^[\w.-]{1,6}$/.test(box) && /\d|^[a-z]$/i.test(box) && !/^bus/i.test(box)
}

// Codes that always have five digits, so that one of four lost its zero in a spreadsheet.
const FIVE_DIGITS = new Set(['DE', 'FR', 'IT', 'ES', 'US', 'FI', 'EE', 'HR'])

function readPostalCode(reading: Reading, given: string, country: string): string {
  const typed = reading.text('postalCode', given)
  if (!FIVE_DIGITS.has(country) || !/^\d{4}$/.test(typed)) return typed
  reading.tell('leading-zero-restored', 'postalCode', typed)
  return `0${typed}`
}

// Where somebody is reached by it: the header says so, or a word before the value.
const AT_WORK = /\b(work|werk|business|bureau|kantoor|office|zakelijk)\b/i
const AT_HOME = /\b(home|thuis|priv[eé]|private|privat)\b/i
const WORD_BEFORE = /^\s*(work|werk|kantoor|home|thuis|privé)\s*:\s*(?=\S)/i
const places = { nl: { work: 'werk', home: 'thuis' }, en: { work: 'work', home: 'home' } }

type Labelled = { value: string; label?: string }

/** The word before a value tells more than the header of all of them. */
function splitWord(text: string, header: string): [where: string, value: string] {
  const word = WORD_BEFORE.exec(text)
  return word ? [word[1]!, text.slice(word[0].length)] : [header, text]
}

function labelled(value: string, where: string, language: 'nl' | 'en'): Labelled {
  const { work, home } = places[language]
  const label = AT_WORK.test(where) ? work : AT_HOME.test(where) ? home : undefined
  return label ? { value, label } : { value }
}

function readEmails(reading: Reading, language: 'nl' | 'en'): Labelled[] {
  const found = reading.all('email').flatMap(({ header, value }) =>
    unlisted(value)
      .flatMap(splitEmails)
      .flatMap((text) => {
        const [where, typed] = splitWord(text, header)
        const email = normaliseEmail(typed)
        // A space that slipped in while typing is in no address.
        const repaired = email ?? normaliseEmail(typed.replace(/\s+/g, ''))
        if (!repaired) {
          reading.tell('email-unreadable', 'email', text)
          reading.remarks.push(`${header}: ${text}`)
        } else if (!email) reading.tell('email-repaired', 'email', text)
        return repaired ? labelled(repaired, where, language) : []
      }),
  )
  const kept = new Map<string, Labelled>()
  for (const one of found) if (!kept.has(one.value)) kept.set(one.value, one)
  return [...kept.values()].slice(0, VALUES_MAX)
}

function readPhones(reading: Reading, country: string, language: 'nl' | 'en'): Labelled[] {
  const kept = new Map<string, Labelled>()
  const code = reading.one('callingCode')
  for (const field of ['phone', 'mobile'] as const)
    for (const { header, value } of reading.all(field))
      for (const written of unlisted(value).flatMap(splitPhones)) {
        const [where, text] = splitWord(written, header)
        if (!mayBePhone(text)) {
          reading.tell('phone-unreadable', field, text)
          reading.remarks.push(`${header}: ${text}`)
          continue
        }
        const dialled = normalisePhone(withCallingCode(text, code), country)
        const phone = reading.withoutNumber(field, dialled.slice(0, 60))
        if (!phone) continue
        if (!isPhone(phone)) reading.tell('phone-kept-as-typed', field, text)
        if (!kept.has(phone))
          kept.set(
            phone,
            field === 'mobile' ? { value: phone, label: 'gsm' } : labelled(phone, where, language),
          )
      }
  return [...kept.values()].slice(0, VALUES_MAX)
}

function readIbans(reading: Reading): string[] {
  if (!reading.takesIbans) {
    // PostgreSQL would refuse the row; the customer comes in without, and the importer is told.
    if (reading.one('iban')) reading.tell('iban-not-allowed', 'iban', '')
    return []
  }
  const found = reading.all('iban').flatMap(({ value }) =>
    value.split(/[;,|\n]/).flatMap((text) => {
      if (!text.trim()) return []
      const iban = normaliseIban(text)
      if (!iban) reading.tell('iban-wrong', 'iban', text.trim())
      return iban ?? []
    }),
  )
  return [...new Set(found)].slice(0, VALUES_MAX)
}

function readTags(reading: Reading, language: 'nl' | 'en'): string[] {
  const typed = reading
    .all('tag')
    .flatMap(({ value }) => value.split(/[;,|\n]|:::/))
    // Google's own groups ("* myContacts") say nothing of the person.
    .filter((tag) => !/^\s*\* /.test(tag))
    .map((tag) => reading.text('tag', tag.trim()))
  const stage = reading.one('stage')
  // A stage of another program says more than ours; its own word stays as a label.
  if (stage && !isOwnStageWord(stage)) typed.push(reading.text('stage', stage))
  for (const { header, value } of reading.all('newsletter')) {
    const { answer, isPlain } = readNewsletter(value)
    if (answer) typed.push(newsletterTags[language][answer])
    else reading.tell('newsletter-unclear', 'newsletter', value)
    // When and how somebody agreed is the proof of it: never thrown away.
    if (!isPlain) reading.remarks.push(`${header}: ${value}`)
  }
  return [...new Set(typed.filter(Boolean))].slice(0, 50)
}

const newsletterTags = {
  nl: { yes: 'nieuwsbrief', no: 'geen nieuwsbrief' },
  en: { yes: 'newsletter', no: 'no newsletter' },
}
