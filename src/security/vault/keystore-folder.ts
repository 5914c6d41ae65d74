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
import { fileSum, type SegmentEntry } from './keystore-head.ts'

/** The keystore's files: a directory (0700) and, where there is one, its mirror on another disk. */
export interface Folder {
  /** False without a mirror, and while the mirror can not be brought up to date. */
  isMirrored(): boolean
  /** True when any file of a keystore lies here or in the mirror: then none is made anew. */
  holdsAnything(): boolean
  /** Changes whenever the file is replaced. Undefined when it is not there. */
  stamp(name: string): string | undefined
  read(name: string): Buffer | undefined
  /** Durable in the mirror first, then here: what is used is in both. Throws when either fails. */
  write(name: string, bytes: Buffer): void
  /** Removes what a cut-off erasure left: older generations of the named segments, half-written files. */
  removeLeftovers(generations: readonly number[]): void
  /** Copies to the mirror what it lacks. A mirror that is away makes the state say so, and stops no reading. */
  bringMirrorUpToDate(segments: readonly SegmentEntry[]): void
}

export const segmentFile = (segment: number, generation: number) =>
  `segment-${String(segment).padStart(6, '0')}.${generation}.keys`

const ours = /^(?:head\.json|segment-(\d+)\.(\d+)\.keys)(\.new)?$/

const namesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => ours.test(name)) : []

function read(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, name))
  } catch {
    return undefined
  }
}

function write(folder: string, name: string, bytes: Buffer): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // One who made the directory with the usual mode meant no reader; the files are 0600 in any case.
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700)
  writeDurably(join(folder, name), bytes)
}

/** One copy by itself, for a repair, which compares them. */
export type CopyFolder = {
  read(name: string): Buffer | undefined
  write(name: string, bytes: Buffer): void
  pathOf(name: string): string
}

/** The keystore first, then its mirror. */
export function openCopies(directory: string, mirror: string | undefined): CopyFolder[] {
  return [directory, ...(mirror === undefined ? [] : [mirror])].map((folder) => ({
    read: (name) => read(folder, name),
    write: (name, bytes) => write(folder, name, bytes),
    pathOf: (name) => join(folder, name),
  }))
}

export function openFolder(directory: string, mirror: string | undefined): Folder {
  // Never by "not named in the head": an old head put back by mistake would take the newer segments with it.
  const isLeftover = (name: string, generations: readonly number[]) => {
    const [, segment, generation, half] = ours.exec(name) ?? []
    const named = segment === undefined ? undefined : generations[Number(segment)]
    return half !== undefined || (named !== undefined && Number(generation) < named)
  }
  let isMirrorCurrent = mirror !== undefined

  return {
    isMirrored: () => isMirrorCurrent,
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
    removeLeftovers(generations) {
      const clean = (folder: string) => {
        for (const name of namesIn(folder))
          if (isLeftover(name, generations)) rmSync(join(folder, name), { force: true })
      }
      clean(directory)
      try {
        if (mirror !== undefined) clean(mirror)
      } catch {
        // What stays there is wrapped under a segment key that is destroyed; reading must go on.
        isMirrorCurrent = false
      }
    },
    bringMirrorUpToDate(segments) {
      if (mirror === undefined) return
      try {
        isMirrorCurrent = true
        segments.forEach(({ generation, sha256 }, segment) => {
          const name = segmentFile(segment, generation)
          const [bytes, copy] = [read(directory, name), read(mirror, name)]
          if (!bytes || copy?.equals(bytes)) return
          // Two files of one name differ only where one is damaged, and the good one is never written over: without a sum
          // `vault repair` tells which it is.
          if (sha256 === undefined ? !copy : fileSum(bytes) === sha256) write(mirror, name, bytes)
          else isMirrorCurrent = false
        })
        // The head goes last: a mirror's head never names a segment the mirror lacks.
        const head = read(directory, 'head.json')
        if (head && !read(mirror, 'head.json')?.equals(head)) write(mirror, 'head.json', head)
      } catch {
        isMirrorCurrent = false
      }
    },
  }
}
