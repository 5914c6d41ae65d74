import { ProviderRefused, ROOT_KEY_BYTES, type RootKeyProvider } from './provider.ts'

/** The 32 bytes as they are, in a file (0600): what starts unattended with nothing else there. Root on the host reads it. */
export const fileProvider: RootKeyProvider = {
  kind: 'file',
  name: 'a file that only its owner reads',
  wrap: async (key) => Buffer.from(key),
  async unwrap(wrapped) {
    if (wrapped.length !== ROOT_KEY_BYTES)
      throw new ProviderRefused(
        `the root key has ${wrapped.length} bytes instead of ${ROOT_KEY_BYTES}`,
      )
    return Buffer.from(wrapped)
  },
}
