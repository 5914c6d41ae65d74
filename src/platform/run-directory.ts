import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
const SOCKET_PATH_BYTES_MAX = 103
const LONGEST_SOCKET_NAME = '.s.PGSQL.5432.lock'

/**
 * Where this installation's sockets lie: beside the data, or, when that path is too long for a socket, in a
 * short one that every process of the same data finds again.
 */
export function runDirectoryOf(
  dataRoot: string,
  temporary = process.env.XDG_RUNTIME_DIR ?? tmpdir(),
): string {
  const directory = join(dataRoot, 'run')
  if (Buffer.byteLength(join(directory, LONGEST_SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX)
    return directory
  const name = createHash('sha256').update(dataRoot).digest('hex').slice(0, 16)
  return join(temporary, `kluis-${name}`)
}

/**
 * Makes it, 0700. With a `group`, its members may enter, and sockets made there are of that group; each socket says
 * itself whether they may use it.
 */
export function openRunDirectory(
  dataRoot: string,
  { owner, group }: { owner?: { uid: number; gid: number }; group?: number } = {},
  temporary?: string,
): string {
  const directory = runDirectoryOf(dataRoot, temporary)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const found = lstatSync(directory)
  const mine = [process.getuid?.(), owner?.uid]
  // In a shared temporary directory anybody may have made it first.
  if (!found.isDirectory() || !mine.includes(found.uid))
    throw new Error(
      `${directory} belongs to another user, so no socket is made there\nstate: nothing was changed\ntry: remove it, or choose a shorter --data`,
    )
  if (group !== undefined) chownSync(directory, owner?.uid ?? found.uid, group)
  else if (owner && found.uid !== owner.uid) chownSync(directory, owner.uid, owner.gid)
  chmodSync(directory, group === undefined ? 0o700 : 0o2710)
  return directory
}
