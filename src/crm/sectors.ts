/**
 * Sectors by NACE Rev. 2.1: divisions (two digits), groups (three) and classes (four), which NACE-BEL 2025 and the Dutch
 * SBI 2025 share to this depth. A longer, national code keeps its digits and goes by the name of its class; one of an
 * older list by what is left of it here. The 87 divisions have short names of our own; groups and classes stand in a
 * table with their official names, read when one is first asked for.
 */
import { readFileSync } from 'node:fs'

const table = new URL('../platform/sector-table/NACE-2.1.txt', import.meta.url)
const list = `
A01|Landbouw, veeteelt en jacht|Crop and animal production, hunting
A02|Bosbouw en houtkap|Forestry and logging
A03|Visserij en aquacultuur|Fishing and aquaculture
B05|Winning van steenkool en bruinkool|Mining of coal and lignite
B06|Winning van aardolie en aardgas|Extraction of crude petroleum and natural gas
B07|Winning van metaalertsen|Mining of metal ores
B08|Overige winning van delfstoffen|Other mining and quarrying
B09|Ondersteuning van de mijnbouw|Mining support services
C10|Voedingsmiddelen|Manufacture of food products
C11|Dranken|Manufacture of beverages
C12|Tabaksproducten|Manufacture of tobacco products
C13|Textiel|Manufacture of textiles
C14|Kleding|Manufacture of wearing apparel
C15|Leer en schoenen|Manufacture of leather and footwear
C16|Hout en kurk (geen meubelen)|Manufacture of wood and cork, except furniture
C17|Papier en karton|Manufacture of paper and paper products
C18|Drukkerijen en reproductie|Printing and reproduction of recorded media
C19|Cokes en geraffineerde aardolie|Manufacture of coke and refined petroleum products
C20|Chemische producten|Manufacture of chemicals
C21|Farmaceutische producten|Manufacture of pharmaceutical products
C22|Rubber en kunststof|Manufacture of rubber and plastic products
C23|Glas, keramiek, cement en steen|Manufacture of other non-metallic mineral products
C24|Metalen in primaire vorm|Manufacture of basic metals
C25|Metaalproducten (geen machines)|Manufacture of fabricated metal products
C26|Informatica, elektronica en optica|Manufacture of computer, electronic and optical products
C27|Elektrische apparatuur|Manufacture of electrical equipment
C28|Machines en werktuigen|Manufacture of machinery and equipment
C29|Motorvoertuigen en aanhangers|Manufacture of motor vehicles and trailers
C30|Andere transportmiddelen|Manufacture of other transport equipment
C31|Meubelen|Manufacture of furniture
C32|Overige industrie|Other manufacturing
C33|Reparatie en installatie van machines|Repair and installation of machinery
D35|Elektriciteit, gas, stoom en koeling|Electricity, gas, steam and air conditioning
E36|Winning en distributie van water|Water collection, treatment and supply
E37|Afvalwater|Sewerage
E38|Inzameling en verwerking van afval|Waste collection, recovery and disposal
E39|Sanering|Remediation
F41|Bouw van gebouwen|Construction of buildings
F42|Weg- en waterbouw|Civil engineering
F43|Gespecialiseerde bouw en installatie|Specialised construction
G46|Groothandel|Wholesale trade
G47|Detailhandel|Retail trade
H49|Vervoer te land en via pijpleidingen|Land transport and transport via pipelines
H50|Vervoer over water|Water transport
H51|Luchtvaart|Air transport
H52|Opslag en logistiek|Warehousing and support for transportation
H53|Post en koeriers|Postal and courier activities
I55|Verschaffen van logies|Accommodation
I56|Restaurants, cafés en catering|Food and beverage services
J58|Uitgeverijen|Publishing
J59|Film, video, televisie en muziek|Motion picture, video, television and music
J60|Radio, televisie en nieuwsagentschappen|Programming, broadcasting and news agencies
K61|Telecommunicatie|Telecommunication
K62|Programmeren en computerconsultancy|Computer programming and consultancy
K63|Hosting, gegevensverwerking en informatie|Computing infrastructure and information services
L64|Financiële diensten|Financial services
L65|Verzekeringen en pensioenfondsen|Insurance and pension funding
L66|Ondersteuning van financiën en verzekeringen|Auxiliary to financial services and insurance
M68|Vastgoed|Real estate
N69|Recht en boekhouding|Legal and accounting
N70|Hoofdkantoren en managementadvies|Head offices and management consultancy
N71|Architecten, ingenieurs, keuring|Architecture, engineering, testing
N72|Onderzoek en ontwikkeling|Scientific research and development
N73|Reclame, marktonderzoek en public relations|Advertising, market research and public relations
N74|Ontwerp, fotografie, vertaling en overige|Design, photography, translation and other professions
N75|Dierenartsen|Veterinary activities
O77|Verhuur en lease|Rental and leasing
O78|Arbeidsbemiddeling en uitzendwerk|Employment activities
O79|Reisbureaus en reisorganisatie|Travel agencies and tour operators
O80|Beveiliging en opsporing|Investigation and security
O81|Gebouwenbeheer, schoonmaak en groen|Services to buildings and landscape
O82|Administratie en zakelijke ondersteuning|Office administration and business support
P84|Openbaar bestuur en sociale verzekering|Public administration and social security
Q85|Onderwijs|Education
R86|Gezondheidszorg|Human health
R87|Zorg met verblijf|Residential care
R88|Maatschappelijke dienstverlening|Social work without accommodation
S90|Kunst en podium|Arts creation and performing arts
S91|Bibliotheken, musea en erfgoed|Libraries, museums and cultural heritage
S92|Loterijen en kansspelen|Gambling and betting
S93|Sport en ontspanning|Sports and recreation
T94|Verenigingen|Membership organisations
T95|Reparatie van computers, goederen en voertuigen|Repair of computers, goods and motor vehicles
T96|Persoonlijke diensten|Personal services
U97|Huishoudens als werkgever|Households as employers
U98|Productie door huishoudens voor zichzelf|Households producing for own use
V99|Extraterritoriale organisaties|Extraterritorial organisations
`

export type Sector = { code: string; section: string; nl: string; en: string }

export const divisions: readonly Sector[] = list
  .trim()
  .split('\n')
  .map((line) => {
    const [code, nl, en] = line.split('|') as [string, string, string]
    return { code: code.slice(1), section: code[0]!, nl, en }
  })
const divisionCodes = new Set(divisions.map(({ code }) => code))

/** What values of a coded field are called; a menu shows it. */
export const divisionNames = Object.fromEntries(
  divisions.map(({ code, nl, en }) => [code, { nl: `${code} ${nl}`, en: `${code} ${en}` }]),
)

/** The division of a code of any depth. */
export const divisionOf = (code: string): string => code.slice(0, 2)

const CLASS_DIGITS = 4
const CODE_DIGITS_MAX = 7

/** A code and all it is under: '62100' is found under 62, 621, 6210 and itself. */
export function codesAbove(code: string): string[] {
  return Array.from({ length: Math.max(0, code.length - 1) }, (_, i) => code.slice(0, i + 2))
}

type Table = {
  /** In the order of their codes, each before what is under it. */
  all: Sector[]
  byCode: Map<string, Sector>
  byName: Map<string, string>
  words: { nl: string; en: string; sector: Sector }[]
}
let read: Table | undefined

function nace(): Table {
  read ??= readTable(readFileSync(table, 'utf8'))
  return read
}

function readTable(text: string): Table {
  const short = new Map(divisions.map((one) => [one.code, one]))
  const byName = new Map(
    divisions.flatMap(({ code, nl, en }) => [nl, en].map((one) => [fold(one), code])),
  )
  const words: Table['words'] = []
  let section = ''
  for (const line of text.split('\n')) {
    const [written = '', nl, en] = line.split('\t')
    if (line.startsWith('#') || !nl || !en) continue
    const code = written.replace('.', '')
    if (/^[A-V]$/.test(code)) section = code
    else {
      const sector = short.get(code) ?? { code, section, nl, en }
      for (const name of [nl, en]) if (!byName.has(fold(name))) byName.set(fold(name), code)
      // A division is found by its official name too, though it is shown by the short one.
      const more = sector.nl === nl ? '' : ` ${fold(sector.nl)} ${fold(sector.en)}`
      words.push({ nl: fold(nl) + more, en: fold(en) + more, sector })
    }
  }
  const all = words.map(({ sector }) => sector)
  return { all, byCode: new Map(all.map((one) => [one.code, one])), byName, words }
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/**
 * '62.10', '6210', 'J62', '62.100', '62 Programmeren…' or the name of a division, group or class; undefined for what is
 * none. The letter of a section is not believed: it was another in the list before.
 */
export function readSector(text: string): string | undefined {
  const digits = digitsOf(text)
  if (digits) return digits.length <= CODE_DIGITS_MAX && isUnder(digits) ? digits : undefined
  const name = fold(text)
  return name === '' ? undefined : nace().byName.get(name)
}

function digitsOf(text: string): string | undefined {
  const code = /^[A-V]?\s*(\d{2}(?:[.\s]?\d{1,6}){0,2})(?=\D|$)/i.exec(text.trim())?.[1]
  return code?.replace(/\D/g, '')
}

const isUnder = (digits: string) => divisionCodes.has(digits.slice(0, 2))

/** '62010' as it is written: 62.010. */
export function writeSector(code: string): string {
  return code.length > 2 ? `${code.slice(0, 2)}.${code.slice(2)}` : code
}

/** The deepest there is above a code, or the code itself. */
export function sectorOf(code: string): Sector | undefined {
  for (let digits = Math.min(code.length, CLASS_DIGITS); digits >= 2; digits--) {
    const found = nace().byCode.get(code.slice(0, digits))
    if (found) return found
  }
  return undefined
}

/** A code as a screen shows it, with its own digits; null for what is no sector, as an old mistake may be. */
export function sectorName(code: string): { nl: string; en: string } | null {
  if (code === '') return null
  const found = sectorOf(code)
  if (!found) return null
  const written = writeSector(code)
  return { nl: `${written} ${found.nl}`, en: `${written} ${found.en}` }
}

/**
 * What somebody who types means: a code and what is under it, or sectors whose names hold a beginning of each word.
 * Whatever is under a shown one comes behind it; where nothing is typed, the divisions.
 */
export function findSectors(text: string, language: 'nl' | 'en', limit: number): Sector[] {
  const typed = text.trim()
  if (typed === '') return divisions.slice(0, limit)
  const letter = /^([A-V])\s*$/i.exec(typed)?.[1]?.toUpperCase()
  if (letter) return divisions.filter(({ section }) => section === letter).slice(0, limit)
  const code = /^[A-V]?[\d.\s]+$/i.test(typed) ? typed.replace(/\D/g, '') : undefined
  if (code) {
    const under = nace().all.filter((one) => one.code.startsWith(code))
    // A longer, national code goes by what it is under.
    const above = under.length === 0 && code.length > 2 ? sectorOf(code) : undefined
    return (above ? [above] : under).slice(0, limit)
  }
  const wanted = fold(typed).split(' ')
  const found = nace().words.filter((one) => {
    const name = ` ${one[language]}`
    return wanted.every((word) => name.includes(` ${word}`))
  })
  const begins = ({ sector }: { sector: Sector }) =>
    fold(sector[language]).startsWith(wanted.join(' '))
  return [...found.filter(begins), ...found.filter((one) => !begins(one))]
    .map(({ sector }) => sector)
    .slice(0, limit)
}
