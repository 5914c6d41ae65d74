import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { writeDurably } from './durable-file.ts'

/** The keystore's files: a directory (0700) and, where there is one, its mirror on another disk. */
export interface Folder {
  readonly isMirrored: boolean
  /** True when any file of a keystore lies here or in the mirror: then none is made anew. */
  holdsAnything(): boolean
  /** Changes whenever the file is replaced. Undefined when it is not there. */
  stamp(name: string): string | undefined
  read(name: string): Buffer | undefined
  /** Durable in the mirror first, then here: what is used is in both. Throws when either fails. */
  write(name: string, bytes: Buffer): void
  /** Removes every other file of the keystore here and in the mirror, and brings the mirror up to date. */
  keepOnly(names: string[]): void
}

const ours = /^(head\.json|segment-\d+\.\d+\.keys)(\.new)?$/

export function openFolder(directory: string, mirror: string | undefined): Folder {
  const namesIn = (folder: string) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => ours.test(name)) : []
  const read = (folder: string, name: string) => {
    try {
      return readFileSync(join(folder, name))
    } catch {
      return undefined
    }
  }
  const write = (folder: string, name: string, bytes: Buffer) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    // One who made the directory with the usual mode meant no reader; the files are 0600 in any case.
    if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700)
    writeDurably(join(folder, name), bytes)
  }
  const sweep = (folder: string, names: string[]) => {
    for (const name of namesIn(folder))
      if (!names.includes(name)) rmSync(join(folder, name), { force: true })
  }

  return {
    isMirrored: mirror !== undefined,
    holdsAnything: () =>
      namesIn(directory).length > 0 || (mirror !== undefined && namesIn(mirror).length > 0),
    stamp(name) {
      const found = statSync(join(directory, name), { bigint: true, throwIfNoEntry: false })
      return found && `${found.ino} ${found.mtimeNs} ${found.size}`
    },
    read: (name) => read(directory, name),
    write(name, bytes) {
      if (mirror !== undefined) write(mirror, name, bytes)
      write(directory, name, bytes)
    },
    keepOnly(names) {
      sweep(directory, names)
      if (mirror === undefined) return
      // The head goes last: a mirror's head never names a segment the mirror lacks.
      for (const name of names.toReversed()) {
        const bytes = read(directory, name)
        const copy = read(mirror, name)
        if (bytes && !copy?.equals(bytes)) write(mirror, name, bytes)
      }
      sweep(mirror, names)
    },
  }
}
