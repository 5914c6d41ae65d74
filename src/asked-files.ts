/** Files that a verb of the command line reads or writes, with the rights of whoever typed it. */
import { ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { WrongUse } from './config.ts'

/** A file that is written piece by piece. */
export type Out = { write(piece: Buffer): void; empty(): void }

/**
 * Opened before any work is done, and while we are still the user who asks; what stood in it goes when there is
 * something to write. `empty` is for when the rest does not come: half a file looks whole to whoever opens it.
 */
export function openOut(file: string): Out {
  const out = tryOpen(file)
  let isBegun = false
  return {
    write(piece) {
      try {
        if (!isBegun) ftruncateSync(out)
        isBegun = true
        for (let at = 0; at < piece.length; ) at += writeSync(out, piece, at)
      } catch (cause) {
        ftruncateSync(out)
        const why = (cause as Error).message
        throw new Error(`${file} could not be written and is left empty: ${why}`, { cause })
      }
    },
    empty() {
      if (isBegun) ftruncateSync(out)
    },
  }
}

function tryOpen(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (cause) {
    throw new WrongUse(`the file ${file} can not be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

export function readAsked(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new WrongUse(`the file ${file} can not be read: ${(cause as Error).message}`, { cause })
  }
}
