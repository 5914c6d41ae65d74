import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** By which records are found again. */
const recordColumns = [
  'email',
  'phone',
  'iban',
  'enterprise-number',
  'reference',
  'import-source',
] as const

// Only columns whose values are many and even. What a holder of the database learns: which rows share a value.
// Those of sign-in are no columns to search: they hold a row to be made by this program, or hide a network of few guesses.
const exactColumns = [
  ...recordColumns,
  'account-email',
  'session',
  'invite',
  'api-key',
  'passkey',
  'recovery-code',
  'place',
  'grant',
  'request',
  'approval',
  'canary',
  'federated-subject',
  'federated-identity',
  'scim-token',
  'scim-name',
] as const
/** Beginnings of names, by kind of record and team: uneven by choice, and kept only where an organisation chose that. */
export type NameColumn = `name:${'person' | 'company'}:${string}`
/** Of a field of one's own making, by its id: a key of its own, so that equal values of two fields do not show. */
export type ExactColumn = (typeof exactColumns)[number] | `custom:${string}` | NameColumn
/** Those that whoever works with records asks for; all others say what the vault made itself, and never leave it. */
export type RecordColumn = (typeof recordColumns)[number] | `custom:${string}`

export function isRecordColumn(column: string): column is RecordColumn {
  return recordColumns.some((one) => one === column) || isCustom(column as ExactColumn)
}

const TOKEN_BYTES = 16

/**
 * One spelling for what is the same. A change here needs every token written anew.
 * A phone number without its country stays national: the caller knows the country and passes E.164.
 */
export function normaliseExact(column: ExactColumn, value: string): string {
  const text = value.normalize('NFC').trim()
  if (isCustom(column)) return text.toLowerCase()
  // Folded before, as the words that are looked for.
  if (isName(column)) return text
  switch (column) {
    case 'phone':
      return text.replace(/[^\d+]/g, '').replace(/^00/, '+')
    case 'iban':
      return text.toUpperCase().replace(/\s/g, '')
    case 'enterprise-number': {
      const letters = text.toUpperCase().replace(/[^0-9A-Z]/g, '')
      // Belgian numbers are written with and without BE, and the old ones without their first zero.
      const belgian = /^(?:BE)?(\d{9,10})$/.exec(letters)
      return belgian ? `BE${belgian[1]!.padStart(10, '0')}` : letters
    }
    case 'email':
    case 'account-email':
    case 'reference':
    case 'import-source':
    case 'scim-name':
      return text.toLowerCase()
    case 'session':
    case 'invite':
    case 'api-key':
    case 'passkey':
    case 'recovery-code':
    case 'place':
    case 'grant':
    case 'request':
    case 'approval':
    case 'canary':
    case 'federated-subject':
    case 'federated-identity':
    case 'scim-token':
      return text
  }
}

function isCustom(column: ExactColumn): column is `custom:${string}` {
  return column.startsWith('custom:')
}

function isName(column: ExactColumn): column is NameColumn {
  return column.startsWith('name:')
}

// What customers are found by: hashed under a key that is replaced from time to time. The others are no values anybody
// keeps, so that they could not be hashed anew.
const ofCustomers = new Set<ExactColumn>([
  'email',
  'phone',
  'iban',
  'enterprise-number',
  'reference',
])
const isOfCustomers = (column: ExactColumn) =>
  isCustom(column) || isName(column) || ofCustomers.has(column)

export interface BlindIndex {
  /** 16 bytes of HMAC-SHA-256 under the column's own key, of the value as `normaliseExact` gives it. */
  token(column: ExactColumn, value: string): Buffer
  /** The same under every key that a row may have been hashed with, the newest first. */
  tokens(column: ExactColumn, value: string): Buffer[]
}

export function openBlindIndex(
  searchKey: Buffer,
  organisationId: string,
  lookupKeys: readonly Buffer[] = [searchKey],
): BlindIndex {
  const keyOf = (secret: Buffer, column: ExactColumn) =>
    createSecretKey(
      Buffer.from(hkdfSync('sha256', secret, organisationId, `kluis blind index ${column}`, 32)),
    )
  const keys = new Map<ExactColumn, KeyObject[]>()
  const keysFor = (column: ExactColumn) => {
    const known = keys.get(column)
    if (known) return known
    const secrets = isOfCustomers(column) ? lookupKeys : [searchKey]
    const made = secrets.map((secret) => keyOf(secret, column))
    keys.set(column, made)
    return made
  }
  const hash = (key: KeyObject, text: string) =>
    createHmac('sha256', key).update(text, 'utf8').digest().subarray(0, TOKEN_BYTES)
  return {
    token: (column, value) => hash(keysFor(column)[0]!, normaliseExact(column, value)),
    tokens(column, value) {
      const text = normaliseExact(column, value)
      return keysFor(column).map((key) => hash(key, text))
    },
  }
}
