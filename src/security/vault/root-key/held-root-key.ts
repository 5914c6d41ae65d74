/**
 * The root key while Kluis runs: 32 bytes under which the keystore is wrapped, and what keeps them on disk.
 *
 * Trusts: its provider, and the memory of this process. The bytes on disk are believed only when the keystore opens with them.
 * If lost: two recovery shares put it back (`kluis vault recover`); without either, nothing sealed opens again.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, linkSync } from 'node:fs'
import {
  type AskSecret,
  ProviderAway,
  ProviderRefused,
  ROOT_KEY_BYTES,
  type RootKeyProvider,
} from './provider.ts'
import { openProvider } from './providers.ts'
import {
  putStagedInPlace,
  type RootKeyFile,
  readRootKeyFile,
  removeStaged,
  stagedPath,
  writeRootKeyFile,
} from './root-key-file.ts'
import { type ProviderSettings, providerText } from './settings.ts'

/** The head of the keystore, on which a root key is tried. */
export type TriedOn = { organisationId: string; opensWith(rootKey: Buffer): boolean }

export type RootKeyFiles = { current: RootKeyFile | undefined; staged: RootKeyFile | undefined }

export type RootKeyOptions = {
  path: string
  files: RootKeyFiles
  /** What the operator says keeps it. Undefined: what the file says; and for a new one, a plain file. */
  asked: ProviderSettings | undefined
  secret: AskSecret
  /** Undefined while there is no keystore. */
  head: TriedOn | undefined
  mayCreate: boolean
}

/** Another root key, durable beside the one in use; at the next start the one that opens the keystore is taken. */
export type Staged = { readonly key: Buffer; commit(): void }

const RECOVER_ADVICE = 'with two recovery shares: npx kluis vault recover'

/** Read apart from the rest, because a file that only root may read is read while we are root. */
export function readRootKeyFiles(path: string): RootKeyFiles {
  return { current: readRootKeyFile(path), staged: readRootKeyFile(stagedPath(path)) }
}

/** Throws ProviderAway when trying again may help, and otherwise an Error an operator can act on. */
export async function openRootKey(options: RootKeyOptions): Promise<HeldRootKey> {
  const { path, files, head } = options
  requireAsked(options)
  const failures: Error[] = []
  for (const which of ['current', 'staged'] as const) {
    const file = files[which]
    if (!file) continue
    try {
      const held = await unwrapped(options, file)
      // A key that was on its way in counts only by what it opens.
      if (head ? !head.opensWith(held.key) : which === 'staged') continue
      if (which === 'staged') putStagedInPlace(path)
      else if (files.staged && head) await lookAtStaged(path, held, files.staged, head)
      return held
    } catch (error) {
      if (!(error instanceof ProviderRefused)) throw error
      failures.push(error)
    }
  }
  if (failures[0]) throw new Error(refusedText(path, failures[0].message))
  if (files.current)
    throw new Error(
      `the keystore does not open with the root key ${path}\nstate: nothing was changed\ntry: put the root key that belongs to it in its place, or get it back ${RECOVER_ADVICE}`,
    )
  if (!options.mayCreate)
    throw new Error(
      `the root key ${path} is not there\nstate: nothing was changed; the data are as they were, and sealed\ntry: put the file back, or get it back ${RECOVER_ADVICE}`,
    )
  return newRootKey(options)
}

/**
 * Beside a root key that opens the keystore: the next one of a rotation, while the head opens with both, or what a change of
 * keeper or a rotation left that was cut off.
 */
async function lookAtStaged(
  path: string,
  held: HeldRootKey,
  staged: RootKeyFile,
  head: TriedOn,
): Promise<void> {
  const next = await held.openStaged(staged).catch((error: unknown) => {
    if (!(error instanceof ProviderRefused)) throw error
  })
  if (!next || next.equals(held.key) || !head.opensWith(next)) removeStaged(path)
}

function refusedText(path: string, why: string): string {
  return `the root key ${path} does not open: ${why}\nstate: nothing was changed\ntry: again with the right one, or get it back ${RECOVER_ADVICE}`
}

/** What the operator asks for and what the file says differ: neither is silently done. */
function requireAsked({ path, files: { current }, asked }: RootKeyOptions): void {
  if (!current || !asked || providerText(asked) === providerText(current.settings)) return
  throw new Error(
    `the root key ${path} is kept by ${providerText(current.settings)}, and --root-key (KLUIS_ROOT_KEY) says ${providerText(asked)}\nstate: nothing was changed\ntry: leave it out, or change what keeps it while Kluis runs: npx kluis vault root-key --to …`,
  )
}

async function unwrapped(
  { path, secret, head }: RootKeyOptions,
  { settings, organisationId, wrapped }: RootKeyFile,
): Promise<HeldRootKey> {
  if (organisationId !== undefined && head && organisationId !== head.organisationId)
    throw new ProviderRefused('it belongs to another organisation than the keystore')
  const provider = openProvider(settings, secret)
  const bound = organisationId ?? head?.organisationId ?? randomUUID()
  try {
    const key = await provider.unwrap(wrapped, bound)
    if (key.length !== ROOT_KEY_BYTES)
      throw new ProviderRefused(`${provider.name} gave back ${key.length} bytes`)
    return new HeldRootKey({ path, key, settings, provider, organisationId: bound })
  } catch (error) {
    if (error instanceof ProviderAway) throw new ProviderAway(awayText(error), { cause: error })
    throw error
  }
}

function awayText({ message }: Error): string {
  return `the root key can not be had: ${message}\nstate: nothing was changed; the keystore stays closed until it is there`
}

async function newRootKey({ path, asked, secret }: RootKeyOptions): Promise<HeldRootKey> {
  const settings = asked ?? { kind: 'file' as const }
  const provider = openProvider(settings, secret)
  const organisationId = randomUUID()
  const key = randomBytes(ROOT_KEY_BYTES)
  const held = new HeldRootKey({ path, key, settings, provider, organisationId })
  const staged = await held.stage(key)
  staged.commit()
  return held
}

/** A root key that was lost, put back. A file that is there is moved aside, never thrown away. Gives the name it got. */
export async function restoreRootKey(
  { path, key, organisationId }: { path: string; key: Buffer; organisationId: string },
  settings: ProviderSettings,
  secret: AskSecret,
  now: Date,
): Promise<string | undefined> {
  const provider = openProvider(settings, secret)
  const held = new HeldRootKey({ path, key, settings, provider, organisationId })
  const staged = await held.stage(key)
  const aside = `${path}.before-${now.toISOString().replace(/\D/g, '').slice(0, 14)}`
  const isThere = existsSync(path)
  if (isThere) linkSync(path, aside)
  staged.commit()
  return isThere ? aside : undefined
}

type Parts = {
  path: string
  key: Buffer
  settings: ProviderSettings
  provider: RootKeyProvider
  organisationId: string
}

export class HeldRootKey {
  readonly #path: string
  #parts: Parts
  #isChanging = false
  constructor(parts: Parts) {
    this.#path = parts.path
    this.#parts = parts
  }

  get key(): Buffer {
    return this.#parts.key
  }
  /** The keystore that this root key belongs to; also before there is one. */
  get organisationId(): string {
    return this.#parts.organisationId
  }
  get provider(): Pick<RootKeyProvider, 'kind' | 'name'> {
    return this.#parts.provider
  }
  get keptBy(): string {
    return providerText(this.#parts.settings)
  }

  /**
   * Rotating the root: stage the new one, write a head of the keystore that both open, commit, and let go of the old one in the
   * head. Cut off in between, the next start takes one that opens the head, and the rotation goes on.
   */
  stage(key: Buffer): Promise<Staged> {
    return this.#stage({ ...this.#parts, key })
  }

  /** Another key that was staged before a kill or a failure. Undefined when there is none to commit. */
  async staged(): Promise<Staged | undefined> {
    const file = readRootKeyFile(stagedPath(this.#path))
    const key = file && (await this.openStaged(file))
    // The same key on its way to another keeper.
    if (!key || key.equals(this.key)) return undefined
    this.#isChanging = true
    return this.#staged({ ...this.#parts, key })
  }

  /** Undefined for one of another keeper: a change of keeper that was cut off. */
  async openStaged({ settings, wrapped }: RootKeyFile): Promise<Buffer | undefined> {
    if (providerText(settings) !== this.keptBy) return undefined
    return this.#parts.provider.unwrap(wrapped, this.organisationId)
  }

  /** Wraps with the new, opens what was written, and only then lets go of the old. Cut off at any point, one of them is whole. */
  async changeProvider(settings: ProviderSettings, secret: AskSecret): Promise<void> {
    const provider = openProvider(settings, secret)
    const staged = await this.#stage({ ...this.#parts, settings, provider })
    staged.commit()
  }

  async #stage(next: Parts): Promise<Staged> {
    // Both would write the same file, and the one that is committed last could be of neither.
    if (this.#isChanging)
      throw new Error(
        'the root key is being changed already\nstate: nothing was changed\ntry: again when that is over',
      )
    this.#isChanging = true
    try {
      return await this.#written(next)
    } catch (error) {
      this.#isChanging = false
      throw error
    }
  }

  async #written(next: Parts): Promise<Staged> {
    const { settings, provider, organisationId, key } = next
    const wrapped = await provider.wrap(key, organisationId)
    writeRootKeyFile(
      stagedPath(this.#path),
      settings.kind === 'file'
        ? { settings: { kind: 'file' }, organisationId: undefined, wrapped }
        : { settings, organisationId, wrapped },
    )
    try {
      const written = readRootKeyFile(stagedPath(this.#path))
      const back = written && (await provider.unwrap(written.wrapped, organisationId))
      if (!back?.equals(key)) throw new ProviderRefused('what was wrapped does not open again')
    } catch (error) {
      removeStaged(this.#path)
      throw error
    }
    return this.#staged(next)
  }

  #staged(next: Parts): Staged {
    return {
      key: next.key,
      commit: () => {
        this.#isChanging = false
        putStagedInPlace(this.#path)
        this.#parts = next
      },
    }
  }
}
