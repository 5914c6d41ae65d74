/**
 * What stands on disk of the root key: its 32 bytes as they are, or a text with the wrapped key and what wrapped it.
 * docs/formats/keystore.md.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { syncDirectory, writeDurably } from '../durable-file.ts'
import { ROOT_KEY_BYTES } from './provider.ts'
import { type ProviderSettings, providerText, readProvider } from './settings.ts'

export type RootKeyFile =
  | { settings: { kind: 'file' }; organisationId: undefined; wrapped: Buffer }
  | { settings: ProviderSettings; organisationId: string; wrapped: Buffer }

const Wrapped = z.strictObject({
  format: z.literal(1),
  organisationId: z.uuid(),
  keptBy: z.string(),
  wrapped: z.base64(),
})

/** Undefined when there is none. Throws an Error an operator can act on. */
export function readRootKeyFile(path: string): RootKeyFile | undefined {
  if (!existsSync(path)) return undefined
  const { mode } = statSync(path)
  if ((mode & 0o077) !== 0)
    throw new Error(
      `the root key ${path} can be read by others (mode ${(mode & 0o777).toString(8)})\nstate: nothing was opened\ntry: chmod 600 ${path}`,
    )
  const bytes = readFileSync(path)
  if (bytes.length === ROOT_KEY_BYTES)
    return { settings: { kind: 'file' }, organisationId: undefined, wrapped: bytes }
  const read = readWrapped(bytes)
  if (!read)
    throw new Error(
      `the root key ${path} has ${bytes.length} bytes instead of ${ROOT_KEY_BYTES}, and is no wrapped root key either\nstate: nothing was opened\ntry: put the right file back, or move this one aside and use two recovery shares: npx kluis vault recover`,
    )
  return read
}

function readWrapped(bytes: Buffer): RootKeyFile | undefined {
  try {
    const { organisationId, keptBy, wrapped } = Wrapped.parse(JSON.parse(bytes.toString('utf8')))
    const settings = readProvider(keptBy)
    return settings.kind === 'file'
      ? undefined
      : { settings, organisationId, wrapped: Buffer.from(wrapped, 'base64') }
  } catch {
    return undefined
  }
}

function rootKeyFileBytes({ settings, organisationId, wrapped }: RootKeyFile): Buffer {
  if (settings.kind === 'file') return wrapped
  const keptBy = providerText(settings)
  const text = { format: 1, organisationId, keptBy, wrapped: wrapped.toString('base64') }
  return Buffer.from(`${JSON.stringify(text, undefined, 2)}\n`)
}

/** A root key on its way in: durable under another name, until it takes the place of the one there. */
export const stagedPath = (path: string) => `${path}.next`

export function writeRootKeyFile(path: string, file: RootKeyFile): void {
  try {
    writeDurably(path, rootKeyFileBytes(file))
  } catch (cause) {
    throw new Error(
      `the root key ${path} can not be written (${(cause as NodeJS.ErrnoException).code})\nstate: what was there is there still\ntry: let Kluis write in ${dirname(path)}`,
      { cause },
    )
  }
}

/** From one instant to the next; then the bytes of the old file are written over, as far as the medium really does that. */
export function putStagedInPlace(path: string): void {
  const old = openOld(path)
  try {
    renameSync(stagedPath(path), path)
    syncDirectory(path)
    // Not where another name leads to the same bytes: that is somebody's copy.
    if (old !== undefined && fstatSync(old).nlink === 0) {
      writeSync(old, Buffer.alloc(1024))
      fsyncSync(old)
    }
  } finally {
    if (old !== undefined) closeSync(old)
  }
}

/** Undefined too when we may not write in it: then its bytes stay until the file system uses their place. */
function openOld(path: string): number | undefined {
  try {
    return openSync(path, 'r+')
  } catch {
    return undefined
  }
}

export function removeStaged(path: string): void {
  rmSync(stagedPath(path), { force: true })
  syncDirectory(path)
}
