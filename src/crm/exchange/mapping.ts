import { mayBePhone, normaliseEmail, normaliseIban, splitEmails } from '#platform/normalise.ts'
import { refuse } from '#platform/problem.ts'
import { type Column, type ImportField, importFields } from './contract.ts'
import { type CustomFields, customOf, findCustom } from './custom-columns.ts'
import type { Table } from './files/table.ts'
import type { Recognised } from './presets.ts'

// Headers as Dutch, English, French and German programs write them: lower case, without accents, letters only.
const NAMES: Partial<Record<ImportField, string>> = {
  givenName: 'voornaam roepnaam firstname givenname forename prenom vorname first',
  infix: 'tussenvoegsel tussenvoegsels voorvoegsel infix prefixnaam namenszusatz',
  familyName:
    'achternaam familienaam lastname surname familyname nomdefamille nachname familienname last geslachtsnaam',
  fullName:
    'volledigenaam fullname contactnaam contactpersoon contact contactname nomcomplet klantnaam ansprechpartner',
  salutation:
    'aanspreking aanhef aanspreektitel salutation title titel civilite anrede titre mrmrs',
  company:
    'bedrijf bedrijfsnaam firma firmanaam organisatie organisatienaam onderneming werkgever company companyname organization organisation organizationname organisationname account accountname societe entreprise raisonsociale unternehmen employer',
  enterpriseNumber:
    'ondernemingsnr ondernemingsnummer btw btwnr btwnummer vat vatnumber vatno vatid kvk kvknummer kvknr kbo kbonummer numerodentreprise numeroentreprise tva numerotva ustid ustidnr umsatzsteuerid companynumber',
  jobTitle:
    'functie functietitel jobtitle job position role fonction poste stelle beruf beroep rol',
  otherNumber: 'andernummer othernumber',
  siteNumber: 'vestigingsnummer vestigingsnr vestigingseenheidsnummer establishmentnumber',
  sector: 'sectornace nace nacecode nacebel naceb sbi sbicode',
  isSoleTrader: 'eenmanszaak soletrader',
  department: 'afdeling department departement service abteilung',
  worksSince: 'functievan werktsinds indienst indienstsinds workssince jobsince',
  workedUntil: 'functietot uitdienst uitdienstsinds workeduntil jobuntil',
  email:
    'email emailadres emailaddress mail mailadres courriel adresseemail adressemail emailadresse epost',
  phone:
    'telefoon tel telefoonnummer telefoonnr phone phonenumber telephone telefon telefonnummer vast thuistelefoon workphone homephone businessphone numerodetelephone festnetz',
  mobile:
    'gsm gsmnummer mobiel mobielnummer mobile mobilephone cell cellphone mobil handy portable telephoneportable',
  street:
    'straat straatnr straatnummer straatennr straatenhuisnummer adres adreslijn straatnaam street streetaddress address addressline adresse rue ruenumero strasse strassenr strassehausnummer',
  houseNumber: 'huisnummer huisnr nr housenumber numero hausnummer hausnr',
  box: 'bus busnummer toevoeging huisnummertoevoeging box boite unit appartement',
  postalCode: 'postcode pc zip zipcode postalcode codepostal plz postleitzahl',
  city: 'gemeente stad plaats woonplaats plaatsnaam city town ville localite commune ort stadt wohnort',
  country: 'land country pays landcode countrycode landnaam',
  birthday:
    'geboortedatum gebdatum geboren verjaardag birthday birthdate dateofbirth dob datedenaissance naissance geburtsdatum',
  language: 'taal taalcode language lang langue sprache voorkeurstaal',
  iban: 'iban ibannummer rekeningnummer bankrekening bankrekeningnummer rekening bankaccount accountnumber compte comptebancaire kontonummer konto',
  newsletter: 'nieuwsbrief newsletter optin mailing infolettre emailoptin marketing mailings',
  website: 'website web url site siteweb homepage webseite webadres www',
  reference:
    'klantnr klantnummer klantid klantcode klant customerid customernumber customerno accountid organizationid organisationid contactid leadid relatienummer relatienr debiteurnummer debiteur numeroclient codeclient clientid client kundennummer kundennr referentie reference id externalid externeid',
  stage: 'stadium fase status dealstage leadstatus stage lifecyclestage statut',
  tag: 'label labels tag tags groep categorie category kategorie bron source leadsource herkomst segment',
  industry: 'activiteit activity industry sector branche bedrijfstak secteur industrie',
  employeeCount:
    'aantalwerknemers werknemers numberofemployees employees employeecount nombredemployes effectif mitarbeiter mitarbeiterzahl aantalmedewerkers',
  noteDate: 'notitiedatum datumnotitie notedate activitydate engagementdate',
  noteAuthor: 'auteur auteurnotitie noteauthor author auteurdelanote verfasser',
  task: 'taak taken tasktitle task todo tache aufgabe',
  taskDue: 'vervaldatum vervaldag deadline duedate due taskdue echeance falligkeit',
  taskDone: 'afgewerkt voltooid gedaan taskdone isdone',
  id: 'kluisid',
  callingCode: 'landnummer callingcode phonecountrycode',
  remark: 'fax faxnummer faxnumber telefax',
  note: 'opmerkingen opmerking notities notitie notes note remarks remark comments comment remarques remarque commentaires commentaire bemerkungen bemerkung description omschrijving beschrijving beschreibung notizen memo',
  nationalNumber:
    'rijksregisternummer rijksregisternr rijksregister rrn insz bsn burgerservicenummer sofinummer nationalnumber nationaalnummer numeronational niss registrenational',
  // What our own export says beside the field it follows from.
  ignore:
    'persoonsgegevens personaldata regel line geweigerdomdat refusedbecause index rij rijnummer volgnummer row rownumber linenumber',
}
// One name for a person or for a company: what stands beside it decides.
const EITHER = new Set(['naam', 'name', 'nom'])
const COMPANY_ONLY = new Set([
  'industry',
  'sector',
  'siteNumber',
  'isSoleTrader',
  'employeeCount',
  'enterpriseNumber',
])
const LEGAL_FORM =
  /\b(bv|bvba|nv|vof|vzw|cv|cvba|sa|srl|sprl|asbl|gmbh|ag|ltd|llc|inc|plc|corp|group|holding)\b\.?$/i

const LOOK_ROWS = 200
const EXAMPLES = 3
// So many of the values must look alike before values say what a header does not.
const ALIKE = 0.7

export type Mapping = ImportField[]

function foldHeader(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
}

const fieldOf = new Map(
  Object.entries(NAMES).flatMap(([field, names]) =>
    (names ?? '').split(' ').map((name) => [name, field as ImportField] as const),
  ),
)

/** What a header of this name means wherever it stands; undefined when we do not know it. */
export function nameOfField(header: string): ImportField | 'name' | undefined {
  const name = foldHeader(header)
  return fieldOf.get(name) ?? (EITHER.has(name) ? 'name' : undefined)
}

export type Hints = {
  /** The program the file is from. */
  recognised?: Recognised | undefined
  /** What a colleague said of these very headers before. */
  remembered?: ImportField[] | undefined
  /** Fields of one's own making, by whose labels a header may go. */
  custom?: CustomFields
}

/** What each column seems to mean: as said before, as its program has it, by its header, by its values, else a remark. */
export function suggestColumns(
  { headers, rows, fields }: Pick<Table, 'headers' | 'rows' | 'fields'>,
  { recognised, remembered, custom = [] }: Hints = {},
): Column[] {
  const look = rows.slice(0, LOOK_ROWS)
  const folded = headers.map(foldHeader)
  const named = folded.map((name) => fieldOf.get(name))
  const isOfCompanies =
    !named.includes('givenName') &&
    (folded.some((name) => /^organi[sz]ationid$/.test(name)) ||
      named.some((field) => field && COMPANY_ONLY.has(field)))
  return headers.map((header, i) => {
    const values = look.map(({ cells }) => cells[i] ?? '').filter(Boolean)
    const examples = values.slice(0, EXAMPLES)
    if (remembered?.[i]) return { header, field: remembered[i], by: 'remembered', examples }
    if (fields) return { header, field: fields[i]!, by: 'format', examples }
    const preset = recognised?.fieldOf(header)
    if (preset)
      return { header, field: values.length > 0 ? preset : 'ignore', by: 'preset', examples }
    const own = customOf(header, custom, isOfCompanies)
    if (own) return { header, field: own, by: 'header', examples }
    const found = EITHER.has(folded[i]!) ? meaningOfName(named, isOfCompanies, values) : named[i]
    if (found) return { header, field: found, by: 'header', examples }
    const seen = isCounting(values) ? 'ignore' : fieldOfValues(values)
    return seen
      ? { header, field: seen, by: 'values', examples }
      : { header, field: values.length > 0 ? 'remark' : 'ignore', by: 'none', examples }
  })
}

function meaningOfName(
  named: (ImportField | undefined)[],
  isOfCompanies: boolean,
  values: string[],
): ImportField {
  if (named.includes('givenName')) return 'familyName'
  if (isOfCompanies && !named.includes('company')) return 'company'
  if (!named.includes('company') && share(values, (value) => LEGAL_FORM.test(value)) > 0.3)
    return 'company'
  return 'fullName'
}

function fieldOfValues(values: string[]): ImportField | undefined {
  if (values.length === 0) return undefined
  const isMostly = (test: (value: string) => boolean) => share(values, test) >= ALIKE
  if (isMostly((value) => splitEmails(value).some((part) => normaliseEmail(part)))) return 'email'
  if (isMostly((value) => normaliseIban(value) !== undefined)) return 'iban'
  if (isMostly((value) => /^https?:\/\/|^www\./i.test(value))) return 'website'
  if (
    isMostly(
      (value) =>
        /^[+(0]/.test(value) && mayBePhone(value) && !/^0\d{9}$|\d{4}-\d\d-\d\d/.test(value),
    )
  )
    return 'phone'
  return undefined
}

/** 1, 2, 3 …: the row numbers of whoever exported. */
function isCounting(values: string[]): boolean {
  return values.length > 1 && values.every((value, i) => Number(value) === Number(values[0]) + i)
}

function share(values: string[], test: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(test).length / values.length
}

/** The caller's corrections over what was suggested: one field a column, or `header=field` for those that differ. */
export function correctColumns(
  columns: Column[],
  text: string | undefined,
  custom: CustomFields,
): Column[] {
  if (!text) return columns
  const parts = text.split(',').map((part) => part.trim())
  if (!text.includes('='))
    return columns.map((column, i) => {
      const field = parts[i]
      return field === undefined
        ? column
        : { ...column, field: readField(field, custom), by: 'caller' }
    })
  const given = new Map(
    parts.filter(Boolean).map((part) => {
      const at = part.lastIndexOf('=')
      const header = decoded(part.slice(0, at))
      if (!columns.some((column) => isSame(column.header, header)))
        refuse('invalid-fields', { fields: [{ field: header, problem: 'unknown-header' }] })
      return [header.toLowerCase(), readField(part.slice(at + 1), custom)] as const
    }),
  )
  return columns.map((column) => {
    const field = given.get(column.header.toLowerCase())
    return field ? { ...column, field, by: 'caller' } : column
  })
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function readField(text: string, custom: CustomFields): ImportField {
  if (text === '') return 'ignore'
  return (
    importFields.find((field) => field === text) ??
    findCustom(text, custom) ??
    refuse('invalid-fields', {
      fields: [{ field: text, problem: 'unknown-field' }],
      known: importFields,
    })
  )
}
