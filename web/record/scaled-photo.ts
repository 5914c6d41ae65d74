import { Refusal } from '../api/client.ts'

const SIDE_PX_MAX = 512
const QUALITY = 0.85

/**
 * The picture drawn anew, smaller: pixels are all that is kept of it, and not where, when and with what it was taken.
 */
export async function scaledPhoto(file: File): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Refusal('file-unreadable', 422, { why: 'no-photo' })
  })
  const scale = Math.min(1, SIDE_PX_MAX / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  const context = canvas.getContext('2d')
  if (!context) throw new Refusal('file-unreadable', 422, { why: 'no-photo' })
  // What is seen through becomes white: a JPEG would make it black.
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return new Promise((done, failed) =>
    canvas.toBlob(
      (blob) =>
        blob ? done(blob) : failed(new Refusal('file-unreadable', 422, { why: 'no-photo' })),
      'image/jpeg',
      QUALITY,
    ),
  )
}
