/** What keeps the root key: a file, a passphrase, a token of PKCS#11, or a service that wraps it. */
export const providerKinds = ['file', 'passphrase', 'pkcs11', 'transit', 'aws-kms'] as const
export type ProviderKind = (typeof providerKinds)[number]

/**
 * Wraps 32 bytes, and unwraps them again; bound to one organisation, so that the wrapped key of another does not open here.
 * Throws ProviderAway when trying again may help, ProviderRefused when it does not.
 */
export interface RootKeyProvider {
  readonly kind: ProviderKind
  /** As a message to the operator calls it; holds no secret. */
  readonly name: string
  wrap(key: Buffer, organisationId: string): Promise<Buffer>
  unwrap(wrapped: Buffer, organisationId: string): Promise<Buffer>
}

/** A passphrase, a PIN or a token: asked by its name when it is needed, never kept in settings. A new one is typed twice. */
export type AskSecret = (name: string, isNew?: boolean) => Promise<string>

/** It does not answer, or does not let us in now. Nothing was changed; another try may succeed. */
export class ProviderAway extends Error {}

/** It answered, and the root key does not come out: a wrong passphrase or PIN, another key, damaged bytes. */
export class ProviderRefused extends Error {}

export const ROOT_KEY_BYTES = 32

/** Additional data of the wrapping, as the rest of the keystore has it: docs/formats/keystore.md. */
export const boundTo = (organisationId: string) => Buffer.from(`${organisationId} root-key`)
