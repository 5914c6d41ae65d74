/**
 * The root key wrapped by a key that never leaves a hardware module, over PKCS#11. CKM_AES_GCM, under an AES-256 key that is
 * sensitive and not extractable; it is made in the token when there is none by its name.
 *
 * Trusts: the token, and its vendor's library, which runs in this process. If lost: two recovery shares.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import type * as Binding from 'pkcs11js'
import {
  type AskSecret,
  boundTo,
  ProviderAway,
  ProviderRefused,
  type RootKeyProvider,
} from './provider.ts'
import type { ProviderSettings } from './settings.ts'

type Settings = Extract<ProviderSettings, { kind: 'pkcs11' }>

const NONCE_BYTES = 12
const TAG_BYTES = 16

export const pinOf = (token: string) => `PIN of the token ${token}`

// PKCS #11 v2.40, 11.1: what the token says in numbers, where another try may find it otherwise.
const away = new Set([
  'CKR_DEVICE_ERROR',
  'CKR_DEVICE_REMOVED',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_TOKEN_NOT_RECOGNIZED',
  'CKR_SLOT_ID_INVALID',
  'CKR_GENERAL_ERROR',
  'CKR_SESSION_COUNT',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
])

export function pkcs11Provider(settings: Settings, secret: AskSecret): RootKeyProvider {
  const name = `the token ${settings.token}`
  return {
    kind: 'pkcs11',
    name,
    wrap: (key, organisationId) =>
      inSession(settings, secret, (token) => {
        const handle = token.findKey() ?? token.makeKey()
        const nonce = randomBytes(NONCE_BYTES)
        return Buffer.concat([nonce, token.encrypt(handle, nonce, boundTo(organisationId), key)])
      }),
    unwrap: (wrapped, organisationId) =>
      inSession(settings, secret, (token) => {
        const handle = token.findKey()
        if (!handle) throw new ProviderRefused(`${name} holds no key ${settings.object}`)
        const nonce = wrapped.subarray(0, NONCE_BYTES)
        const sealed = wrapped.subarray(NONCE_BYTES)
        return token.decrypt(handle, nonce, boundTo(organisationId), sealed)
      }),
  }
}

/** Nothing of the token stays open in between: a token taken out and put back is found again. */
async function inSession<T>(
  settings: Settings,
  secret: AskSecret,
  work: (token: Token) => T,
): Promise<T> {
  const { module, token: label } = settings
  const binding = await loadBinding()
  if (!existsSync(module)) throw new ProviderAway(`the module ${module} is not there`)
  // Asked before the token is opened: a terminal takes its time.
  const pin = await secret(pinOf(label))
  const pkcs11 = new binding.PKCS11()
  try {
    pkcs11.load(module)
    pkcs11.C_Initialize()
    const slot = pkcs11
      .C_GetSlotList(true)
      .find((one) => pkcs11.C_GetTokenInfo(one).label.trim() === label)
    if (!slot) throw new ProviderAway(`the token ${label} is not in ${module}`)
    const session = pkcs11.C_OpenSession(slot, binding.CKF_SERIAL_SESSION | binding.CKF_RW_SESSION)
    pkcs11.C_Login(session, binding.CKU_USER, pin)
    return work(new Token(binding, pkcs11, session, settings))
  } catch (error) {
    throw told(error, settings)
  } finally {
    try {
      pkcs11.C_Finalize()
      pkcs11.close()
    } catch {
      // It never opened.
    }
  }
}

async function loadBinding(): Promise<typeof Binding> {
  try {
    const loaded = await import('pkcs11js')
    return loaded.default as unknown as typeof Binding
  } catch (cause) {
    throw new Error(
      'pkcs11js is not built for this machine\nstate: nothing was changed\ntry: npm run pkcs11, which needs a C++ compiler and fetches nothing',
      { cause },
    )
  }
}

function told(error: unknown, { token, object }: Settings): unknown {
  const code = /CKR_\w+/.exec((error as Error).message)?.[0]
  if (!code) return error
  if (code === 'CKR_PIN_INCORRECT' || code === 'CKR_PIN_LEN_RANGE')
    return new ProviderRefused(
      `the token ${token} does not take this PIN; it counts wrong ones, and locks after some`,
    )
  if (code === 'CKR_PIN_LOCKED')
    return new ProviderRefused(
      `the PIN of the token ${token} is locked; its security officer unlocks it`,
    )
  if (away.has(code)) return new ProviderAway(`the token ${token} answers ${code}`)
  return new ProviderRefused(`the key ${object} of the token ${token} answers ${code}`)
}

class Token {
  readonly #ck: typeof Binding
  readonly #pkcs11: Binding.PKCS11
  readonly #session: Binding.Handle
  readonly #settings: Settings
  constructor(
    ck: typeof Binding,
    pkcs11: Binding.PKCS11,
    session: Binding.Handle,
    settings: Settings,
  ) {
    this.#ck = ck
    this.#pkcs11 = pkcs11
    this.#session = session
    this.#settings = settings
  }

  findKey(): Binding.Handle | undefined {
    const { CKA_CLASS, CKO_SECRET_KEY, CKA_LABEL } = this.#ck
    this.#pkcs11.C_FindObjectsInit(this.#session, [
      { type: CKA_CLASS, value: CKO_SECRET_KEY },
      { type: CKA_LABEL, value: this.#settings.object },
    ])
    const found = this.#pkcs11.C_FindObjects(this.#session, 2)
    this.#pkcs11.C_FindObjectsFinal(this.#session)
    if (found.length > 1)
      throw new ProviderRefused(
        `the token ${this.#settings.token} holds several keys ${this.#settings.object}`,
      )
    const [handle] = found
    if (handle && this.#isExtractable(handle))
      throw new ProviderRefused(
        `the key ${this.#settings.object} can be taken out of the token ${this.#settings.token}; let Kluis make one under another name`,
      )
    return handle
  }

  #isExtractable(handle: Binding.Handle): boolean {
    const [read] = this.#pkcs11.C_GetAttributeValue(this.#session, handle, [
      { type: this.#ck.CKA_EXTRACTABLE },
    ])
    return (read!.value as Buffer)[0] === 1
  }

  makeKey(): Binding.Handle {
    const ck = this.#ck
    return this.#pkcs11.C_GenerateKey(this.#session, { mechanism: ck.CKM_AES_KEY_GEN }, [
      { type: ck.CKA_CLASS, value: ck.CKO_SECRET_KEY },
      { type: ck.CKA_KEY_TYPE, value: ck.CKK_AES },
      { type: ck.CKA_VALUE_LEN, value: 32 },
      { type: ck.CKA_LABEL, value: this.#settings.object },
      { type: ck.CKA_TOKEN, value: true },
      { type: ck.CKA_PRIVATE, value: true },
      { type: ck.CKA_SENSITIVE, value: true },
      { type: ck.CKA_EXTRACTABLE, value: false },
      { type: ck.CKA_ENCRYPT, value: true },
      { type: ck.CKA_DECRYPT, value: true },
    ])
  }

  encrypt(handle: Binding.Handle, nonce: Buffer, aad: Buffer, bytes: Buffer): Buffer {
    this.#pkcs11.C_EncryptInit(this.#session, this.#gcm(nonce, aad), handle)
    return this.#pkcs11.C_Encrypt(this.#session, bytes, Buffer.alloc(bytes.length + TAG_BYTES))
  }

  decrypt(handle: Binding.Handle, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
    this.#pkcs11.C_DecryptInit(this.#session, this.#gcm(nonce, aad), handle)
    try {
      return this.#pkcs11.C_Decrypt(this.#session, sealed, Buffer.alloc(sealed.length))
    } catch (error) {
      // What SoftHSM says of a tag that does not fit; elsewhere it is CKR_ENCRYPTED_DATA_INVALID.
      if (!/CKR_GENERAL_ERROR/.test((error as Error).message)) throw error
      throw new ProviderRefused(`the token ${this.#settings.token} does not unwrap it`)
    }
  }

  #gcm(iv: Buffer, aad: Buffer): Binding.Mechanism {
    const parameter: Binding.AesGCM = {
      // With ulIvBits, as the header file of 2.40 and 3.0 has it; the text of 2.40 left it out by mistake.
      type: this.#ck.CK_PARAMS_AES_GCM_v240,
      iv,
      ivBits: iv.length * 8,
      aad,
      tagBits: TAG_BYTES * 8,
    }
    return { mechanism: this.#ck.CKM_AES_GCM, parameter }
  }
}
