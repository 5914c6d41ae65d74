import type { Places } from '#platform/places.ts'
import { type Route, read } from '#security/access/route.ts'
import * as shape from './contract.ts'

const PLACES_MAX = 40

/** Nothing of a customer is in the tables: whoever is signed in may ask. */
export function placeRoutes(places: Places): Route[] {
  return [
    read(
      'GET /api/places',
      { needs: 'signed-in', query: shape.PlaceQuestion, reply: shape.Places },
      async ({ query: { country, text } }) => ({
        isCountryKnown: places.isKnown(country),
        items: places.find(country, text, PLACES_MAX),
      }),
    ),
  ]
}
