import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { KeeperVault } from '#security/vault/vault.ts'
import type { NewPasskey, PasskeyUse } from './factor-store.ts'

export type Credential = Record<string, unknown>

/** Says under a key that PostgreSQL never has whose this public key is: a planted or moved passkey lacks it. */
export function passkeyProof(
  vault: KeeperVault,
  passkey: Pick<NewPasskey, 'user_id' | 'credential_id' | 'public_key'>,
): Buffer {
  const { user_id, credential_id, public_key } = passkey
  const bound = [user_id, credential_id.toString('base64url'), public_key.toString('base64url')]
  return vault.blindToken('passkey', bound.join(' '))
}

/** A passkey is bound to the name in the address, so the origin is settled once, at start. */
export function passkeyCeremonies(origin: URL) {
  const rpID = origin.hostname
  return {
    registrationOptions(
      person: { userId: string; email: string; name: string },
      challenge: string,
      existing: Buffer[],
      isBound = false,
    ) {
      const options = generateRegistrationOptions({
        rpName: 'Kluis',
        rpID,
        userName: person.email,
        userDisplayName: person.name,
        userID: new Uint8Array(Buffer.from(person.userId)),
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        excludeCredentials: existing.map((id) => ({ id: id.toString('base64url') })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      // Only what the browser offers first; whether it is bound to one device the flags of the passkey say.
      return isBound
        ? options.then((made) => ({ ...made, hints: ['security-key', 'client-device'] }))
        : options
    },

    /** Undefined when it is not right; the library throws for each way of being wrong. */
    async verifyRegistration(
      credential: Credential,
      challenge: string,
    ): Promise<Omit<NewPasskey, 'user_id' | 'name' | 'proof'> | undefined> {
      const verified = await verifyRegistrationResponse({
        response: credential as never,
        expectedChallenge: challenge,
        expectedOrigin: origin.origin,
        expectedRPID: rpID,
        requireUserVerification: true,
      }).catch(() => undefined)
      if (!verified?.verified) return undefined
      const { credential: made, ...flags } = verified.registrationInfo
      return {
        credential_id: Buffer.from(made.id, 'base64url'),
        public_key: Buffer.from(made.publicKey),
        sign_count: made.counter,
        ...syncOf(flags),
        transports: transportsOf(credential),
      }
    },

    /** `of`: the passkeys of whoever is asked, where that is known already. */
    authenticationOptions(challenge: string, of: Buffer[] = []) {
      return generateAuthenticationOptions({
        rpID,
        allowCredentials: of.map((id) => ({ id: id.toString('base64url') })),
        userVerification: 'required',
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
      })
    },

    /** What the authenticator says, or undefined when the signature, the flags or the origin are not right. */
    async verifyAuthentication(
      credential: Credential,
      challenge: string,
      known: {
        credential_id: Buffer
        public_key: Buffer
        sign_count: number
        may_sync: boolean | null
      },
    ): Promise<PasskeyUse | undefined> {
      const verified = await verifyAuthenticationResponse({
        response: credential as never,
        expectedChallenge: challenge,
        expectedOrigin: origin.origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        credential: {
          id: known.credential_id.toString('base64url'),
          publicKey: new Uint8Array(known.public_key),
          counter: known.sign_count,
        },
      }).catch(() => undefined)
      if (!verified?.verified) return undefined
      const use = {
        sign_count: verified.authenticationInfo.newCounter,
        ...syncOf(verified.authenticationInfo),
      }
      // Whether it may be copied is settled when it is made (WebAuthn 7.2, step 19): otherwise this is another one.
      return known.may_sync === null || known.may_sync === use.may_sync ? use : undefined
    },
  }
}

type Flags = { credentialDeviceType: 'singleDevice' | 'multiDevice'; credentialBackedUp: boolean }

/** The flags BE and BS, signed by the authenticator: whether its maker may copy it, and whether that was done. */
function syncOf({ credentialDeviceType, credentialBackedUp }: Flags) {
  return { may_sync: credentialDeviceType === 'multiDevice', is_synced: credentialBackedUp }
}

const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

/** As the browser says; nothing rests on it. */
function transportsOf(credential: Credential): string[] {
  const given = (credential.response as { transports?: unknown } | undefined)?.transports
  return Array.isArray(given) ? TRANSPORTS.filter((one) => given.includes(one)) : []
}

export type PasskeyCeremonies = ReturnType<typeof passkeyCeremonies>
