import { findSectors, sectorOf, writeSector } from '../sectors.ts'
import type { SectorQuery, Sectors } from './contract.ts'

const FOUND_MAX = 100
const CODES_MAX = 200

/** What a screen offers while somebody types, or what the codes are called that it has. */
export function showSectors({ search = '', codes }: SectorQuery, language: 'nl' | 'en'): Sectors {
  const found =
    codes === undefined
      ? findSectors(search, language, FOUND_MAX)
      : codes
          .split(',')
          .slice(0, CODES_MAX)
          .flatMap((code) => {
            const sector = sectorOf(code)
            // By its own digits, also where they go deeper than the name.
            return sector ? [{ ...sector, code }] : []
          })
  return { items: found.map((one) => ({ ...one, written: writeSector(one.code) })) }
}
