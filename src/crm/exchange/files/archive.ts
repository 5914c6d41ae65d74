/**
 * A zip that a stranger sent. Every size in it is a claim: yauzl holds each entry to what it claims, and what is
 * inflated altogether is counted here and ends at a limit, so that a small file can not fill the memory or the day.
 */
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { Problem, refuse } from '#platform/problem.ts'

// A workbook of 200,000 rows with thirty columns is about 300 MB of XML.
const INFLATED_BYTES_MAX = 512 * 1024 * 1024
const ENTRIES_MAX = 5_000

export class Archive {
  readonly #zip: ZipFile
  readonly #entries: Map<string, Entry>
  readonly #inflatedMax: number
  #inflated = 0
  private constructor(zip: ZipFile, entries: Map<string, Entry>, inflatedMax: number) {
    this.#zip = zip
    this.#entries = entries
    this.#inflatedMax = inflatedMax
  }

  static async open(bytes: Uint8Array, inflatedMax = INFLATED_BYTES_MAX): Promise<Archive> {
    try {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const zip = await yauzl.fromBufferPromise(buffer, { lazyEntries: true })
      if (zip.entryCount > ENTRIES_MAX) refuse('too-large', { entriesMax: ENTRIES_MAX })
      const entries = new Map<string, Entry>()
      let claimed = 0
      for await (const entry of zip.eachEntry()) {
        if (entry.isEncrypted()) refuse('file-unreadable', { why: 'encrypted' })
        claimed += entry.uncompressedSize
        entries.set(entry.fileName, entry)
      }
      if (claimed > inflatedMax) refuse('too-large', { inflatedBytesMax: inflatedMax })
      return new Archive(zip, entries, inflatedMax)
    } catch (error) {
      throw asProblem(error)
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /** Text of one entry, in pieces; nothing when there is no such entry. */
  async *text(name: string): AsyncIterable<string> {
    const entry = this.#entries.get(name)
    if (!entry) return
    const decoder = new TextDecoder()
    try {
      const stream = await this.#zip.openReadStreamPromise(entry)
      for await (const piece of stream as AsyncIterable<Buffer>) {
        this.#inflated += piece.length
        if (this.#inflated > this.#inflatedMax)
          refuse('too-large', { inflatedBytesMax: this.#inflatedMax })
        yield decoder.decode(piece, { stream: true })
      }
    } catch (error) {
      throw asProblem(error)
    }
    yield decoder.decode()
  }
}

/** What the library says of a broken zip is a refusal, not an error of ours. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem('file-unreadable', { why: 'broken-archive' }, { cause: error })
}
