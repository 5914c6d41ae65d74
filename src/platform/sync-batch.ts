import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import pg from 'pg'

const require = createRequire(import.meta.url)
const { prepareValue } = require('pg/lib/utils') as { prepareValue: (value: unknown) => unknown }

export type Statement = { readonly text: string; readonly values: readonly unknown[] }
export type StatementResult = { rows: Record<string, unknown>[]; affectedRows: number }

type Field = { name: string; dataTypeID: number; format: string }
type Prepared = { name: string; fields: Field[] | undefined }

// Beyond this many, statements go unnamed: a connection's memory must not grow with the queries' variety.
const PREPARED_MAX = 400

/** What one connection has prepared; only statements whose Parse was acknowledged count. */
class ConnectionState {
  readonly prepared = new Map<string, Prepared>()
  parsing: { text: string; entry: Prepared }[] = []
  #made = 0
  constructor(connection: pg.Connection) {
    connection.on('parseComplete', () => {
      const done = this.parsing.shift()
      if (done && done.entry.name !== '') this.prepared.set(done.text, done.entry)
    })
  }
  nextName(): string {
    // Not to be guessed: SQL that was slipped into one request could else put a statement of its own in the place of
    // this one, and the next request on this connection would hand it its token.
    return this.#made++ < PREPARED_MAX ? `k${randomBytes(16).toString('base64url')}` : ''
  }
}

const states = new WeakMap<pg.Connection, ConnectionState>()

// int8 arrives as a number: our counters stay far below 2^53. A calendar day stays text.
const INT8 = 20
const DATE = 1082
const TIMESTAMPTZ = 1184
const parseAnyInstant = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => unknown

// Our connections speak UTC, and Date reads its own format some ten times faster than a parser in JavaScript.
function parseInstant(text: string): unknown {
  return text.length > 21 && text.endsWith('+00') && text[4] === '-' && text[10] === ' '
    ? new Date(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`)
    : parseAnyInstant(text)
}

function parserOf(typeId: number): (text: string) => unknown {
  if (typeId === INT8) return Number
  if (typeId === DATE) return String
  if (typeId === TIMESTAMPTZ) return parseInstant
  return pg.types.getTypeParser(typeId, 'text') as (text: string) => unknown
}

/**
 * Several statements with one Sync: PostgreSQL runs them as one implicit transaction, in one round trip.
 *
 * Source: PostgreSQL documentation, "Pipelining" in the extended query protocol. Each statement is
 * parsed once a connection and bound; text never holds a value.
 */
export class SyncBatch {
  readonly #statements: readonly Statement[]
  readonly #settle: (error: Error | undefined, results: StatementResult[]) => void
  readonly #results: StatementResult[] = []
  readonly #entries: Prepared[] = []
  #rows: Record<string, unknown>[] = []
  #parsers: ((text: string) => unknown)[] | undefined
  #settled = false

  constructor(
    statements: readonly Statement[],
    settle: (error: Error | undefined, results: StatementResult[]) => void,
  ) {
    this.#statements = statements
    this.#settle = settle
  }

  submit(connection: pg.Connection): Error | undefined {
    const state = states.get(connection) ?? new ConnectionState(connection)
    states.set(connection, state)
    state.parsing = []
    const wire = connection as unknown as WireConnection
    wire.stream.cork()
    try {
      for (const statement of this.#statements) this.#send(wire, state, statement)
      wire.sync()
    } catch (error) {
      wire.sync()
      return error as Error
    } finally {
      wire.stream.uncork()
    }
  }

  #send(wire: WireConnection, state: ConnectionState, { text, values }: Statement): void {
    let entry =
      state.prepared.get(text) ?? state.parsing.find((parsing) => parsing.text === text)?.entry
    if (!entry || entry.name === '') {
      entry = { name: state.nextName(), fields: undefined }
      wire.parse({ name: entry.name, text, types: [] })
      state.parsing.push({ text, entry })
    }
    this.#entries.push(entry)
    wire.bind({ portal: '', statement: entry.name, values, valueMapper: prepareValue })
    if (!entry.fields) wire.describe({ type: 'P', name: '' })
    wire.execute({ portal: '', rows: 0 })
  }

  handleRowDescription(message: { fields: Field[] }): void {
    this.#entries[this.#results.length]!.fields = message.fields
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    const fields = this.#entries[this.#results.length]!.fields!
    this.#parsers ??= fields.map((field) => parserOf(field.dataTypeID))
    const row: Record<string, unknown> = {}
    for (let i = 0; i < fields.length; i++) {
      const value = message.fields[i]!
      row[fields[i]!.name] = value === null ? null : this.#parsers[i]!(value)
    }
    this.#rows.push(row)
  }

  handleCommandComplete(message: { text: string }): void {
    const count = /(\d+)$/.exec(message.text)
    this.#results.push({ rows: this.#rows, affectedRows: count ? Number(count[1]) : 0 })
    this.#rows = []
    this.#parsers = undefined
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}

  handleError(error: Error): void {
    this.#end(error)
  }

  handleReadyForQuery(): void {
    this.#end(undefined)
  }

  #end(error: Error | undefined): void {
    if (this.#settled) return
    this.#settled = true
    this.#settle(error, this.#results)
  }
}

type WireConnection = {
  stream: { cork(): void; uncork(): void }
  parse(message: { name: string; text: string; types: number[] }): void
  bind(message: {
    portal: string
    statement: string
    values: readonly unknown[]
    valueMapper: (value: unknown) => unknown
  }): void
  describe(message: { type: 'P'; name: string }): void
  execute(message: { portal: string; rows: number }): void
  sync(): void
}
