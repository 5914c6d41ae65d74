import { headOf } from '#security/vault/keystore.ts'
import {
  type HeldRootKey,
  openRootKey,
  type RootKeyFiles,
  readRootKeyFiles,
} from '#security/vault/root-key/held-root-key.ts'
import { type AskSecret, ProviderAway } from '#security/vault/root-key/provider.ts'
import type { Config } from './config.ts'
import type { WaitingRoom } from './waiting-room.ts'

/** Without a waiting room a provider that is away ends the command, with what it says. */
export async function rootKeyOf(
  config: Config,
  given: { files: RootKeyFiles; secret: AskSecret; mayCreate: boolean },
  room?: WaitingRoom,
): Promise<HeldRootKey> {
  const { rootKeyPath: path, rootKeyProvider: asked, keystoreDirectory } = config
  let { files } = given
  try {
    for (;;) {
      try {
        return await openRootKey({ path, asked, head: headOf(keystoreDirectory), ...given, files })
      } catch (error) {
        if (!(error instanceof ProviderAway) || !room) throw error
        await room.wait(error)
        // Meanwhile it may have been put back from shares, or let be kept by something else.
        files = readAgain(path) ?? files
      }
    }
  } finally {
    await room?.close()
  }
}

/** Undefined where only root may read it. */
function readAgain(path: string): RootKeyFiles | undefined {
  try {
    return readRootKeyFiles(path)
  } catch {
    return undefined
  }
}
