/**
 * The checkpoints once more, in a file outside PostgreSQL: a database that is rolled back as a whole shows against it.
 * One note a line, as JSON. A crash while a line is written leaves a part of it, and the next start goes on behind it.
 */
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
} from 'node:fs'
import { join } from 'node:path'

export type CheckpointMirror = {
  append(note: string): void
  /** `torn`: what a crash cut off, or somebody wrote; whoever asks knows which notes there are. */
  read(): { notes: string[]; torn: string[] }
}

export function openCheckpointMirror(directory: string): CheckpointMirror {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'checkpoints')
  const append = (text: string) => {
    const file = openSync(path, 'a', 0o600)
    try {
      appendFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }
  const text = () => (existsSync(path) ? readFileSync(path, 'utf8') : '')
  if (!/(^|\n)$/.test(text())) append('\n')

  return {
    append: (note) => append(`${JSON.stringify(note)}\n`),
    read() {
      const [notes, torn]: [string[], string[]] = [[], []]
      for (const line of text().split('\n').filter(Boolean)) {
        const note = noteOf(line)
        if (note === undefined) torn.push(line)
        else notes.push(note)
      }
      return { notes, torn }
    },
  }
}

function noteOf(line: string): string | undefined {
  try {
    const note: unknown = JSON.parse(line)
    return typeof note === 'string' ? note : undefined
  } catch {
    return undefined
  }
}

/** A crash leaves the beginning of a note that the database holds whole: it is committed there first. */
export function isTornNote(line: string, known: readonly string[]): boolean {
  return known.some((note) => JSON.stringify(note).startsWith(line))
}
