import { crc32, deflateSync } from 'node:zlib'

/** Pictures of one dot that any browser shows, made here. */
export function tinyPng([red, green, blue]: [number, number, number]): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.from('00000001000000010802000000', 'hex')),
    chunk('IDAT', deflateSync(Buffer.from([0, red, green, blue]))),
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
