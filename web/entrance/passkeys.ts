/** Passkeys, in the JSON that the server speaks. Browsers that know the JSON by themselves are not asked to. */
import { Refusal } from '../api/client.ts'

type Json = Record<string, unknown>

export function canPasskey(): boolean {
  return typeof PublicKeyCredential !== 'undefined'
}

export async function createPasskey(options: Json): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    user: withBytes(options.user as Json),
    excludeCredentials: ((options.excludeCredentials as Json[] | undefined) ?? []).map(withBytes),
  } as unknown as PublicKeyCredentialCreationOptions
  const credential = await asked(() => navigator.credentials.create({ publicKey }))
  const response = credential.response as AuthenticatorAttestationResponse
  return {
    ...head(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  }
}

/** With a signal the browser offers it in the field for the e-mail address, for as long as it is not aborted. */
export async function signWithPasskey(options: Json, offered?: AbortSignal): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge as string),
    allowCredentials: ((options.allowCredentials as Json[] | undefined) ?? []).map(withBytes),
  } as unknown as PublicKeyCredentialRequestOptions
  const credential = await asked(() =>
    navigator.credentials.get(
      offered ? { publicKey, mediation: 'conditional', signal: offered } : { publicKey },
    ),
  )
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    ...head(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : undefined,
    },
  }
}

/** Cancelled, timed out or impossible: the browser does not say which, so neither do we. */
async function asked(act: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const credential = await act().catch(() => null)
  if (!credential) throw new Refusal('passkey-refused', 0)
  return credential as PublicKeyCredential
}

function head(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  }
}

function withBytes(given: Json): Json {
  return { ...given, id: bytes(given.id as string) }
}

function bytes(base64url: string): Uint8Array {
  const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

function text(buffer: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** A name one recognises later in the list of passkeys. */
export function thisDevice(): string {
  const agent = navigator.userAgent
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(agent)?.[0] ?? ''
  const browser = /Edg|Firefox|Chrome|Safari/.exec(agent)?.[0].replace('Edg', 'Edge') ?? ''
  return [browser, system].filter(Boolean).join(' · ').slice(0, 80)
}
