/** A zip that is written while it is read. */
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'

type ZipPart = { path: string; content: () => AsyncIterable<Buffer> | Iterable<Buffer> }

/**
 * The parts in this order, each begun when all before it are written. One that fails breaks the zip off, so that it
 * has no end and no reader takes it for whole; when nobody reads on, the part under way ends too.
 */
export function zipOf(parts: ZipPart[], mtime = new Date()): Readable {
  const zip = new ZipFile()
  // What yazl gives is a stream that can be destroyed; its types do not say so.
  const out = zip.outputStream as Readable
  let underWay: Readable | undefined
  const breakOff = (error: Error) => void out.destroy(error)
  // yazl hears no part fail, and nobody hears yazl: either would end the program.
  zip.on('error', breakOff)
  out.once('close', () => underWay?.destroy())
  for (const { path, content } of parts)
    zip.addReadStreamLazy(path, { mtime }, (begin) => {
      underWay = Readable.from(content()).on('error', breakOff)
      if (out.destroyed) underWay.destroy()
      begin(null, underWay)
    })
  zip.end()
  return out
}
