/**
 * Opened records on their way to the web process: one JSON in which each value stands as it was sealed, so that it is
 * taken apart once, where it is used.
 */
import type { OpenedRecord, OpenOutcome } from '#security/vault/vault.ts'

type Row = Record<string, unknown>

export function writeOutcomes(outcomes: Map<string, OpenOutcome<string>>): string {
  const texts: string[] = []
  for (const [id, outcome] of outcomes) texts.push(`["${id}",${textOf(outcome)}]`)
  return `[${texts.join(',')}]`
}

export function readOutcomes<T>(text: string): Map<string, OpenOutcome<T>> {
  return new Map(JSON.parse(text) as [string, OpenOutcome<T>][])
}

/** Readable columns stand beside: of what JSON has no word for, days with a time are named, and nothing else is there. */
export function writeRecords(
  records: Map<string, OpenedRecord<unknown, Record<string, string>>>,
): string {
  const dates = new Set<string>()
  const texts: string[] = []
  for (const [id, { row, opened }] of records) {
    for (const [name, value] of Object.entries(row as Row)) {
      if (value instanceof Date) dates.add(name)
      else if (value instanceof Uint8Array)
        throw new Error(`the column ${name} is of bytes, and goes to nobody`)
    }
    const classes = Object.entries(opened).map(
      ([name, outcome]) => `"${name}":${textOf(outcome as OpenOutcome<string>)}`,
    )
    texts.push(`["${id}",${JSON.stringify(row)},{${classes.join(',')}}]`)
  }
  return `{"dates":${JSON.stringify([...dates])},"records":[${texts.join(',')}]}`
}

export function readRecords<R, V>(text: string): Map<string, OpenedRecord<R, V>> {
  const { dates, records } = JSON.parse(text) as {
    dates: string[]
    records: [string, Row, OpenedRecord<R, V>['opened']][]
  }
  return new Map(
    records.map(([id, row, opened]) => {
      for (const name of dates) if (row[name]) row[name] = new Date(row[name] as string)
      return [id, { row: row as R, opened }]
    }),
  )
}

function textOf(outcome: OpenOutcome<string>): string {
  return outcome.kind === 'open'
    ? `{"kind":"open","value":${outcome.value}}`
    : JSON.stringify(outcome)
}
