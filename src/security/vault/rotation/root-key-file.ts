import { randomBytes } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { writeDurably } from '../durable-file.ts'
import type { Keystore } from '../keystore.ts'
import { openRootKey } from '../root-key.ts'

/**
 * Puts another root key in the file of the old one. Each step leaves a file and a head that open each other: the next key is
 * durable before the head knows it, the head opens with both before the file is replaced, and the old one opens nothing
 * once that is done. Stopped anywhere, the same call goes on. Gives the new key.
 */
export function replaceRootKeyFile(keystore: Keystore, path: string): Buffer {
  const next = `${path}.next`
  if (!keystore.rotate.isRootKeyBegun()) {
    if (!existsSync(next)) writeDurably(next, randomBytes(32))
    keystore.rotate.beginRootKey(openRootKey(next, false))
  }
  if (existsSync(next)) {
    writeDurably(path, openRootKey(next, false))
    rmSync(next)
  }
  const key = openRootKey(path, false)
  keystore.rotate.endRootKey(key)
  return key
}
