/** People who do not exist, as ordinary as can be. What a canary is called follows from its id under a key, and nothing else. */
import { createHash } from 'node:crypto'
import type { Places } from '#platform/places.ts'

const GIVEN =
  'An Anja Annelies Bart Bram Carine Daan Dirk Eline Els Emma Eva Filip Femke Frank Gert Griet Hanne Hilde Ilse Inge Jan Jelle Jeroen Joke Jolien Joris Karen Karin Koen Kris Kristof Lars Lien Lieve Linda Lies Luc Maarten Marc Marijke Marleen Mieke Nele Niels Patrick Peter Pieter Rik Ruben Sander Sara Sarah Sofie Steven Stijn Sven Thomas Tim Tom Veerle Vera Wim Wouter'.split(
    ' ',
  )
const FAMILY =
  'Aerts|Bakker|Beckers|Bogaert|Boonen|Bos|Claes|Claeys|Coppens|Cornelis|Daems|De Backer|De Boer|De Clercq|De Cock|De Graaf|De Jong|De Meyer|De Pauw|De Ridder|De Smet|De Vos|De Vries|De Wit|Declercq|Desmet|Dubois|Geerts|Goossens|Hendriks|Hermans|Jacobs|Janssen|Janssens|Lambrechts|Lemmens|Maes|Martens|Mertens|Meijer|Michiels|Moens|Mulder|Peeters|Pauwels|Smeets|Smit|Stevens|Thijs|Timmermans|Van Damme|Van den Berg|Van de Velde|Van den Broeck|Van Dijk|Van Dyck|Van Hoof|Van Leeuwen|Vandenberghe|Verbeeck|Verhaegen|Verhoeven|Verlinden|Vermeulen|Vermeersch|Verstraete|Visser|Wauters|Willems|Wouters'.split(
    '|',
  )
const STREETS =
  'Kerkstraat Dorpsstraat Molenstraat Schoolstraat Stationsstraat Nieuwstraat Veldstraat Kapelstraat Lindelaan Beukenlaan Parklaan Hoogstraat Bergstraat Boslaan Eikenlaan Heidestraat Beekstraat Vijverstraat Tuinwijk Zandstraat'.split(
    ' ',
  )
const STAGES = ['customer', 'customer', 'customer', 'lead', 'prospect', 'former'] as const

/** `token` is what only the vault makes of a canary's id. */
export function madeUp(token: Buffer, places: Places, mailDomain: string | undefined) {
  const numbers = numbersFrom(token)
  const pick = <T>(from: readonly T[]): T => from[numbers() % from.length]!
  const [givenName, familyName] = [pick(GIVEN), pick(FAMILY)]
  const country = numbers() % 4 === 0 ? 'NL' : 'BE'
  const place = placeOf(numbers, places, country)
  const birthday = new Date(Date.UTC(1945 + (numbers() % 57), numbers() % 12, 1 + (numbers() % 28)))
  const address = `${givenName}.${familyName}`.toLowerCase().replaceAll(' ', '')
  return {
    givenName,
    familyName,
    language: 'nl',
    stage: pick(STAGES),
    birthday: numbers() % 2 ? birthday.toISOString().slice(0, 10) : '',
    emails: mailDomain ? [{ value: `${address}@${mailDomain}` }] : [],
    addresses: place
      ? [{ street: `${pick(STREETS)} ${1 + (numbers() % 140)}`, ...place, country }]
      : [],
  }
}

/** A postcode and its place that belong together, or the record would give itself away. */
function placeOf(numbers: () => number, places: Places, country: string) {
  for (let tries = 0; tries < 50; tries++) {
    const found = places.find(country, String(1000 + (numbers() % 8990)), 1)[0]
    const letters = country === 'NL' ? ` ${letter(numbers())}${letter(numbers())}` : ''
    if (found) return { postalCode: found.postalCode + letters, city: found.name }
  }
  return undefined
}

const letter = (number: number) => 'ABCDEGHJKLNPRSTVWXZ'[number % 19]!

/** As many numbers as are asked, the same for the same token. */
function numbersFrom(token: Buffer): () => number {
  let block = Buffer.alloc(0)
  let counter = 0
  return () => {
    if (block.length < 4)
      block = createHash('sha256').update(token).update(String(counter++)).digest()
    const number = block.readUInt32BE(0)
    block = block.subarray(4)
    return number
  }
}
