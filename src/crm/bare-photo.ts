/**
 * A photo without what is written in it beside the picture: where, when and with what it was taken, by whom it was
 * made, a smaller picture of before it was cut. The parts of the file are told apart by their marks and lengths alone;
 * nothing is decoded, the picture's own bytes stay as they are. What is not on a list of what is needed is left out.
 *
 * Which way up stays, as the one thing in EXIF that changes what is seen.
 */
import { crc32 } from 'node:zlib'
import { photoTypeOf } from './photos.ts'

/** Undefined when it is no picture of a kind that is kept, or its parts do not fit. */
export function barePhoto(given: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  switch (photoTypeOf(bytes)?.extension) {
    case 'jpg':
      return bareJpeg(bytes)
    case 'png':
      return barePng(bytes)
    case 'webp':
      return bareWebp(bytes)
    case 'gif':
      return bareGif(bytes)
    default:
      return undefined
  }
}

const EXIF = Buffer.from('Exif\0\0', 'latin1')
const UPRIGHT = 1
const ORIENTATION = 0x0112

/** 1 to 8, as EXIF counts; upright where it says nothing that can be read. */
function orientationOf(tiff: Buffer): number {
  const order = tiff.toString('latin1', 0, 2)
  if (tiff.length < 10 || (order !== 'II' && order !== 'MM')) return UPRIGHT
  const short = (at: number) => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at))
  const first = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4)
  if (first + 2 > tiff.length) return UPRIGHT
  for (let i = 0, at = first + 2; i < short(first) && at + 12 <= tiff.length; i++, at += 12) {
    if (short(at) !== ORIENTATION) continue
    const said = short(at + 8)
    return said >= 1 && said <= 8 ? said : UPRIGHT
  }
  return UPRIGHT
}

/** EXIF that says which way up, and nothing else. */
function exifOf(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a000000080001011200030000000100000000000000000000', 'hex')
  tiff.writeUInt16BE(orientation, 18)
  return tiff.subarray(0, 26)
}

const SOI = Buffer.from('ffd8', 'hex')

/** ITU T.81, annex B: a mark, a length, what it holds; after the start of a scan the picture itself. */
function bareJpeg(bytes: Buffer): Buffer | undefined {
  const kept: Buffer[] = []
  let orientation = UPRIGHT
  let at = 2
  while (at + 2 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined
    const mark = bytes[at + 1]!
    if (mark === 0xff) {
      at++
      continue
    }
    if (mark === 0xd9) {
      // What stands behind the end is another picture or a note of the maker's.
      kept.push(bytes.subarray(at, at + 2))
      return Buffer.concat([SOI, ...uprightness(orientation), ...kept])
    }
    if (mark === 0x01 || (mark >= 0xd0 && mark <= 0xd8)) {
      kept.push(bytes.subarray(at, at + 2))
      at += 2
      continue
    }
    const end = at + 4 <= bytes.length ? at + 2 + bytes.readUInt16BE(at + 2) : 0
    if (end < at + 4 || end > bytes.length) return undefined
    const held = bytes.subarray(at + 4, end)
    if (mark === 0xe1 && held.subarray(0, 6).equals(EXIF))
      orientation = orientationOf(held.subarray(6))
    if (isOfJpeg(mark, held)) kept.push(bytes.subarray(at, end))
    at = end
    if (mark === 0xda) {
      at = endOfScan(bytes, end)
      kept.push(bytes.subarray(end, at))
    }
  }
  // Cut off in the picture: a browser shows what there is of it.
  return kept.length > 0 ? Buffer.concat([SOI, ...uprightness(orientation), ...kept]) : undefined
}

function uprightness(orientation: number): Buffer[] {
  if (orientation === UPRIGHT) return []
  const held = Buffer.concat([EXIF, exifOf(orientation)])
  return [Buffer.from([0xff, 0xe1, 0, held.length + 2]), held]
}

/** Of what programs add only the colours: an ICC profile, and how Adobe's mean theirs. A JFIF may hold a small picture. */
function isOfJpeg(mark: number, held: Buffer): boolean {
  const begins = (text: string) => held.toString('latin1', 0, text.length) === text
  if (mark === 0xe0) return begins('JFIF\0') && held.length === 14
  if (mark === 0xe2) return begins('ICC_PROFILE\0')
  if (mark === 0xee) return begins('Adobe')
  return !(mark >= 0xe0 && mark <= 0xef) && mark !== 0xfe
}

/** A scan goes on until a mark that is neither a byte of its own nor a place to begin anew. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next !== undefined && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7))
      return at
  }
  return bytes.length
}

const OF_PNG = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT'.split(' '),
)

/** PNG, third edition, 5.3: a length, a name, what it holds, a sum over both. */
function barePng(bytes: Buffer): Buffer | undefined {
  const kept = [bytes.subarray(0, 8)]
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    const name = bytes.toString('latin1', at + 4, at + 8)
    if (OF_PNG.has(name)) kept.push(bytes.subarray(at, end))
    if (name === 'eXIf') {
      const orientation = orientationOf(bytes.subarray(at + 8, end - 4))
      if (orientation !== UPRIGHT) kept.push(pngChunk('eXIf', exifOf(orientation)))
    }
    if (name === 'IEND') return Buffer.concat(kept)
    at = end
  }
  return undefined
}

function pngChunk(name: string, held: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + held.length)
  chunk.writeUInt32BE(held.length)
  chunk.write(name, 4, 'latin1')
  held.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + held.length)), 8 + held.length)
  return chunk
}

const OF_WEBP = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
const SAYS_EXIF = 0x08
const SAYS_XMP = 0x04

/** RFC 9649: a name, a length, what it holds, filled up to an even length. VP8X says what else there is. */
function bareWebp(bytes: Buffer): Buffer | undefined {
  const whole = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  const kept: Buffer[] = []
  let extended: Buffer | undefined
  let orientation = UPRIGHT
  for (let at = 12; at + 8 <= whole; ) {
    const size = bytes.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    if (at + 8 + size > bytes.length) return undefined
    const name = bytes.toString('latin1', at, at + 4)
    // Its own memory: the flags in it are changed.
    const chunk = Buffer.from(bytes.subarray(at, end))
    if (name === 'VP8X' && size >= 1) extended = chunk
    if (OF_WEBP.has(name)) kept.push(chunk)
    if (name === 'EXIF') {
      const held = chunk.subarray(8, 8 + size)
      orientation = orientationOf(held.subarray(0, 6).equals(EXIF) ? held.subarray(6) : held)
    }
    at = end
  }
  if (kept.length === 0) return undefined
  if (extended) extended[8] = extended[8]! & ~(SAYS_EXIF | SAYS_XMP)
  if (extended && orientation !== UPRIGHT) {
    extended[8] = extended[8]! | SAYS_EXIF
    const held = exifOf(orientation)
    const head = Buffer.from('EXIF\0\0\0\0', 'latin1')
    head.writeUInt32LE(held.length, 4)
    kept.push(head, held)
  }
  const body = Buffer.concat(kept)
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(4 + body.length, 4)
  return Buffer.concat([head, body])
}

/** GIF89a: a picture, or an extension, each followed by blocks that say how long they are. */
function bareGif(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 13) return undefined
  const tableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0)
  let at = 13 + tableBytes(bytes[10]!)
  const kept = [bytes.subarray(0, at)]
  while (at < bytes.length) {
    const begins = bytes[at]
    if (begins === 0x3b) return Buffer.concat([...kept, bytes.subarray(at, at + 1)])
    let end: number
    let isKept = true
    if (begins === 0x2c && at + 10 <= bytes.length) end = at + 11 + tableBytes(bytes[at + 9]!)
    else if (begins === 0x21 && at + 2 < bytes.length) {
      end = at + 2
      const name = bytes.toString('latin1', at + 3, at + 14)
      // How a frame follows another, and that all of it begins again; not comments, and not what a program left.
      isKept = bytes[at + 1] === 0xf9 || (bytes[at + 1] === 0xff && name === 'NETSCAPE2.0')
    } else return undefined
    while (end < bytes.length && bytes[end] !== 0) end += 1 + bytes[end]!
    end++
    if (end > bytes.length) return undefined
    if (isKept) kept.push(bytes.subarray(at, end))
    at = end
  }
  return undefined
}
