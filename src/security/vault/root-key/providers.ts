import { awsKmsProvider } from './aws-kms.ts'
import { fileProvider } from './file-provider.ts'
import { PASSPHRASE, passphraseProvider } from './passphrase.ts'
import { pinOf, pkcs11Provider } from './pkcs11.ts'
import type { AskSecret, RootKeyProvider } from './provider.ts'
import type { ProviderSettings } from './settings.ts'
import { tokenFor, transitProvider } from './transit.ts'

/** What one is asked for; undefined where nothing is. */
export function secretNeeded(
  settings: ProviderSettings,
): { name: string; isNew: boolean } | undefined {
  switch (settings.kind) {
    case 'passphrase':
      return { name: PASSPHRASE, isNew: true }
    case 'pkcs11':
      return { name: pinOf(settings.token), isNew: false }
    case 'transit':
      return { name: tokenFor(settings.address), isNew: false }
    default:
      return undefined
  }
}

/** The secret is asked when the provider needs it, and not before; a package that one of them needs is loaded no earlier. */
export function openProvider(settings: ProviderSettings, secret: AskSecret): RootKeyProvider {
  switch (settings.kind) {
    case 'file':
      return fileProvider
    case 'passphrase':
      return passphraseProvider(secret)
    case 'pkcs11':
      return pkcs11Provider(settings, secret)
    case 'transit':
      return transitProvider(settings, secret)
    case 'aws-kms':
      return awsKmsProvider(settings)
  }
}
