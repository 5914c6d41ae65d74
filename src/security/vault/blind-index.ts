import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

// Only columns whose values are many and even. What a holder of the database learns: which rows share a value.
export const exactColumns = [
  'email',
  'phone',
  'iban',
  'enterprise-number',
  'reference',
  'account-email',
] as const
export type ExactColumn = (typeof exactColumns)[number]

const TOKEN_BYTES = 16

export interface BlindIndex {
  /** 16 bytes of HMAC-SHA-256 under the column's own key. The value must be normalised already. */
  token(column: ExactColumn, value: string): Buffer
}

export function openBlindIndex(searchKey: Buffer, organisationId: string): BlindIndex {
  const keys = new Map<ExactColumn, KeyObject>(
    exactColumns.map((column) => [
      column,
      createSecretKey(
        Buffer.from(
          hkdfSync('sha256', searchKey, organisationId, `kluis blind index ${column}`, 32),
        ),
      ),
    ]),
  )
  return {
    token: (column, value) =>
      createHmac('sha256', keys.get(column)!)
        .update(value.normalize('NFC').trim().toLowerCase(), 'utf8')
        .digest()
        .subarray(0, TOKEN_BYTES),
  }
}
