/**
 * A zip that is written while it is read: a part at a time, and of each only the piece under way. What stays in memory
 * is the directory that stands at its end. ZIP64 where sizes or counts ask for it (PKWARE APPNOTE 6.3.10).
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw } from 'node:zlib'

type Pieces = AsyncIterable<Buffer> | Iterable<Buffer>
export type ZipPart = {
  path: string
  content: () => Pieces
  mtime?: Date
  /** Of what is packed already and is stored as it is. */
  known?: { bytes: number; crc32: number }
}

type Entry = {
  name: Buffer
  method: number
  flags: number
  time: number
  offset: number
  size: number
  packed: number
  crc: number
}

const STORED = 0
const DEFLATED = 8
const FLAG_UTF8 = 0x0800
const FLAG_SIZES_FOLLOW = 0x0008
const VERSION = 20
const VERSION_ZIP64 = 45
const MADE_ON_UNIX = 3 << 8
const REGULAR_FILE = (0o100644 << 16) >>> 0
const MAX_16 = 0xffff
const MAX_32 = 0xffffffff
const PIECE_BYTES = 64 * 1024

/**
 * The parts in this order, each asked for when all before it are written; how many there are need not be known. One
 * that fails breaks the zip off, so that it has no end and no reader takes it for whole; when nobody reads on, the part
 * under way ends, and so does whoever gives the parts.
 */
export function zipOf(
  parts: AsyncIterable<ZipPart> | Iterable<ZipPart>,
  mtime = new Date(),
): Readable {
  return Readable.from(written(parts, mtime), { objectMode: false })
}

async function* written(
  parts: AsyncIterable<ZipPart> | Iterable<ZipPart>,
  mtime: Date,
): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let offset = 0
  for await (const part of parts) {
    const entry = entryOf(part, part.mtime ?? mtime, offset)
    for await (const piece of entryBytes(entry, part)) {
      offset += piece.length
      yield piece
    }
    directory.push(directoryRecord(entry))
  }
  const start = offset
  for (let at = 0; at < directory.length; at += 500) {
    const piece = Buffer.concat(directory.slice(at, at + 500))
    offset += piece.length
    yield piece
  }
  yield endOf(directory.length, offset - start, start)
}

function entryOf({ path, known }: ZipPart, mtime: Date, offset: number): Entry {
  return {
    name: Buffer.from(path),
    method: known ? STORED : DEFLATED,
    flags: FLAG_UTF8 | (known ? 0 : FLAG_SIZES_FOLLOW),
    time: dosTime(mtime),
    offset,
    size: known?.bytes ?? 0,
    packed: known?.bytes ?? 0,
    crc: known?.crc32 ?? 0,
  }
}

async function* entryBytes(entry: Entry, { content, known, path }: ZipPart) {
  yield localHeader(entry)
  const seen = { bytes: 0, crc: 0 }
  const counted = async function* () {
    for await (const piece of content()) {
      seen.bytes += piece.length
      seen.crc = crc32(piece, seen.crc)
      if (piece.length > 0) yield piece
    }
  }
  let packed = 0
  for await (const piece of known ? counted() : deflated(counted())) {
    packed += piece.length
    yield piece
  }
  if (known && (known.bytes !== seen.bytes || known.crc32 !== seen.crc))
    throw new Error(`${path} became another while it was written`)
  Object.assign(entry, { size: seen.bytes, packed, crc: seen.crc })
  if (!known) yield sizesOf(entry)
}

async function* deflated(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw({ chunkSize: PIECE_BYTES })
  const feeding = pipeline(pieces, deflate)
  // Whatever goes wrong with it is met below, by whoever reads what comes out.
  feeding.catch(() => {})
  try {
    for await (const piece of deflate as AsyncIterable<Buffer>) yield piece
    await feeding
  } finally {
    deflate.destroy()
    // What gives the pieces has ended too when this has.
    await feeding.catch(() => {})
  }
}

function localHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(VERSION, 4)
  writeShared(header, 6, entry)
  return Buffer.concat([header, entry.name])
}

/** From the flags to the length of the name, which both headers have alike. */
function writeShared(header: Buffer, at: number, entry: Entry): void {
  header.writeUInt16LE(entry.flags, at)
  header.writeUInt16LE(entry.method, at + 2)
  header.writeUInt32LE(entry.time, at + 4)
  header.writeUInt32LE(entry.crc, at + 8)
  header.writeUInt32LE(Math.min(entry.packed, MAX_32), at + 12)
  header.writeUInt32LE(Math.min(entry.size, MAX_32), at + 16)
  header.writeUInt16LE(entry.name.length, at + 20)
}

function sizesOf(entry: Entry): Buffer {
  const isLarge = entry.size >= MAX_32 || entry.packed >= MAX_32
  const sizes = Buffer.alloc(isLarge ? 24 : 16)
  sizes.writeUInt32LE(0x08074b50, 0)
  sizes.writeUInt32LE(entry.crc, 4)
  if (isLarge) {
    sizes.writeBigUInt64LE(BigInt(entry.packed), 8)
    sizes.writeBigUInt64LE(BigInt(entry.size), 16)
  } else {
    sizes.writeUInt32LE(entry.packed, 8)
    sizes.writeUInt32LE(entry.size, 12)
  }
  return sizes
}

function directoryRecord(entry: Entry): Buffer {
  // In this order, and of these only those that do not fit where they belong.
  const large = [entry.size, entry.packed, entry.offset].filter((one) => one >= MAX_32)
  const extra = Buffer.alloc(large.length > 0 ? 4 + 8 * large.length : 0)
  if (large.length > 0) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(8 * large.length, 2)
    large.forEach((one, at) => void extra.writeBigUInt64LE(BigInt(one), 4 + 8 * at))
  }
  const version = large.length > 0 ? VERSION_ZIP64 : VERSION
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(MADE_ON_UNIX | version, 4)
  header.writeUInt16LE(version, 6)
  writeShared(header, 8, entry)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt32LE(REGULAR_FILE, 38)
  header.writeUInt32LE(Math.min(entry.offset, MAX_32), 42)
  return Buffer.concat([header, entry.name, extra])
}

function endOf(count: number, directoryBytes: number, start: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, MAX_16), 8)
  end.writeUInt16LE(Math.min(count, MAX_16), 10)
  end.writeUInt32LE(Math.min(directoryBytes, MAX_32), 12)
  end.writeUInt32LE(Math.min(start, MAX_32), 16)
  if (count < MAX_16 && directoryBytes < MAX_32 && start < MAX_32) return end
  const large = Buffer.alloc(56)
  large.writeUInt32LE(0x06064b50, 0)
  large.writeBigUInt64LE(44n, 4)
  large.writeUInt16LE(MADE_ON_UNIX | VERSION_ZIP64, 12)
  large.writeUInt16LE(VERSION_ZIP64, 14)
  large.writeBigUInt64LE(BigInt(count), 24)
  large.writeBigUInt64LE(BigInt(count), 32)
  large.writeBigUInt64LE(BigInt(directoryBytes), 40)
  large.writeBigUInt64LE(BigInt(start), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(start + directoryBytes), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([large, locator, end])
}

/** Day and time as MS-DOS had them: local, by two seconds, from 1980 on. */
function dosTime(at: Date): number {
  const year = Math.max(at.getFullYear(), 1980)
  const day = ((year - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
  const time = (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
  return ((day << 16) | time) >>> 0
}
