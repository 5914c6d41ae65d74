/**
 * Which places have which postcode, from tables on this machine; nothing is asked of anybody else. Those of Belgium and
 * the Netherlands come with the program; one that the operator keeps takes the place of ours. A table is read when its
 * country is asked for, and again when it was replaced.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Place = { postalCode: string; name: string; alsoNamed: string[] }
type Table = { ofCode: Map<string, Place[]>; names: { folded: string; place: Place }[] }
type Read = {
  table: Table | undefined
  path: string | undefined
  changedAtMs: number | undefined
  lookedAtMs: number
}

const LOOK_AGAIN_MS = 5_000
const shipped = fileURLToPath(new URL('place-tables/', import.meta.url))

export class Places {
  readonly #folders: string[]
  readonly #read = new Map<string, Read>()

  /** A table in an earlier folder hides the one of a later. */
  constructor(folder: string | undefined, ours = shipped) {
    this.#folders = [folder ?? [], ours].flat()
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
    const before = this.#read.get(country)
    const now = Date.now()
    if (before && now - before.lookedAtMs < LOOK_AGAIN_MS) return before.table
    if (!/^[A-Z]{2}$/.test(country)) return undefined
    const path = this.#folders.map((one) => join(one, `${country}.txt`)).find(existsSync)
    const changedAtMs = path ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined
    const isSame = before && before.path === path && before.changedAtMs === changedAtMs
    const table = isSame
      ? before.table
      : path && changedAtMs
        ? tableOf(readPlaces(readFileSync(path, 'utf8'), country))
        : undefined
    const read = { table, path, changedAtMs, lookedAtMs: now }
    this.#read.set(country, read)
    return read.table
  }
}

export type KeptPlaces = Record<string, { postalCodes: number; places: number }>

/** Keeps a file of GeoNames, of one country or of many, for `Places`. Empty when it holds no postcode. */
export function keepPlaces(folder: string, text: string): KeptPlaces {
  const lines = Map.groupBy(
    text.split(/\r?\n/).filter((line) => /^[A-Z]{2}\t[^\t]+\t[^\t]/.test(line)),
    (line) => line.slice(0, 2),
  )
  if (lines.size > 0 && !existsSync(folder)) mkdirSync(folder, { recursive: true })
  return Object.fromEntries(
    [...lines].map(([country, some]) => {
      const path = join(folder, `${country}.txt`)
      writeFileSync(`${path}.new`, `${some.join('\n')}\n`)
      renameSync(`${path}.new`, path)
      const { ofCode } = tableOf(readPlaces(some.join('\n'), country))
      const places = [...ofCode.values()].reduce((sum, of) => sum + of.length, 0)
      return [country, { postalCodes: ofCode.size, places }]
    }),
  )
}

/**
 * A line a place, in one of the two forms of docs/formats/places.md: as GeoNames publishes postal codes (country,
 * postcode, name and more, between tabs), or one's own with names in two languages.
 */
export function readPlaces(text: string, country: string): Place[] {
  return text.split(/\r?\n/).flatMap((line): Place[] => {
    if (line.startsWith('#')) return []
    const [first, second, third] = line.split('\t')
    if (!first || !second) return []
    if (first === country && third) return [{ postalCode: second, name: third, alsoNamed: [] }]
    return namesOf(first, second)
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
