/** A person's photo is a sealed file that is marked as such: what those who keep, show and send one know alike. */
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
