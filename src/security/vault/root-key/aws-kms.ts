/**
 * The root key wrapped by a key of AWS KMS: Encrypt and Decrypt, with the organisation as encryption context. Credentials are the
 * SDK's own affair: a role of the machine, a profile, the environment.
 *
 * Trusts: AWS, and whoever may call Decrypt with that key. If lost: two recovery shares.
 */
import { ProviderAway, ProviderRefused, type RootKeyProvider } from './provider.ts'
import type { ProviderSettings } from './settings.ts'

type Settings = Extract<ProviderSettings, { kind: 'aws-kms' }>

// Where no other try helps: the bytes, the context or the key are not those of the wrapping.
const refused = new Set([
  'InvalidCiphertextException',
  'IncorrectKeyException',
  'InvalidKeyUsageException',
  'ValidationException',
])

export function awsKmsProvider({ keyArn, region }: Settings): RootKeyProvider {
  const name = `the key ${keyArn} of AWS KMS`
  const context = (organisationId: string) => ({
    'kluis-organisation': organisationId,
    'kluis-what': 'root-key',
  })

  async function withClient<T>(
    ask: (sdk: Awaited<ReturnType<typeof loadSdk>>) => Promise<T>,
  ): Promise<T> {
    const sdk = await loadSdk(region)
    try {
      return await ask(sdk)
    } catch (error) {
      const { name: code, message } = error as Error
      if (refused.has(code)) throw new ProviderRefused(`${name} answers ${code}`, { cause: error })
      throw new ProviderAway(`${name} answers ${code}: ${message}`, { cause: error })
    } finally {
      sdk.client.destroy()
    }
  }

  return {
    kind: 'aws-kms',
    name,
    wrap: (key, organisationId) =>
      withClient(async ({ client, EncryptCommand }) => {
        const { CiphertextBlob } = await client.send(
          new EncryptCommand({
            KeyId: keyArn,
            Plaintext: key,
            EncryptionContext: context(organisationId),
          }),
        )
        return Buffer.from(CiphertextBlob!)
      }),
    unwrap: (wrapped, organisationId) =>
      withClient(async ({ client, DecryptCommand }) => {
        const { Plaintext } = await client.send(
          new DecryptCommand({
            // Named, so that no other key's ciphertext is taken.
            KeyId: keyArn,
            CiphertextBlob: wrapped,
            EncryptionContext: context(organisationId),
          }),
        )
        return Buffer.from(Plaintext!)
      }),
  }
}

async function loadSdk(region: string) {
  try {
    const { KMSClient, EncryptCommand, DecryptCommand } = await import('@aws-sdk/client-kms')
    return { client: new KMSClient({ region }), EncryptCommand, DecryptCommand }
  } catch (cause) {
    throw new Error(
      '@aws-sdk/client-kms is not installed\nstate: nothing was changed\ntry: npm ci --ignore-scripts, without --omit=optional',
      { cause },
    )
  }
}
