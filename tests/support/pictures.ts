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

/** Grey, as long as asked: what follows the picture no browser looks at. */
export function tinyJpeg(length = 0): Buffer {
  const picture = Buffer.concat([
    Buffer.from('ffd8ffdb004300', 'hex'),
    Buffer.alloc(64, 1),
    Buffer.from('ffc0000b080001000101011100', 'hex'),
    // One code in each table: no difference, and the end of the block.
    ...['00', '10'].map((table) => Buffer.from(`ffc40014${table}01${'00'.repeat(15)}00`, 'hex')),
    Buffer.from('ffda0008010100003f003fffd9', 'hex'),
  ])
  return Buffer.concat([picture, Buffer.alloc(Math.max(0, length - picture.length))])
}
