import { refuse } from './problem.ts'

/** Where a page ended. The instant is PostgreSQL's own text: a JavaScript Date would lose its microseconds. */
export type Position = { at: string; id: string }

const POSITION =
  /^(\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::\d\d)?) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export function writePosition({ at, id }: Position): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

/** Undefined when this is the cursor of something else. */
export function tryPosition(cursor: string): Position | undefined {
  const found = POSITION.exec(Buffer.from(cursor, 'base64url').toString())
  return found ? { at: found[1]!, id: found[2]! } : undefined
}

export function readPosition(cursor: string): Position {
  return (
    tryPosition(cursor) ??
    refuse('invalid-fields', { fields: [{ field: 'cursor', problem: 'unknown' }] })
  )
}
