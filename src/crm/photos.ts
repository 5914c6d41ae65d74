/** A person's photo is a sealed file that is marked as such: what those who keep, show and send one know alike. */
import { sql } from 'kysely'
import { prepare, type ReadTx } from '#platform/db.ts'

export const PHOTO_BYTES_MAX = 2 * 1024 * 1024

export type PhotoType = { type: string; extension: string }

const kinds: [start: RegExp, kind: PhotoType][] = [
  [/^\xff\xd8\xff/, { type: 'image/jpeg', extension: 'jpg' }],
  [/^\x89PNG\r\n/, { type: 'image/png', extension: 'png' }],
  [/^GIF8[79]a/, { type: 'image/gif', extension: 'gif' }],
  [/^RIFF[\s\S]{4}WEBP/, { type: 'image/webp', extension: 'webp' }],
]

/** By its first bytes; what a name or a sender says is not believed. Whether it can be shown, a browser finds out. */
export function photoTypeOf(bytes: Uint8Array): PhotoType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  return kinds.find(([begins]) => begins.test(start))?.[1]
}

export type Photo = { id: string; person_id: string; frame_count: number }

// The record's own before one that a merge brought; then the newest.
const readPhotos = prepare<Photo, { ids: readonly string[] }>(
  ({ ids }) => sql<Photo>`
    select distinct on (person_id) id, person_id, frame_count from kluis.file
    where person_id = any (${ids}::uuid[]) and photo_of is not null and completed_at is not null and deleted_at is null
    order by person_id, photo_of = person_id desc, created_at desc, id`,
)

/** At most one each, of the people the caller sees; of nobody when they may not see files. */
export function listPhotos(tx: ReadTx, personIds: readonly string[]): Promise<Photo[]> {
  return tx.ask(readPhotos, { ids: personIds })
}

export async function findPhotoId(tx: ReadTx, personId: string): Promise<string | null> {
  return (await listPhotos(tx, [personId]))[0]?.id ?? null
}
