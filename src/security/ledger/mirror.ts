/**
 * The copy of every checkpoint outside PostgreSQL: a database that was rolled back or cut shows against it.
 * One JSON string a line; a line that a crash cut short counts as not written.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseCheckpoint } from './note.ts'

export interface Mirror {
  readonly path: string
  /** Undefined when there is no file. */
  read(): string[] | undefined
  /** Size of the largest tree that was ever written here. */
  newestSize(): number
  append(note: string): void
}

const NEWLINE = 10

export function openMirror(directory: string): Mirror {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'checkpoints')
  const read = () => (existsSync(path) ? wholeLines(readFileSync(path)).map(noteOf) : undefined)
  let newest: number | undefined
  return {
    path,
    read,
    newestSize() {
      newest ??= (read() ?? []).reduce((size, note) => Math.max(size, sizeOf(note)), 0)
      return newest
    },
    append(note) {
      const known = this.newestSize()
      const file = openSync(path, 'a+', 0o600)
      try {
        dropCutLine(file, path)
        writeSync(file, `${JSON.stringify(note)}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      newest = Math.max(known, sizeOf(note))
    },
  }
}

function wholeLines(bytes: Buffer): string[] {
  return bytes
    .subarray(0, bytes.lastIndexOf(NEWLINE) + 1)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
}

function dropCutLine(file: number, path: string): void {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  if (size === 0) return
  readSync(file, last, 0, 1, size - 1)
  if (last[0] !== NEWLINE) ftruncateSync(file, readFileSync(path).lastIndexOf(NEWLINE) + 1)
}

/** A line somebody spoiled stands for itself: no signature will fit it. */
function noteOf(line: string): string {
  try {
    const note: unknown = JSON.parse(line)
    return typeof note === 'string' ? note : line
  } catch {
    return line
  }
}

function sizeOf(note: string): number {
  return parseCheckpoint(note)?.size ?? 0
}
