/**
 * Messages on a stream between two processes of this program: a length of four bytes, then so many bytes.
 *
 * Trusts: nothing that arrives. A frame longer than agreed, or an empty one, ends that connection and no other.
 */
const LENGTH_BYTES = 4

export class FrameRefused extends Error {}

export function frameOf(body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length)
  frame.writeUInt32BE(body.length, 0)
  frame.set(body, LENGTH_BYTES)
  return frame
}

/** Takes pieces as they come, in whatever sizes, and gives whole frames. */
export class FrameReader {
  readonly #bytesMax: number
  readonly #onFrame: (body: Buffer) => void
  #pieces: Buffer[] = []
  #held = 0
  #wanted: number | undefined

  constructor(bytesMax: number, onFrame: (body: Buffer) => void) {
    this.#bytesMax = bytesMax
    this.#onFrame = onFrame
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece)
    this.#held += piece.length
    for (;;) {
      this.#wanted ??= this.#readLength()
      if (this.#wanted === undefined || this.#held < this.#wanted) return
      const body = this.#take(this.#wanted)
      this.#wanted = undefined
      this.#onFrame(body)
    }
  }

  #readLength(): number | undefined {
    if (this.#held < LENGTH_BYTES) return undefined
    const length = this.#take(LENGTH_BYTES).readUInt32BE(0)
    // Known before any of it is held: nobody makes us keep what we will not read.
    if (length === 0 || length > this.#bytesMax)
      throw new FrameRefused(`a frame of ${length} bytes, where 1 to ${this.#bytesMax} are taken`)
    return length
  }

  #take(bytes: number): Buffer {
    const [first] = this.#pieces
    const all = this.#pieces.length === 1 ? first! : Buffer.concat(this.#pieces, this.#held)
    this.#held -= bytes
    this.#pieces = this.#held > 0 ? [all.subarray(bytes)] : []
    return all.subarray(0, bytes)
  }
}
