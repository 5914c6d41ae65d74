import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign as signBytes,
} from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const MAY_SYNC = 0x08
const IS_SYNCED = 0x10
const HOLDS_KEY = 0x40

/** What an attacker would change: another site, another name, no verification of the person. */
export type Ceremony = {
  origin?: string
  rpId?: string
  isVerified?: boolean
  /** Copied between devices by its maker, or only able to be. */
  sync?: 'able' | 'done'
}

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest()

/** A passkey as a device would keep it, with the freedom to lie about everything but the signature. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32)
  readonly #privateKey: KeyObject
  readonly #publicKey: KeyObject
  #counter = 0

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#privateKey = privateKey
    this.#publicKey = publicKey
  }

  /** As the server keeps it. */
  publicKey(): Buffer {
    const { x, y } = this.#publicKey.export({ format: 'jwk' })
    const coordinate = (value: string) => new Uint8Array(Buffer.from(value, 'base64url'))
    const key = isoCBOR.encode(
      new Map<number, number | Uint8Array<ArrayBuffer>>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, coordinate(x!)],
        [-3, coordinate(y!)],
      ]),
    )
    return Buffer.from(key)
  }

  /** For a browser's virtual authenticator: PKCS#8, as the DevTools protocol takes it. */
  privateKey(): string {
    return this.#privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  }

  register(options: { challenge: string; rp: { id?: string } }, given: Ceremony = {}) {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.credentialId.length)
    const authData = Buffer.concat([
      this.#authData(given.rpId ?? options.rp.id!, HOLDS_KEY, given),
      Buffer.alloc(16),
      length,
      this.credentialId,
      this.publicKey(),
    ])
    const attestation = isoCBOR.encode(
      new Map<string, string | Map<string, string> | Uint8Array<ArrayBuffer>>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]),
    )
    return this.#credential({
      clientDataJSON: clientData('webauthn.create', options.challenge, given).toString('base64url'),
      attestationObject: Buffer.from(attestation).toString('base64url'),
    })
  }

  signIn(options: { challenge: string; rpId?: string }, given: Ceremony = {}) {
    this.#counter++
    const authenticatorData = this.#authData(given.rpId ?? options.rpId!, 0, given)
    const data = clientData('webauthn.get', options.challenge, given)
    const signature = signBytes(
      'sha256',
      Buffer.concat([authenticatorData, sha256(data)]),
      this.#privateKey,
    )
    return this.#credential({
      clientDataJSON: data.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
    })
  }

  #credential(response: Record<string, string>) {
    const id = this.credentialId.toString('base64url')
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }
  }

  #authData(rpId: string, flags: number, { isVerified = true, sync }: Ceremony): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.#counter)
    const all =
      USER_PRESENT |
      (isVerified ? USER_VERIFIED : 0) |
      (sync ? MAY_SYNC : 0) |
      (sync === 'done' ? IS_SYNCED : 0) |
      flags
    return Buffer.concat([sha256(rpId), Buffer.from([all]), counter])
  }
}

function clientData(type: string, challenge: string, { origin }: Ceremony): Buffer {
  return Buffer.from(
    JSON.stringify({
      type,
      challenge,
      origin: origin ?? 'http://localhost:4310',
      crossOrigin: false,
    }),
  )
}
