/**
 * What each module says of its personal data, once. Sealing, search, import, export, erasure and the
 * processing register read this one declaration.
 */
export type SealedClass = 'contact' | 'confidential' | 'content' | 'profile' | 'secret'

// Codes and numbers are part of the frozen format (docs/formats/sealed-record.md): never reuse one.
export const classCodes: Record<SealedClass, number> = {
  contact: 1,
  confidential: 2,
  content: 3,
  profile: 4,
  secret: 5,
}

export const tableNumbers = {
  organisation: 1,
  user_account: 2,
  person: 3,
  company: 4,
  affiliation: 5,
  note: 6,
  task: 7,
  password: 8,
  totp: 9,
  invite: 10,
  import_run: 11,
  import_row: 12,
  reveal: 13,
  merge: 30,
  note_version: 31,
  file: 32,
  import_file: 40,
  import_batch: 41,
  import_mapping: 42,
  import_change: 43,
  saved_view: 50,
  field_definition: 51,
  confidential_value: 52,
  relation: 53,
  approval: 56,
  break_glass: 57,
  identity_provider: 58,
  provisioned_user: 59,
  session: 60,
  recovery: 61,
  freeze: 62,
  alarm: 63,
  erasure: 64,
  joint_dossier: 65,
  joint_party: 66,
  retained_opening: 67,
} as const

/** Records with a key of their own, that others hang on; a joint dossier is of several people. */
export type SubjectKind = 'person' | 'company' | 'joint_dossier'

export type SealedTableName = keyof typeof tableNumbers

/**
 * How lists filter by a field. choice: few values, counted in menus; text: nearly every record its own; yearly: a day
 * that comes back, such as a birthday.
 */
export type FilterKind =
  | 'choice'
  | 'text'
  | 'day'
  | 'yearly'
  | 'number'
  // Of fields of one's own making: one of a list, yes or no, another record; each held by its id.
  | 'option'
  | 'yes-no'
  | 'record'
  // A code with depths: a filter for one finds whatever is under it.
  | 'code'
export type FilterDeclaration = {
  name: string
  kind: FilterKind
  /** What the value is the id of. */
  recordKind?: 'person' | 'company'
  /** In the order a list goes by. */
  options?: { id: string; label: { nl: string; en: string } }[]
  label?: { nl: string; en: string }
  /** Which part of each value, where a value has parts: an address its city. */
  part?: string
  /** What of the value is filtered by, where that is not the value itself: of a count, its class. */
  as?: (value: string) => string | string[]
  /** What coded values are called. */
  valueNames?: Record<string, { nl: string; en: string }>
}

export type PersonalField = {
  name: string
  label: { nl: string; en: string }
  sealedClass: SealedClass
  /** Why the field is kept, in the words of the processing register. */
  purpose: { nl: string; en: string }
  /** exact: a blind index; index: the memory index only. */
  search: 'exact' | 'index' | 'none'
  /** Few or skewed values: a blind index over it would fall to frequency analysis, so exact is refused. */
  isSkewed?: boolean
  /** What the memory index holds of it to filter by; nothing where this is left out. */
  filters?: FilterDeclaration[]
  isExported: boolean
  isPortable: boolean
}

export type SealedTable = {
  table: SealedTableName
  /** Whom the row is of: itself, one record of these kinds that it hangs on, the organisation, or under its key one colleague. */
  subject: 'itself' | readonly SubjectKind[] | 'organisation' | 'user'
  /** Rows whose `key_slot` says so are under a key of their own, and their own subject: erasing what they hang on leaves them. */
  mayHaveOwnKey?: true
  classes: Partial<Record<SealedClass, { column: string; counterColumn: string }>>
  fields: PersonalField[]
  /** Functions of the row that are asked like its columns. Any other name is a column's, or nothing's. */
  functions?: readonly string[]
  /**
   * A field of the contact class: where it is true the row is of a human being though its table is of companies, and
   * what the law says of personal data holds for all of it.
   */
  personWhen?: string
}

export const classesOf = ({ classes }: SealedTable) =>
  Object.entries(classes) as [SealedClass, { column: string; counterColumn: string }][]

// Known to be few or skewed whatever a declaration says of them.
const skewedNames = new Set(
  'name givenName familyName salutation city country language birthday tags industry sector isSoleTrader jobTitle stage employeeCount'.split(
    ' ',
  ),
)

/** Throws when a declaration would weaken the database. Called once, at start. */
export function checkCatalogue(tables: SealedTable[]): Map<SealedTableName, SealedTable> {
  for (const { table, classes, fields } of tables) {
    for (const field of fields) {
      if (field.search === 'exact' && (field.isSkewed || skewedNames.has(field.name))) {
        throw new Error(
          `${table}.${field.name}: no blind index over few or skewed values; frequency analysis reads it`,
        )
      }
      if (!classes[field.sealedClass])
        throw new Error(`${table}.${field.name}: the table has no class ${field.sealedClass}`)
    }
  }
  return new Map(tables.map((table) => [table.table, table]))
}
