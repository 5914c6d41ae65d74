import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const LASTS_MS = 5 * 60_000
const MAC_BYTES = 16

/**
 * Challenges for passkeys. Anyone may ask for one, so none is remembered: the browser keeps a token that
 * only this process can have made, and a flood of questions takes no memory and pushes nobody out.
 * Only tokens that were used successfully are remembered, until they would have expired anyway.
 */
export class Challenges {
  readonly #key = randomBytes(32)
  readonly #used = new Map<string, number>()

  /** `purpose` says for what and for whom: a challenge for one thing is none for another. */
  make(purpose: string, now: Date): { token: string; challenge: string } {
    const until = Buffer.alloc(8)
    until.writeBigUInt64BE(BigInt(now.getTime() + LASTS_MS))
    const body = Buffer.concat([randomBytes(16), until])
    const token = Buffer.concat([body, this.#mac(body, purpose)]).toString('base64url')
    return { token, challenge: challengeOf(token) }
  }

  /** The challenge that belongs to this token; undefined when it is not ours, too old or used. */
  find(token: string | undefined, purpose: string, now: Date): string | undefined {
    const bytes = Buffer.from(token ?? '', 'base64url')
    if (!token || bytes.length !== 24 + MAC_BYTES || this.#used.has(token)) return undefined
    const body = bytes.subarray(0, 24)
    if (!timingSafeEqual(this.#mac(body, purpose), bytes.subarray(24))) return undefined
    return Number(body.readBigUInt64BE(16)) > now.getTime() ? challengeOf(token) : undefined
  }

  /** True once. Call it after the signature was found right, and go on only then. */
  use(token: string, now: Date): boolean {
    for (const [used, until] of this.#used) if (until < now.getTime()) this.#used.delete(used)
    if (this.#used.has(token)) return false
    this.#used.set(token, now.getTime() + LASTS_MS)
    return true
  }

  #mac(body: Buffer, purpose: string): Buffer {
    return createHmac('sha256', this.#key)
      .update(body)
      .update(purpose)
      .digest()
      .subarray(0, MAC_BYTES)
  }
}

function challengeOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
