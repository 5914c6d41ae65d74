import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { placedJpeg, placedTiff, tinyJpeg, tinyPng } from '../../tests/support/pictures.ts'
import { barePhoto } from './bare-photo.ts'

const SAID = Buffer.from('Toestel van An')
// Fifty-one degrees, one by one, as EXIF writes them.
const PLACE = Buffer.from('3300000001000000', 'hex')
const text = (said: string) => Buffer.from(said, 'latin1')
const only = Buffer.from('4d4d002a00000008000101120003000000010006000000000000', 'hex')

function pngChunk(name: string, held: Buffer): Buffer {
  const body = Buffer.concat([text(name), held])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(held.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
function placedPng(orientation: number): Buffer {
  const png = tinyPng([1, 2, 3])
  return Buffer.concat([
    png.subarray(0, 33),
    pngChunk('eXIf', placedTiff(orientation)),
    pngChunk('tEXt', Buffer.concat([text('Author\0'), SAID])),
    png.subarray(33),
    SAID,
  ])
}
function riff(...chunks: [name: string, held: Buffer][]): Buffer {
  const body = Buffer.concat(
    chunks.flatMap(([name, held]) => {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(held.length)
      return [text(name), length, held, Buffer.alloc(held.length % 2)]
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(4 + body.length)
  return Buffer.concat([text('RIFF'), length, text('WEBP'), body])
}
const picture: [string, Buffer] = ['VP8L', Buffer.from('2f00000000073010', 'hex')]
const says = (flags: number): [string, Buffer] => [
  'VP8X',
  Buffer.from([flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
]
const placedWebp = (orientation: number) =>
  riff(says(0x0c), picture, ['EXIF', placedTiff(orientation)], ['XMP ', SAID])
const gif = (...extensions: Buffer[]) =>
  Buffer.concat([
    text('GIF89a'),
    Buffer.from('01000100800000ffffff000000', 'hex'),
    ...extensions,
    Buffer.from('2c00000000010001000002024401003b', 'hex'),
  ])
const animated = Buffer.concat([
  Buffer.from('21ff0b', 'hex'),
  text('NETSCAPE2.0'),
  Buffer.from('0301000000', 'hex'),
])
const comment = Buffer.concat([Buffer.from([0x21, 0xfe, SAID.length]), SAID, Buffer.from([0])])

test.each([
  ['JPEG', placedJpeg(1), tinyJpeg()],
  ['PNG', placedPng(1), tinyPng([1, 2, 3])],
  ['WebP', placedWebp(1), riff(says(0), picture)],
  ['GIF', gif(animated, comment), gif(animated)],
])('of a %s nothing is left but the picture, byte for byte', (_kind, placed, bare) => {
  expect(placed.includes(SAID)).toBe(true)
  expect(barePhoto(placed)?.toString('hex')).toBe(bare.toString('hex'))
  expect(barePhoto(bare)?.equals(bare)).toBe(true)
})

test.each([
  ['JPEG', placedJpeg(6)],
  ['PNG', placedPng(6)],
  ['WebP', placedWebp(6)],
])('a %s that was held sideways still says so, and not where that was', (_kind, placed) => {
  const bare = barePhoto(placed)!
  expect([placed.includes(PLACE), bare.includes(PLACE)]).toEqual([true, false])
  expect(bare.includes(SAID)).toBe(false)
  expect(bare.includes(only)).toBe(true)
  expect(barePhoto(bare)?.equals(bare)).toBe(true)
})

test('colours stay as they were meant, and every scan of a picture that comes in several', () => {
  const jpeg = tinyJpeg()
  const profile = Buffer.concat([
    Buffer.from('ffe20012', 'hex'),
    text('ICC_PROFILE\0\u0001\u0001ab'),
  ])
  const scans = Buffer.concat([
    jpeg.subarray(0, 2),
    profile,
    jpeg.subarray(2, -2),
    Buffer.from('ff00ffd0', 'hex'),
    jpeg.subarray(jpeg.indexOf('ffda', 'hex'), -2),
    jpeg.subarray(-2),
  ])
  expect(barePhoto(scans)?.equals(scans)).toBe(true)
})

test('whatever bytes a picture is cut or filled up with, it is refused or kept and nothing breaks', () => {
  for (const whole of [placedJpeg(6), placedPng(6), placedWebp(6), gif(animated, comment)]) {
    for (let length = 0; length <= whole.length; length++) barePhoto(whole.subarray(0, length))
    for (let at = 12; at < whole.length; at++) {
      const broken = Buffer.from(whole)
      broken[at] = 0xff - broken[at]!
      barePhoto(broken)
    }
  }
  expect(barePhoto(text('<svg/>'))).toBeUndefined()
})
