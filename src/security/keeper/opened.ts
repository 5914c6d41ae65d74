/**
 * Opened records on their way to the web process: one JSON in which each value stands as it was sealed, so that it is
 * taken apart once, where it is used.
 */
import type { OpenedRecord, OpenOutcome } from '#security/vault/vault.ts'

type Row = Record<string, unknown>
/** What was asked for; both sides know it. */
type Named = { also: readonly string[]; classes: readonly string[] }

export function writeOutcomes(outcomes: Map<string, OpenOutcome<string>>): string {
  const texts: string[] = []
  for (const [id, outcome] of outcomes) texts.push(`["${id}",${textOf(outcome)}]`)
  return `[${texts.join(',')}]`
}

export function readOutcomes<T>(text: string): Map<string, OpenOutcome<T>> {
  return new Map(JSON.parse(text) as [string, OpenOutcome<T>][])
}

/**
 * The values of readable columns stand row by row, in the order in which whoever asked named them: names would be half of
 * a list. JSON has no word for a day with a time, so `dates` says in which places milliseconds are meant.
 */
export function writeRecords(
  records: Map<string, OpenedRecord<unknown, Record<string, string>>>,
  { also, classes }: Named,
): string {
  const dates = new Set<number>()
  const rows: unknown[][] = []
  const texts: string[] = []
  for (const { row, opened } of records.values()) {
    rows.push(
      also.map((name, at) => {
        const value = (row as Row)[name]
        if (value instanceof Date) {
          dates.add(at)
          return value.getTime()
        }
        if (value instanceof Uint8Array)
          throw new Error(`the column ${name} is of bytes, and goes to nobody`)
        return value
      }),
    )
    for (const sealedClass of classes) {
      const outcome = opened[sealedClass]
      texts.push(outcome ? textOf(outcome) : 'null')
    }
  }
  return `{"ids":${JSON.stringify([...records.keys()])},"dates":${JSON.stringify([...dates])},"rows":${JSON.stringify(rows)},"opened":[${texts.join(',')}]}`
}

export function readRecords<R, V>(
  text: string,
  { also, classes }: Named,
): Map<string, OpenedRecord<R, V>> {
  const { ids, dates, rows, opened } = JSON.parse(text) as {
    ids: string[]
    dates: number[]
    rows: unknown[][]
    opened: (OpenOutcome<never> | null)[]
  }
  return new Map(
    ids.map((id, at) => {
      const values = rows[at]!
      for (const place of dates)
        if (values[place] !== null) values[place] = new Date(values[place] as number)
      const row: Row = {}
      for (let i = 0; i < also.length; i++) row[also[i]!] = values[i]
      const ofClass: Record<string, OpenOutcome<never>> = {}
      for (let i = 0; i < classes.length; i++) {
        const outcome = opened[at * classes.length + i]
        if (outcome) ofClass[classes[i]!] = outcome
      }
      return [id, { row: row as R, opened: ofClass as OpenedRecord<R, V>['opened'] }]
    }),
  )
}

function textOf(outcome: OpenOutcome<string>): string {
  return outcome.kind === 'open'
    ? `{"kind":"open","value":${outcome.value}}`
    : JSON.stringify(outcome)
}
