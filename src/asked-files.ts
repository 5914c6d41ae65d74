/** Files that a verb of the command line reads or writes, with the rights of whoever typed it. */
import { ftruncateSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { WrongUse } from './config.ts'

/** Opened before any work is done, and while we are still the user who asks; emptied only when there is something to write. */
export function openOut(file: string): number {
  try {
    return openSync(file, 'a', 0o600)
  } catch (cause) {
    throw new WrongUse(`the file ${file} can not be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/** All of it, or nothing: half a file looks whole to whoever opens it. */
export function writeOut(out: number, file: string, bytes: Buffer): void {
  ftruncateSync(out)
  try {
    writeFileSync(out, bytes)
  } catch (cause) {
    ftruncateSync(out)
    const why = (cause as Error).message
    throw new Error(`${file} could not be written and is left empty: ${why}`, { cause })
  }
}

export function readAsked(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new WrongUse(`the file ${file} can not be read: ${(cause as Error).message}`, { cause })
  }
}
