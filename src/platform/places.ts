/**
 * Which places have which postcode, from tables on this machine: those that come with Kluis, and above them those of
 * the operator's folder. Nothing is asked of anybody else. A table is read when its country is first asked for.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Place = { postalCode: string; name: string; alsoNamed: string[] }
type Table = { ofCode: Map<string, Place[]>; names: { folded: string; place: Place }[] }

const SHIPPED = fileURLToPath(new URL('./places', import.meta.url))

export class Places {
  readonly #folders: string[]
  readonly #tables = new Map<string, Table | undefined>()

  constructor(folder?: string) {
    this.#folders = [folder ?? [], SHIPPED].flat()
  }

  isKnown(country: string): boolean {
    return this.#table(country) !== undefined
  }

  /** Those whose postcode or name begins with a text; a whole name before a longer one. */
  find(country: string, text: string, limit: number): Place[] {
    const table = this.#table(country)
    const folded = foldPlace(text)
    if (!table || folded === '') return []
    if (/^\d/.test(folded)) {
      const exact = table.ofCode.get(folded.toUpperCase())
      if (exact) return exact.slice(0, limit)
      const begun = [...table.ofCode].filter(([code]) => code.startsWith(folded.toUpperCase()))
      return begun.flatMap(([, places]) => places).slice(0, limit)
    }
    const found = table.names.filter((one) => one.folded.startsWith(folded))
    const places = [
      ...found.filter((one) => one.folded === folded),
      ...found.filter((one) => one.folded !== folded),
    ].map(({ place }) => place)
    return [...new Set(places)].slice(0, limit)
  }

  /** Whether a city has this postcode; undefined where the table does not know the postcode. */
  isFitting(country: string, postalCode: string, city: string): boolean | undefined {
    const code = country === 'NL' ? postalCode.slice(0, 4) : postalCode
    const places = this.#table(country)?.ofCode.get(code.trim().toUpperCase())
    const folded = foldPlace(city)
    return places?.some((place) =>
      [place.name, ...place.alsoNamed].some((name) => foldPlace(name) === folded),
    )
  }

  #table(country: string): Table | undefined {
    if (!this.#tables.has(country)) this.#tables.set(country, this.#read(country))
    return this.#tables.get(country)
  }

  #read(country: string): Table | undefined {
    if (!/^[A-Z]{2}$/.test(country)) return undefined
    const path = this.#folders
      .map((folder) => join(folder, `${country}.txt`))
      .find((one) => existsSync(one))
    return path ? tableOf(readPlaces(readFileSync(path, 'utf8'), country)) : undefined
  }
}

/**
 * A line a place. As GeoNames publishes them: country, postcode, name and more, between tabs. As ours: postcode,
 * name, and its name in the other language after `/`, or after `=` where both are official.
 */
export function readPlaces(text: string, country: string): Place[] {
  return text.split(/\r?\n/).flatMap((line): Place[] => {
    if (line === '' || line.startsWith('#')) return []
    const cells = line.split('\t')
    if (cells[0] === country && cells[2])
      return [{ postalCode: cells[1]!, name: cells[2], alsoNamed: [] }]
    const [postalCode, ...names] = cells
    return names.flatMap((one) => namesOf(postalCode!, one))
  })
}

function namesOf(postalCode: string, text: string): Place[] {
  const [name, equal] = text.split('=')
  if (equal)
    return [
      { postalCode, name: name!, alsoNamed: [equal] },
      { postalCode, name: equal, alsoNamed: [name!] },
    ]
  const [local, other] = text.split('/')
  return [{ postalCode, name: local!, alsoNamed: other ? [other] : [] }]
}

function tableOf(places: Place[]): Table {
  const ofCode = new Map<string, Place[]>()
  for (const place of places) {
    const there = ofCode.get(place.postalCode)
    if (!there) ofCode.set(place.postalCode, [place])
    else if (!there.some(({ name }) => name === place.name)) there.push(place)
  }
  const kept = [...ofCode.values()].flat()
  const names = kept.flatMap((place) =>
    [place.name, ...place.alsoNamed].map((name) => ({ folded: foldPlace(name), place })),
  )
  return { ofCode, names }
}

/** Without accents, capitals and signs between words; `St.` is Sint. */
export function foldPlace(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/^st /, 'sint ')
}
