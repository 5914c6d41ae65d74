/**
 * How Kluis gets the passphrase, PIN or token of the root key: from a file descriptor, a file, a systemd credential or a
 * terminal. Never from an argument or the environment, which other programs on the machine can list.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AskSecret } from './provider.ts'

export type SecretSources = {
  descriptor: number | undefined
  file: string | undefined
  /** The directory in which systemd lays what LoadCredential= names. */
  credentials: string | undefined
}

export const CREDENTIAL = 'kluis-root-key'
const SECRET_BYTES_MAX = 64 * 1024

/** A file is read again each time, because a token in it is renewed; a descriptor and a terminal give theirs once. */
export function secretFrom(sources: SecretSources): AskSecret {
  const { descriptor, file, credentials } = sources
  const credential = credentials && join(credentials, CREDENTIAL)
  let once: Promise<string> | undefined
  if (descriptor !== undefined)
    return () => {
      once ??= (async () => withoutLineEnd(readFileSync(descriptor)))()
      return once
    }
  const path = file ?? (credential && existsSync(credential) ? credential : undefined)
  if (path !== undefined) return fromFile(path)
  return (name, isNew) => {
    once ??= fromTerminal(name, isNew === true)
    // A wrong one is asked again.
    once.catch(() => {
      once = undefined
    })
    return once
  }
}

/** Read at once too, while we may still be root, whose alone the file may be. */
function fromFile(path: string): AskSecret {
  let last = readSecretFile(path)
  return async () => {
    try {
      last = readSecretFile(path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
    }
    return last
  }
}

function readSecretFile(path: string): string {
  const { mode, size } = statSync(path)
  if ((mode & 0o007) !== 0)
    throw new Error(
      `the secret of the root key ${path} can be read by everybody (mode ${(mode & 0o777).toString(8)})\nstate: nothing was opened\ntry: chmod 600 ${path}`,
    )
  if (size > SECRET_BYTES_MAX) throw new Error(`${path} is too large to be a passphrase or token`)
  return withoutLineEnd(readFileSync(path))
}

const withoutLineEnd = (bytes: Buffer) => bytes.toString('utf8').replace(/\r?\n$/, '')

async function fromTerminal(name: string, isNew: boolean): Promise<string> {
  if (!process.stdin.isTTY)
    throw new Error(
      `the ${name} is asked, and nobody is there to type it\nstate: nothing was changed\ntry: from a terminal, or --root-key-fd N, --root-key-secret FILE, or LoadCredential=${CREDENTIAL}:FILE in the unit of systemd`,
    )
  const typed = await typeUnseen(`${name}: `)
  if (isNew && (await typeUnseen('once more: ')) !== typed)
    throw new Error('the two are not the same\nstate: nothing was changed\ntry: again')
  return typed
}

/** Nothing of it shows, not even how long it is. */
function typeUnseen(prompt: string): Promise<string> {
  const { stdin, stderr } = process
  // First, or what somebody types ahead of the question shows.
  stdin.setRawMode(true)
  stdin.resume()
  stderr.write(prompt)
  return new Promise((resolve, reject) => {
    let typed = ''
    const end = (act: () => void) => {
      stdin.off('data', take)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write('\n')
      act()
    }
    const take = (bytes: Buffer) => {
      for (const letter of bytes.toString('utf8')) {
        if (letter === '\r' || letter === '\n') return end(() => resolve(typed))
        if (letter === '\u0003' || letter === '\u0004')
          return end(() => reject(new Error('nothing was typed\nstate: nothing was changed')))
        typed =
          letter === '\u007f' || letter === '\b' ? [...typed].slice(0, -1).join('') : typed + letter
      }
    }
    stdin.on('data', take)
  })
}
