import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** What must still be known when the provider leads the browser back. */
export type Transaction = {
  providerId: string
  state: string
  nonce: string
  verifier: string
  /** try: an administrator looks whether it works; nobody is signed in. step-up: somebody who is signed in proves who they are. */
  purpose: 'sign-in' | 'try' | 'step-up'
  byUserId: string | null
  /** Of a step-up, what it is for; of a sign-in, where to afterwards. */
  to: string
  begunAt: number
  /** Of the session that the browser had: it does not send it along when the provider leads it back. */
  earlierToken?: string | undefined
}

export const TRANSACTION_SECONDS = 600
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Sign-ins that are at the provider. Anyone may begin one, so none is remembered: the browser keeps it, sealed under a
 * key that only this process has. What came back once is remembered until it would have expired, and is good no more.
 */
export class Transactions {
  readonly #key = randomBytes(32)
  readonly #used = new Map<string, number>()

  seal(transaction: Transaction, now: Date): string {
    const until = now.getTime() + TRANSACTION_SECONDS * 1000
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    const text = JSON.stringify({ ...transaction, until })
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
  }

  /** Undefined when it is of another browser or process, too old, or came back before. */
  take(sealed: string | undefined, now: Date): Transaction | undefined {
    const found = this.#open(sealed)
    if (!found || found.until < now.getTime()) return undefined
    for (const [state, until] of this.#used) if (until < now.getTime()) this.#used.delete(state)
    if (this.#used.has(found.state)) return undefined
    this.#used.set(found.state, found.until)
    return found
  }

  #open(sealed: string | undefined): (Transaction & { until: number }) | undefined {
    const bytes = Buffer.from(sealed ?? '', 'base64url')
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    try {
      const body = bytes.subarray(NONCE_BYTES + TAG_BYTES)
      return JSON.parse(Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8'))
    } catch {
      return undefined
    }
  }
}
