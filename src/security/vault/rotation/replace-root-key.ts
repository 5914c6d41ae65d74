import { randomBytes } from 'node:crypto'
import type { Keystore } from '../keystore.ts'
import type { HeldRootKey } from '../root-key/held-root-key.ts'
import { ROOT_KEY_BYTES } from '../root-key/provider.ts'

/**
 * Each step leaves a file and a head that open each other: the next key is durable before the head knows it, the head opens with
 * both before the file is replaced, and the old one opens nothing once that is done. Stopped anywhere, the same call goes on; with
 * another next key where the one of before is not there any more.
 */
export async function replaceRootKey({ rotate }: Keystore, held: HeldRootKey): Promise<void> {
  // Stopped behind the commit, the head is all that is left to do. With the key of before it would be no other key.
  if (!rotate.isNextRootKey(held.key)) {
    const next = (await held.staged()) ?? (await held.stage(randomBytes(ROOT_KEY_BYTES)))
    rotate.beginRootKey(next.key)
    next.commit()
  }
  rotate.endRootKey(held.key)
}
