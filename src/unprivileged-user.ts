import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, lchownSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OsUser } from '#platform/embedded-postgres.ts'
import { WrongUse } from './config.ts'

/** Who Kluis runs as when started as root; undefined when it was not. Makes the user once. */
export function unprivilegedUser(...directories: string[]): OsUser | undefined {
  const user = userNamed('kluis')
  const clone = fileURLToPath(new URL('..', import.meta.url))
  if (user) for (const path of [clone, ...directories]) requireReachable(path, directories)
  return user
}

/** Who the web process runs as then: another user, so that no file and no memory of the keeper is its own. */
export function webUser(): OsUser | undefined {
  return userNamed('kluis-web')
}

function userNamed(name: string): OsUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const find = () =>
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find((fields) => fields[0] === name)
  if (!find()) makeUser(name)
  const fields = find()
  if (!fields)
    throw new Error(
      `started as root, and the user "${name}" can not be made\nstate: nothing was changed\ntry: useradd --system ${name}, or start as an ordinary user`,
    )
  return { name, uid: Number(fields[2]), gid: Number(fields[3]) }
}

/** By the command of Debian and Red Hat, or the one of Alpine; where neither is, the caller says what to do. */
function makeUser(name: string): void {
  const commands = [
    ['useradd', '--system', '--no-create-home', '--shell', '/usr/sbin/nologin', name],
    ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', name],
  ]
  for (const [command, ...args] of commands) {
    try {
      execFileSync(command!, args, { stdio: 'pipe' })
      return
    } catch {}
  }
}

/** Below a folder that only root may enter, the unprivileged user finds nothing; those `given` are handed over to it. */
function requireReachable(path: string, given: readonly string[]): void {
  const parts = path.split('/').slice(0, -1)
  for (let i = 1; i < parts.length; i++) {
    const folder = parts.slice(0, i + 1).join('/')
    if (given.includes(folder)) continue
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0 && statSync(folder).uid === 0) {
      throw new WrongUse(
        `started as root, Kluis runs as the user "kluis", which can not enter ${folder}; move it elsewhere or start as an ordinary user`,
      )
    }
  }
}

/** Gives the data root to the user once; links are not followed. */
export function handOver(directory: string, { uid, gid }: OsUser): void {
  if (statSync(directory).uid === uid) return
  chownSync(directory, uid, gid)
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    lchownSync(join(directory, entry), uid, gid)
}

/** `groups`: further ones that stay, to give a socket to. */
export function dropPrivileges({ uid, gid }: OsUser, groups: number[] = []): void {
  process.setgroups!([gid, ...groups])
  process.setgid!(gid)
  process.setuid!(uid)
}
