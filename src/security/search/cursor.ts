/** Page cursors. Sealed, because a sort position is a name and a cursor travels in an address. */
import { createCipheriv, createDecipheriv, createSecretKey, hash, randomBytes } from 'node:crypto'
import type { Position } from './find.ts'
import type { IndexQuery } from './index-types.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

export type Cursors = {
  seal(query: IndexQuery, position: Position): string
  open(query: IndexQuery, cursor: string): Position | 'unknown-cursor'
}

export function openCursors(keyBytes: Uint8Array): Cursors {
  const key = createSecretKey(keyBytes)
  return {
    seal(query, position) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(questionHash(query))
      const sealed = [cipher.update(JSON.stringify(position), 'utf8'), cipher.final()]
      return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]).toString('base64url')
    },
    open(query, cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return 'unknown-cursor'
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(questionHash(query))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const text =
          decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)) + decipher.final('utf8')
        return JSON.parse(text) as Position
      } catch {
        return 'unknown-cursor'
      }
    },
  }
}

/** A cursor fits the question it came from and the person who asked it; the limit may change. */
function questionHash(query: IndexQuery): Buffer {
  const { cursor: _, limit: __, recent: ___, scope, ...question } = query
  return hash('sha256', JSON.stringify([question, scope.userId]), 'buffer')
}
