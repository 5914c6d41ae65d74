/**
 * The one door to the data. Hands out a `ReadTx` or a `Tx`; the database learns who asks from a bearer
 * token it verifies itself, and refuses the rest by forced row security.
 *
 * Trusts: PostgreSQL's policies. Does not trust any SQL text that reaches it: it can present only its own token.
 * If lost: nothing is stored here.
 */
import { randomBytes } from 'node:crypto'
import {
  type CompiledQuery,
  type DatabaseConnection,
  DefaultQueryExecutor,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type RawBuilder,
  sql,
} from 'kysely'
import pg from 'pg'
import type { Tables } from '#database/tables.ts'
import type { Hidden } from './hidden.ts'
import { Problem, type ProblemCode } from './problem.ts'
import { type Statement, type StatementResult, SyncBatch } from './sync-batch.ts'

/** base64url of 32 random bytes. The database knows only its SHA-256. */
export type SessionToken = Hidden<string>

type Builder = Kysely<Tables>

/** Looks, never writes. Row security decides what it sees. */
export type ReadTx = Pick<Builder, 'selectFrom' | 'with' | 'fn' | 'selectNoFrom' | 'dynamic'> & {
  /** A raw read or a call of one of our database functions. Always bound values, never text. */
  run<T>(query: RawBuilder<T>): Promise<T[]>
  /** The same, of a query whose text was made once. */
  ask<T, V extends Values>(prepared: Prepared<T, V>, values: V): Promise<T[]>
}

/**
 * A refusal that PostgreSQL wrote down, with how it is said once more: within an interactive write the rollback takes what
 * was written with it, and who is to be frozen would not be.
 */
export class KeptRefusal extends Problem {
  readonly again: (tx: ReadTx) => Promise<unknown>
  constructor(
    [code, detail]: [ProblemCode, Record<string, unknown>?],
    again: (tx: ReadTx) => Promise<unknown>,
  ) {
    super(code, detail)
    this.again = again
  }
}

export type Values = Record<string, unknown>
/** Its text, and where in it each value is bound. */
export type Prepared<T, V extends Values> = {
  readonly text: string
  readonly places: readonly (keyof V & string)[]
  readonly row?: T
}

/** May write too. Fits wherever a `ReadTx` is asked, not the reverse. */
export type Tx = ReadTx &
  Pick<Builder, 'insertInto' | 'updateTable' | 'deleteFrom'> & { readonly mayWrite: true }

export interface Database {
  /** Statements asked in the same turn of the event loop travel in one Sync: one round trip, one snapshot each. */
  reader(token: SessionToken, purpose?: string): ReadTx
  /** For several who ask in one turn and know nothing of each other: where one fails, the others are answered all the same. */
  sharedReader(token: SessionToken, purpose: string): ReadTx
  /** All statements of `ask`'s first turn as one atomic Sync. A later statement is our mistake and throws. */
  writeAtOnce<T>(token: SessionToken, ask: (tx: Tx) => Promise<T>, purpose?: string): Promise<T>
  /** An interactive transaction; a throw rolls it back. Seal before it begins: nothing slow inside. */
  write<T>(token: SessionToken, ask: (tx: Tx) => Promise<T>, purpose?: string): Promise<T>
  close(): Promise<void>
}

/** A role with rows of its own and no person behind it: sign-in, the ledger's sequencer. */
export interface RoleDatabase {
  reader(): ReadTx
  writeAtOnce<T>(ask: (tx: Tx) => Promise<T>): Promise<T>
  write<T>(ask: (tx: Tx) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type Role =
  | 'kluis_app'
  | 'kluis_sign_in'
  | 'kluis_keeper'
  | 'kluis_rotation'
  | 'kluis_worker'
  | 'kluis_ledger'
  | 'kluis_monitor'

/** How to reach PostgreSQL: a directory of its Unix socket, or an address with TLS. */
export type Connection = {
  host: string
  port: number
  database: string
  passwordOf?: (role: Role | 'kluis_migrate' | 'kluis_backup') => string
  ssl?: { ca?: string; servername: string }
}

export type OpenOptions = { connection: Connection; role: Role; maxConnections: number }

export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

const adapter = new PostgresAdapter()
const compiler = new PostgresQueryCompiler()
const dialect = {
  createAdapter: () => adapter,
  createDriver: () => new DummyDriver(),
  createIntrospector: (db: Kysely<never>) => new PostgresIntrospector(db),
  createQueryCompiler: () => compiler,
}
const unused = new DummyDriver()
const compiling = new Kysely<never>({ dialect })

class Place {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** Makes the text of a query that is asked at every request once: building it anew costs more than sending it. */
export function prepare<T, V extends Values>(
  build: (value: { [K in keyof V]: RawBuilder<V[K]> }) => RawBuilder<T>,
): Prepared<T, V> {
  const places = new Proxy({} as { [K in keyof V]: RawBuilder<V[K]> }, {
    get: (_, name) => sql`${new Place(String(name))}`,
  })
  const { sql: text, parameters } = build(places).compile(compiling)
  return {
    text,
    places: parameters.map((parameter) => {
      if (parameter instanceof Place) return parameter.name
      throw new Error('a prepared query takes its values when it is asked')
    }),
  }
}

type Send = (statement: Statement) => Promise<StatementResult>

function handle(send: Send): Tx {
  const connection: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const result = await send({ text: query.sql, values: query.parameters })
      return { rows: result.rows as R[], numAffectedRows: BigInt(result.affectedRows) }
    },
    // biome-ignore lint/correctness/useYield: streaming is refused, every list has a limit
    async *streamQuery() {
      throw new Error('no streaming through a ReadTx: every list has a limit')
    },
  }
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consumer) => consumer(connection),
  })
  const builder = new Kysely<Tables>({ config: { dialect }, driver: unused, dialect, executor })
  return Object.assign(builder, {
    mayWrite: true as const,
    run: async <T>(query: RawBuilder<T>) => (await query.execute(builder)).rows,
    ask: async <T, V extends Values>({ text, places }: Prepared<T, V>, values: V) =>
      (await send({ text, values: places.map((name) => values[name]) })).rows as T[],
  }) as unknown as Tx
}

/** Gathers the statements of one turn of the event loop and hands them on together. */
function inTurns(
  sendAll: (statements: Statement[]) => Promise<StatementResult[]>,
  isShared = false,
): Send {
  let waiting: {
    statement: Statement
    resolve: (r: StatementResult) => void
    reject: (e: unknown) => void
  }[] = []
  const flush = async () => {
    const turn = waiting
    waiting = []
    try {
      const results = await sendAll(turn.map((asked) => asked.statement))
      turn.forEach((asked, i) => {
        asked.resolve(results[i]!)
      })
    } catch (error) {
      // Nothing of the turn was kept, so that each may be asked by itself; not of a database that is away.
      const isAskedApart = isShared && turn.length > 1 && !isProblem(error, 'database-unavailable')
      for (const asked of turn)
        if (isAskedApart)
          sendAll([asked.statement]).then(([result]) => asked.resolve(result!), asked.reject)
        else asked.reject(error)
    }
  }
  return (statement) =>
    new Promise((resolve, reject) => {
      // nextTick runs when the microtasks are drained, so all builders of this turn have arrived.
      if (waiting.length === 0) process.nextTick(flush)
      waiting.push({ statement, resolve, reject })
    })
}

function setSession(token: string, purpose: string): Statement {
  return {
    text: `select set_config('kluis.session', $1, true), set_config('kluis.purpose', $2, true)`,
    values: [token, purpose],
  }
}

async function sendBatch(
  client: pg.PoolClient,
  statements: Statement[],
): Promise<StatementResult[]> {
  return new Promise((resolve, reject) => {
    client.query(
      new SyncBatch(statements, (error, results) =>
        error ? reject(translate(error)) : resolve(results),
      ) as unknown as pg.Submittable,
    )
  })
}

const isProblem = (error: unknown, code: Problem['code']): error is Problem =>
  error instanceof Problem && error.code === code

/** Refusals that PostgreSQL itself made become the same `Problem`s the rules throw. */
function translate(error: Error): Error {
  const code = (error as { code?: string }).code ?? ''
  if (code === 'KL409') return new Problem('changed-meanwhile', undefined, { cause: error })
  if (code === 'KL403') return new Problem('own-rights', undefined, { cause: error })
  if (code === 'KL423') return new Problem('last-administrator', undefined, { cause: error })
  if (code === 'KL424') return new Problem('team-ring', undefined, { cause: error })
  if (code === 'KL410') return new Problem('record-erased', undefined, { cause: error })
  if (code === 'KL425') return new Problem('kept-by-law', undefined, { cause: error })
  if (code === 'KL427') return new Problem('not-for-programs', undefined, { cause: error })
  if (code === 'KL428')
    return new Problem('not-allowed', { why: 'too-many-asked' }, { cause: error })
  if (code === 'KL429') return new Problem('last-party', undefined, { cause: error })
  if (code === 'KL422') return new Problem('group-ring', undefined, { cause: error })
  // Row security: what may not be seen does not exist.
  if (code === '42501') return new Problem('not-found', undefined, { cause: error })
  if (
    /^(57P0|08|25006|ECONN|ENOENT)/.test(code) ||
    /terminated|timeout exceeded/.test(error.message)
  ) {
    return new Problem('database-unavailable', undefined, { cause: error })
  }
  return error
}

export function openPool({ connection, role, maxConnections }: OpenOptions): pg.Pool {
  const pool = new pg.Pool({
    host: connection.host,
    port: connection.port,
    database: connection.database,
    user: role,
    ...(connection.passwordOf ? { password: connection.passwordOf(role) } : {}),
    ...(connection.ssl ? { ssl: connection.ssl } : {}),
    application_name: role,
    options:
      role === 'kluis_sign_in'
        ? '-c search_path=kluis_auth,kluis'
        : role === 'kluis_ledger'
          ? '-c search_path=kluis_ledger,kluis'
          : '-c search_path=kluis',
    max: maxConnections,
    // A kept plan knows the tables as they were; after a large import it must not live on for long.
    maxLifetimeSeconds: 300,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  // A connection that dies while idle is replaced at the next request; the request's own error tells.
  pool.on('error', () => {})
  // One in use too: its request is told by its own statement, and the program must not end of it.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

async function onConnection<T>(
  pool: pg.Pool,
  use: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect().catch((error: Error) => {
    throw new Problem('database-unavailable', undefined, { cause: error })
  })
  try {
    const result = await use(client)
    client.release()
    return result
  } catch (error) {
    client.release(isProblem(error, 'database-unavailable') ? error : undefined)
    throw error
  }
}

function readerOn(pool: pg.Pool, first: Statement[], isShared = false): ReadTx {
  return handle(
    inTurns(async (statements) => {
      const results = await onConnection(pool, (client) =>
        sendBatch(client, [...first, ...statements]),
      )
      return results.slice(first.length)
    }, isShared),
  )
}

async function writeAtOnceOn<T>(
  pool: pg.Pool,
  first: Statement[],
  ask: (tx: Tx) => Promise<T>,
): Promise<T> {
  let isSent = false
  return ask(
    handle(
      inTurns(async (statements) => {
        if (isSent)
          throw new Error('writeAtOnce takes the statements of one turn; use write for more')
        isSent = true
        const results = await onConnection(pool, (client) =>
          sendBatch(client, [...first, ...statements]),
        )
        return results.slice(first.length)
      }),
    ),
  )
}

async function writeOn<T>(
  pool: pg.Pool,
  first: Statement[],
  ask: (tx: Tx) => Promise<T>,
): Promise<T> {
  return onConnection(pool, async (client) => {
    const opening = [{ text: 'begin', values: [] }, ...first]
    let hasBegun = false
    const tx = handle(
      inTurns(async (statements) => {
        const before = hasBegun ? [] : opening
        hasBegun = true
        return (await sendBatch(client, [...before, ...statements])).slice(before.length)
      }),
    )
    try {
      const result = await ask(tx)
      if (hasBegun) await sendBatch(client, [{ text: 'commit', values: [] }])
      return result
    } catch (error) {
      if (hasBegun) await sendBatch(client, [{ text: 'rollback', values: [] }]).catch(() => {})
      if (hasBegun && error instanceof KeptRefusal) {
        const alone = inTurns(async (statements) =>
          (await sendBatch(client, [...first, ...statements])).slice(first.length),
        )
        await error.again(handle(alone)).catch(() => {})
      }
      throw error
    }
  })
}

/** Under whose session a transaction reads. `isOpen`: it may see what nobody else sees yet. */
export type TxSession = { token: SessionToken; purpose: string; isOpen: boolean }
const sessions = new WeakMap<object, TxSession>()

/** Undefined for a role of its own, which has no session. */
export function sessionOf(tx: ReadTx): TxSession | undefined {
  return sessions.get(tx)
}

export function openDatabase(options: OpenOptions): Database {
  const pool = openPool(options)
  const first = (token: SessionToken, purpose = 'unstated') => [setSession(token.reveal(), purpose)]
  const known = <T extends ReadTx>(
    tx: T,
    token: SessionToken,
    purpose: string,
    isOpen: boolean,
  ) => {
    sessions.set(tx, { token, purpose, isOpen })
    return tx
  }
  return {
    reader: (token, purpose = 'unstated') =>
      known(readerOn(pool, first(token, purpose)), token, purpose, false),
    sharedReader: (token, purpose) =>
      known(readerOn(pool, first(token, purpose), true), token, purpose, false),
    writeAtOnce: (token, ask, purpose = 'unstated') =>
      writeAtOnceOn(pool, first(token, purpose), (tx) => ask(known(tx, token, purpose, true))),
    write: (token, ask, purpose = 'unstated') =>
      writeOn(pool, first(token, purpose), (tx) => ask(known(tx, token, purpose, true))),
    close: () => pool.end(),
  }
}

export function openRoleDatabase(options: OpenOptions): RoleDatabase {
  const pool = openPool(options)
  return {
    reader: () => readerOn(pool, []),
    writeAtOnce: (ask) => writeAtOnceOn(pool, [], ask),
    write: (ask) => writeOn(pool, [], ask),
    close: () => pool.end(),
  }
}
