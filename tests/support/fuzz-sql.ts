/**
 * Statements by chance, made from the catalogue of a live database: for any table, of any verb, with the clauses that
 * change what row security has to decide. The same seed makes the same statements.
 */
import { createHash } from 'node:crypto'
import type pg from 'pg'

export const verbs = ['select', 'count', 'insert', 'update', 'delete'] as const
export type Verb = (typeof verbs)[number]

type Column = { name: string; type: string; isGenerated: boolean; refers: string | null }
export type Table = {
  name: string
  columns: Column[]
  key: string[]
  /** Rows as JSON, whose they are: what is made up is made after one that there is. */
  own: Row[]
  foreign: Row[]
}
export type Row = Record<string, unknown>

/** `must` stands always; of `may` each is left out in turn when a failure is made smaller. */
export type Statement = { verb: Verb; table: string; must: string; may: string[]; end: string }

export const textOf = ({ must, may, end }: Statement) =>
  [must, ...may, end].filter(Boolean).join(' ')

/** Numbers from a seed, spread as those of a hash are. */
export class Chance {
  #count = 0
  readonly #seed: string
  constructor(seed: string) {
    this.#seed = seed
  }
  below(limit: number): number {
    const digest = createHash('sha256')
      .update(`${this.#seed} ${this.#count++}`)
      .digest()
    return digest.readUInt32BE(0) % limit
  }
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }
  some<T>(list: readonly T[]): T[] {
    return list.filter(() => this.below(2) === 0)
  }
  uuid(): string {
    const hex = createHash('sha256')
      .update(`${this.#seed} id ${this.#count++}`)
      .digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}

/** Every table of the three schemas, with its columns, its key and what its columns refer to. */
export async function readTables(admin: pg.Client): Promise<Table[]> {
  const { rows } = await admin.query(`
    select c.oid::regclass::text as name,
      (select json_agg(json_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isGenerated', a.attgenerated <> '' or a.attidentity = 'a',
          'refers', (select f.confrelid::regclass::text from pg_constraint f
            where f.contype = 'f' and f.conrelid = c.oid and f.conkey = array[a.attnum] limit 1)) order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select coalesce(json_agg(a.attname), '[]') from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
        where i.indrelid = c.oid and i.indisprimary) as key
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p') and not c.relispartition
    order by 1`)
  return rows.map((row) => ({ ...row, own: [], foreign: [] }))
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const isId = ({ type }: Column) => type === 'uuid'

export class Statements {
  readonly #tables: Map<string, Table>
  readonly #chance: Chance
  constructor(tables: Table[], chance: Chance) {
    this.#tables = new Map(tables.map((table) => [table.name, table]))
    this.#chance = chance
  }

  make(verb: Verb, name: string): Statement {
    const table = this.#tables.get(name)!
    const made = {
      select: () => this.#select(table),
      count: () => this.#count(table),
      insert: () => this.#insert(table),
      update: () => this.#update(table),
      delete: () => this.#delete(table),
    }[verb]()
    return { verb, table: name, ...made }
  }

  #select(table: Table) {
    const { name } = table
    const other = this.#chance.of([...this.#tables.values()]).name
    const must = this.#chance.of([
      `select t::text from ${name} t`,
      `select row_to_json(t)::text from only ${name} t`,
      `select string_agg(t::text, ' ') from ${name} t`,
      `with w as materialized (select * from ${name}) select t::text from w t`,
      `select t::text from (select * from ${name} offset 0) t`,
      `select t::text from (values (1)) v (x) cross join lateral (select * from ${name}) t`,
      `select t::text from ${other} o right join ${name} t on true`,
      `select query_to_xml(${quoted(`select * from ${name} t`)}, true, true, '')::text from ${name} t`,
    ])
    const ends = ['', '', 'limit 100', 'order by 1', 'order by random()']
    const isPlain = must.startsWith('select t::text from kluis')
    const end = this.#chance.of(isPlain ? [...ends, 'for update', 'for key share'] : ends)
    return { must, may: this.#where(table), end }
  }

  #count(table: Table) {
    return {
      must: `select count(*)::int as n from ${table.name} t`,
      may: this.#where(table),
      end: '',
    }
  }

  #insert(table: Table) {
    const row = this.#row(table)
    const columns = table.columns.filter((one) => !one.isGenerated).map((one) => `"${one.name}"`)
    const values = `select ${columns} from jsonb_populate_record(null::${table.name}, ${quoted(JSON.stringify(row))})`
    const key = table.key.map((one) => `"${one}"`)
    const conflict =
      key.length > 0
        ? [
            'on conflict do nothing',
            `on conflict (${key}) do update set ${key[0]} = excluded.${key[0]}`,
          ]
        : ['on conflict do nothing']
    return {
      must: `insert into ${table.name} as t (${columns}) ${values}`,
      may: this.#chance.below(3) === 0 ? [this.#chance.of(conflict)] : [],
      end: this.#chance.of(['', 'returning t::text']),
    }
  }

  #update(table: Table) {
    const { name, columns, foreign, own } = table
    const settable = columns.filter((one) => !one.isGenerated && one.name !== 'row_version')
    const like = quoted(JSON.stringify(this.#chance.of([...own, ...foreign, {}])))
    const changes = [this.#chance.of(settable), ...this.#chance.some(settable).slice(0, 2)]
    const sets = [...new Map(changes.map((one) => [one.name, one])).values()].map((column) =>
      isId(column) && this.#chance.below(4) > 0
        ? `"${column.name}" = '${this.#id(column)}'`
        : `"${column.name}" = ${this.#chance.of([
            `(jsonb_populate_record(null::${name}, ${like}))."${column.name}"`,
            `t."${column.name}"`,
          ])}`,
    )
    if (columns.some((one) => one.name === 'row_version'))
      sets.push('row_version = row_version + 1')
    return {
      must: `update ${name} t set ${sets.join(', ')}`,
      may: this.#where(table),
      end: this.#chance.of(['', 'returning t::text']),
    }
  }

  #delete(table: Table) {
    const other = this.#chance.of([...this.#tables.values()]).name
    return {
      must: `delete from ${table.name} t`,
      may: [...(this.#chance.below(5) === 0 ? [`using ${other} o`] : []), ...this.#where(table)],
      end: this.#chance.of(['', 'returning t::text']),
    }
  }

  /** None; what is true of every row; one row by its key, somebody else's more often than one's own. */
  #where({ key, foreign, own, columns }: Table): string[] {
    const [one] = key
    const wanted = this.#chance.of(foreign.length > 0 ? [...foreign, ...foreign, ...own] : own)
    const ids = columns.filter(isId)
    return this.#chance.of([
      [],
      [],
      ['where true'],
      [`where t::text <> ''`],
      ...(one && wanted ? [[`where t."${one}" = ${quoted(String(wanted[one]))}`]] : []),
      ...(ids.length > 0
        ? [[`where t."${this.#chance.of(ids).name}" in (${this.#ids().map(quoted)})`]]
        : []),
      ['where exists (select from kluis.user_account)'],
    ])
  }

  /** A row as there is one, with a key of its own, and what it hangs on changed by chance. */
  #row(table: Table): Row {
    const row: Row = { ...this.#chance.of([...table.own, ...table.foreign, {}]) }
    for (const column of table.columns.filter(isId)) {
      const isKey = column.name === 'id'
      if (isKey) row[column.name] = this.#chance.uuid()
      else if (row[column.name] != null && this.#chance.below(2) === 0)
        row[column.name] = this.#id(column)
    }
    return row
  }

  #id({ refers }: Column): string {
    const of = refers ? this.#tables.get(refers) : undefined
    const named = [...(of?.foreign ?? []), ...(of?.foreign ?? []), ...(of?.own ?? [])]
    const known = named.map((row) => row.id).filter((id) => typeof id === 'string')
    return this.#chance.of(known.length > 0 ? known : [this.#chance.uuid()])
  }

  #ids(): string[] {
    return ['kluis.person', 'kluis.company', 'kluis.note'].flatMap(
      (name) =>
        this.#tables
          .get(name)
          ?.foreign.map((row) => String(row.id))
          .slice(0, 3) ?? [],
    )
  }
}
