import { crc32, deflateSync } from 'node:zlib'

/** Pictures that any browser shows, made here: one dot, unless said otherwise. */
export function tinyPng(colour: [number, number, number], width = 1, height = 1): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const head = Buffer.from('00000001000000010802000000', 'hex')
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  const line = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()])
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => line)))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Grey, as long as asked: what follows the one dot of a scan no browser looks at. */
export function tinyJpeg(length = 0): Buffer {
  const start = Buffer.concat([
    Buffer.from('ffd8ffdb004300', 'hex'),
    Buffer.alloc(64, 1),
    Buffer.from('ffc0000b080001000101011100', 'hex'),
    // One code in each table: no difference, and the end of the block.
    ...['00', '10'].map((table) => Buffer.from(`ffc40014${table}01${'00'.repeat(15)}00`, 'hex')),
    Buffer.from('ffda0008010100003f003f', 'hex'),
  ])
  const end = Buffer.from('ffd9', 'hex')
  return Buffer.concat([start, Buffer.alloc(Math.max(0, length - start.length - end.length)), end])
}

/** TIFF as a telephone writes it: which way up, with what, and where, to the second of a degree. */
export function placedTiff(orientation: number): Buffer {
  const model = Buffer.from('Toestel van An\0\0', 'latin1')
  const at = { main: 8, gps: 8 + 2 + 3 * 12 + 4, model: 0, degrees: 0 }
  at.model = at.gps + 2 + 2 * 12 + 4
  at.degrees = at.model + model.length
  const tiff = Buffer.alloc(at.degrees + 24)
  tiff.write('II*\0', 'latin1')
  tiff.writeUInt32LE(at.main, 4)
  const entry = (place: number, tag: number, type: number, count: number, value: number) => {
    tiff.writeUInt16LE(tag, place)
    tiff.writeUInt16LE(type, place + 2)
    tiff.writeUInt32LE(count, place + 4)
    tiff.writeUInt32LE(value, place + 8)
  }
  tiff.writeUInt16LE(3, at.main)
  entry(at.main + 2, 0x0110, 2, model.length, at.model)
  entry(at.main + 14, 0x0112, 3, 1, orientation)
  entry(at.main + 26, 0x8825, 4, 1, at.gps)
  tiff.writeUInt16LE(2, at.gps)
  entry(at.gps + 2, 1, 2, 2, 0x4e)
  entry(at.gps + 14, 2, 5, 3, at.degrees)
  model.copy(tiff, at.model)
  for (const [i, number] of [51, 1, 13, 1, 29, 1].entries())
    tiff.writeUInt32LE(number, at.degrees + 4 * i)
  return tiff
}

function segment(mark: number, held: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0xff, mark, (held.length + 2) >> 8, (held.length + 2) & 0xff]),
    held,
  ])
}

/** A picture with all that cameras and programs write beside it, a second picture behind the end included. */
export function placedJpeg(orientation = 1, of = tinyJpeg()): Buffer {
  return Buffer.concat([
    of.subarray(0, 2),
    segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), placedTiff(orientation)])),
    segment(
      0xe1,
      Buffer.from('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>Toestel van An</x:xmpmeta>'),
    ),
    segment(0xed, Buffer.from('Photoshop 3.0\0Toestel van An')),
    segment(0xfe, Buffer.from('Toestel van An')),
    of.subarray(2),
    of.subarray(0, 2),
    Buffer.from('Toestel van An'),
  ])
}
