/** Fictional people of Belgium and the Netherlands, as a customer file that an import reads. */
import type { Faker } from '@faker-js/faker'

export type DemoPeople = {
  header: string
  /** One line of CSV each, as in `header`. */
  rows: string[]
  noteBodies: string[]
  companies: DemoCompany[]
}
export type DemoCompany = {
  name: string
  emails: { value: string }[]
  addresses: { street: string; postalCode: string; city: string; country: string }[]
  tags: string[]
}

const HEADERS = [
  'voornaam',
  'achternaam',
  'email',
  'telefoon',
  'straat',
  'postcode',
  'gemeente',
  'land',
  'taal',
  'geboortedatum',
  'iban',
  'labels',
  'opmerking',
  'fase',
  'bedrijf',
  'functie',
]

const NOTES = {
  nl: [
    'Belt liever na vijf uur.',
    'Wil een offerte voor het najaar.',
    'Tevreden over de levering.',
  ],
  fr: ['Préfère être rappelé le matin.', "Souhaite une offre pour l'automne."],
}

/** The same seed gives the same people. */
export async function makeDemoPeople(count: number, seed: number): Promise<DemoPeople> {
  const { base, en, Faker: FakerClass, fr_BE, nl, nl_BE } = await import('@faker-js/faker')
  const speakers = [
    // Six of ten are Flemish, three Dutch, one Walloon or from Brussels: a house in Antwerp's customers.
    {
      weight: 6,
      language: 'nl',
      country: 'België',
      faker: new FakerClass({ locale: [nl_BE, nl, en, base] }),
    },
    {
      weight: 3,
      language: 'nl',
      country: 'Nederland',
      faker: new FakerClass({ locale: [nl, en, base] }),
    },
    {
      weight: 1,
      language: 'fr',
      country: 'België',
      faker: new FakerClass({ locale: [fr_BE, en, base] }),
    },
  ] as const
  for (const [i, { faker }] of speakers.entries()) faker.seed(seed + i)
  const { faker: chance } = speakers[0]
  const companies = Array.from({ length: Math.ceil(count / 20) }, () => companyOf(chance))
  const rows = Array.from({ length: count }, (_, i) => {
    const speaker = chance.helpers.weightedArrayElement(
      speakers.map((value) => ({ value, weight: value.weight })),
    )
    return [...rowOf(i, speaker, chance), ...placeOf(companies, chance)]
  })
  return {
    header: HEADERS.map(quoted).join(';'),
    rows: rows.map((row) => row.map(quoted).join(';')),
    noteBodies: [...NOTES.nl, ...NOTES.fr],
    companies,
  }
}

type Speaker = { language: 'nl' | 'fr'; country: string; faker: Faker }

function rowOf(i: number, { language, country, faker }: Speaker, chance: Faker): string[] {
  const givenName = faker.person.firstName()
  const familyName = faker.person.lastName()
  const isBelgian = country === 'België'
  const sometimes = (probability: number, value: () => string) =>
    chance.datatype.boolean(probability) ? value() : ''
  return [
    givenName,
    familyName,
    // Numbered, because two people of one name are ordinary and the import takes one address for one person.
    sometimes(0.9, () =>
      faker.internet
        .email({
          firstName: givenName,
          lastName: `${familyName}${i}`,
          provider: 'voorbeeld.example',
        })
        .toLowerCase(),
    ),
    sometimes(0.8, () =>
      isBelgian
        ? `+32 4${faker.string.numeric(2)} ${faker.string.numeric(2)} ${faker.string.numeric(2)} ${faker.string.numeric(2)}`
        : `+31 6 ${faker.string.numeric(8)}`,
    ),
    faker.location.streetAddress(),
    isBelgian
      ? String(faker.number.int({ min: 1000, max: 9992 }))
      : `${faker.number.int({ min: 1011, max: 9999 })} ${faker.string.alpha({ length: 2, casing: 'upper' })}`,
    faker.location.city(),
    country,
    language,
    sometimes(0.5, () =>
      faker.date.birthdate({ min: 20, max: 85, mode: 'age' }).toISOString().slice(0, 10),
    ),
    sometimes(0.3, () => faker.finance.iban({ countryCode: isBelgian ? 'BE' : 'NL' })),
    sometimes(0.4, () => chance.helpers.arrayElement(['beurs', 'nieuwsbrief', 'vip', 'webshop'])),
    // Of most customers nothing is written down, of a few much.
    sometimes(0.15, () => chance.helpers.arrayElement(NOTES[language])),
  ]
}

/** How far they are, and where four of ten work: a few companies have many contacts, most have one or two. */
function placeOf(companies: DemoCompany[], chance: Faker): string[] {
  const stage = chance.helpers.weightedArrayElement([
    { weight: 5, value: 'klant' },
    { weight: 3, value: 'lead' },
    { weight: 2, value: 'prospect' },
    { weight: 1, value: 'oud-klant' },
  ])
  if (!chance.datatype.boolean(0.4)) return [stage, '', '']
  const at = Math.floor(chance.number.float() ** 3 * companies.length)
  const jobs = ['Zaakvoerder', 'Aankoop', 'Boekhouding', 'Directeur', 'Onthaal']
  return [stage, companies[at]?.name ?? '', chance.helpers.arrayElement(jobs)]
}

function companyOf(faker: Faker): DemoCompany {
  const name = faker.company.name()
  return {
    name,
    emails: [
      {
        value: `info@${faker.helpers
          .slugify(name)
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '')}.example`,
      },
    ],
    addresses: [
      {
        street: faker.location.streetAddress(),
        postalCode: String(faker.number.int({ min: 1000, max: 9992 })),
        city: faker.location.city(),
        country: 'BE',
      },
    ],
    tags: [faker.helpers.arrayElement(['bouw', 'horeca', 'zorg', 'detailhandel'])],
  }
}

function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}
