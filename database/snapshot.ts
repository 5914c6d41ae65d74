/** Reads a migrated database and writes what a reader wants to see: tables.ts for the compiler, schema.sql for people. */
import type pg from 'pg'

const TYPES: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  int4: 'number',
  int2: 'number',
  int8: 'number',
  bool: 'boolean',
  timestamptz: 'Timestamp',
  date: 'string',
  bytea: 'Buffer',
  sealed: 'Sealed',
  sealed_frame: 'SealedFrame',
  jsonb: 'unknown',
  xid8: 'string',
  _uuid: 'string[]',
  _text: 'string[]',
  _int2: 'number[]',
  _int4: 'number[]',
  _bytea: 'Buffer[]',
  _cidr: 'string[]',
  float8: 'number',
  numeric: 'string',
}

type Column = {
  schema: string
  table: string
  column: string
  type: string
  is_nullable: boolean
  has_default: boolean
  is_generated: boolean
  definition: string
}

async function readColumns(client: pg.Client): Promise<Column[]> {
  const { rows } = await client.query<Column>(`
    select n.nspname as schema, c.relname as table, a.attname as column, ty.typname as type,
      not a.attnotnull and c.relkind in ('r','p') as is_nullable,
      a.atthasdef or a.attidentity <> '' or a.attname in ('created_by', 'updated_by') as has_default,
      a.attidentity = 'a' or c.relkind = 'v' as is_generated,
      format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') || case when a.attidentity <> '' then ' identity' else '' end as definition
    from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    join pg_type ty on ty.oid = a.atttypid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where n.nspname in ('kluis', 'kluis_auth', 'kluis_ledger') and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
    order by 1, 2, a.attnum`)
  return rows
}

export async function tablesSource(client: pg.Client): Promise<string> {
  const tables = new Map<string, string[]>()
  for (const column of await readColumns(client)) {
    const name = `${column.schema}.${column.table}`
    const base = `${TYPES[column.type] ?? fail(`${name}.${column.column} has type ${column.type}: add it to database/snapshot.ts`)}${column.is_nullable ? ' | null' : ''}`
    const type = column.is_generated
      ? `GeneratedAlways<${base}>`
      : !column.has_default
        ? base
        : column.type === 'timestamptz'
          ? 'GeneratedTimestamp'
          : `Generated<${base}>`
    tables.set(name, [...(tables.get(name) ?? []), `  ${column.column}: ${type}`])
  }
  const names = [...tables.keys()]
  const short = (name: string) => name.split('.')[1]!
  const typeName = (name: string) =>
    `${short(name).replace(/(^|_)(\w)/g, (_, __, letter) => letter.toUpperCase())}Table`
  return [
    '// Written by `npm run snapshot`; a test compares it with the database.',
    `import type { ColumnType, Generated, GeneratedAlways } from 'kysely'`,
    `import type { Sealed, SealedFrame } from './sealed.ts'`,
    '',
    'type Timestamp = ColumnType<Date, Date | string, Date | string>',
    'type GeneratedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>',
    '',
    ...names.flatMap((name) => [
      `/** ${name} */`,
      `export interface ${typeName(name)} {`,
      ...tables.get(name)!,
      '}',
      '',
    ]),
    'export interface Tables {',
    ...names.map((name) => `  ${short(name)}: ${typeName(name)}`),
    '}',
    '',
  ].join('\n')
}

export async function schemaSource(client: pg.Client): Promise<string> {
  const lines = [
    '-- Written by `npm run snapshot`; a test compares it with the database. Read this, not the migrations.',
  ]
  const columns = await readColumns(client)
  for (const name of new Set(columns.map((column) => `${column.schema}.${column.table}`))) {
    const own = columns.filter((column) => `${column.schema}.${column.table}` === name)
    lines.push(
      '',
      `table ${name}`,
      ...own.map((column) => `  ${column.column} ${column.definition}`),
    )
    const { rows } = await client.query(
      `select line from (
        select 1 as part, '  ' || conname || ': ' || pg_get_constraintdef(oid) as line from pg_constraint where conrelid = $1::regclass and contype in ('p','f','u','c')
        union all select 2, '  ' || pg_get_indexdef(indexrelid) from pg_index where indrelid = $1::regclass and not indisprimary
        union all select 3, '  policy ' || polname || ' ' || case polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
          || ' to ' || (select string_agg(rolname, ', ' order by rolname) from pg_roles where oid = any (polroles))
          || coalesce(' using ' || regexp_replace(pg_get_expr(polqual, polrelid), '\\s+', ' ', 'g'), '') || coalesce(' check ' || regexp_replace(pg_get_expr(polwithcheck, polrelid), '\\s+', ' ', 'g'), '') from pg_policy where polrelid = $1::regclass
        union all select 4, '  trigger ' || tgname from pg_trigger where tgrelid = $1::regclass and not tgisinternal
        union all select 5, '  grant ' || string_agg(privilege_type, ', ' order by privilege_type) || ' to ' || grantee::regrole
          from pg_class c, aclexplode(c.relacl) where c.oid = $1::regclass and grantee <> c.relowner group by grantee
      ) parts order by part, line`,
      [name],
    )
    lines.push(...rows.map((row) => row.line))
  }
  const functions = await client.query(
    `select 'function ' || p.oid::regprocedure || ' owner ' || proowner::regrole || case when prosecdef then ' definer' else '' end as line
     from pg_proc p join pg_namespace n on n.oid = pronamespace where n.nspname in ('kluis','kluis_auth','kluis_ledger') order by 1`,
  )
  lines.push('', ...functions.rows.map((row) => row.line), '')
  return lines.join('\n')
}

function fail(message: string): never {
  throw new Error(message)
}
