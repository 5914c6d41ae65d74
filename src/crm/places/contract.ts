/**
 * Postcodes and the places they are of; what the tables on this machine say.
 *
 * GET /api/places   PlaceQuestion → Places
 */
import { z } from 'zod'

export const PlaceQuestion = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/),
  /** The beginning of a postcode or of a name. */
  text: z.string().trim().min(2).max(100),
})
export type PlaceQuestion = z.infer<typeof PlaceQuestion>

/** A place with names in two languages, of which both are official, is there twice. */
export const Place = z.object({
  postalCode: z.string(),
  name: z.string(),
  alsoNamed: z.array(z.string()),
})
export type Place = z.infer<typeof Place>
export const Places = z.object({ isCountryKnown: z.boolean(), items: z.array(Place) })
export type Places = z.infer<typeof Places>
