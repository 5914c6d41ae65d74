export const fields = [
  'givenName',
  'familyName',
  'fullName',
  'salutation',
  'company',
  'email',
  'phone',
  'street',
  'postalCode',
  'city',
  'country',
  'birthday',
  'iban',
  'language',
  'website',
  'reference',
  'tag',
  'note',
] as const
export type Field = (typeof fields)[number]

// Headers as Dutch, English, French and German programs write them, folded to letters only.
const NAMES: Record<Field, string[]> = {
  givenName: ['voornaam', 'firstname', 'givenname', 'prenom', 'vorname'],
  familyName: [
    'naam',
    'achternaam',
    'familienaam',
    'lastname',
    'surname',
    'familyname',
    'nom',
    'nomdefamille',
    'nachname',
  ],
  fullName: ['volledigenaam', 'fullname', 'name', 'contact', 'nomcomplet'],
  salutation: ['aanspreking', 'aanhef', 'salutation', 'title', 'titel', 'civilite', 'anrede'],
  company: [
    'bedrijf',
    'bedrijfsnaam',
    'firma',
    'organisatie',
    'company',
    'companyname',
    'organization',
    'organisation',
    'societe',
    'entreprise',
    'unternehmen',
  ],
  email: [
    'email',
    'emailadres',
    'emailaddress',
    'mail',
    'courriel',
    'email1',
    'email2',
    'emailadresse',
  ],
  phone: [
    'telefoon',
    'tel',
    'gsm',
    'mobiel',
    'phone',
    'phone1',
    'phone2',
    'mobile',
    'telephone',
    'telefon',
    'mobil',
    'telefoonnummer',
  ],
  street: [
    'straat',
    'straatnr',
    'adres',
    'street',
    'address',
    'adresse',
    'rue',
    'strasse',
    'straatenhuisnummer',
  ],
  postalCode: ['postcode', 'zip', 'zipcode', 'postalcode', 'codepostal', 'plz'],
  city: [
    'gemeente',
    'stad',
    'plaats',
    'woonplaats',
    'city',
    'town',
    'ville',
    'localite',
    'ort',
    'stadt',
  ],
  country: ['land', 'country', 'pays'],
  birthday: [
    'geboortedatum',
    'verjaardag',
    'birthday',
    'birthdate',
    'dateofbirth',
    'datedenaissance',
    'geburtsdatum',
  ],
  iban: ['iban', 'rekeningnummer', 'bankrekening', 'bankaccount', 'compte'],
  language: ['taal', 'language', 'langue', 'sprache'],
  website: ['website', 'web', 'url', 'site', 'siteweb'],
  reference: [
    'klantnr',
    'klantnummer',
    'customerid',
    'customernumber',
    'accountid',
    'organizationid',
    'relatienummer',
    'numeroclient',
    'kundennummer',
    'referentie',
  ],
  tag: ['label', 'labels', 'tag', 'tags', 'source', 'bron', 'industry', 'sector'],
  note: [
    'opmerkingen',
    'opmerking',
    'notities',
    'notitie',
    'notes',
    'note',
    'remarks',
    'comments',
    'remarques',
    'bemerkungen',
    'description',
    'omschrijving',
  ],
}

export type Mapping = (Field | null)[]

/** A field for each header, or null for what is left out. `Name` beside no other name is a company's in a list of organisations. */
export function suggestMapping(headers: string[]): Mapping {
  const folded = headers.map((header) =>
    header
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z0-9]/g, ''),
  )
  const isOrganisations = folded.includes('organizationid')
  return folded.map((name) => {
    if (isOrganisations && name === 'name') return 'company'
    return fields.find((field) => NAMES[field].includes(name)) ?? null
  })
}
