import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VerbAnswer } from '#platform/operator-socket.ts'
import { keepPlaces } from '#platform/places.ts'
import { WrongUse } from './config.ts'

/** `kluis places FILE`: beside a running server or without one, which sees a new table by itself. */
export function keepPlacesOf(dataDirectory: string, file: string): VerbAnswer {
  if (!existsSync(dataDirectory))
    throw new WrongUse(`there is no Kluis in ${dataDirectory}; name its directory with --data`)
  if (!existsSync(file)) throw new WrongUse(`there is no file ${file}`)
  const kept = keepPlaces(join(dataDirectory, 'places'), readFileSync(file, 'utf8'))
  const lines = Object.entries(kept).map(
    ([country, { postalCodes, places }]) =>
      `${country}: ${postalCodes} postcodes, ${places} places`,
  )
  if (lines.length > 0) return { exitCode: 0, result: { kept }, lines }
  const failed = `${file} holds no postcodes; take NL.txt out of the zip that GeoNames publishes`
  return { exitCode: 1, result: { failed } }
}
