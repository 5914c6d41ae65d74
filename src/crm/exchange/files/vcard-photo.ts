/** The photo of a card: only what stands in the card itself. What a card points at is never fetched. */
import { barePhoto } from '../../bare-photo.ts'
import { PHOTO_BYTES_MAX } from '../../photos.ts'
import type { RowPhoto } from './table.ts'
import type { Property } from './vcard.ts'

const BASE64 = /^[A-Za-z0-9+/_-]*=*$/

/** Base64 in 2.1 and 3.0, a `data:` address in 4.0. */
export function photoOf({ text, params, types }: Property): RowPhoto {
  const isBare =
    /^(b|base64)$/i.test(params.get('ENCODING') ?? '') || /\b(b|base64)\b/.test(types.join(' '))
  const comma = text.indexOf(',')
  const isData = /^data:[^,]*;base64$/i.test(text.slice(0, Math.max(0, comma)))
  if (!isBare && !isData) return 'photo-unknown'
  const written = (isData ? text.slice(comma + 1) : text).replace(/\s/g, '')
  if (written.length * 0.75 > PHOTO_BYTES_MAX + 2) return 'photo-too-large'
  if (!BASE64.test(written)) return 'photo-unknown'
  const bytes = Buffer.from(written, 'base64')
  if (bytes.length > PHOTO_BYTES_MAX) return 'photo-too-large'
  const photo = barePhoto(bytes)
  // In memory of its own: it goes to another thread, which would get all that lies around it too.
  return photo ? new Uint8Array(photo) : 'photo-unknown'
}
