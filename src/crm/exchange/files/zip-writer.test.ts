import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import yauzl from 'yauzl'
import { type ZipPart, zipOf } from './zip-writer.ts'

const stored = (path: string, bytes: Buffer): ZipPart => ({
  path,
  content: () => [bytes],
  known: { bytes: bytes.length, crc32: crc32(bytes) },
})

async function read(zip: Buffer): Promise<Map<string, Buffer>> {
  const archive = await yauzl.fromBufferPromise(zip, { lazyEntries: true })
  const found = new Map<string, Buffer>()
  for await (const entry of archive.eachEntry())
    found.set(entry.fileName, await buffer(await archive.openReadStreamPromise(entry)))
  return found
}

test('what goes in comes out, packed or as it is, empty or not', async () => {
  const bytes = randomBytes(200_000)
  const zip = await buffer(
    zipOf([
      { path: 'tekst.ndjson', content: () => [Buffer.from('één\n'), Buffer.from('twee\n')] },
      { path: 'leeg.ndjson', content: () => [] },
      stored('files/foto.png', bytes),
      stored('files/leeg.txt', Buffer.alloc(0)),
    ]),
  )
  const found = await read(zip)
  expect([...found.keys()]).toEqual([
    'tekst.ndjson',
    'leeg.ndjson',
    'files/foto.png',
    'files/leeg.txt',
  ])
  expect(found.get('tekst.ndjson')!.toString()).toBe('één\ntwee\n')
  expect(found.get('files/foto.png')).toEqual(bytes)
  expect(found.get('files/leeg.txt')).toHaveLength(0)
})

test('more entries than a zip counts without ZIP64 are all there', async () => {
  const many = function* () {
    for (let i = 0; i < 66_000; i++) yield stored(`files/${i}`, Buffer.from(String(i)))
  }
  const zip = await buffer(zipOf(many()))
  const archive = await yauzl.fromBufferPromise(zip, { lazyEntries: true })
  expect(archive.entryCount).toBe(66_000)
  let last: yauzl.Entry | undefined
  for await (const entry of archive.eachEntry()) last = entry
  expect((await buffer(await archive.openReadStreamPromise(last!))).toString()).toBe('65999')
})
